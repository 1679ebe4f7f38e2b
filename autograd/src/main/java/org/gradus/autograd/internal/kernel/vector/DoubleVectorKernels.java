package org.gradus.autograd.internal.kernel.vector;

import org.gradus.autograd.internal.kernel.Binary;
import org.gradus.autograd.internal.kernel.ConvSizes;
import org.gradus.autograd.internal.kernel.KernelProvider;
import org.gradus.autograd.internal.kernel.Unary;
import org.gradus.autograd.internal.kernel.WindowSizes;
import org.gradus.autograd.internal.kernel.plain.DoubleOverflow;
import org.gradus.autograd.internal.kernel.plain.DoublePlainKernels;
import org.gradus.autograd.internal.kernel.plain.DoublePooling;

/**
 * The kernels on the Vector API: products, convolutions, and what elementwise loops gain from it.
 * The rest is that of {@link DoublePlainKernels}. Nothing but {@link KernelProvider} makes them,
 * and that by name: the module may be absent.
 */
public final class DoubleVectorKernels extends DoublePlainKernels {
  /** Elements from which on a matrix that meets one row is better packed. */
  private static final int PACKED = 1 << 16;

  @Override
  public int lanes() {
    return DoubleTiles.LANES;
  }

  @Override
  public void unary(Unary f, /*wide*/ double c, double[] x, double[] y) {
    DoubleLanewise.unary(f, c, x, y);
  }

  @Override
  public void binary(
      Binary f, int[] shape, double[] a, int[] stridesA, double[] b, int[] stridesB, double[] y) {
    DoubleLanewise.binary(f, shape, a, stridesA, b, stridesB, y);
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
    DoubleLanewise.where(shape, mask, stridesMask, a, stridesA, b, stridesB, y);
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
      DoublePackedMatmul.matmul(transposeA, transposeB, m, n, k, a, offsetsA, b, offsetsB, c);
      if (!DoubleTiles.areFinite(c, 0, c.length)) {
        DoubleOverflow.products(transposeA, transposeB, m, n, k, a, offsetsA, b, offsetsB, c);
      }
    }
  }

  @Override
  public void conv2d(ConvSizes sizes, double[] x, double[] w, double[] b, double[] y) {
    if (DoubleWinograd.suits(sizes)) {
      DoubleWinograd.conv2d(sizes, x, w, b, y);
    } else if (DoubleConvolution.suits(sizes)) {
      DoubleConvolution.conv2d(sizes, x, w, b, y);
    } else {
      super.conv2d(sizes, x, w, b, y);
    }
  }

  @Override
  public void conv2dInput(ConvSizes sizes, double[] w, double[] y, double[] x) {
    if (DoubleWinograd.suits(sizes)) {
      DoubleWinograd.conv2dInput(sizes, w, y, x);
    } else if (DoubleConvolution.suits(sizes)) {
      DoubleConvolutionInput.conv2dInput(sizes, w, y, x);
    } else {
      super.conv2dInput(sizes, w, y, x);
    }
  }

  @Override
  public void conv2dWeight(ConvSizes sizes, double[] x, double[] y, double[] w) {
    if (DoubleWinograd.suits(sizes)) {
      DoubleWinogradWeight.conv2dWeight(sizes, x, y, w);
    } else if (DoubleConvolution.suits(sizes)) {
      DoubleConvolutionWeight.conv2dWeight(sizes, x, y, w);
    } else {
      super.conv2dWeight(sizes, x, y, w);
    }
  }

  @Override
  public void maxPool(int planes, WindowSizes sizes, double[] x, double[] h, double[] y) {
    DoubleQuads.maxPool(planes, sizes, x, h, y);
  }

  @Override
  public void maxPoolInput(int planes, WindowSizes sizes, double[] x, double[] g, double[] h) {
    DoublePooling.shared(
        sizes, g, h, (from, to) -> DoubleQuads.maxPoolInput(planes, sizes, x, from, to));
  }
}
