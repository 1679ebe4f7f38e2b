package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.Values.INF;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.scalar;
import static org.gradus.autograd.testkit.Call.vector;
import static org.gradus.autograd.testkit.Domain.awayFrom;
import static org.gradus.autograd.testkit.Domain.between;
import static org.gradus.autograd.testkit.Domain.integers;
import static org.gradus.autograd.testkit.Domain.nonzero;
import static org.gradus.autograd.testkit.Domain.positive;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Domain;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of the losses of numbers and of probabilities. */
final class LossRows {
  private LossRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(
        mse(),
        halfSquaredError(),
        l1(),
        huber(),
        binaryCrossEntropyWithLogits(),
        binaryCrossEntropy(integers(-1000, 1000)),
        klDivergence());
  }

  // ---- of numbers ------------------------------------------------------------------------------

  private static OpRow mse() {
    return pairs(new Mse(), 0, nonzero(), nonzero())
        .exact()
        .oracle(c -> scalar(sum(c, (y, t) -> (y - t) * (y - t)) / c.input(0).size()))
        .calls(
            // (9 + 4 + 0) / 3
            call(Ops::mse, vector(1, 2, 3), vector(4, 0, 3)).about().gives(scalar(13 / 3.0)),
            call(Ops::mse, array(shape(2, 1), 1, 2), array(shape(2, 1), 0, 4)).gives(scalar(2.5)),
            call(Ops::mse, scalar(5), scalar(2)).gives(scalar(9)),
            call(Ops::mse, vector(), vector()).gives(scalar(NaN)),
            call(Ops::mse, array(shape(0, 3)), array(shape(0, 3))).gradients(array(shape(0, 3))),
            // 2/3 (y - t)
            call(Ops::mse, vector(1, 2, 3), vector(4, 0, 3))
                .about()
                .gradients(vector(-2, 4 / 3.0, 0), vector(2, -4 / 3.0, 0)),
            call(Ops::mse, vector(1, 2, 3), vector(4, 0, 3))
                .cotangent(10)
                .about()
                .gradients(vector(-20, 40 / 3.0, 0)))
        .refuses(
            ShapeException.class,
            "mse: prediction [2, 3] and target [3] differ in shape",
            () -> Ops.mse(zeros(2, 3), zeros(3)));
  }

  private static OpRow halfSquaredError() {
    return pairs(new HalfSquaredError(), 0, nonzero(), nonzero())
        .exact()
        .oracle(c -> scalar(sum(c, (y, t) -> (y - t) * (y - t) / 2)))
        .calls(
            call(Ops::halfSquaredError, vector(1, 2, 3), vector(4, 0, 3)).gives(scalar(6.5)),
            call(Ops::halfSquaredError, scalar(5), scalar(2)).gives(scalar(4.5)),
            call(x -> Ops.halfSquaredError(x, x), array(shape(0, 2))).gives(scalar(0)),
            call(Ops::halfSquaredError, vector(), vector()).gives(scalar(0)),
            call(Ops::halfSquaredError, array(shape(0, 3)), array(shape(0, 3)))
                .gradients(array(shape(0, 3))),
            // y - t
            call(Ops::halfSquaredError, vector(1, 2, 3), vector(4, 0, 3))
                .gradients(vector(-3, 2, 0), vector(3, -2, -0.0)))
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
        .calls(
            // (3 + 2 + 0) / 3
            call(Ops::l1, vector(1, 2, 3), vector(4, 0, 3)).about().gives(scalar(5 / 3.0)),
            call(Ops::l1, scalar(2), scalar(5)).gives(scalar(3)),
            // flat where nothing is wrong
            call(Ops::l1, vector(5, 4, 6), vector(5, 5, 5))
                .cotangent(3)
                .gradients(vector(0, -1, 1)),
            call(Ops::l1, vector(), vector()).gives(scalar(NaN)),
            call(Ops::l1, array(shape(0, 3)), array(shape(0, 3))).gradients(array(shape(0, 3))),
            // |2 - 3| and |5 - 5|
            call(l1Of(arrays(2, 3, 5, 5)))
                .gives(scalar(0.5))
                .gradients(vector(-0.5, 0), vector(0.5, -0.0)),
            call(l1Of(arrays(INF, 1, 1, 1))).gives(scalar(INF)),
            call(l1Of(arrays(INF, 1, 1, -INF))).gradients(vector(0.5, 0.5), vector(-0.5, -0.5)),
            call(l1Of(arrays(NaN, 1, 1, 1))).gives(scalar(NaN)))
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
        .calls(
            // 5/2, 3/2, 0, 1/8
            call((x, y) -> Ops.huber(x, y, 1), vector(1, 2, 3, 0), vector(4, 0, 3, 0.5))
                .gives(scalar(33 / 32.0)),
            // 4, 2, 0, 1/8
            call((x, y) -> Ops.huber(x, y, 2), vector(1, 2, 3, 0), vector(4, 0, 3, 0.5))
                .gives(scalar(49 / 32.0)),
            // half the squares: 9/2, 2, 0, 1/8
            call((x, y) -> Ops.huber(x, y, 10), vector(1, 2, 3, 0), vector(4, 0, 3, 0.5))
                .gives(scalar(53 / 32.0)),
            call((x, y) -> Ops.huber(x, y, INF), vector(1, 2, 3, 0), vector(4, 0, 3, 0.5))
                .gives(scalar(53 / 32.0)),
            // at delta both cases have the slope delta; the second derivative is that of inside
            call((x, y) -> Ops.huber(x, y, 2), vector(-2, 2, 1.5, 3), vector(0, 0, 0, 0))
                .derivatives(vector(-0.5, 0.5, 0.375, 0.5), vector(0.25, 0.25, 0.25, 0)),
            call((x, y) -> Ops.huber(x, y, 1), vector(), vector()).gives(scalar(NaN)),
            call((x, y) -> Ops.huber(x, y, 1), array(shape(0, 3)), array(shape(0, 3)))
                .gradients(array(shape(0, 3))),
            // errors of 1 and -1
            call(huberOf(1, arrays(1, 0, 0, 1)))
                .gives(scalar(0.5))
                .gradients(vector(0.5, -0.5), vector(-0.5, 0.5)),
            // pulls no harder
            call(huberOf(1, arrays(1e30, 0, 0, 0))).gives(scalar(0.5e30)),
            call(huberOf(1, arrays(1e30, 0, 1e-30, 0)))
                .gradients(vector(0.5, 0.5e-30), vector(-0.5, -0.5e-30)),
            call(huberOf(1, arrays(INF, 1, 0, 1))).gives(scalar(INF)),
            call(huberOf(1, arrays(INF, 1, -INF, 1)))
                .gradients(vector(0.5, -0.5), vector(-0.5, 0.5)),
            call(huberOf(1, arrays(NaN, 0, 0, 0))).gives(scalar(NaN)))
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

  /** A constant of one row. */
  static Tensor row(double... values) {
    return Tensor.constant(vector(values).reshape(Shape.of(1, values.length)));
  }

  /** Of one row each. */
  static OpCase oneRow(Op op, NdArray a, NdArray b) {
    return OpCase.of(op, a.reshape(Shape.of(1, a.size())), b.reshape(Shape.of(1, b.size())));
  }

  private static OpRow binaryCrossEntropyWithLogits() {
    Op op = new BinaryCrossEntropyWithLogits();
    return binaryCrossEntropy(nonzero())
        .calls(
            call(Ops::binaryCrossEntropyWithLogits, vector(0, Math.log(3)), vector(1, 0))
                .about()
                .gives(scalar((Math.log(2) + 2 * Math.log(2)) / 2)),
            call(Ops::binaryCrossEntropyWithLogits, vector(0, Math.log(3)), vector(0, 1))
                .about()
                .gives(scalar((Math.log(2) - Math.log(0.75)) / 2)),
            // a quarter yes, three quarters no
            call(Ops::binaryCrossEntropyWithLogits, scalar(Math.log(3)), scalar(0.25))
                .about()
                .gives(scalar(-0.25 * Math.log(0.75) + 0.75 * 2 * Math.log(2))),
            call(
                    Ops::binaryCrossEntropyWithLogits,
                    vector(1000, -1000, INF, -INF),
                    vector(1, 0, 1, 0))
                .gives(scalar(0)),
            call(
                    Ops::binaryCrossEntropyWithLogits,
                    vector(1000, -1000, INF, -INF),
                    vector(1, 0, 0, 0))
                .gives(scalar(INF)),
            call(
                    Ops::binaryCrossEntropyWithLogits,
                    vector(1000, -1000, INF, -INF),
                    vector(0, 1, 1, 0.5))
                .derivatives(vector(0.25, -0.25, 0, -0.125), vector(0, 0, 0, 0)),
            call(Ops::binaryCrossEntropyWithLogits, vector(), vector()).gives(scalar(NaN)),
            call(Ops::binaryCrossEntropyWithLogits, array(shape(0, 3)), array(shape(0, 3)))
                .gradients(array(shape(0, 3))),
            call(op, vector(1000, -1000), vector(0, 1))
                .gives(scalar(1000))
                .gradients(vector(0.5, -0.5), vector(-500, 500)),
            call(op, vector(1000, -1000), vector(1, 0))
                .gives(scalar(0))
                .gradients(vector(0, 0), vector(-500, 500)),
            call(op, vector(1000, -1000), vector(0.75, 0.25)).gives(scalar(250)),
            // lost beside 30
            call(op, vector(30), vector(1)).nearly().gives(scalar(Math.log1p(Math.exp(-30)))),
            call(op, vector(-30), vector(0)).nearly().gives(scalar(Math.log1p(Math.exp(-30)))),
            call(op, vector(INF, -INF), vector(1, 0)).gives(scalar(0)),
            call(op, vector(INF), vector(0.5)).gives(scalar(INF)),
            call(op, vector(NaN), vector(1)).gives(scalar(NaN)),
            // one target for all, and one label for each
            call(x -> Ops.binaryCrossEntropyWithLogits(x, 1), array(shape(1, 2), 0, Math.log(3)))
                .about()
                .gives(scalar((Math.log(2) - Math.log(0.75)) / 2))
                .gradients(array(shape(1, 2), -0.25, -0.125)),
            call(x -> Ops.binaryCrossEntropyWithLogits(x, 0), scalar(Math.log(3)))
                .about()
                .gives(scalar(2 * Math.log(2)))
                .derivatives(scalar(0.75), scalar(0.1875)),
            call(x -> Ops.binaryCrossEntropyWithLogits(x, 0.25), vector(Math.log(3)))
                .about()
                .gives(scalar(-0.25 * Math.log(0.75) + 0.75 * 2 * Math.log(2))),
            call(x -> Ops.binaryCrossEntropyWithLogits(x, 1), vector()).gives(scalar(NaN)),
            call(x -> Ops.binaryCrossEntropyWithLogits(x, new int[] {0, 1}), vector(0, Math.log(3)))
                .about()
                .gives(scalar((Math.log(2) - Math.log(0.75)) / 2))
                .gradients(vector(0.25, -0.125)),
            call(
                    x -> Ops.binaryCrossEntropyWithLogits(x, new int[] {1, 0}),
                    array(shape(2, 1), 0, Math.log(3)))
                .about()
                .gives(scalar((Math.log(2) + 2 * Math.log(2)) / 2)))
        .refuses(
            IllegalArgumentException.class,
            "binaryCrossEntropyWithLogits: target 1.5, expected 0 to 1",
            () -> Ops.binaryCrossEntropyWithLogits(zeros(2), 1.5))
        .refuses(
            IllegalArgumentException.class,
            "binaryCrossEntropyWithLogits: target NaN, expected 0 to 1",
            () -> Ops.binaryCrossEntropyWithLogits(zeros(2), NaN))
        .refuses(
            IllegalArgumentException.class,
            "binaryCrossEntropyWithLogits: label 2 at position 1, expected 0 to 1",
            () -> Ops.binaryCrossEntropyWithLogits(zeros(2), new int[] {0, 2}))
        .refuses(
            ShapeException.class,
            "binaryCrossEntropyWithLogits: logits [1, 2] with 2 labels, expected [2] or [2, 1]",
            () -> Ops.binaryCrossEntropyWithLogits(zeros(1, 2), new int[] {0, 1}));
  }

  // ---- of probabilities ------------------------------------------------------------------------

  private static OpRow binaryCrossEntropy(Domain logits) {
    Op op = new BinaryCrossEntropyWithLogits();
    return pairs(op, 0, logits, between(0.01, 0.99))
        .factors(1, 1) // or differences leave the targets that are allowed
        .oracle(
            c ->
                scalar(
                    sum(c, (x, t) -> Math.max(x, 0) - x * t + Math.log1p(Math.exp(-Math.abs(x))))
                        / c.input(0).size()))
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
        .calls(
            // two examples: a half of each is mean over the batch
            call(Ops::klDivergence, vector(-2 * Math.log(2), Math.log(0.75)), vector(0.5, 0.5))
                .about()
                .gives(scalar((0.5 * Math.log(2) + 0.5 * Math.log(2 / 3.0)) / 2)),
            // one example
            call(
                    (x, y) -> Ops.klDivergence(Ops.reshape(x, 1, 2), Ops.reshape(y, 1, 2)),
                    vector(-2 * Math.log(2), Math.log(0.75)),
                    vector(0.5, 0.5))
                .about()
                .gives(scalar(0.5 * Math.log(2) + 0.5 * Math.log(2 / 3.0))),
            call(Ops::klDivergence, vector(0, -7), vector(1, 0)).gives(scalar(0)),
            // 0 ln 0 = 0
            call(Ops::klDivergence, array(shape(1, 2), -1, -INF), array(shape(1, 2), 1, 0))
                .gives(scalar(1))
                .gradients(array(shape(1, 2), -1, -0.0)),
            call(Ops::klDivergence, vector(), vector()).gives(scalar(NaN)),
            call(Ops::klDivergence, array(shape(0, 3)), array(shape(0, 3)))
                .gradients(array(shape(0, 3))),
            // 0 ln 0 = 0
            call(oneRow(op, vector(-1, -INF), vector(1, 0))).gives(scalar(1)),
            call(oneRow(op, vector(-1, -2), vector(1, 0)))
                .gradients(array(shape(1, 2), -1, -0.0), array(shape(1, 2), 2, -INF)),
            call(oneRow(op, vector(-1000, 0), vector(1, 0))).gives(scalar(1000)),
            call(oneRow(op, vector(-INF), vector(0.5))).gives(scalar(INF)),
            call(oneRow(op, vector(NaN), vector(0.5))).gives(scalar(NaN)),
            // a target of 0 does not hide NaN, but infinity
            call(
                    Ops::klDivergence,
                    array(shape(2, 2), NaN, 1, 0, 2),
                    array(shape(2, 2), 0, 0, 1, 0))
                .gives(scalar(NaN)),
            call(Ops::klDivergence, array(shape(1, 2), -1, NaN), array(shape(1, 2), 1, 0))
                .gives(scalar(NaN)),
            call(Ops::klDivergence, array(shape(1, 2), -INF, -1), array(shape(1, 2), 0, 0))
                .gives(scalar(0)),
            call(Ops::klDivergence, array(shape(1, 2), -INF, -1), array(shape(1, 2), 1, 0))
                .gives(scalar(INF)))
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
            () -> Ops.klDivergence(zeros(1, 2), row(INF, 1)));
  }

  // ---- what they share -------------------------------------------------------------------------

  /** A loss of two inputs of one shape, which comes with its edges. */
  static OpRow pairs(Op op, int minRank, Domain first, Domain second) {
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

  /** Two predictions and their two targets: first, its target, second, its target. */
  private static List<NdArray> arrays(double y0, double t0, double y1, double t1) {
    return List.of(vector(y0, y1), vector(t0, t1));
  }
}
