package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static java.util.stream.Collectors.averagingDouble;
import static java.util.stream.Collectors.groupingBy;
import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.Values.INF;
import static org.gradus.autograd.ops.Values.count;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.scalar;
import static org.gradus.autograd.testkit.Call.vector;
import static org.gradus.autograd.testkit.Domain.nonzero;
import static org.gradus.autograd.testkit.Domain.positive;
import static org.gradus.autograd.testkit.Draw.fill;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of normalisation. */
final class NormalizationRows {
  private NormalizationRows() {}

  static Stream<OpRow> rows() {
    return Stream.concat(
        Stream.of(
            normalize(),
            batchNorm(),
            batchNormByGivenMoments(),
            instanceNorm(),
            layerNorm(),
            groupNorm()),
        AffineNormalizationRows.rows());
  }

  // ---- the op ----------------------------------------------------------------------------------

  private static OpRow normalize() {
    NdArray equal = NdArray.full(DType.FLOAT64, Shape.of(2, 3), 0.75);
    OpCase withNaN = OpCase.of(new Normalize(List.of(1), 0), array(shape(2, 2), NaN, 7, 1, 3));
    return OpRow.of(
            Normalize.class,
            Draw.shapes(0, 3)
                .flatMap(
                    shape ->
                        combine(Draw.axes(shape), epsilons(), Draw.seeds())
                            .as(
                                (axes, epsilon, seed) ->
                                    OpCase.of(
                                        new Normalize(axes, epsilon),
                                        nonzero().draw(shape, seed)))))
        .oracle(
            c -> {
              Normalize op = c.op(Normalize.class);
              return normalized(c.input(0), op.axes(), op.epsilon());
            })
        .edges(
            OpCase.of(new Normalize(List.of(), 0.5), nonzero().draw(Shape.of(), 1)),
            OpCase.of(new Normalize(List.of(0), 0.5), nonzero().draw(Shape.of(0), 1)),
            OpCase.of(new Normalize(List.of(0), 0.5), nonzero().draw(Shape.of(1), 1)),
            OpCase.of(new Normalize(List.of(-1), 0.5), nonzero().draw(Shape.of(2, 0), 1)),
            OpCase.of(new Normalize(List.of(1), 0.5), nonzero().draw(Shape.of(0, 3), 1)),
            OpCase.of(new Normalize(List.of(1), 0.5), equal),
            OpCase.of(new Normalize(List.of(0, 2), 0.5), nonzero().draw(Shape.of(2, 2, 2), 1)))
        .calls(
            // over n, not n - 1: the variances are 1 and 16
            call(x -> Ops.normalize(x, 0, 1), array(shape(2, 2), 1, 3, 5, 13))
                .gives(array(shape(2, 2), -1, 1, -1, 1)),
            // 1 + 3 = 4
            call(x -> Ops.normalize(x, 3), vector(1, 3)).gives(vector(-0.5, 0.5)),
            // 4 and 25
            call(x -> Ops.normalize(x, 0, -2), array(shape(2, 2), 1, 3, 5, 13))
                .gives(array(shape(2, 2), -1, -1, 1, 1)),
            // the mean is 3, the variance 4: over all axes
            call(x -> Ops.normalize(x, 0), array(shape(2, 1, 2), 1, 5, 1, 5))
                .gives(array(shape(2, 1, 2), -1, 1, -1, 1)),
            call(x -> Ops.normalize(x, 0, 0, 2), array(shape(2, 1, 2), 1, 5, 1, 5))
                .gives(array(shape(2, 1, 2), -1, 1, -1, 1)),
            call(x -> Ops.normalize(x, 1), scalar(7)).gives(scalar(0)),
            call(x -> Ops.normalize(x, 1, 0), array(shape(0, 2))).gives(array(shape(0, 2))),
            // equal elements
            call(x -> Ops.normalize(x, 1e-5), vector(0.1, 0.1, 0.1)).gives(vector(0, 0, 0)),
            call(x -> Ops.normalize(x, 1e-5), vector(1e4)).gives(vector(0)),
            call(x -> Ops.normalize(x, 0), vector(3, 3)).gives(vector(NaN, NaN)),
            // each slice by itself
            call(x -> Ops.normalize(x, 0, 1), array(shape(2, 2), NaN, 7, 1, 3))
                .gives(array(shape(2, 2), NaN, NaN, -1, 1)),
            // epsilon keeps it finite: (g - mean(g)) / epsilon^(1/2), since y is 0
            call(x -> Ops.normalize(x, 0.25), vector(5, 5))
                .cotangent(1, 3)
                .about()
                .gradients(vector(-2, 2)),
            call(x -> Ops.normalize(x, 0.25), vector(5)).cotangent(3).gradients(vector(0)),
            call(new Normalize(List.of(0, 1), 0), equal)
                .gives(NdArray.full(DType.FLOAT64, equal.shape(), NaN)),
            call(withNaN).gives(array(shape(2, 2), NaN, NaN, -1, 1)))
        .refuses(
            ShapeException.class,
            "normalize: there is no axis 2 in [2, 3], which has rank 2",
            () -> Ops.normalize(zeros(2, 3), 1, 2))
        .refuses(
            ShapeException.class,
            "normalize: axis 1 is named twice in [1, 0, -1]",
            () -> Ops.normalize(zeros(2, 3), 1, 1, 0, -1))
        .refuses(
            IllegalArgumentException.class,
            "normalize: epsilon -1.0E-5, expected a finite number of at least 0",
            () -> Ops.normalize(zeros(2, 3), -1e-5, 1))
        .refuses(
            IllegalArgumentException.class,
            "normalize: epsilon NaN, expected a finite number of at least 0",
            () -> new Normalize(List.of(0), NaN))
        .refuses(
            IllegalArgumentException.class,
            "normalize: epsilon Infinity, expected a finite number of at least 0",
            () -> new Normalize(List.of(0), INF));
  }

  /** Large enough that derivatives stay of the size of the numbers. */
  static Arbitrary<Double> epsilons() {
    return Arbitraries.of(0.1, 0.5, 2.0);
  }

  /** The definition, for one element after another. */
  static NdArray normalized(NdArray array, Collection<Integer> axes, double epsilon) {
    Naive x = Naive.of(array);
    Map<List<Integer>, Double> means = averages(x, axes, x::at);
    Map<List<Integer>, Double> variances =
        averages(x, axes, i -> Math.pow(x.at(i) - means.get(group(i, axes)), 2));
    Naive y =
        Naive.generate(
            x.dims(),
            i ->
                (x.at(i) - means.get(group(i, axes)))
                    / Math.sqrt(variances.get(group(i, axes)) + epsilon));
    return ndArray(y);
  }

  /** The average of f over all places that differ along these axes only. */
  private static Map<List<Integer>, Double> averages(
      Naive x, Collection<Integer> axes, ToDoubleFunction<int[]> f) {
    return Naive.indices(x.dims()).stream()
        .collect(groupingBy(i -> group(i, axes), averagingDouble(f)));
  }

  /** The place without its indices along these axes. */
  private static List<Integer> group(int[] place, Collection<Integer> axes) {
    return IntStream.range(0, place.length)
        .map(k -> axes.contains(k) || axes.contains(k - place.length) ? 0 : place[k])
        .boxed()
        .toList();
  }

  private static NdArray ndArray(Naive x) {
    return x.as(DType.FLOAT64).value();
  }

  // ---- by channel ------------------------------------------------------------------------------

  record BatchNorm(double epsilon) implements Function<List<Tensor>, Tensor> {
    @Override
    public Tensor apply(List<Tensor> in) {
      return Ops.batchNorm(in.get(0), in.get(1), in.get(2), epsilon);
    }

    OpCase of(Shape x, long seed) {
      Shape channels = Shape.of(x.dim(1));
      return OpCase.of("batchNorm " + epsilon, this, fill(seed, nonzero(), x, channels, channels));
    }
  }

  private static OpRow batchNorm() {
    OpRow row =
        OpRow.function(
                "batchNorm",
                combine(Draw.shapes(2, 3), epsilons(), Draw.seeds())
                    .as((shape, epsilon, seed) -> new BatchNorm(epsilon).of(shape, seed)))
            .oracle(
                c -> {
                  List<Integer> others = new ArrayList<>(range(0, c.input(0).shape().rank()));
                  others.remove(1);
                  double epsilon = c.function(BatchNorm.class).epsilon();
                  return perChannel(c, normalized(c.input(0), others, epsilon));
                })
            .edges(
                new BatchNorm(0.5).of(Shape.of(0, 2), 1),
                new BatchNorm(0.5).of(Shape.of(2, 0), 1),
                new BatchNorm(0.5).of(Shape.of(1, 1), 1),
                new BatchNorm(0.5).of(Shape.of(2, 2, 0), 1),
                new BatchNorm(0.5).of(Shape.of(2, 3, 1, 2), 1));
    return refusesChannels(row, "batchNorm", (x, gamma, beta) -> Ops.batchNorm(x, gamma, beta, 1))
        .calls(
            call(
                    (x, gamma, beta) -> Ops.batchNorm(x, gamma, beta, 0),
                    array(shape(2, 2), 1, 5, 3, 9),
                    vector(2, -3),
                    vector(100, 10))
                .gives(array(shape(2, 2), 98, 13, 102, 7)),
            // 1 + 3 = 4, twice
            call(
                    (x, gamma, beta) -> Ops.batchNorm(x, gamma, beta, 3),
                    array(shape(2, 2), 1, 5, 3, 7),
                    vector(2, -3),
                    vector(100, 10))
                .gives(array(shape(2, 2), 99, 11.5, 101, 8.5)),
            // the same two channels, along L and along H and W
            call(
                    (x, gamma, beta) -> Ops.batchNorm(x, gamma, beta, 0),
                    array(shape(1, 2, 2), 1, 3, 5, 9),
                    vector(2, -3),
                    vector(100, 10))
                .gives(array(shape(1, 2, 2), 98, 102, 13, 7)),
            call(
                    (x, gamma, beta) -> Ops.batchNorm(x, gamma, beta, 0),
                    array(shape(2, 2, 1, 2), 1, 3, 5, 9, 1, 3, 5, 9),
                    vector(2, -3),
                    vector(100, 10))
                .gives(array(shape(2, 2, 1, 2), 98, 102, 13, 7, 98, 102, 13, 7)),
            // one element of each: nothing but beta
            call(
                    (x, gamma, beta) -> Ops.batchNorm(x, gamma, beta, 1),
                    array(shape(1, 2), 7, 8),
                    vector(2, -3),
                    vector(100, 10))
                .gives(array(shape(1, 2), 100, 10)),
            call(
                    (x, gamma, beta) -> Ops.batchNorm(x, gamma, beta, 1),
                    array(shape(0, 2, 3)),
                    vector(2, -3),
                    vector(100, 10))
                .gives(array(shape(0, 2, 3))))
        .refuses(
            IllegalArgumentException.class,
            "batchNorm: epsilon -1.0, expected a finite number of at least 0",
            () -> Ops.batchNorm(zeros(2, 3), zeros(3), zeros(3), -1));
  }

  /** gamma[c] y + beta[c], the second and third input. */
  private static NdArray perChannel(OpCase c, NdArray y) {
    Naive normalized = Naive.of(y);
    return ndArray(
        Naive.generate(
            normalized.dims(), i -> c.input(1).at(i[1]) * normalized.at(i) + c.input(2).at(i[1])));
  }

  record BatchNormByGivenMoments(double epsilon) implements Function<List<Tensor>, Tensor> {
    @Override
    public Tensor apply(List<Tensor> in) {
      return Ops.batchNorm(in.get(0), in.get(1), in.get(2), in.get(3), in.get(4), epsilon);
    }

    OpCase of(Shape x, long seed) {
      Shape channels = Shape.of(x.dim(1));
      List<NdArray> inputs =
          new ArrayList<>(fill(seed, nonzero(), x, channels, channels, channels));
      inputs.add(positive().draw(channels, seed + 4));
      return OpCase.of("batchNorm, given moments, " + epsilon, this, inputs);
    }
  }

  private static OpRow batchNormByGivenMoments() {
    OpRow row =
        OpRow.function(
                "batchNorm, given moments",
                combine(Draw.shapes(2, 3), epsilons(), Draw.seeds())
                    .as(
                        (shape, epsilon, seed) ->
                            new BatchNormByGivenMoments(epsilon).of(shape, seed)))
            .factors(1, 1) // or differences make variances negative
            .oracle(
                c -> {
                  double epsilon = c.function(BatchNormByGivenMoments.class).epsilon();
                  Naive x = Naive.of(c.input(0));
                  Naive y =
                      Naive.generate(
                          x.dims(),
                          i ->
                              (x.at(i) - c.input(3).at(i[1]))
                                  / Math.sqrt(c.input(4).at(i[1]) + epsilon));
                  return perChannel(c, ndArray(y));
                })
            .edges(
                new BatchNormByGivenMoments(0.5).of(Shape.of(0, 2), 1),
                new BatchNormByGivenMoments(0.5).of(Shape.of(2, 0), 1),
                new BatchNormByGivenMoments(0.5).of(Shape.of(1, 1), 1),
                new BatchNormByGivenMoments(0.5).of(Shape.of(2, 2, 1, 2), 1));
    return refusesChannels(
            row,
            "batchNorm",
            (x, gamma, beta) -> Ops.batchNorm(x, gamma, beta, zeros(3), zeros(3), 1))
        .calls(
            "batchNorm",
            // (x - 1) 2 / 2 + 100 and (x - 5) (-3) / 3 + 10
            call(
                    in -> Ops.batchNorm(in.get(0), in.get(1), in.get(2), in.get(3), in.get(4), 3),
                    List.of(
                        array(shape(2, 2), 1, 5, 3, 9),
                        vector(2, -3),
                        vector(100, 10),
                        vector(1, 5),
                        vector(1, 6)))
                .gives(array(shape(2, 2), 100, 10, 102, 6)),
            call(
                    in -> Ops.batchNorm(in.get(0), in.get(1), in.get(2), in.get(3), in.get(4), 3),
                    List.of(
                        array(shape(1, 2, 1, 2), 1, 3, 5, 9),
                        vector(2, -3),
                        vector(100, 10),
                        vector(1, 5),
                        vector(1, 6)))
                .gives(array(shape(1, 2, 1, 2), 100, 102, 10, 6)))
        .refuses(
            ShapeException.class,
            "batchNorm: input [2, 3] has 3 channels, but mean has shape [2], expected [3]",
            () -> Ops.batchNorm(zeros(2, 3), zeros(3), zeros(3), zeros(2), zeros(3), 1))
        .refuses(
            ShapeException.class,
            "batchNorm: input [2, 3] has 3 channels, but variance has shape [], expected [3]",
            () -> Ops.batchNorm(zeros(2, 3), zeros(3), zeros(3), zeros(3), zeros(), 1))
        .refuses(
            IllegalArgumentException.class,
            "batchNorm: epsilon NaN, expected a finite number of at least 0",
            () -> Ops.batchNorm(zeros(2, 3), zeros(3), zeros(3), zeros(3), zeros(3), NaN))
        .refuses(
            IllegalArgumentException.class,
            "batchNorm: variance -1.0E-5 of channel 1, expected at least 0",
            () -> batchNormOfVariance(0, -1e-5))
        .refuses(
            IllegalArgumentException.class,
            "batchNorm: variance NaN of channel 0, expected at least 0",
            () -> batchNormOfVariance(NaN, 1));
  }

  private static Tensor batchNormOfVariance(double... variance) {
    Tensor given = Tensor.constant(NdArray.of(variance, 2));
    return Ops.batchNorm(zeros(1, 2), zeros(2), zeros(2), zeros(2), given, 1);
  }

  /** A norm of x, gamma and beta. */
  private interface Norm {
    Tensor of(Tensor x, Tensor gamma, Tensor beta);
  }

  private static OpRow refusesChannels(OpRow row, String op, Norm norm) {
    return row.refuses(
            ShapeException.class,
            op + ": input [3] has rank 1, expected 2 or higher",
            () -> norm.of(zeros(3), zeros(3), zeros(3)))
        .refuses(
            ShapeException.class,
            op + ": input [2, 3, 4] has 3 channels, but gamma has shape [2], expected [3]",
            () -> norm.of(zeros(2, 3, 4), zeros(2), zeros(3)))
        .refuses(
            ShapeException.class,
            op + ": input [2, 3, 4] has 3 channels, but beta has shape [1, 3], expected [3]",
            () -> norm.of(zeros(2, 3, 4), zeros(3), zeros(1, 3)));
  }

  record InstanceNorm(double epsilon) implements Function<List<Tensor>, Tensor> {
    @Override
    public Tensor apply(List<Tensor> in) {
      return Ops.instanceNorm(in.get(0), in.get(1), in.get(2), epsilon);
    }

    OpCase of(Shape x, long seed) {
      Shape channels = Shape.of(x.dim(1));
      return OpCase.of(
          "instanceNorm " + epsilon, this, fill(seed, nonzero(), x, channels, channels));
    }
  }

  private static OpRow instanceNorm() {
    OpRow row =
        OpRow.function(
                "instanceNorm",
                combine(Draw.shapes(3, 4), epsilons(), Draw.seeds())
                    .as((shape, epsilon, seed) -> new InstanceNorm(epsilon).of(shape, seed)))
            .oracle(
                c -> {
                  double epsilon = c.function(InstanceNorm.class).epsilon();
                  List<Integer> places = range(2, c.input(0).shape().rank());
                  return perChannel(c, normalized(c.input(0), places, epsilon));
                })
            .edges(
                new InstanceNorm(0.5).of(Shape.of(0, 2, 2), 1),
                new InstanceNorm(0.5).of(Shape.of(2, 0, 2), 1),
                new InstanceNorm(0.5).of(Shape.of(1, 1, 1), 1),
                new InstanceNorm(0.5).of(Shape.of(2, 2, 0), 1),
                new InstanceNorm(0.5).of(Shape.of(2, 3, 1, 2), 1));
    return row.calls(
            // each channel of each image: means 2, 9, 3, 8
            call(
                    (x, gamma, beta) -> Ops.instanceNorm(x, gamma, beta, 0),
                    array(shape(2, 2, 1, 2), 1, 3, 5, 13, 5, 1, 9, 7),
                    vector(1, 2),
                    vector(10, 20))
                .gives(array(shape(2, 2, 1, 2), 9, 11, 18, 22, 11, 9, 22, 18)),
            // 1 + 3 = 4
            call(
                    (x, gamma, beta) -> Ops.instanceNorm(x, gamma, beta, 3),
                    array(shape(1, 1, 2), 1, 3),
                    vector(2),
                    vector(10))
                .gives(array(shape(1, 1, 2), 9, 11)),
            // one place of each: nothing but beta
            call(
                    (x, gamma, beta) -> Ops.instanceNorm(x, gamma, beta, 1),
                    array(shape(1, 2, 1), 7, 8),
                    vector(2, -3),
                    vector(100, 10))
                .gives(array(shape(1, 2, 1), 100, 10)))
        .refuses(
            ShapeException.class,
            "instanceNorm: input [2, 3] has rank 2, expected 3 or higher",
            () -> Ops.instanceNorm(zeros(2, 3), zeros(3), zeros(3), 1))
        .refuses(
            ShapeException.class,
            "instanceNorm: input [2, 3, 4] has 3 channels, but gamma has shape [2], expected [3]",
            () -> Ops.instanceNorm(zeros(2, 3, 4), zeros(2), zeros(3), 1))
        .refuses(
            ShapeException.class,
            "instanceNorm: input [2, 3, 4] has 3 channels, but beta has shape [1, 3], expected [3]",
            () -> Ops.instanceNorm(zeros(2, 3, 4), zeros(3), zeros(1, 3), 1))
        .refuses(
            IllegalArgumentException.class,
            "instanceNorm: epsilon -1.0, expected a finite number of at least 0",
            () -> Ops.instanceNorm(zeros(2, 3, 4), zeros(3), zeros(3), -1));
  }

  // ---- by example ------------------------------------------------------------------------------

  record LayerNorm(double epsilon) implements Function<List<Tensor>, Tensor> {
    @Override
    public Tensor apply(List<Tensor> in) {
      return Ops.layerNorm(in.get(0), in.get(1), in.get(2), epsilon);
    }

    OpCase of(Shape x, int axes, long seed) {
      Shape last = Shape.of(Arrays.copyOfRange(x.toArray(), x.rank() - axes, x.rank()));
      return OpCase.of("layerNorm " + epsilon, this, fill(seed, nonzero(), x, last, last));
    }
  }

  private static OpRow layerNorm() {
    return OpRow.function(
            "layerNorm",
            Draw.shapes(1, 3)
                .flatMap(
                    shape ->
                        combine(
                                Arbitraries.integers().between(1, shape.rank()),
                                epsilons(),
                                Draw.seeds())
                            .as(
                                (axes, epsilon, seed) ->
                                    new LayerNorm(epsilon).of(shape, axes, seed))))
        .oracle(
            c -> {
              int rank = c.input(0).shape().rank();
              int outer = rank - c.input(1).shape().rank();
              double epsilon = c.function(LayerNorm.class).epsilon();
              Naive y = Naive.of(normalized(c.input(0), range(outer, rank), epsilon));
              Naive gamma = Naive.of(c.input(1));
              Naive beta = Naive.of(c.input(2));
              return ndArray(
                  Naive.generate(
                      y.dims(), i -> gamma.broadcastAt(i) * y.at(i) + beta.broadcastAt(i)));
            })
        .edges(
            new LayerNorm(0.5).of(Shape.of(0), 1, 1),
            new LayerNorm(0.5).of(Shape.of(1), 1, 1),
            new LayerNorm(0.5).of(Shape.of(0, 2), 1, 1),
            new LayerNorm(0.5).of(Shape.of(2, 0), 1, 1),
            new LayerNorm(0.5).of(Shape.of(2, 1, 2), 2, 1))
        .calls(
            call(
                    (x, gamma, beta) -> Ops.layerNorm(x, gamma, beta, 0),
                    array(shape(2, 2), 1, 3, 5, 13),
                    vector(2, -3),
                    vector(10, 20))
                .gives(array(shape(2, 2), 8, 17, 8, 17)),
            // 1 + 3 = 4 in the first row
            call(
                    (x, gamma, beta) -> Ops.layerNorm(x, gamma, beta, 3),
                    array(shape(1, 2), 1, 3),
                    vector(2, -3),
                    vector(10, 20))
                .gives(array(shape(1, 2), 9, 18.5)),
            // over the last two axes
            call(
                    (x, gamma) -> Ops.layerNorm(x, gamma, Ops.zeros(gamma), 0),
                    array(shape(2, 2, 2), 1, 1, 5, 5, 7, 3, 3, 7),
                    count(2, 2))
                .gives(array(shape(2, 2, 2), -1, -2, 3, 4, 1, -2, -3, 4)))
        .refuses(
            ShapeException.class,
            "layerNorm: gamma has shape [4], expected the last extents of input [2, 3], one or"
                + " more",
            () -> Ops.layerNorm(zeros(2, 3), zeros(4), zeros(4), 1))
        .refuses(
            ShapeException.class,
            "layerNorm: gamma has shape [], expected the last extents of input [2, 3], one or more",
            () -> Ops.layerNorm(zeros(2, 3), zeros(), zeros(), 1))
        .refuses(
            ShapeException.class,
            "layerNorm: gamma has shape [1, 3], expected the last extents of input [3], one or"
                + " more",
            () -> Ops.layerNorm(zeros(3), zeros(1, 3), zeros(1, 3), 1))
        .refuses(
            ShapeException.class,
            "layerNorm: gamma [3] and beta [1] differ in shape",
            () -> Ops.layerNorm(zeros(2, 3), zeros(3), zeros(1), 1))
        .refuses(
            IllegalArgumentException.class,
            "layerNorm: epsilon -1.0, expected a finite number of at least 0",
            () -> Ops.layerNorm(zeros(2, 3), zeros(3), zeros(3), -1));
  }

  record GroupNorm(int groups, double epsilon) implements Function<List<Tensor>, Tensor> {
    @Override
    public Tensor apply(List<Tensor> in) {
      return Ops.groupNorm(in.get(0), groups, in.get(1), in.get(2), epsilon);
    }

    OpCase of(Shape x, long seed) {
      Shape channels = Shape.of(x.dim(1));
      String name = "groupNorm, groups %s, %s".formatted(groups, epsilon);
      return OpCase.of(name, this, fill(seed, nonzero(), x, channels, channels));
    }
  }

  private static OpRow groupNorm() {
    Arbitrary<Integer> few = Arbitraries.integers().between(1, 2);
    OpRow row =
        OpRow.function(
                "groupNorm",
                combine(Draw.shapes(2, 3), few, epsilons(), Draw.seeds())
                    .as(
                        (shape, groups, epsilon, seed) ->
                            new GroupNorm(groups, epsilon)
                                .of(shape.with(1, groups * Math.min(2, shape.dim(1))), seed)))
            .oracle(
                c -> {
                  GroupNorm norm = c.function(GroupNorm.class);
                  int[] x = c.input(0).shape().toArray();
                  int[] apart = new int[x.length + 1]; // the channels as [groups, channels of one]
                  System.arraycopy(x, 1, apart, 2, x.length - 1);
                  apart[0] = x[0];
                  apart[1] = norm.groups();
                  apart[2] = x[1] / norm.groups();
                  NdArray grouped = c.input(0).reshape(Shape.of(apart));
                  NdArray y = normalized(grouped, range(2, apart.length), norm.epsilon());
                  return perChannel(c, y.reshape(c.input(0).shape()));
                })
            .edges(
                new GroupNorm(2, 0.5).of(Shape.of(0, 2), 1),
                new GroupNorm(2, 0.5).of(Shape.of(2, 0), 1),
                new GroupNorm(1, 0.5).of(Shape.of(1, 1), 1),
                new GroupNorm(2, 0.5).of(Shape.of(2, 4, 0), 1),
                new GroupNorm(3, 0.5).of(Shape.of(2, 3, 1, 2), 1));
    return refusesChannels(
            row, "groupNorm", (x, gamma, beta) -> Ops.groupNorm(x, 1, gamma, beta, 1))
        .calls(
            call(
                    (x, gamma, beta) -> Ops.groupNorm(x, 2, gamma, beta, 0),
                    array(shape(1, 4, 1), 1, 3, 5, 13),
                    vector(1, 2, 3, 4),
                    vector(10, 20, 30, 40))
                .gives(array(shape(1, 4, 1), 9, 22, 27, 44)),
            // 1 + 3 = 4, 16 + 3 = 19
            call(
                    (x, gamma, beta) -> Ops.groupNorm(x, 1, gamma, beta, 3),
                    array(shape(1, 2), 1, 3),
                    vector(1, 2),
                    vector(10, 20))
                .gives(array(shape(1, 2), 9.5, 21)),
            // as many groups as channels, along H and W; images are apart
            call(
                    (x, gamma, beta) -> Ops.groupNorm(x, 2, gamma, beta, 0),
                    array(shape(2, 2, 1, 2), 1, 3, 5, 13, 5, 1, 9, 7),
                    vector(1, 2),
                    vector(10, 20))
                .gives(array(shape(2, 2, 1, 2), 9, 11, 18, 22, 11, 9, 22, 18)),
            // one group
            call(
                    (x, gamma, beta) -> Ops.groupNorm(x, 1, gamma, beta, 0),
                    array(shape(1, 2, 2), 1, 1, 5, 5),
                    vector(1, 2),
                    vector(0, 0))
                .gives(array(shape(1, 2, 2), -1, -1, 2, 2)),
            call(
                    (x, gamma, beta) -> Ops.groupNorm(x, 2, gamma, beta, 1),
                    array(shape(0, 4, 3)),
                    vector(1, 2, 3, 4),
                    vector(10, 20, 30, 40))
                .gives(array(shape(0, 4, 3))))
        .refuses(
            IllegalArgumentException.class,
            "groupNorm: groups 0, expected at least 1",
            () -> Ops.groupNorm(zeros(2, 3), 0, zeros(3), zeros(3), 1))
        .refuses(
            ShapeException.class,
            "groupNorm: input [2, 3] has 3 channels, which groups=2 does not divide",
            () -> Ops.groupNorm(zeros(2, 3), 2, zeros(3), zeros(3), 1))
        .refuses(
            IllegalArgumentException.class,
            "groupNorm: epsilon -1.0, expected a finite number of at least 0",
            () -> Ops.groupNorm(zeros(2, 3), 3, zeros(3), zeros(3), -1));
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }
}
