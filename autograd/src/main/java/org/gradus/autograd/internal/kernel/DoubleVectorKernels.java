package org.gradus.autograd.internal.kernel;

/**
 * The kernels on the Vector API: products, convolutions, and what elementwise loops gain from it.
 * The rest is that of {@link DoublePlainKernels}. Nothing but {@link KernelProvider} makes them,
 * and that by name: the module may be absent.
 */
final class DoubleVectorKernels extends DoublePlainKernels {
  /** Elements from which on a matrix that meets one row is better packed. */
  private static final int PACKED = 1 << 16;

  @Override
  public int lanes() {
    return DoubleVectorTiles.LANES;
  }

  @Override
  public void unary(Unary f, /*wide*/ double c, double[] x, double[] y) {
    DoubleVectorElementwise.unary(f, c, x, y);
  }

  @Override
  public void binary(
      Binary f, int[] shape, double[] a, int[] stridesA, double[] b, int[] stridesB, double[] y) {
    DoubleVectorElementwise.binary(f, shape, a, stridesA, b, stridesB, y);
  }

  @Override
  public void where(
      int[] shape,
      double[] mask,
      int[] stridesMask,
      double[] a,
      int[] stridesA,
      double[] b,
      int[] stridesB,
      double[] y) {
    DoubleVectorElementwise.where(shape, mask, stridesMask, a, stridesA, b, stridesB, y);
  }

  @Override
  public void matmul(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      double[] a,
      int[] offsetsA,
      double[] b,
      int[] offsetsB,
      double[] c) {
    if (m == 1 && (long) n * k < PACKED) {
      super.matmul(transposeA, transposeB, m, n, k, a, offsetsA, b, offsetsB, c);
    } else {
      DoubleVectorMatmul.matmul(transposeA, transposeB, m, n, k, a, offsetsA, b, offsetsB, c);
      if (!DoubleVectorTiles.areFinite(c, 0, c.length)) {
        DoubleOverflow.products(transposeA, transposeB, m, n, k, a, offsetsA, b, offsetsB, c);
      }
    }
  }

  @Override
  public void conv2d(ConvSizes sizes, double[] x, double[] w, double[] b, double[] y) {
    if (DoubleVectorWinograd.suits(sizes)) {
      DoubleVectorWinograd.conv2d(sizes, x, w, b, y);
    } else if (DoubleVectorConvolution.suits(sizes)) {
      DoubleVectorConvolution.conv2d(sizes, x, w, b, y);
    } else {
      super.conv2d(sizes, x, w, b, y);
    }
  }

  @Override
  public void conv2dInput(ConvSizes sizes, double[] w, double[] y, double[] x) {
    if (DoubleVectorWinograd.suits(sizes)) {
      DoubleVectorWinograd.conv2dInput(sizes, w, y, x);
    } else if (DoubleVectorConvolution.suits(sizes)) {
      DoubleVectorConvolutionInput.conv2dInput(sizes, w, y, x);
    } else {
      super.conv2dInput(sizes, w, y, x);
    }
  }

  @Override
  public void conv2dWeight(ConvSizes sizes, double[] x, double[] y, double[] w) {
    if (DoubleVectorWinograd.suits(sizes)) {
      DoubleVectorWinogradWeight.conv2dWeight(sizes, x, y, w);
    } else if (DoubleVectorConvolution.suits(sizes)) {
      DoubleVectorConvolutionWeight.conv2dWeight(sizes, x, y, w);
    } else {
      super.conv2dWeight(sizes, x, y, w);
    }
  }

  @Override
  public void maxPool(int planes, WindowSizes sizes, double[] x, double[] h, double[] y) {
    DoubleVectorPooling.maxPool(planes, sizes, x, h, y);
  }

  @Override
  public void maxPoolInput(int planes, WindowSizes sizes, double[] x, double[] g, double[] h) {
    DoublePooling.shared(
        sizes, g, h, (from, to) -> DoubleVectorPooling.maxPoolInput(planes, sizes, x, from, to));
  }
}
