package org.gradus.autograd.internal.kernel.plain;

import java.util.Arrays;
import java.util.List;
import org.gradus.autograd.internal.kernel.Binary;
import org.gradus.autograd.internal.kernel.BlockFunctions;
import org.gradus.autograd.internal.kernel.Channels;
import org.gradus.autograd.internal.kernel.ConvSizes;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.Interpolation;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.Known;
import org.gradus.autograd.internal.kernel.Loss;
import org.gradus.autograd.internal.kernel.MatmulSizes;
import org.gradus.autograd.internal.kernel.Pointwise;
import org.gradus.autograd.internal.kernel.Slices;
import org.gradus.autograd.internal.kernel.SoftmaxSlope;
import org.gradus.autograd.internal.kernel.Unary;
import org.gradus.autograd.internal.kernel.Update;
import org.gradus.autograd.internal.kernel.WindowSizes;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * The kernels as plain loops and EJML's multiplication: always there, and the oracle of any faster
 * ones. Written for double; the build makes the float twin of each file from this source, where
 * what is marked wide stays double.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
public class DoublePlainKernels implements Kernels<double[]> {
  private final BlockFunctions blocks;
  private final DoubleRuns runs;

  /** In plain loops throughout. */
  public DoublePlainKernels() {
    this(new PlainBlocks(), new DoubleRuns());
  }

  /** With these functions of blocks, and these loops over neighbours. */
  protected DoublePlainKernels(BlockFunctions blocks, DoubleRuns runs) {
    this.blocks = blocks;
    this.runs = runs;
  }

  @Override
  public int lanes() {
    return 1;
  }

  @Override
  @SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
  public void fill(/*wide*/ double value, double[] y) {
    Arrays.fill(y, (double) value);
  }

  @Override
  public void unary(Unary f, /*wide*/ double c, double[] x, double[] y) {
    DoubleUnary.unary(blocks, f, c, x, y);
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
  public void product(
      /*wide*/ double c,
      Factor[] factors,
      int[] shape,
      List<double[]> x,
      int[][] strides,
      double[] y) {
    DoubleProducts.product(blocks, runs, c, factors, shape, x, strides, y);
  }

  @Override
  public void pointwise(Pointwise f, int[] shape, List<double[]> x, int[][] strides, double[] y) {
    DoubleProducts.pointwise(f, shape, x, strides, y);
  }

  @Override
  public void scaledDifference(
      /*wide*/ double c, int[] shape, List<double[]> x, int[][] strides, double[] y) {
    DoubleProducts.scaledDifference(blocks, c, shape, x, strides, y);
  }

  @Override
  public void axpy(/*wide*/ double c, double[] x, double[] z, double[] y) {
    DoubleElementwise.axpy(c, x, z, y);
  }

  @Override
  public void update(Update rule, double[] g, double[] p, List<double[]> kept, double[] y) {
    DoubleUpdates.update(rule, g, p, kept, y);
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
  public void pad(
      int[] shape, int[] before, int[] extents, /*wide*/ double value, double[] x, double[] y) {
    DoublePadding.pad(shape, before, extents, (double) value, x, y);
  }

  @Override
  public void gather(
      int before, int axis, int picks, int after, double[] x, int[] index, double[] y) {
    DoubleCopies.gather(before, axis, picks, after, x, index, y);
  }

  @Override
  public void scatterAdd(
      int before, int picks, int axis, int after, double[] x, int[] index, double[] y) {
    DoubleOverflow.linear(
        picks > DoubleTotals.FEW,
        x,
        y,
        (from, to) -> DoubleCopies.scatterAdd(before, picks, axis, after, from, index, to));
  }

  @Override
  public void take(
      int before, int axis, int picks, int after, double[] x, int[] positions, double[] y) {
    DoubleCopies.take(before, axis, picks, after, x, positions, y);
  }

  @Override
  public void takeInput(
      int before, int picks, int axis, int after, double[] x, int[] positions, double[] y) {
    DoubleOverflow.linear(
        picks > DoubleTotals.FEW,
        x,
        y,
        (from, to) -> DoubleCopies.takeInput(before, picks, axis, after, from, positions, to));
  }

  @Override
  public void dropout(/*wide*/ double rate, long seed, double[] x, double[] y) {
    DoubleElementwise.dropout(rate, seed, x, y);
  }

  @Override
  public void sum(int before, int axis, int after, double[] x, double[] y) {
    DoubleReductions.sum(runs, before, axis, after, x, y);
  }

  @Override
  public void sum(
      int[] extents, boolean[] summed, /*wide*/ double divisor, double[] x, double[] y) {
    DoubleReductions.sum(runs, extents, summed, divisor, x, y);
  }

  @Override
  public void cumSum(boolean reversed, int before, int axis, int after, double[] x, double[] y) {
    DoubleOverflow.linear(
        true, x, y, (from, to) -> DoubleCumulation.cumSum(reversed, before, axis, after, from, to));
  }

  @Override
  public void norm(Slices slices, double[] x, double[] y) {
    DoubleSliceNorms.norm(slices, x, y);
  }

  @Override
  public void direction(Slices slices, double[] x, double[] y) {
    DoubleSliceNorms.direction(slices, x, y);
  }

  @Override
  public void directionInput(Slices slices, double[] x, double[] g, double[] y) {
    DoubleSliceNorms.directionInput(slices, x, g, y);
  }

  @Override
  public void products(Slices slices, double[] x, List<double[]> directions, double[] y) {
    DoubleSliceProducts.products(slices, x, directions, y);
  }

  @Override
  public void productsOfOthers(
      Slices slices, double[] x, List<double[]> directions, double[] factors, double[] y) {
    DoubleSliceProducts.productsOfOthers(slices, x, directions, factors, y);
  }

  @Override
  public void normalize(
      Slices slices, /*wide*/ double epsilon, double[] x, Known known, double[] y) {
    DoubleNormalization.normalize(runs, slices, epsilon, x, known, y);
  }

  @Override
  public void normalizeInput(
      Slices slices, /*wide*/ double epsilon, double[] x, Known known, double[] g, double[] y) {
    DoubleNormalizationSlopes.input(runs, slices, epsilon, x, known, g, y);
  }

  @Override
  public void normalizeAffine(
      Slices slices,
      /*wide*/ double epsilon,
      Channels channels,
      double[] x,
      Known known,
      double[] gamma,
      double[] beta,
      double[] y) {
    DoubleNormalization.affine(runs, slices, epsilon, channels, x, known, gamma, beta, y);
  }

  @Override
  public void normalizeAffineInput(
      Slices slices,
      /*wide*/ double epsilon,
      Channels channels,
      double[] x,
      Known known,
      double[] gamma,
      double[] g,
      Known knownOfG,
      double[] y) {
    DoubleNormalizationSlopes.input(
        runs, slices, epsilon, channels, x, known, gamma, g, knownOfG, y);
  }

  @Override
  public void normalizedSums(
      Slices slices,
      /*wide*/ double epsilon,
      Channels channels,
      double[] x,
      Known known,
      double[] g,
      Known knownOfG,
      double[] y) {
    DoubleNormalizationSlopes.sums(runs, slices, epsilon, channels, x, known, g, knownOfG, y);
  }

  @Override
  public void normalizeBy(
      /*wide*/ double epsilon,
      Channels channels,
      double[] x,
      double[] mean,
      double[] variance,
      double[] gamma,
      double[] beta,
      double[] y) {
    DoubleNormalization.by(runs, epsilon, channels, x, mean, variance, gamma, beta, y);
  }

  @Override
  public void deviation(Slices slices, /*wide*/ double epsilon, double[] x, double[] y) {
    DoubleMoments.deviation(runs, slices, epsilon, x, y);
  }

  @Override
  public void variance(Slices slices, /*wide*/ double divisor, double[] x, double[] y) {
    DoubleMoments.variance(runs, slices, divisor, x, y);
  }

  @Override
  public void moments(Slices slices, double[] x, Known known, double[] y) {
    DoubleMoments.moments(runs, slices, x, known, y);
  }

  @Override
  public void centre(
      Slices slices, /*wide*/ double factor, double[] x, double[] scales, double[] y) {
    DoubleMoments.centre(runs, slices, factor, x, scales, y);
  }

  @Override
  public /*wide*/ double loss(
      Loss f, /*wide*/ double c, /*wide*/ double divisor, double[] a, double[] b) {
    return DoubleLosses.loss(blocks, f, c, divisor, a, b);
  }

  @Override
  public void lossInput(
      Loss f, /*wide*/ double c, /*wide*/ double factor, double[] a, double[] b, double[] y) {
    Parallel.ranges(
        y.length,
        LossSlopes.cost(f, blocks),
        (from, to) -> LossSlopes.slopes(blocks, f, c, factor, a, b, y, from, to - from));
  }

  @Override
  public boolean isFinite(double[] x) {
    return DoubleConvolutionByDefinition.areFinite(x, 0, x.length);
  }

  @Override
  public /*wide*/ double norm(double[] x) {
    return DoubleNorms.norm(x);
  }

  @Override
  public boolean isBetween(/*wide*/ double least, /*wide*/ double most, double[] x) {
    return DoubleReductions.areBetween(false, (double) least, (double) most, x, 0, x.length);
  }

  @Override
  public boolean isWithin(/*wide*/ double least, /*wide*/ double most, double[] x) {
    return DoubleReductions.areBetween(true, (double) least, (double) most, x, 0, x.length);
  }

  @Override
  public void argMax(boolean largest, int before, int axis, int after, double[] x, int[] index) {
    DoubleExtremes.argMax(largest, before, axis, after, x, index);
  }

  @Override
  public void max(boolean largest, int before, int axis, int after, double[] x, double[] y) {
    DoubleExtremes.max(largest, before, axis, after, x, y);
  }

  @Override
  public void argTopK(int before, int axis, int count, int after, double[] x, int[] index) {
    DoubleTopK.argTopK(before, axis, count, after, x, index);
  }

  @Override
  public void softmax(boolean logarithm, int before, int axis, int after, double[] x, double[] y) {
    new DoubleSoftmax(blocks).softmax(logarithm, before, axis, after, x, y);
  }

  @Override
  public void softmaxSlope(
      SoftmaxSlope f, int before, int axis, int after, double[] x, double[] g, double[] y) {
    DoubleOverflow.linear(
        true,
        g,
        y,
        (from, to) -> new DoubleSoftmax(blocks).slope(f, before, axis, after, x, from, to));
  }

  @Override
  public void logSumExp(int before, int axis, int after, double[] x, double[] y) {
    new DoubleSoftmax(blocks).logSumExp(before, axis, after, x, y);
  }

  @Override
  public /*wide*/ double crossEntropy(
      int before, int axis, int after, /*wide*/ double divisor, double[] x, double[] t) {
    return new DoubleSoftmax(blocks).crossEntropy(before, axis, after, divisor, x, t);
  }

  // ---- products
  // ----------------------------------------------------------------------------------

  @Override
  public /*wide*/ double labelCrossEntropy(
      int axis, /*wide*/ double smoothing, /*wide*/ double divisor, double[] x, int[] labels) {
    return new DoubleSoftmax(blocks).labelCrossEntropy(axis, smoothing, divisor, x, labels);
  }

  @Override
  public void labelCrossEntropyInput(
      int axis,
      /*wide*/ double smoothing,
      /*wide*/ double factor,
      double[] x,
      int[] labels,
      double[] y) {
    new DoubleSoftmax(blocks).labelCrossEntropyInput(axis, smoothing, factor, x, labels, y);
  }

  @Override
  public void matmul(MatmulSizes s, double[] a, double[] b, double[] c) {
    DoubleMatmul.matmul(s, a, b, c);
    DoubleOverflow.products(s, a, b, c);
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
    DoublePooling.shared(
        sizes, g, h, (from, to) -> DoublePooling.maxPoolInput(planes, sizes, x, from, to));
  }

  @Override
  public void avgPool(int planes, WindowSizes sizes, boolean countPadding, double[] x, double[] y) {
    DoubleOverflow.linear(
        true, x, y, (from, to) -> DoublePooling.avgPool(planes, sizes, countPadding, from, to));
  }

  @Override
  public void avgPoolInput(
      int planes, WindowSizes sizes, boolean countPadding, double[] y, double[] x) {
    DoublePooling.shared(
        sizes,
        y,
        x,
        (from, to) -> DoublePooling.avgPoolInput(planes, sizes, countPadding, from, to));
  }

  @Override
  public void resize(
      int planes, Interpolation rows, Interpolation columns, double[] x, double[] y) {
    DoubleOverflow.linear(
        true, x, y, (from, to) -> DoubleResize.resize(planes, rows, columns, from, to));
  }

  @Override
  public void resizeInput(
      int planes, Interpolation rows, Interpolation columns, double[] y, double[] x) {
    DoubleOverflow.linear(
        true, y, x, (from, to) -> DoubleResize.resizeInput(planes, rows, columns, from, to));
  }
}
