package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.reshape;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * Normalisation as networks have it: {@link NormalizeAffine} over some axes, with a scale gamma and
 * a shift beta that are learned.
 *
 * <pre>
 *   y = gamma normalize(x) + beta
 * </pre>
 */
final class Norms {
  private Norms() {}

  /** As {@link Ops#batchNorm}. */
  static Tensor batch(Tensor x, Tensor gamma, Tensor beta, double epsilon) {
    String op = "batchNorm";
    Nulls.refuse("batchNorm: x, gamma, beta", x, gamma, beta);
    requireChannels(op, x.shape());
    Normalize.requireEpsilon(op, epsilon);
    Tensor scale = perChannel(op, "gamma", gamma, x);
    Tensor shift = perChannel(op, "beta", beta, x);
    List<Integer> others =
        IntStream.range(0, x.shape().rank()).filter(axis -> axis != 1).boxed().toList();
    return Tensor.of(new NormalizeAffine(others, epsilon), x, scale, shift);
  }

  /** As {@link Ops#batchNorm}. */
  static Tensor batch(
      Tensor x, Tensor gamma, Tensor beta, Tensor mean, Tensor variance, double epsilon) {
    String op = "batchNorm";
    Nulls.refuse("batchNorm: x, gamma, beta, mean, variance", x, gamma, beta, mean, variance);
    requireChannels(op, x.shape());
    Normalize.requireEpsilon(op, epsilon);
    requireVariance(op, variance.read(NdArray::toDoubleArray));
    Tensor scale = perChannel(op, "gamma", gamma, x);
    Tensor shift = perChannel(op, "beta", beta, x);
    Tensor centre = perChannel(op, "mean", mean, x);
    Tensor given = perChannel(op, "variance", variance, x);
    return Tensor.of(new NormalizeBy(epsilon), x, scale, shift, centre, given);
  }

  /** As {@link Ops#layerNorm}. */
  static Tensor layer(Tensor x, Tensor gamma, Tensor beta, double epsilon) {
    String op = "layerNorm";
    Nulls.refuse("layerNorm: x, gamma, beta", x, gamma, beta);
    Normalize.requireEpsilon(op, epsilon);
    int rank = x.shape().rank();
    int count = gamma.shape().rank();
    int[] last = Arrays.copyOfRange(x.shape().toArray(), Math.max(0, rank - count), rank);
    if (count == 0 || !gamma.shape().equals(Shape.of(last))) {
      throw new ShapeException(
          op,
          "gamma has shape %s, expected the last extents of input %s, one or more"
              .formatted(gamma.shape(), x.shape()));
    }
    if (!gamma.shape().equals(beta.shape())) {
      throw new ShapeException(
          op, "gamma %s and beta %s differ in shape".formatted(gamma.shape(), beta.shape()));
    }
    x.dtype().require(op, "gamma", gamma.dtype());
    x.dtype().require(op, "beta", beta.dtype());
    List<Integer> axes = IntStream.range(rank - count, rank).boxed().toList();
    return Tensor.of(new NormalizeAffine(axes, epsilon), x, gamma, beta);
  }

  /** As {@link Ops#groupNorm}. */
  static Tensor group(Tensor x, int groups, Tensor gamma, Tensor beta, double epsilon) {
    String op = "groupNorm";
    Nulls.refuse("groupNorm: x, gamma, beta", x, gamma, beta);
    Shape shape = x.shape();
    requireChannels(op, shape);
    Normalize.requireEpsilon(op, epsilon);
    WindowOptions.requireAtLeast(op + ": groups", groups, 1);
    ConvGeometry.requireDivided(op, shape, groups);
    perChannel(op, "gamma", gamma, x);
    perChannel(op, "beta", beta, x);
    int channels = shape.dim(1) / groups;
    Tensor grouped = reshape(x, shape.dim(0), groups, channels, shape.size(2, shape.rank()));
    Tensor scale = reshape(gamma, groups, channels, 1);
    Tensor shift = reshape(beta, groups, channels, 1);
    Tensor y = Tensor.of(new NormalizeAffine(List.of(2, 3), epsilon), grouped, scale, shift);
    return reshape(y, shape.toArray());
  }

  /** As {@link Ops#instanceNorm}. */
  static Tensor instance(Tensor x, Tensor gamma, Tensor beta, double epsilon) {
    String op = "instanceNorm";
    Nulls.refuse("instanceNorm: x, gamma, beta", x, gamma, beta);
    requireRank(op, x.shape(), 3);
    Normalize.requireEpsilon(op, epsilon);
    Tensor scale = perChannel(op, "gamma", gamma, x);
    Tensor shift = perChannel(op, "beta", beta, x);
    List<Integer> places = IntStream.range(2, x.shape().rank()).boxed().toList();
    return Tensor.of(new NormalizeAffine(places, epsilon), x, scale, shift);
  }

  /** As {@link Ops#batchStatistics}. */
  static BatchStatistics statistics(Tensor x) {
    Nulls.refuse("batchStatistics: x", x);
    StridedView rows = StridedView.of(Tensor.of(new ChannelMoments(), x).value());
    Shape channels = Shape.of(x.shape().dim(1));
    return new BatchStatistics(
        rows.range(0, 0, 1, 1).copy().reshape(channels),
        rows.range(0, 1, 1, 1).copy().reshape(channels));
  }

  static void requireChannels(String op, Shape x) {
    requireRank(op, x, 2);
  }

  private static void requireRank(String op, Shape x, int least) {
    if (x.rank() < least) {
      throw new ShapeException(
          op, "input %s has rank %s, expected %s or higher".formatted(x, x.rank(), least));
    }
  }

  private static void requireVariance(String op, double[] variance) {
    for (int c = 0; c < variance.length; c++) {
      if (!(variance[c] >= 0)) {
        throw new IllegalArgumentException(
            "%s: variance %s of channel %s, expected at least 0".formatted(op, variance[c], c));
      }
    }
  }

  /** One number for each channel of x, in a shape that broadcasts to that of x. */
  private static Tensor perChannel(String op, String what, Tensor numbers, Tensor x) {
    Shape shape = x.shape();
    int channels = shape.dim(1);
    if (!numbers.shape().equals(Shape.of(channels))) {
      throw new ShapeException(
          op,
          "input %s has %s channels, but %s has shape %s, expected [%s]"
              .formatted(shape, channels, what, numbers.shape(), channels));
    }
    x.dtype().require(op, what, numbers.dtype());
    int[] column = new int[shape.rank() - 1];
    Arrays.fill(column, 1);
    column[0] = channels;
    return reshape(numbers, column);
  }
}
