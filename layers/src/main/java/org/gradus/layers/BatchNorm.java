package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.BatchStatistics;
import org.gradus.autograd.ops.Ops;

/** Batch normalisation of channels, whatever axes follow them. */
abstract class BatchNorm extends AbstractLayer {
  private static final double EPSILON = 1e-5;
  private static final double MOMENTUM = 0.1;

  private final Parameter weight;
  private final Parameter bias;
  private final Parameter runningMean;
  private final Parameter runningVariance;
  private final double epsilon;
  private final double momentum;

  BatchNorm(int channels) {
    this(channels, EPSILON, MOMENTUM, DType.FLOAT32);
  }

  BatchNorm(int channels, double epsilon, double momentum, DType dtype) {
    Affine.requirePositive(name(), "channels", channels);
    Nulls.refuse(name() + ": dtype", dtype);
    Norm.requireEpsilon(name(), epsilon);
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new IllegalArgumentException(
          "%s: momentum %s, expected 0 to 1".formatted(name(), momentum));
    }
    Shape shape = Shape.of(channels);
    this.weight = parameter("weight", NdArray.full(dtype, shape, 1));
    this.bias = parameter("bias", NdArray.zeros(dtype, shape));
    this.runningMean = statistic("running_mean", NdArray.zeros(dtype, shape));
    this.runningVariance = statistic("running_var", NdArray.full(dtype, shape, 1));
    this.epsilon = epsilon;
    this.momentum = momentum;
  }

  /** The scale gamma [C]. */
  public final Parameter weight() {
    return weight;
  }

  /** The shift beta [C]. */
  public final Parameter bias() {
    return bias;
  }

  /** The running mean [C], used in inference. */
  public final Parameter runningMean() {
    return runningMean;
  }

  /** The running variance [C], used in inference. */
  public final Parameter runningVariance() {
    return runningVariance;
  }

  /** How far the running statistics go to those of a batch, from 0 to 1. */
  public final double momentum() {
    return momentum;
  }

  /** Refuses an input that is of another rank. */
  abstract void requireRank(Shape x);

  @Override
  protected final Tensor compute(Tensor x, Pass pass) {
    Shape shape = x.shape();
    requireRank(shape);
    Tensor gamma = pass.use(weight);
    Tensor beta = pass.use(bias);
    int channels = gamma.shape().dim(0);
    if (shape.dim(1) != channels) {
      throw new ShapeException(
          name(), "input %s has %s channels, expected %s".formatted(shape, shape.dim(1), channels));
    }
    x.dtype().require(name(), "the weight", gamma.dtype());
    if (!pass.isTraining()) {
      return Ops.batchNorm(
          x, gamma, beta, pass.use(runningMean), pass.use(runningVariance), epsilon);
    }
    int count = shape.size() / channels;
    if (count < 2) {
      throw new ShapeException(
          name(),
          "input %s has %s elements for each channel, expected at least 2 in training"
              .formatted(shape, count));
    }
    observe(x, count, pass);
    return Ops.batchNorm(x, gamma, beta, epsilon);
  }

  private void observe(Tensor x, int count, Pass pass) {
    BatchStatistics statistics = Ops.batchStatistics(x);
    double unbiased = count / (count - 1.0);
    pass.observe(runningMean, momentum, statistics.mean());
    pass.observe(runningVariance, momentum, statistics.variance().map(v -> unbiased * v));
  }

  /** For example {@code BatchNorm2d[16]}. */
  @Override
  public final String toString() {
    return "%s[%s]".formatted(getClass().getSimpleName(), weight.shape().dim(0));
  }
}
