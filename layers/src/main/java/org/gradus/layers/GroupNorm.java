package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;

/**
 * Normalisation of each example by itself, over groups of neighbouring channels.
 *
 * <pre>
 *   x [N, C, ...], weight and bias [C]
 *   y = weight (x - mean of the group) / sqrt(variance of the group + epsilon) + bias
 * </pre>
 *
 * <p>The weight begins at 1, the bias at 0; epsilon is 1e-5 unless given.
 *
 * @see Ops#groupNorm
 * @see <a href="https://arxiv.org/abs/1803.08494">Wu, He: Group Normalization, 2018</a>
 */
public final class GroupNorm extends AbstractLayer {
  private final Parameter weight;
  private final Parameter bias;
  private final int groups;
  private final double epsilon;

  /**
   * A float32 layer with epsilon 1e-5.
   *
   * @param groups into how many parts the channels are cut, at least 1
   * @param channels of the input, at least 1
   * @throws IllegalArgumentException if a number is out of its range, or the groups do not divide
   *     the channels
   */
  public GroupNorm(int groups, int channels) {
    this(groups, channels, 1e-5, DType.FLOAT32);
  }

  /**
   * A layer with these numbers.
   *
   * @param groups into how many parts the channels are cut, at least 1
   * @param channels of the input, at least 1
   * @param epsilon added to the variance, above 0
   * @param dtype of all parameters
   * @throws IllegalArgumentException if a number is out of its range, or the groups do not divide
   *     the channels
   */
  public GroupNorm(int groups, int channels, double epsilon, DType dtype) {
    Affine.requirePositive("groupNorm", "groups", groups);
    Affine.requirePositive("groupNorm", "channels", channels);
    Affine.requireDivisible("groupNorm", "channels", channels, groups);
    Norm.requireEpsilon("groupNorm", epsilon);
    Nulls.refuse("groupNorm: dtype", dtype);
    this.weight = parameter("weight", NdArray.full(dtype, Shape.of(channels), 1));
    this.bias = parameter("bias", NdArray.zeros(dtype, Shape.of(channels)));
    this.groups = groups;
    this.epsilon = epsilon;
  }

  @Override
  protected Tensor compute(Tensor x, Pass pass) {
    return Ops.groupNorm(x, groups, pass.use(weight), pass.use(bias), epsilon);
  }

  /** For example {@code GroupNorm[4 of 16]}. */
  @Override
  public String toString() {
    return "GroupNorm[%s of %s]".formatted(groups, weight.shape().dim(0));
  }
}
