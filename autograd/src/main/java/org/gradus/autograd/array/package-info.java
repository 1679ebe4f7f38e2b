/**
 * Values without gradients: {@link org.gradus.autograd.array.NdArray} and the {@link
 * org.gradus.autograd.array.Shape} and {@link org.gradus.autograd.array.DType} that describe it;
 * and {@link org.gradus.autograd.array.Indices}, which are positions rather than quantities. {@link
 * org.gradus.autograd.array.ImageArrays} takes arrays from images, and back. {@link
 * org.gradus.autograd.array.Memory} gives back what nobody needs any more, and {@link
 * org.gradus.autograd.array.Arithmetic} says what arrays are computed by.
 *
 * <pre>{@code
 * NdArray a = NdArray.of(new float[][] {{1, 2, 3}, {4, 5, 6}}); // FLOAT32 [2, 3]
 * NdArray b = a.map(v -> 10 * v).reshape(3, 2).as(DType.FLOAT64);
 * double last = b.get(2, 1); // 60
 * }</pre>
 */
@NullMarked
package org.gradus.autograd.array;

import org.jspecify.annotations.NullMarked;
