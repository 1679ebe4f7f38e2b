/**
 * Kernels in plain loops: always there, and the reference that the vector kernels are tested
 * against. Convolutions are products of matrices with the image's windows as columns (im2col), and
 * products use the block multiplication of EJML. Not part of the public API.
 */
@NullMarked
package org.gradus.autograd.internal.kernel.plain;

import org.jspecify.annotations.NullMarked;
