package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Nulls;

/**
 * The part of the catalogue that serves neural networks: activations, convolutions, pooling,
 * resizing, normalisation, dropout and losses. Users call these functions as members of {@link
 * Ops}.
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
    Nulls.refuse("conv2d: x, w, options", x, w, options);
    return conv2d(x, w, options.geometry(x.shape(), w.shape()));
  }

  /** The convolution of a geometry; see {@link Conv2d}. */
  public static Tensor conv2d(Tensor x, Tensor w, ConvGeometry geometry) {
    return Tensor.of(new Conv2d(geometry), x, w);
  }

  /** As {@link #conv2d(Tensor, Tensor, ConvOptions)}, plus b [F]; see {@link BiasedConv2d}. */
  public static Tensor conv2d(Tensor x, Tensor w, Tensor b, ConvOptions options) {
    Nulls.refuse("conv2d: x, w, b, options", x, w, b, options);
    return Tensor.of(new BiasedConv2d(options.geometry(x.shape(), w.shape())), x, w, b);
  }

  /** The adjoint of conv2d in x, which is transposed convolution; see {@link Conv2dInput}. */
  public static Tensor conv2dInput(Tensor w, Tensor y, ConvGeometry geometry) {
    return Tensor.of(new Conv2dInput(geometry), w, y);
  }

  /** The adjoint of conv2d in w; see {@link Conv2dWeight}. */
  public static Tensor conv2dWeight(Tensor x, Tensor y, ConvGeometry geometry) {
    return Tensor.of(new Conv2dWeight(geometry), x, y);
  }

  /**
   * Convolution of sequences: of images that have one row.
   *
   * <pre>
   *   x [N, C, L], w [F, C/G, K], y [N, F, OL]; s stride, p padding, d dilation, G groups
   *   y[n, f, i] = sum over c, a of  w[f, c, a] x[n, c', i s - p + a d]
   *     c from 0 to C/G - 1, c' = c + (C/G) floor(f / (F/G)); x is 0 outside of the sequence
   *   OL = floor((L + pLeft + pRight - d (K - 1) - 1) / s) + 1
   * </pre>
   *
   * What the options say of columns (width) is meant; what they say of rows is not looked at, so
   * that {@code padding(1)} will do. A convolution is causal, each output seeing only what comes
   * before it, with {@code padding(0, 0, d * (K - 1), 0)}.
   *
   * <p>Refuses what {@link Conv2d} refuses, and ranks other than 3.
   */
  public static Tensor conv1d(Tensor x, Tensor w, ConvOptions options) {
    return Convolutions.conv1d(x, w, options);
  }

  /**
   * Convolution of each channel by itself, with M filters each: as many groups as channels.
   *
   * <pre>
   *   x [N, C, H, W], w [C M, 1, KH, KW], y [N, C M, OH, OW]
   *   y[n, c M + m, i, j] = sum over a, b of  w[c M + m, 0, a, b] x[n, c, i s - p + a d, j s - p + b d]
   * </pre>
   *
   * Refuses options that name groups, and filters of more than one channel or whose number is no
   * multiple of the channels.
   */
  public static Tensor depthwiseConv2d(Tensor x, Tensor w, ConvOptions options) {
    return Convolutions.depthwiseConv2d(x, w, options);
  }

  /**
   * Transposed convolution, x [N, C, H, W], w [C, F / groups, KH, KW], without output padding; see
   * {@link #convTranspose2d(Tensor, Tensor, ConvOptions, int, int)}.
   */
  public static Tensor convTranspose2d(Tensor x, Tensor w, ConvOptions options) {
    return convTranspose2d(x, w, options, 0, 0);
  }

  /**
   * Transposed convolution, which makes images larger: {@link Conv2dInput}, the adjoint of the
   * convolution of these options, in the order in which a layer has its arguments.
   *
   * <pre>
   *   x [N, C, H, W], w [C, F/G, KH, KW], y [N, F, OH, OW]; o output padding
   *   y[n, f, h, v] = sum over c, a, b of  x[n, c, i, j] w[c, f', a, b]
   *                   for those i, j with  i s - p + a d = h  and  j s - p + b d = v
   *     c in the group of f, f' = f mod (F/G)
   *   OH = (H - 1) s - pTop - pBottom + d (KH - 1) + 1 + o, and OW likewise
   * </pre>
   *
   * Padding is cut off the output. A convolution whose stride leaves a remainder gives several
   * sizes of images the same size; the output padding, from 0 to s - 1, says which one is meant: it
   * is that remainder, and {@code strict()} refuses all but 0. An output padding from s to d - 1
   * makes the output as much larger by the same formula; where no i, a lead to h, y is 0. With
   * {@code same()} there is no choice: OH = H s, the output padding must be 0, and y is the adjoint
   * of a convolution with {@code same()} of images of that size.
   *
   * <p>Refuses channels that the weights do not expect or the groups do not divide, and an output
   * of a negative size.
   *
   * @param moreRows the output padding along the height
   * @param moreColumns the output padding along the width
   */
  public static Tensor convTranspose2d(
      Tensor x, Tensor w, ConvOptions options, int moreRows, int moreColumns) {
    return Convolutions.convTranspose2d(x, w, options, moreRows, moreColumns);
  }

  /** The maximum of each window of x [N, C, H, W]; see {@link MaxPool2d}. */
  public static Tensor maxPool2d(Tensor x, PoolOptions options) {
    Nulls.refuse("maxPool2d: x, options", x, options);
    return Tensor.of(new MaxPool2d(options.geometry("maxPool2d", x.shape())), x);
  }

  /** As {@link #maxPool2d(Tensor, PoolOptions)}, with square windows that tile the image. */
  public static Tensor maxPool2d(Tensor x, int size) {
    return maxPool2d(x, PoolOptions.tiles("maxPool2d", size));
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
    Nulls.refuse("avgPool2d: x, options", x, options);
    return avgPool2d(x, options.geometry("avgPool2d", x.shape()), options.countPadding());
  }

  /** As {@link #avgPool2d(Tensor, PoolOptions)}, with square windows that tile the image. */
  public static Tensor avgPool2d(Tensor x, int size) {
    return avgPool2d(x, PoolOptions.tiles("avgPool2d", size));
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
    Nulls.refuse("globalMaxPool2d: x", x);
    return maxPool2d(x, PoolOptions.whole("globalMaxPool2d", x.shape()));
  }

  /** The mean of each plane of x [N, C, H, W], as [N, C, 1, 1]; see {@link Mean}. */
  public static Tensor globalAvgPool2d(Tensor x) {
    Nulls.refuse("globalAvgPool2d: x", x);
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
    return Tensor.of(new Normalize(Axes.orAll("normalize", x, axes), epsilon), x);
  }

  /**
   * gamma {@link Normalize normalize}(x) + beta, where gamma and beta are learned.
   *
   * <p>Each channel over the whole batch, for training: x [N, C], [N, C, L] or [N, C, H, W], gamma
   * and beta [C]. A channel of one element, in a batch of one, becomes beta.
   *
   * @see <a href="https://arxiv.org/abs/1502.03167">Ioffe and Szegedy, Batch normalization</a>
   */
  public static Tensor batchNorm(Tensor x, Tensor gamma, Tensor beta, double epsilon) {
    return Norms.batch(x, gamma, beta, epsilon);
  }

  /**
   * gamma (x - mean) / sqrt(variance + epsilon) + beta.
   *
   * <p>Each channel by a mean and a variance that were measured before, for inference: all of shape
   * [C]. The mean is subtracted first: to fold it into one scale and shift would cost digits.
   * Refuses a variance that is negative or NaN.
   */
  public static Tensor batchNorm(
      Tensor x, Tensor gamma, Tensor beta, Tensor mean, Tensor variance, double epsilon) {
    return Norms.batch(x, gamma, beta, mean, variance, epsilon);
  }

  /**
   * gamma {@link Normalize normalize}(x) + beta, where gamma and beta are learned.
   *
   * <p>Each example by itself, over its last axes: as many as gamma and beta have, and of their
   * extents.
   *
   * @see <a href="https://arxiv.org/abs/1607.06450">Ba, Kiros and Hinton, Layer normalization</a>
   */
  public static Tensor layerNorm(Tensor x, Tensor gamma, Tensor beta, double epsilon) {
    return Norms.layer(x, gamma, beta, epsilon);
  }

  /**
   * gamma {@link Normalize normalize}(x) + beta, where gamma and beta are learned.
   *
   * <p>Each example by itself, over groups of neighbouring channels: x [N, C, ...], gamma and beta
   * [C]. As many groups as channels make it instance normalisation.
   *
   * @see <a href="https://arxiv.org/abs/1803.08494">Wu and He, Group normalization</a>
   */
  public static Tensor groupNorm(Tensor x, int groups, Tensor gamma, Tensor beta, double epsilon) {
    return Norms.group(x, groups, gamma, beta, epsilon);
  }

  /**
   * A share of the elements set to 0, the same for the same seed, and the others made larger so
   * that the mean stays; see {@link Dropout}.
   */
  public static Tensor dropout(Tensor x, double rate, long seed) {
    return Tensor.of(new Dropout(rate, seed), x);
  }

  // ---- losses ----------------------------------------------------------------------------------

  /** The mean of (prediction - target)^2; see {@link Mse}. */
  public static Tensor mse(Tensor prediction, Tensor target) {
    return Tensor.of(new Mse(), prediction, target);
  }

  /** The mean of |prediction - target|; see {@link L1}. */
  public static Tensor l1(Tensor prediction, Tensor target) {
    return Tensor.of(new L1(), prediction, target);
  }

  /** Squares for errors up to delta, absolute values for larger ones; see {@link Huber}. */
  public static Tensor huber(Tensor prediction, Tensor target, double delta) {
    return Tensor.of(new Huber(delta), prediction, target);
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
   * {@link CrossEntropy} of logits [N, K], with targets of 1 - smoothing at each label and
   * smoothing / K on top at each of the K classes, so that no logit gains by being infinite.
   *
   * @param labels N of them, each from 0 to K - 1
   * @param smoothing the part of each target, from 0 on and below 1, that all classes share
   * @see <a href="https://arxiv.org/abs/1512.00567">Szegedy et al., Rethinking the inception
   *     architecture</a>
   */
  public static Tensor crossEntropy(Tensor logits, int[] labels, double smoothing) {
    return Losses.crossEntropyOfLabels(logits, labels, smoothing);
  }

  /**
   * Cross-entropy of logits, each of a yes or no of its own; see {@link
   * BinaryCrossEntropyWithLogits}.
   */
  public static Tensor binaryCrossEntropyWithLogits(Tensor logits, Tensor targets) {
    return Tensor.of(new BinaryCrossEntropyWithLogits(), logits, targets);
  }

  /**
   * The negative logarithm of the probability of each label, mean over the batch, from the
   * logarithms [N, K] of probabilities, such as logSoftmax gives. What the other classes have is
   * not looked at. The mean over an empty batch is NaN.
   *
   * @param labels N of them, each from 0 to K - 1
   */
  public static Tensor nllLoss(Tensor logProbabilities, int... labels) {
    return Losses.nll(logProbabilities, labels);
  }

  /** 1/N sum of t (ln t - log-probability), over rows [N, ...]; see {@link KlDivergence}. */
  public static Tensor klDivergence(Tensor logProbabilities, Tensor targets) {
    return Tensor.of(new KlDivergence(), logProbabilities, targets);
  }
}
