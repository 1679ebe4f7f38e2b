package org.gradus.autograd.ops;

import org.gradus.autograd.Tensor;

/**
 * The part of the catalogue that keeps numbers in a network of one size, and drops some of them:
 * normalisation and dropout. Users call these functions as members of {@link Ops}.
 */
abstract class NormOps extends WindowOps {
  NormOps() {}

  // ---- normalisation, dropout ------------------------------------------------------------------

  /**
   * x with mean 0 and variance 1 over these axes, over all axes if none are given; see {@link
   * Normalize}.
   */
  public static Tensor normalize(Tensor x, double epsilon, int... axes) {
    return Tensor.of(new Normalize(Axes.of("normalize", x, axes).in(x.shape()), epsilon), x);
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
   * The mean and the variance of each channel of a batch, for running averages that {@link
   * #batchNorm(Tensor, Tensor, Tensor, Tensor, Tensor, double)} uses later. Nothing is recorded.
   *
   * <pre>
   *   x [N, C, ...], mean [C], variance [C]; n elements of x in each channel
   *   mean[c] = 1/n sum over n, ... of x[n, c, ...]
   *   variance[c] = 1/n sum over n, ... of (x[n, c, ...] - mean[c])^2
   * </pre>
   *
   * Both are computed in two passes, in double precision, and rounded once: a mean is as accurate
   * as {@link Mean}, and one that is large beside the variance costs no digits of it. No square
   * overflows or vanishes on the way to a variance that does not. Over n, not n - 1: for the
   * unbiased variance, multiply by n / (n - 1). Of no elements, both are NaN. Refuses a rank below
   * 2.
   */
  public static BatchStatistics batchStatistics(Tensor x) {
    return Norms.statistics(x);
  }

  /**
   * gamma {@link Normalize normalize}(x) + beta, where gamma and beta are learned.
   *
   * <p>Each channel of each example by itself, over its places: x [N, C, ...] of rank 3 or higher,
   * gamma and beta [C]. It is {@link #groupNorm} with as many groups as channels.
   *
   * @see <a href="https://arxiv.org/abs/1607.08022">Ulyanov, Vedaldi and Lempitsky, Instance
   *     normalization</a>
   */
  public static Tensor instanceNorm(Tensor x, Tensor gamma, Tensor beta, double epsilon) {
    return Norms.instance(x, gamma, beta, epsilon);
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
   * [C]. As many groups as channels make it {@link #instanceNorm}.
   *
   * @see <a href="https://arxiv.org/abs/1803.08494">Wu and He, Group normalization</a>
   */
  public static Tensor groupNorm(Tensor x, int groups, Tensor gamma, Tensor beta, double epsilon) {
    return Norms.group(x, groups, gamma, beta, epsilon);
  }

  /**
   * Sets a share of the elements to 0, drawn at random, and enlarges the others so that the
   * expected sum stays.
   *
   * <pre>
   *   y_i = x_i / (1 - rate) if u_i >= rate, otherwise 0
   *   u_i in [0, 1) is a hash of (seed, i); i is the place in row-major order
   * </pre>
   *
   * Linear; any shape. What is dropped is 0 even where x is infinite or NaN. The seed is an
   * attribute, so the op is a function like any other: the same seed drops the same elements, and
   * each training step wants another one.
   *
   * <p>A gradient of 0 goes on to the op that made the input, and times an infinite derivative it
   * is NaN there. Where that may happen, choose a safe input of that op first: for example {@code
   * log(where(greater(x, 0), x, 1))} in place of {@code log(x)}.
   *
   * @param rate the share that is dropped, from 0 to 1; at 1 all is dropped, and y and its VJP are
   *     0
   * @param seed any number; the elements kept by two seeds have nothing to do with each other
   * @see <a href="https://jmlr.org/papers/v15/srivastava14a.html">Srivastava et al., Dropout</a>
   */
  public static Tensor dropout(Tensor x, double rate, long seed) {
    return Tensor.of(new Dropout(rate, seed), x);
  }
}
