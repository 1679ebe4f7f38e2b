package org.gradus.autograd.ops;

import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;
import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Domain.awayFrom;
import static org.gradus.autograd.testkit.Domain.between;
import static org.gradus.autograd.testkit.Domain.integers;
import static org.gradus.autograd.testkit.Domain.nonzero;
import static org.gradus.autograd.testkit.Domain.positive;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Domain;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of losses. */
final class LossRows {
  private LossRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(
        mse(),
        halfSquaredError(),
        l1(),
        huber(),
        crossEntropy(nonzero()),
        crossEntropy(integers(-1000, 1000)),
        crossEntropyOfLabels(),
        binaryCrossEntropyWithLogits(nonzero()),
        binaryCrossEntropyWithLogits(integers(-1000, 1000)),
        nllLoss(),
        klDivergence());
  }

  // ---- of numbers ------------------------------------------------------------------------------

  private static OpRow mse() {
    return pairs(new Mse(), 0, nonzero(), nonzero())
        .exact()
        .oracle(c -> scalar(sum(c, (y, t) -> (y - t) * (y - t)) / c.input(0).size()))
        .refuses(
            ShapeException.class,
            "mse: prediction [2, 3] and target [3] differ in shape",
            () -> Ops.mse(zeros(2, 3), zeros(3)));
  }

  private static OpRow halfSquaredError() {
    return pairs(new HalfSquaredError(), 0, nonzero(), nonzero())
        .exact()
        .oracle(c -> scalar(sum(c, (y, t) -> (y - t) * (y - t) / 2)))
        .refuses(
            ShapeException.class,
            "halfSquaredError: prediction [2, 3] and target [2, 1] differ in shape",
            () -> Ops.halfSquaredError(zeros(2, 3), zeros(2, 1)));
  }

  /** Predictions and targets that are not equal. */
  private static OpRow l1() {
    return OpRow.of(
            L1.class,
            combine(Draw.shapes(0, 3), Draw.seeds())
                .as((shape, seed) -> l1Of(apart(shape, awayFrom(0), seed))))
        .oracle(c -> scalar(sum(c, (y, t) -> Math.abs(y - t)) / c.input(0).size()))
        .edges(
            l1Of(apart(Shape.of(), awayFrom(0), 1)),
            l1Of(apart(Shape.of(0), awayFrom(0), 1)),
            l1Of(apart(Shape.of(1, 1), awayFrom(0), 1)))
        .gives(l1Of(arrays(2, 3, 5, 5)), scalar(0.5)) // |2 - 3| and |5 - 5|
        .givesGradients(l1Of(arrays(2, 3, 5, 5)), vector(-0.5, 0), vector(0.5, -0.0))
        .gives(l1Of(arrays(POSITIVE_INFINITY, 1, 1, 1)), scalar(POSITIVE_INFINITY))
        .givesGradients(
            l1Of(arrays(POSITIVE_INFINITY, 1, 1, NEGATIVE_INFINITY)),
            vector(0.5, 0.5),
            vector(-0.5, -0.5))
        .gives(l1Of(arrays(NaN, 1, 1, 1)), scalar(NaN))
        .refuses(
            ShapeException.class,
            "l1: prediction [2, 3] and target [3] differ in shape",
            () -> Ops.l1(zeros(2, 3), zeros(3)));
  }

  private static OpCase l1Of(List<NdArray> inputs) {
    return OpCase.of(new L1(), inputs);
  }

  private static OpCase huberOf(double delta, List<NdArray> inputs) {
    return OpCase.of(new Huber(delta), inputs);
  }

  /** Errors that are not delta: the second derivative jumps there. */
  private static OpCase huberOf(double delta, Shape shape, long seed) {
    return huberOf(delta, apart(shape, awayFrom(-delta, delta), seed));
  }

  private static OpRow huber() {
    return OpRow.of(
            Huber.class,
            combine(Draw.shapes(0, 3), Arbitraries.of(0.5, 1.0, 2.0), Draw.seeds())
                .as((shape, delta, seed) -> huberOf(delta, shape, seed)))
        .oracle(
            c -> {
              double delta = c.op(Huber.class).delta();
              DoubleBinaryOperator loss =
                  (y, t) -> {
                    double d = Math.abs(y - t);
                    return d <= delta ? d * d / 2 : delta * (d - delta / 2);
                  };
              return scalar(sum(c, loss) / c.input(0).size());
            })
        .edges(huberOf(1, Shape.of(), 1), huberOf(1, Shape.of(0), 1), huberOf(1, Shape.of(1, 1), 1))
        .gives(huberOf(1, arrays(1, 0, 0, 1)), scalar(0.5)) // errors of 1 and -1
        .givesGradients(huberOf(1, arrays(1, 0, 0, 1)), vector(0.5, -0.5), vector(-0.5, 0.5))
        .gives(huberOf(1, arrays(1e30, 0, 0, 0)), scalar(0.5e30)) // pulls no harder
        .givesGradients(
            huberOf(1, arrays(1e30, 0, 1e-30, 0)), vector(0.5, 0.5e-30), vector(-0.5, -0.5e-30))
        .gives(huberOf(1, arrays(POSITIVE_INFINITY, 1, 0, 1)), scalar(POSITIVE_INFINITY))
        .givesGradients(
            huberOf(1, arrays(POSITIVE_INFINITY, 1, NEGATIVE_INFINITY, 1)),
            vector(0.5, -0.5),
            vector(-0.5, 0.5))
        .gives(huberOf(1, arrays(NaN, 0, 0, 0)), scalar(NaN))
        .refuses(
            ShapeException.class,
            "huber: prediction [2, 3] and target [3] differ in shape",
            () -> Ops.huber(zeros(2, 3), zeros(3), 1))
        .refuses(
            IllegalArgumentException.class,
            "huber: delta 0.0, expected more than 0",
            () -> Ops.huber(zeros(2), zeros(2), 0))
        .refuses(
            IllegalArgumentException.class,
            "huber: delta NaN, expected more than 0",
            () -> Ops.huber(zeros(2), zeros(2), NaN));
  }

  /** A prediction that differs from its target by numbers of a domain. */
  private static List<NdArray> apart(Shape shape, Domain difference, long seed) {
    NdArray target = nonzero().draw(shape, seed);
    return List.of(target.plusScaled(1, difference.draw(shape, seed + 1)), target);
  }

  // ---- of classes ------------------------------------------------------------------------------

  private static OpRow crossEntropy(Domain logits) {
    return pairs(new CrossEntropy(), 2, logits, between(0.01, 0.99))
        .factors(1, 1) // or differences leave the targets that are allowed
        .oracle(
            c -> {
              Naive l = Naive.of(logSoftmax(c.input(0)));
              Naive t = Naive.of(c.input(1));
              double total = 0;
              for (int[] i : Naive.indices(l.dims())) {
                total -= t.at(i) == 0 ? 0 : t.at(i) * l.at(i);
              }
              Shape shape = l.shape();
              return scalar(total / shape.dim(0) / shape.size(2, shape.rank()));
            })
        .gives(rows(new CrossEntropy(), vector(1000, -1000), vector(0, 1)), scalar(2000))
        .givesGradients(
            rows(new CrossEntropy(), vector(1000, -1000), vector(0, 1)),
            vector(1, -1).reshape(Shape.of(1, 2)),
            vector(-0.0, 2000).reshape(Shape.of(1, 2)))
        .gives(rows(new CrossEntropy(), vector(1000, -1000), vector(1, 0)), scalar(0))
        .gives(rows(new CrossEntropy(), vector(NEGATIVE_INFINITY, 3), vector(0, 1)), scalar(0))
        .gives(
            rows(new CrossEntropy(), vector(NEGATIVE_INFINITY, 3), vector(0.5, 0.5)),
            scalar(POSITIVE_INFINITY))
        .gives(rows(new CrossEntropy(), vector(NaN, 3), vector(0, 1)), scalar(NaN))
        .refuses(
            ShapeException.class,
            "crossEntropy: logits [3] have rank 1, expected 2 or higher",
            () -> Ops.crossEntropy(zeros(3), zeros(3)))
        .refuses(
            ShapeException.class,
            "crossEntropy: logits [2, 3] and targets [3, 2] differ in shape",
            () -> Ops.crossEntropy(zeros(2, 3), zeros(3, 2)))
        .refuses(
            IllegalArgumentException.class,
            "crossEntropy: target 1.5 at [0, 1], expected 0 to 1",
            () -> Ops.crossEntropy(zeros(1, 2), row(1, 1.5)))
        .refuses(
            IllegalArgumentException.class,
            "crossEntropy: target -0.5 at [0, 0], expected 0 to 1",
            () -> Ops.crossEntropy(zeros(1, 2), row(-0.5, 1)))
        .refuses(
            IllegalArgumentException.class,
            "crossEntropy: target NaN at [0, 1], expected 0 to 1",
            () -> Ops.crossEntropy(zeros(1, 2), row(1, NaN)));
  }

  /** A constant of one row. */
  private static Tensor row(double... values) {
    return Tensor.constant(vector(values).reshape(Shape.of(1, values.length)));
  }

  /** Of one row each. */
  private static OpCase rows(Op op, NdArray a, NdArray b) {
    return OpCase.of(op, a.reshape(Shape.of(1, a.size())), b.reshape(Shape.of(1, b.size())));
  }

  private static NdArray logSoftmax(NdArray array) {
    Naive x = Naive.of(array);
    return Naive.generate(
            x.dims(),
            i -> {
              double[] line =
                  IntStream.range(0, x.dim(1))
                      .mapToDouble(
                          k -> {
                            int[] other = i.clone();
                            other[1] = k;
                            return x.at(other);
                          })
                      .toArray();
              double max = DoubleStream.of(line).max().getAsDouble();
              double rest = 0;
              for (double logit : line) {
                rest += Math.exp(logit - max);
              }
              return x.at(i) - max - Math.log(rest);
            })
        .as(DType.FLOAT64)
        .value();
  }

  record LabelledCrossEntropy(List<Integer> labels, double smoothing)
      implements Function<List<Tensor>, Tensor> {
    @Override
    public Tensor apply(List<Tensor> in) {
      int[] array = labels.stream().mapToInt(i -> i).toArray();
      return smoothing == 0
          ? Ops.crossEntropy(in.get(0), array)
          : Ops.crossEntropy(in.get(0), array, smoothing);
    }

    OpCase of(NdArray logits) {
      String name = "crossEntropy of %s, smoothed %s".formatted(labels, smoothing);
      return OpCase.of(name, this, List.of(logits));
    }

    static OpCase drawn(Shape shape, double smoothing, Domain logits, long seed) {
      return new LabelledCrossEntropy(LossRows.labels(shape, seed), smoothing)
          .of(logits.draw(shape, seed));
    }
  }

  private static OpRow crossEntropyOfLabels() {
    NdArray extremes = NdArray.of(new double[] {1000, -1000}, 1, 2);
    return OpRow.function(
            "crossEntropy of labels",
            combine(
                    labelled(),
                    Arbitraries.of(0.0, 0.1, 0.5),
                    Arbitraries.of(nonzero(), integers(-1000, 1000)),
                    Draw.seeds())
                .as(LabelledCrossEntropy::drawn))
        .oracle(
            c -> {
              LabelledCrossEntropy loss = c.function(LabelledCrossEntropy.class);
              NdArray l = logSoftmax(c.input(0));
              int classes = l.shape().dim(1);
              double total = 0;
              for (int[] i : Naive.indices(l.shape().toArray())) {
                double target = loss.smoothing() / classes;
                target += loss.labels().get(i[0]) == i[1] ? 1 - loss.smoothing() : 0;
                total -= target * l.get(i);
              }
              return scalar(total / l.shape().dim(0));
            })
        .edges(
            LabelledCrossEntropy.drawn(Shape.of(0, 3), 0, nonzero(), 1),
            LabelledCrossEntropy.drawn(Shape.of(0, 3), 0.5, nonzero(), 1),
            LabelledCrossEntropy.drawn(Shape.of(0, 0), 0.5, nonzero(), 1),
            LabelledCrossEntropy.drawn(Shape.of(1, 1), 0.5, nonzero(), 1))
        .gives( // 3/4 of the first, of loss 0, and 1/4 of the second, of loss 2000
            new LabelledCrossEntropy(List.of(0), 0.5).of(extremes), scalar(500))
        .givesGradients(
            new LabelledCrossEntropy(List.of(0), 0.5).of(extremes),
            NdArray.of(new double[] {0.25, -0.25}, 1, 2))
        .refuses(
            ShapeException.class,
            "crossEntropy: logits [2, 3] with 3 labels, expected [3, classes]",
            () -> Ops.crossEntropy(zeros(2, 3), 0, 1, 2))
        .refuses(
            ShapeException.class,
            "crossEntropy: logits [2, 3] with 0 labels, expected [0, classes]",
            () -> Ops.crossEntropy(zeros(2, 3)))
        .refuses(
            ShapeException.class,
            "crossEntropy: logits [2, 3, 4] with 2 labels, expected [2, classes]",
            () -> Ops.crossEntropy(zeros(2, 3, 4), 0, 1))
        .refuses(
            IllegalArgumentException.class,
            "crossEntropy: label 3 at position 1, expected 0 to 2",
            () -> Ops.crossEntropy(zeros(2, 3), 0, 3))
        .refuses(
            IllegalArgumentException.class,
            "crossEntropy: label -1 at position 0, expected 0 to 2",
            () -> Ops.crossEntropy(zeros(2, 3), new int[] {-1, 3}, 0.1))
        .refuses(
            IllegalArgumentException.class,
            "crossEntropy: smoothing 1.0, expected at least 0 and less than 1",
            () -> Ops.crossEntropy(zeros(2, 3), new int[] {0, 1}, 1))
        .refuses(
            IllegalArgumentException.class,
            "crossEntropy: smoothing -0.1, expected at least 0 and less than 1",
            () -> Ops.crossEntropy(zeros(2, 3), new int[] {0, 1}, -0.1));
  }

  /** Shapes [N, K] that have a class for each label. */
  private static Arbitrary<Shape> labelled() {
    return Draw.shapes(2, 2).map(shape -> shape.with(1, Math.max(1, shape.dim(1))));
  }

  private static List<Integer> labels(Shape shape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return IntStream.range(0, shape.dim(0)).mapToObj(n -> random.nextInt(shape.dim(1))).toList();
  }

  record NllLoss(List<Integer> labels) implements Function<List<Tensor>, Tensor> {
    @Override
    public Tensor apply(List<Tensor> in) {
      return Ops.nllLoss(in.get(0), labels.stream().mapToInt(i -> i).toArray());
    }

    OpCase of(NdArray logarithms) {
      return OpCase.of("nllLoss of " + labels, this, List.of(logarithms));
    }

    static OpCase drawn(Shape shape, long seed) {
      return new NllLoss(LossRows.labels(shape, seed)).of(nonzero().draw(shape, seed));
    }
  }

  private static OpRow nllLoss() {
    NdArray sure = NdArray.of(new double[] {0, NEGATIVE_INFINITY, NaN, -1}, 2, 2);
    return OpRow.function("nllLoss", combine(labelled(), Draw.seeds()).as(NllLoss::drawn))
        .exact()
        .oracle(
            c -> {
              List<Integer> labels = c.function(NllLoss.class).labels();
              double total = 0;
              for (int n = 0; n < labels.size(); n++) {
                total -= c.input(0).get(n, labels.get(n));
              }
              return scalar(total / labels.size());
            })
        .edges(
            NllLoss.drawn(Shape.of(0, 3), 1),
            NllLoss.drawn(Shape.of(0, 0), 1),
            NllLoss.drawn(Shape.of(1, 1), 1))
        .gives(new NllLoss(List.of(0, 1)).of(sure), scalar(0.5)) // what others have is not seen
        .givesGradients(
            new NllLoss(List.of(0, 1)).of(sure), NdArray.of(new double[] {-0.5, 0, 0, -0.5}, 2, 2))
        .gives(new NllLoss(List.of(1, 1)).of(sure), scalar(POSITIVE_INFINITY))
        .refuses(
            ShapeException.class,
            "nllLoss: log-probabilities [2, 3] with 3 labels, expected [3, classes]",
            () -> Ops.nllLoss(zeros(2, 3), 0, 1, 2))
        .refuses(
            ShapeException.class,
            "nllLoss: log-probabilities [2, 3, 4] with 2 labels, expected [2, classes]",
            () -> Ops.nllLoss(zeros(2, 3, 4), 0, 1))
        .refuses(
            IllegalArgumentException.class,
            "nllLoss: label 3 at position 1, expected 0 to 2",
            () -> Ops.nllLoss(zeros(2, 3), 0, 3))
        .refuses(
            IllegalArgumentException.class,
            "nllLoss: label -1 at position 0, expected 0 to 2",
            () -> Ops.nllLoss(zeros(2, 3), -1, 0));
  }

  // ---- of probabilities ------------------------------------------------------------------------

  private static OpRow binaryCrossEntropyWithLogits(Domain logits) {
    Op op = new BinaryCrossEntropyWithLogits();
    return pairs(op, 0, logits, between(0.01, 0.99))
        .factors(1, 1) // or differences leave the targets that are allowed
        .oracle(
            c ->
                scalar(
                    sum(c, (x, t) -> Math.max(x, 0) - x * t + Math.log1p(Math.exp(-Math.abs(x))))
                        / c.input(0).size()))
        .gives(OpCase.of(op, vector(1000, -1000), vector(0, 1)), scalar(1000))
        .givesGradients(
            OpCase.of(op, vector(1000, -1000), vector(0, 1)), vector(0.5, -0.5), vector(-500, 500))
        .gives(OpCase.of(op, vector(1000, -1000), vector(1, 0)), scalar(0))
        .givesGradients(
            OpCase.of(op, vector(1000, -1000), vector(1, 0)), vector(0, 0), vector(-500, 500))
        .gives(OpCase.of(op, vector(1000, -1000), vector(0.75, 0.25)), scalar(250))
        .gives(
            OpCase.of(op, vector(30), vector(1)),
            scalar(Math.log1p(Math.exp(-30)))) // lost beside 30
        .gives(OpCase.of(op, vector(-30), vector(0)), scalar(Math.log1p(Math.exp(-30))))
        .gives(OpCase.of(op, vector(POSITIVE_INFINITY, NEGATIVE_INFINITY), vector(1, 0)), scalar(0))
        .gives(OpCase.of(op, vector(POSITIVE_INFINITY), vector(0.5)), scalar(POSITIVE_INFINITY))
        .gives(OpCase.of(op, vector(NaN), vector(1)), scalar(NaN))
        .refuses(
            ShapeException.class,
            "binaryCrossEntropyWithLogits: logits [2, 3] and targets [3] differ in shape",
            () -> Ops.binaryCrossEntropyWithLogits(zeros(2, 3), zeros(3)))
        .refuses(
            IllegalArgumentException.class,
            "binaryCrossEntropyWithLogits: target 1.0000000000000002 at [0, 1], expected 0 to 1",
            () -> Ops.binaryCrossEntropyWithLogits(zeros(1, 2), row(0, Math.nextUp(1.0))))
        .refuses(
            IllegalArgumentException.class,
            "binaryCrossEntropyWithLogits: target NaN at [0, 0], expected 0 to 1",
            () -> Ops.binaryCrossEntropyWithLogits(zeros(1, 2), row(NaN, 0)));
  }

  private static OpRow klDivergence() {
    Op op = new KlDivergence();
    return pairs(op, 1, nonzero(), positive())
        .factors(1, 1) // or differences leave the targets that are allowed
        .oracle(c -> scalar(sum(c, (l, t) -> t * (Math.log(t) - l)) / c.input(0).shape().dim(0)))
        .gives(rows(op, vector(-1, NEGATIVE_INFINITY), vector(1, 0)), scalar(1)) // 0 ln 0 = 0
        .givesGradients(
            rows(op, vector(-1, -2), vector(1, 0)),
            vector(-1, -0.0).reshape(Shape.of(1, 2)),
            vector(2, NEGATIVE_INFINITY).reshape(Shape.of(1, 2)))
        .gives(rows(op, vector(-1000, 0), vector(1, 0)), scalar(1000))
        .gives(rows(op, vector(NEGATIVE_INFINITY), vector(0.5)), scalar(POSITIVE_INFINITY))
        .gives(rows(op, vector(NaN), vector(0.5)), scalar(NaN))
        .refuses(
            ShapeException.class,
            "klDivergence: log-probabilities [2, 3] and targets [3] differ in shape",
            () -> Ops.klDivergence(zeros(2, 3), zeros(3)))
        .refuses(
            ShapeException.class,
            "klDivergence: log-probabilities [] have rank 0, expected 1 or higher",
            () -> Ops.klDivergence(zeros(), zeros()))
        .refuses(
            IllegalArgumentException.class,
            "klDivergence: target -1.0E-9 at [0, 1], expected a finite number of at least 0",
            () -> Ops.klDivergence(zeros(1, 2), row(2, -1e-9)))
        .refuses(
            IllegalArgumentException.class,
            "klDivergence: target Infinity at [0, 0], expected a finite number of at least 0",
            () -> Ops.klDivergence(zeros(1, 2), row(POSITIVE_INFINITY, 1)));
  }

  // ---- what they share -------------------------------------------------------------------------

  /** A loss of two inputs of one shape, which comes with its edges. */
  private static OpRow pairs(Op op, int minRank, Domain first, Domain second) {
    return OpRow.of(
            op.getClass(),
            combine(Draw.shapes(minRank, Math.max(3, minRank + 1)), Draw.seeds())
                .as((shape, seed) -> pair(op, shape, first, second, seed)))
        .edges(
            Stream.of(
                    Shape.of(),
                    Shape.of(0),
                    Shape.of(1),
                    Shape.of(0, 2),
                    Shape.of(2, 0),
                    Shape.of(1, 1),
                    Shape.of(1, 2, 0),
                    Shape.of(1, 2, 1, 2))
                .filter(shape -> shape.rank() >= minRank)
                .map(shape -> pair(op, shape, first, second, 1))
                .toArray(OpCase[]::new));
  }

  private static OpCase pair(Op op, Shape shape, Domain first, Domain second, long seed) {
    return OpCase.of(op, first.draw(shape, seed), second.draw(shape, seed + 1));
  }

  /** The sum of f over pairs of elements. */
  private static double sum(OpCase c, DoubleBinaryOperator f) {
    return IntStream.range(0, c.input(0).size())
        .mapToDouble(i -> f.applyAsDouble(c.input(0).at(i), c.input(1).at(i)))
        .sum();
  }

  private static NdArray scalar(double x) {
    return NdArray.scalar(DType.FLOAT64, x);
  }

  private static NdArray vector(double... x) {
    return NdArray.of(x, x.length);
  }

  /** Two predictions and their two targets: first, its target, second, its target. */
  private static List<NdArray> arrays(double y0, double t0, double y1, double t1) {
    return List.of(vector(y0, y1), vector(t0, t1));
  }
}
