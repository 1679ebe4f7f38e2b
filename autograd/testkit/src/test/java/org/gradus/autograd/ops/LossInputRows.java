package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.Values.INF;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.scalar;
import static org.gradus.autograd.testkit.Call.vector;
import static org.gradus.autograd.testkit.Domain.awayFrom;
import static org.gradus.autograd.testkit.Domain.between;
import static org.gradus.autograd.testkit.Domain.nonzero;

import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.internal.kernel.Loss;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The row of the op that the derivatives of three losses are. */
final class LossInputRows {
  private static final LossInput SIGNS = new LossInput(Loss.ABSOLUTE, 0);
  private static final LossInput HELD = new LossInput(Loss.HUBER, 1);
  private static final LossInput LOGISTIC = new LossInput(Loss.BINARY_CROSS_ENTROPY, 0);

  private LossInputRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(row());
  }

  private static Arbitrary<LossInput> ops() {
    return Arbitraries.of(SIGNS, HELD, new LossInput(Loss.HUBER, 0.5), LOGISTIC);
  }

  private static OpRow row() {
    return OpRow.of(
            LossInput.class,
            combine(ops(), Draw.shapes(0, 3), Draw.seeds()).as(LossInputRows::drawn))
        .oracle(
            c -> {
              LossInput op = c.op(LossInput.class);
              Naive a = Naive.of(c.input(0));
              Naive b = Naive.of(c.input(1));
              double share = c.input(2).item() / Math.max(1, c.input(0).size());
              return Naive.generate(a.dims(), i -> share * slope(op, a.at(i), b.at(i)))
                  .as(DType.FLOAT64)
                  .value();
            })
        .calls(
            call(SIGNS, vector(1, 2, 3), vector(4, 0, 3), scalar(6)).gives(vector(-2, 2, 0)),
            call(SIGNS, vector(INF, NaN), vector(1, 1), scalar(2)).gives(vector(1, NaN)),
            call(HELD, vector(3, 0.5, -3, 1), vector(0, 0, 0, 1), scalar(8))
                .gives(vector(2, 1, -2, 0)),
            call(HELD, vector(INF, -INF, NaN, INF), vector(0, 0, 0, INF), scalar(4))
                .gives(vector(1, -1, NaN, NaN)),
            call(new LossInput(Loss.HUBER, INF), vector(3, -7), vector(0, 0), scalar(2))
                .gives(vector(3, -7)),
            // three quarters yes
            call(LOGISTIC, vector(Math.log(3), -Math.log(3)), vector(1, 0), scalar(8))
                .about()
                .gives(vector(-1, 1)),
            call(LOGISTIC, vector(1000, -1000, INF, -INF), vector(0, 1, 1, 0.5), scalar(4))
                .gives(vector(1, -1, 0, -0.5)),
            call(LOGISTIC, vector(60, NaN), vector(1, 1), scalar(2))
                .about()
                .gives(vector(-Math.exp(-60), NaN)))
        .edges(
            of(SIGNS, Shape.of(), 1),
            of(HELD, Shape.of(0, 2), 1),
            of(LOGISTIC, Shape.of(0), 1),
            of(LOGISTIC, Shape.of(1, 1), 1),
            of(SIGNS, Shape.of(17), 1),
            of(HELD, Shape.of(35), 1),
            of(LOGISTIC, Shape.of(2, 19), 1))
        .refuses(
            ShapeException.class,
            "lossInput: prediction [2, 3] and target [3] differ in shape",
            () -> Tensor.of(HELD, zeros(2, 3), zeros(3), zeros()))
        .refuses(
            ShapeException.class,
            "lossInput: cotangent [1] and a number [] differ in shape",
            () -> Tensor.of(HELD, zeros(3), zeros(3), zeros(1)));
  }

  private static double slope(LossInput op, double a, double b) {
    return switch (op.loss()) {
      case ABSOLUTE -> Math.signum(a - b);
      case HUBER -> Math.max(-op.delta(), Math.min(a - b, op.delta()));
      default -> (1 - b) / (1 + Math.exp(-a)) - b / (1 + Math.exp(a));
    };
  }

  private static OpCase drawn(LossInput op, Shape shape, long seed) {
    return of(op, shape, seed);
  }

  /** Differences that are neither 0 nor delta, where slopes have a kink or jump. */
  private static OpCase of(LossInput op, Shape shape, long seed) {
    NdArray g = nonzero().draw(Shape.SCALAR, seed + 2);
    if (op.loss() == Loss.BINARY_CROSS_ENTROPY) {
      NdArray logits = nonzero().draw(shape, seed);
      return OpCase.of(op, List.of(logits, between(0, 1).draw(shape, seed + 1), g));
    }
    NdArray target = nonzero().draw(shape, seed);
    NdArray distance = awayFrom(-op.delta(), 0, op.delta()).draw(shape, seed + 1);
    return OpCase.of(op, List.of(target.plusScaled(1, distance), target, g));
  }
}
