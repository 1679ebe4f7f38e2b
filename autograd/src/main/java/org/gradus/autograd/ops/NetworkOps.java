package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;

/**
 * The part of the catalogue that serves neural networks: activations, convolutions, pooling and
 * losses. Users call these functions as members of {@link Ops}.
 */
abstract class NetworkOps {
  NetworkOps() {}

  // ---- activations -----------------------------------------------------------------------------

  /** 1 / (1 + e^-x); see {@link Sigmoid}. */
  public static Tensor sigmoid(Tensor x) {
    return Tensor.of(new Sigmoid(), x);
  }

  /** max(x, 0); see {@link Relu}. */
  public static Tensor relu(Tensor x) {
    return Tensor.of(new Relu(), x);
  }

  /** x where positive, otherwise a small part of it; see {@link LeakyRelu}. */
  public static Tensor leakyRelu(Tensor x, double slope) {
    return Tensor.of(new LeakyRelu(slope), x);
  }

  /** x where positive, otherwise alpha (e^x - 1); see {@link Elu}. */
  public static Tensor elu(Tensor x, double alpha) {
    return Tensor.of(new Elu(alpha), x);
  }

  /** ln(1 + e^x); see {@link Softplus}. */
  public static Tensor softplus(Tensor x) {
    return Tensor.of(new Softplus(), x);
  }

  /** x sigmoid(x); see {@link Silu}. */
  public static Tensor silu(Tensor x) {
    return Tensor.of(new Silu(), x);
  }

  /** x times the normal distribution function of x; see {@link Gelu}. */
  public static Tensor gelu(Tensor x) {
    return Tensor.of(new Gelu(), x);
  }

  /** Softmax along an axis; see {@link Softmax}. */
  public static Tensor softmax(Tensor x, int axis) {
    return Tensor.of(new Softmax(axis), x);
  }

  /** The logarithm of the softmax along an axis; see {@link LogSoftmax}. */
  public static Tensor logSoftmax(Tensor x, int axis) {
    return Tensor.of(new LogSoftmax(axis), x);
  }

  // ---- convolutions, pooling -------------------------------------------------------------------

  /** x [N, C, ...] plus b [C] on each channel; see {@link Bias}. */
  public static Tensor bias(Tensor x, Tensor b) {
    return Tensor.of(new Bias(), x, b);
  }

  /** x [N, C, H, W] with filters w [F, C, KH, KW], stride 1, no padding; see {@link Conv2d}. */
  public static Tensor conv2d(Tensor x, Tensor w) {
    return conv2d(x, w, ConvOptions.valid());
  }

  /** x [N, C, H, W] with filters w [F, C / groups, KH, KW]; see {@link Conv2d}. */
  public static Tensor conv2d(Tensor x, Tensor w, ConvOptions options) {
    return conv2d(x, w, options.geometry(x.shape(), w.shape()));
  }

  /** The convolution of a geometry; see {@link Conv2d}. */
  public static Tensor conv2d(Tensor x, Tensor w, ConvGeometry geometry) {
    return Tensor.of(new Conv2d(geometry), x, w);
  }

  /** The adjoint of conv2d in x, which is transposed convolution; see {@link Conv2dInput}. */
  public static Tensor conv2dInput(Tensor w, Tensor y, ConvGeometry geometry) {
    return Tensor.of(new Conv2dInput(geometry), w, y);
  }

  /** The adjoint of conv2d in w; see {@link Conv2dWeight}. */
  public static Tensor conv2dWeight(Tensor x, Tensor y, ConvGeometry geometry) {
    return Tensor.of(new Conv2dWeight(geometry), x, y);
  }

  /** x [N, C, L] with filters w [F, C / groups, K]; see {@link Convolutions#conv1d}. */
  public static Tensor conv1d(Tensor x, Tensor w, ConvOptions options) {
    return Convolutions.conv1d(x, w, options);
  }

  /** x [N, C, H, W], each channel by itself, w [C M, 1, KH, KW]; see {@link Convolutions}. */
  public static Tensor depthwiseConv2d(Tensor x, Tensor w, ConvOptions options) {
    return Convolutions.depthwiseConv2d(x, w, options);
  }

  /** Transposed convolution, x [N, C, H, W], w [C, F / groups, KH, KW]; see {@link Conv2dInput}. */
  public static Tensor convTranspose2d(Tensor x, Tensor w, ConvOptions options) {
    return convTranspose2d(x, w, options, 0, 0);
  }

  /**
   * As {@link #convTranspose2d(Tensor, Tensor, ConvOptions)}, with output padding: more rows and
   * columns at the end, fewer than the stride; see {@link Convolutions#convTranspose2d}.
   */
  public static Tensor convTranspose2d(
      Tensor x, Tensor w, ConvOptions options, int moreRows, int moreColumns) {
    return Convolutions.convTranspose2d(x, w, options, moreRows, moreColumns);
  }

  /** The maximum of each window of x [N, C, H, W]; see {@link MaxPool2d}. */
  public static Tensor maxPool2d(Tensor x, PoolOptions options) {
    return Tensor.of(new MaxPool2d(options.geometry("maxPool2d", x.shape())), x);
  }

  /** As {@link #maxPool2d(Tensor, PoolOptions)}, with square windows that tile the image. */
  public static Tensor maxPool2d(Tensor x, int size) {
    return maxPool2d(x, PoolOptions.window(size));
  }

  /** y taken to the places of the maxima of x; see {@link MaxPool2dInput}. */
  static Tensor maxPool2dInput(Tensor x, Tensor y, PoolGeometry geometry) {
    return Tensor.of(new MaxPool2dInput(geometry), x.detach(), y);
  }

  /** The elements of h at the places of the maxima of x; see {@link MaxPool2dPick}. */
  static Tensor maxPool2dPick(Tensor x, Tensor h, PoolGeometry geometry) {
    return Tensor.of(new MaxPool2dPick(geometry), x.detach(), h);
  }

  /** The mean of each window of x [N, C, H, W]; see {@link AvgPool2d}. */
  public static Tensor avgPool2d(Tensor x, PoolOptions options) {
    return avgPool2d(x, options.geometry("avgPool2d", x.shape()), options.countPadding());
  }

  /** As {@link #avgPool2d(Tensor, PoolOptions)}, with square windows that tile the image. */
  public static Tensor avgPool2d(Tensor x, int size) {
    return avgPool2d(x, PoolOptions.window(size));
  }

  /** The mean of each window, padding counted or not; see {@link AvgPool2d}. */
  static Tensor avgPool2d(Tensor x, PoolGeometry geometry, boolean countPadding) {
    return Tensor.of(new AvgPool2d(geometry, countPadding), x);
  }

  /** The adjoint of avgPool2d; see {@link AvgPool2dInput}. */
  static Tensor avgPool2dInput(Tensor y, PoolGeometry geometry, boolean countPadding) {
    return Tensor.of(new AvgPool2dInput(geometry, countPadding), y);
  }

  /** The maximum of each plane of x [N, C, H, W], as [N, C, 1, 1]; see {@link MaxPool2d}. */
  public static Tensor globalMaxPool2d(Tensor x) {
    return maxPool2d(x, PoolOptions.whole("globalMaxPool2d", x.shape()));
  }

  /** The mean of each plane of x [N, C, H, W], as [N, C, 1, 1]; see {@link Mean}. */
  public static Tensor globalAvgPool2d(Tensor x) {
    Images.requireRank4("globalAvgPool2d", "input", x.shape());
    return Tensor.of(new Mean(List.of(2, 3), true), x);
  }

  /** x [N, C, H, W], each pixel as scale rows and scale columns; see {@link Resize2d}. */
  public static Tensor upsampleNearest(Tensor x, int scale) {
    return upsampleNearest(x, scale, scale);
  }

  /** x [N, C, H, W], each pixel as so many rows and columns; see {@link Resize2d}. */
  public static Tensor upsampleNearest(Tensor x, int rowScale, int columnScale) {
    return Resize2d.nearest(x, rowScale, columnScale);
  }

  /**
   * x [N, C, H, W] in another size, of pixels mixed from up to four neighbours; see {@link
   * Resize2d}.
   *
   * @param alignCorners whether pixels are points, and corners go to corners; if not, they are
   *     squares, and edges go to edges
   */
  public static Tensor upsampleBilinear(Tensor x, int height, int width, boolean alignCorners) {
    return Resize2d.bilinear(x, height, width, alignCorners);
  }

  // ---- normalisation, dropout ------------------------------------------------------------------

  /**
   * x with mean 0 and variance 1 over these axes, over all axes if none are given; see {@link
   * Normalize}.
   */
  public static Tensor normalize(Tensor x, double epsilon, int... axes) {
    return Tensor.of(new Normalize(Axes.orAll(x.shape(), axes), epsilon), x);
  }

  /** Each channel of x [N, C, ...] over the batch, for training; see {@link Norms}. */
  public static Tensor batchNorm(Tensor x, Tensor gamma, Tensor beta, double epsilon) {
    return Norms.batch(x, gamma, beta, epsilon);
  }

  /** Each channel of x [N, C, ...] by a given mean and variance [C]; see {@link Norms}. */
  public static Tensor batchNorm(
      Tensor x, Tensor gamma, Tensor beta, Tensor mean, Tensor variance, double epsilon) {
    return Norms.batch(x, gamma, beta, mean, variance, epsilon);
  }

  /** Each example over its last axes, those that gamma and beta have; see {@link Norms}. */
  public static Tensor layerNorm(Tensor x, Tensor gamma, Tensor beta, double epsilon) {
    return Norms.layer(x, gamma, beta, epsilon);
  }

  /** Each example of x [N, C, ...] over groups of channels; see {@link Norms}. */
  public static Tensor groupNorm(Tensor x, int groups, Tensor gamma, Tensor beta, double epsilon) {
    return Norms.group(x, groups, gamma, beta, epsilon);
  }

  /** A share of the elements set to 0, the same for the same seed; see {@link Dropout}. */
  public static Tensor dropout(Tensor x, double rate, long seed) {
    return Tensor.of(new Dropout(rate, seed), x);
  }

  // ---- losses ----------------------------------------------------------------------------------

  /** The mean of (prediction - target)^2; see {@link Mse}. */
  public static Tensor mse(Tensor prediction, Tensor target) {
    return Tensor.of(new Mse(), prediction, target);
  }

  /** The mean of |prediction - target|; see {@link Losses#l1}. */
  public static Tensor l1(Tensor prediction, Tensor target) {
    return Losses.l1(prediction, target);
  }

  /** Squared for errors up to delta, absolute beyond; see {@link Losses#huber}. */
  public static Tensor huber(Tensor prediction, Tensor target, double delta) {
    return Losses.huber(prediction, target, delta);
  }

  /** Half of the sum of (target - prediction)^2; see {@link HalfSquaredError}. */
  public static Tensor halfSquaredError(Tensor prediction, Tensor target) {
    return Tensor.of(new HalfSquaredError(), prediction, target);
  }

  /** Cross-entropy of logits [N, K] with target distributions; see {@link CrossEntropy}. */
  public static Tensor crossEntropy(Tensor logits, Tensor targets) {
    return Tensor.of(new CrossEntropy(), logits, targets);
  }

  /**
   * Cross-entropy of logits [N, K] with integer labels; see {@link CrossEntropy}.
   *
   * @param labels N of them, each from 0 to K - 1
   */
  public static Tensor crossEntropy(Tensor logits, int... labels) {
    return crossEntropy(logits, labels, 0);
  }

  /**
   * Cross-entropy of logits [N, K] with integer labels that are smoothed; see {@link CrossEntropy}.
   *
   * @param labels N of them, each from 0 to K - 1
   * @param smoothing the part of each target, from 0 on and below 1, that all classes share
   */
  public static Tensor crossEntropy(Tensor logits, int[] labels, double smoothing) {
    return Losses.crossEntropyOfLabels(logits, labels, smoothing);
  }

  /** Cross-entropy of yes and no; see {@link BinaryCrossEntropyWithLogits}. */
  public static Tensor binaryCrossEntropyWithLogits(Tensor logits, Tensor targets) {
    return Tensor.of(new BinaryCrossEntropyWithLogits(), logits, targets);
  }

  /**
   * The mean of -logProbabilities[n, labels[n]]: crossEntropy(x) is nllLoss(logSoftmax(x, 1)).
   *
   * @param labels N of them, each from 0 to K - 1
   */
  public static Tensor nllLoss(Tensor logProbabilities, int... labels) {
    return Losses.nll(logProbabilities, labels);
  }

  /** How far distributions [N, ...] are from target distributions; see {@link KlDivergence}. */
  public static Tensor klDivergence(Tensor logProbabilities, Tensor targets) {
    return Tensor.of(new KlDivergence(), logProbabilities, targets);
  }
}
