package org.gradus.autograd.internal.kernel;

/**
 * The kernels as plain loops and EJML's multiplication: always there, and the oracle of any faster
 * ones. Written for double; the build makes the float twin of each file from this source, where
 * what is marked wide stays double.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
class DoublePlainKernels implements Kernels<double[]> {
  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public void unary(Unary f, /*wide*/ double c, double[] x, double[] y) {
    DoubleUnary.unary(f, c, x, y);
  }

  @Override
  public void binary(
      Binary f, int[] shape, double[] a, int[] stridesA, double[] b, int[] stridesB, double[] y) {
    DoubleElementwise.binary(f, shape, a, stridesA, b, stridesB, y);
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
    DoubleElementwise.where(shape, mask, stridesMask, a, stridesA, b, stridesB, y);
  }

  @Override
  public void axpy(/*wide*/ double c, double[] x, double[] z, double[] y) {
    DoubleElementwise.axpy(c, x, z, y);
  }

  @Override
  public void descend(
      /*wide*/ double momentum,
      /*wide*/ double decay,
      /*wide*/ double rate,
      double[] g,
      double[] p,
      double[] v,
      double[] y) {
    DoubleElementwise.descend((double) momentum, (double) decay, (double) rate, g, p, v, y);
  }

  @Override
  public void copy(
      int[] shape,
      double[] x,
      int offsetX,
      int[] stridesX,
      double[] y,
      int offsetY,
      int[] stridesY) {
    DoubleCopies.copy(shape, x, offsetX, stridesX, y, offsetY, stridesY);
  }

  @Override
  public void gather(
      int before, int axis, int picks, int after, double[] x, int[] index, double[] y) {
    DoubleCopies.gather(before, axis, picks, after, x, index, y);
  }

  @Override
  public void scatterAdd(
      int before, int picks, int axis, int after, double[] x, int[] index, double[] y) {
    DoubleCopies.scatterAdd(before, picks, axis, after, x, index, y);
  }

  @Override
  public void dropout(/*wide*/ double rate, long seed, double[] x, double[] y) {
    DoubleElementwise.dropout(rate, seed, x, y);
  }

  @Override
  public void sum(int before, int axis, int after, double[] x, double[] y) {
    DoubleReductions.sum(before, axis, after, x, y);
  }

  @Override
  public void argMax(boolean largest, int rows, int n, double[] x, int[] index) {
    DoubleReductions.argMax(largest, rows, n, x, index);
  }

  @Override
  public void softmax(boolean logarithm, int before, int axis, int after, double[] x, double[] y) {
    DoubleReductions.softmax(logarithm, before, axis, after, x, y);
  }

  // ---- products
  // ----------------------------------------------------------------------------------

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
    DoubleMatmul.matmul(transposeA, transposeB, m, n, k, a, offsetsA, b, offsetsB, c);
  }

  @Override
  public void conv2d(ConvSizes sizes, double[] x, double[] w, double[] b, double[] y) {
    DoubleIm2col.conv2d(sizes, x, w, b, y);
  }

  @Override
  public void conv2dInput(ConvSizes sizes, double[] w, double[] y, double[] x) {
    DoubleIm2col.conv2dInput(sizes, w, y, x);
  }

  @Override
  public void conv2dWeight(ConvSizes sizes, double[] x, double[] y, double[] w) {
    DoubleIm2col.conv2dWeight(sizes, x, y, w);
  }

  // ---- pooling
  // -----------------------------------------------------------------------------------

  @Override
  public void maxPool(int planes, WindowSizes sizes, double[] x, double[] h, double[] y) {
    DoublePooling.maxPool(planes, sizes, x, h, y);
  }

  @Override
  public void maxPoolInput(int planes, WindowSizes sizes, double[] x, double[] g, double[] h) {
    DoublePooling.maxPoolInput(planes, sizes, x, g, h);
  }

  @Override
  public void avgPool(int planes, WindowSizes sizes, boolean countPadding, double[] x, double[] y) {
    DoublePooling.avgPool(planes, sizes, countPadding, x, y);
  }

  @Override
  public void avgPoolInput(
      int planes, WindowSizes sizes, boolean countPadding, double[] y, double[] x) {
    DoublePooling.avgPoolInput(planes, sizes, countPadding, y, x);
  }

  @Override
  public void resize(int planes, Taps rows, Taps columns, double[] x, double[] y) {
    DoubleResize.resize(planes, rows, columns, x, y);
  }

  @Override
  public void resizeInput(int planes, Taps rows, Taps columns, double[] y, double[] x) {
    DoubleResize.resizeInput(planes, rows, columns, y, x);
  }
}
