/**
 * Values without gradients: {@link org.gradus.autograd.array.NdArray} and the {@link
 * org.gradus.autograd.array.Shape} and {@link org.gradus.autograd.array.DType} that describe it;
 * and {@link org.gradus.autograd.array.Indices}, which are positions rather than quantities. {@link
 * org.gradus.autograd.array.ImageArrays} takes arrays from images, and back. {@link
 * org.gradus.autograd.array.Memory} gives back what nobody needs any more, and {@link
 * org.gradus.autograd.array.Arithmetic} says what arrays are computed by.
 */
@NullMarked
package org.gradus.autograd.array;

import org.jspecify.annotations.NullMarked;
