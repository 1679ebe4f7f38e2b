package org.gradus.layers;

import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.Ops;

/**
 * Batch normalisation of the channels of x [N, C] or [N, C, L].
 *
 * <pre>
 *   y = weight (x - mean) / sqrt(variance + epsilon) + bias,   all [C]
 *   training:  mean and variance of the batch, over all axes but that of the channels
 *   inference: running mean and running variance
 *   running = running + momentum (of the batch - running), when a training step is taken
 * </pre>
 *
 * <p>The variance of the batch is that of all its elements; the running one is of a sample, larger
 * by n / (n - 1), as in PyTorch. The running statistics are buffers: {@code running_mean} begins at
 * 0, {@code running_var} at 1. Training needs two elements for each channel.
 *
 * @see Ops#batchNorm(org.gradus.autograd.Tensor, org.gradus.autograd.Tensor,
 *     org.gradus.autograd.Tensor, double)
 * @see <a href="https://arxiv.org/abs/1502.03167">Ioffe, Szegedy: Batch Normalization, 2015</a>
 */
public final class BatchNorm1d extends BatchNorm {

  /**
   * A float32 layer with epsilon 1e-5 and momentum 0.1.
   *
   * @param channels of the input, at least 1
   * @throws IllegalArgumentException if there are fewer
   */
  public BatchNorm1d(int channels) {
    super(channels);
  }

  /**
   * A layer with these numbers.
   *
   * @param channels of the input, at least 1
   * @param epsilon added to the variance, above 0
   * @param momentum how far the running statistics go to those of a batch, from 0 to 1
   * @param dtype of all parameters and buffers
   * @throws IllegalArgumentException if a number is out of its range
   */
  public BatchNorm1d(int channels, double epsilon, double momentum, DType dtype) {
    super(channels, epsilon, momentum, dtype);
  }

  @Override
  void requireRank(Shape x) {
    if (x.rank() != 2 && x.rank() != 3) {
      throw new ShapeException(
          name(), "input %s has rank %s, expected 2 or 3".formatted(x, x.rank()));
    }
  }
}
