package org.gradus.autograd.internal.kernel;

/**
 * A way to compute a convolution, or its gradient in the input or in the weights. The plain kernels
 * know one; which of them the vector kernels take, their class {@code Ways} tells in a table.
 */
public enum Way {
  /** As a product of matrices, with the image's windows as columns (im2col). For all sizes. */
  IM2COL,

  /**
   * Tile by tile from slabs: some rows of an image, padded, and taken apart by the stride. For all
   * sizes whose slabs are not much larger than the image.
   */
  SLABS,

  /**
   * The gradient in the input as the products of the cotangent with one tap after the other, added
   * to where that tap lies. For stride 1: otherwise neighbouring outputs add to pixels that are
   * apart.
   */
  TAPS,

  /** Plane by plane, each with a filter of 3x3 of its own. For padding by 1 and stride 1 or 2. */
  DEPTHWISE,

  /**
   * By Winograd's transforms, where a certificate says that they are accurate; directly elsewhere.
   * The gradient in the weights: directly, too, where the cotangent is mostly 0. For 3x3, stride 1.
   */
  WINOGRAD
}
