package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static org.gradus.autograd.array.DType.FLOAT32;
import static org.gradus.autograd.ops.Elementwise.broadcasting;
import static org.gradus.autograd.ops.Elementwise.comparing;
import static org.gradus.autograd.ops.Elementwise.unary;
import static org.gradus.autograd.ops.Values.INF;
import static org.gradus.autograd.ops.Values.count;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.scalar;
import static org.gradus.autograd.testkit.Call.vector;
import static org.gradus.autograd.testkit.Domain.awayFrom;
import static org.gradus.autograd.testkit.Domain.nonzero;

import java.util.function.Function;
import java.util.stream.Stream;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of elementwise arithmetic, of one element and of two. */
final class ArithmeticRows {
  private ArithmeticRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(arithmetic(), pairs()).flatMap(Function.identity());
  }

  // ---- of one element --------------------------------------------------------------------------

  private static Stream<OpRow> arithmetic() {
    return Stream.of(
        unary(new Neg(), nonzero(), x -> 0.0 - x)
            .exact()
            .calls(
                call(Ops::neg, array(shape(2, 2), 1, -2, 0, -0.5))
                    .gives(array(shape(2, 2), -1, 2, -0.0, 0.5)),
                call(Ops::neg, scalar(3)).gives(scalar(-3)),
                call(Ops::neg, array(shape(0, 1))).gives(array(shape(0, 1))),
                call(Ops::neg, vector(5)).about().derivatives(vector(-1), vector(0)))
            .special(0, -0.0, -1)
            .special(-0.0, 0, -1)
            .special(INF, -INF, -1)
            .special(NaN, NaN, -1),
        unary(new Abs(), nonzero(), x -> x < 0 ? -x : x)
            .calls(
                call(Ops::abs, vector(1, -2.5, 0, -0.0)).gives(vector(1, 2.5, 0, 0)),
                call(Ops::abs, scalar(-3)).gives(scalar(3)))
            .special(0, 0, 0)
            .special(-0.0, 0, -0.0)
            .special(1e-300, 1e-300, 1)
            .special(-1e300, 1e300, -1)
            .special(INF, INF, 1)
            .special(-INF, INF, -1)
            .special(NaN, NaN, NaN),
        unary(new Sign(), nonzero(), x -> x < 0 ? -1 : 1)
            .calls(
                call(Ops::sign, vector(7, -0.25, 0, 1e-30)).gives(vector(1, -1, 0, 1)),
                call(Ops::sign, scalar(-3)).gives(scalar(-1)))
            .special(0, 0, 0)
            .special(-0.0, -0.0, 0)
            .special(1e-300, 1, 0)
            .special(-INF, -1, 0)
            .special(NaN, NaN, NaN),
        unary(new Clamp(-1, 1.5), awayFrom(-1, 1.5), x -> x < -1 ? -1 : x > 1.5 ? 1.5 : x)
            .calls(
                call(x -> Ops.clamp(x, -1, 2), vector(-3, -1, 0.5, 2, 7))
                    .gives(vector(-1, -1, 0.5, 2, 2)),
                call(x -> Ops.clamp(x, 0.5, 0.5), vector(-3, -1, 0.5, 2, 7))
                    .gives(vector(0.5, 0.5, 0.5, 0.5, 0.5)),
                call(x -> Ops.clamp(x, -INF, 1), vector(-3, -1, 0.5, 2, 7))
                    .gives(vector(-3, -1, 0.5, 1, 1)),
                call(x -> Ops.clamp(x, 1, INF), vector(-3, -1, 0.5, 2, 7))
                    .gives(vector(1, 1, 1, 2, 7)),
                call(x -> Ops.clamp(x, 0, 1), vector()).gives(vector()),
                call(x -> Ops.square(Ops.clamp(x, 1.5, 2)), vector(1, 2, 3))
                    .derivatives(vector(0, 4, 0), vector(0, 2, 0)))
            .special(-1, -1, 1)
            .special(1.5, 1.5, 1)
            .special(-1.25, -1, 0)
            .special(1.75, 1.5, 0)
            .special(-INF, -1, 0)
            .special(INF, 1.5, 0)
            .special(NaN, NaN, NaN)
            .refuses(
                IllegalArgumentException.class,
                "clamp: bounds 2.0 and 1.5, expected the first at most the second",
                () -> Ops.clamp(zeros(), 2, 1.5))
            .refuses(
                IllegalArgumentException.class,
                "clamp: bounds NaN and 1.0, expected the first at most the second",
                () -> Ops.clamp(zeros(), NaN, 1))
            .refuses(
                IllegalArgumentException.class,
                "clamp: bounds 1.0 and NaN, expected the first at most the second",
                () -> Ops.clamp(zeros(), 1, NaN)),
        unary(new Clamp(-INF, 0), nonzero(), x -> x < 0 ? x : 0)
            .special(-INF, -INF, 1)
            .special(-0.0, -0.0, 1)
            .special(INF, 0, 0),
        unary(new Clamp(0.5, 0.5), awayFrom(0.5), x -> 0.5).special(0.5, 0.5, 1),
        OpRow.unary(AddScalar.class, Draw.numbers().map(AddScalar::new), nonzero())
            .exact()
            .oracle(c -> c.input(0).map(x -> x + c.op(AddScalar.class).addend())),
        unary(new AddScalar(-2.5), nonzero(), x -> x - 2.5)
            .exact()
            .special(2.5, 0, 1)
            .special(1e300, 1e300, 1)
            .special(-INF, -INF, 1)
            .special(NaN, NaN, 1),
        OpRow.unary(MulScalar.class, Draw.numbers().map(MulScalar::new), nonzero())
            .exact()
            .oracle(c -> c.input(0).map(x -> x * c.op(MulScalar.class).factor())),
        unary(new MulScalar(-2), nonzero(), x -> -2 * x)
            .exact()
            .special(0, -0.0, -2)
            .special(INF, -INF, -2)
            .special(1e308, -INF, -2)
            .special(NaN, NaN, -2));
  }

  // ---- of two elements -------------------------------------------------------------------------

  private static Stream<OpRow> pairs() {
    return Stream.of(
        broadcasting(new Add(), Double::sum)
            .exact()
            .calls(
                call(Ops::add, count(2, 3), array(shape(2, 3), 0.5, 0, -0.5, 0, -0.5, -1))
                    .gives(array(shape(2, 3), 1.5, 2, 2.5, 4, 4.5, 5)),
                call(Ops::add, count(2, 3), vector(10, 20, 30))
                    .gives(array(shape(2, 3), 11, 22, 33, 14, 25, 36)),
                call(Ops::add, array(shape(2, 1), 10, 20), count(2, 3))
                    .gives(array(shape(2, 3), 11, 12, 13, 24, 25, 26)),
                call(Ops::add, array(shape(2, 1), 1, 2), vector(10, 20))
                    .gives(array(shape(2, 2), 11, 21, 12, 22)),
                call(Ops::add, scalar(7), vector(1, 2)).gives(vector(8, 9)),
                call(Ops::add, scalar(7), scalar(2)).gives(scalar(9)),
                call(Ops::add, scalar(7), array(shape(1, 1), 2)).gives(array(shape(1, 1), 9)),
                call(Ops::add, array(shape(2, 1), 1, 2), vector()).gives(array(shape(2, 0))),
                call(x -> Ops.add(x, 2.5), vector(1, 2)).gives(vector(3.5, 4.5)),
                call(x -> Ops.add(2.5, x), vector(1, 2)).gives(vector(3.5, 4.5)),
                call(x -> Ops.add(x, 2), scalar(1)).gives(scalar(3)),
                call(x -> Ops.add(x, 2), array(shape(0, 2))).gives(array(shape(0, 2))),
                // the row gets the sums of the columns
                call(Ops::add, array(shape(2, 2), 0, 0, 0, 0), vector(0, 0))
                    .cotangent(1, 2, 3, 4)
                    .gradients(count(2, 2), vector(4, 6)))
            .refuses(
                ShapeException.class,
                "add: [4, 1, 3] and [5, 2, 3] do not broadcast: extents 4 and 5 differ and neither"
                    + " is 1 (axes are aligned at the right)",
                () -> Ops.add(zeros(4, 1, 3), zeros(5, 2, 3)))
            .refuses(
                ShapeException.class,
                "add: [50000, 50000] has at least 2500000000 elements, and an array holds at most"
                    + " 2147483639",
                () -> Ops.add(zeros(50_000, 1), zeros(1, 50_000)))
            .refuses(
                IllegalArgumentException.class,
                "add: 1 inputs, expected 2",
                () -> Tensor.of(new Add(), zeros())),
        broadcasting(new Sub(), (a, b) -> a - b)
            .exact()
            .calls(
                call(Ops::sub, count(2, 2), vector(10, 20))
                    .gives(array(shape(2, 2), -9, -18, -7, -16)),
                call(Ops::sub, array(shape(2, 1), 10, 20), count(2, 2))
                    .gives(array(shape(2, 2), 9, 8, 17, 16)),
                call(x -> Ops.sub(x, x), count(2, 2)).gives(array(shape(2, 2), 0, 0, 0, 0)),
                call(x -> Ops.sub(x, 2.5), vector(1, 2)).gives(vector(-1.5, -0.5)),
                call(x -> Ops.sub(2.5, x), vector(1, 2)).gives(vector(1.5, 0.5)),
                call(x -> Ops.sub(0, x), scalar(0)).gives(scalar(0)),
                call(x -> Ops.sub(1, x), vector()).gives(vector()),
                // the row gets minus the sums of the columns
                call(Ops::sub, array(shape(2, 2), 0, 0, 0, 0), vector(0, 0))
                    .cotangent(1, 2, 3, 4)
                    .gradients(count(2, 2), vector(-4, -6)),
                call(x -> Ops.sub(5, x), vector(0, 0)).gradients(vector(-1, -1)),
                call(x -> Ops.sub(Ops.add(x, 3), 4), vector(5))
                    .about()
                    .derivatives(vector(1), vector(0))),
        broadcasting(new Mul(), (a, b) -> a * b)
            .exact()
            .calls(
                call(Ops::mul, count(2, 3), vector(10, -10, 0))
                    .gives(array(shape(2, 3), 10, -20, 0, 40, -50, 0)),
                call(Ops::mul, count(2, 3), array(shape(2, 1), 10, 20))
                    .gives(array(shape(2, 3), 10, 20, 30, 80, 100, 120)),
                call(x -> Ops.mul(x, x), count(2, 3))
                    .gives(array(shape(2, 3), 1, 4, 9, 16, 25, 36)),
                call(Ops::mul, array(shape(2, 1, 1), 1, 2), array(shape(1, 2), 3, 4))
                    .gives(array(shape(2, 1, 2), 3, 4, 6, 8)),
                call(x -> Ops.mul(x, -2), vector(1, 2, 3)).gives(vector(-2, -4, -6)),
                call(x -> Ops.mul(-2, x), vector(1, 2, 3)).gives(vector(-2, -4, -6)),
                call(Ops::mul, scalar(2), scalar(3)).gives(scalar(6)),
                call(Ops::mul, array(shape(0, 1)), vector(1, 2, 3)).gives(array(shape(0, 3))),
                // a column and a row: 1 10 + 2 20 + 3 30, 4 10 + 5 20 + 6 30; 1 2 + 4 3, 2 2 + 5 3,
                // 3 2 + 6 3
                call(Ops::mul, array(shape(2, 1), 2, 3), vector(10, 20, 30))
                    .cotangent(1, 2, 3, 4, 5, 6)
                    .gradients(array(shape(2, 1), 140, 320), vector(14, 19, 24)),
                // both factors are x
                call(x -> Ops.mul(x, x), vector(3, -5)).gradients(vector(6, -10)))
            .refuses(
                ShapeException.class,
                "mul: [0] and [2] do not broadcast: extents 0 and 2 differ and neither is 1 (axes"
                    + " are aligned at the right)",
                () -> Ops.mul(zeros(0), zeros(2))),
        broadcasting(new Div(), (a, b) -> a / b)
            .calls(
                call(Ops::div, count(2, 2), vector(2, 4))
                    .gives(array(shape(2, 2), 0.5, 0.5, 1.5, 1)),
                call(Ops::div, array(shape(2, 1), 2, 12), count(2, 2))
                    .gives(array(shape(2, 2), 2, 1, 4, 3)),
                call(x -> Ops.div(x, 3), vector(1, 2)).about().gives(vector(1 / 3.0, 2 / 3.0)),
                call(x -> Ops.div(x, 4), vector(1, -2)).gives(vector(0.25, -0.5)),
                call(x -> Ops.div(3, x), vector(1, -2)).gives(vector(3, -1.5)),
                call(x -> Ops.div(8, x), scalar(2)).gives(scalar(4)),
                call(x -> Ops.div(8, x), vector()).gives(vector()),
                // 1/2 + 1/3, and -6 / (4, 9)
                call(Ops::div, scalar(6), vector(2, 3))
                    .about()
                    .gradients(scalar(5 / 6.0), vector(-1.5, -6 / 9.0)),
                // -x^-2, 2 x^-3
                call(x -> Ops.div(1, x), vector(2))
                    .about()
                    .derivatives(vector(-0.25), vector(0.25)),
                call(x -> Ops.div(x, 2), vector(5)).about().derivatives(vector(0.5), vector(0)),
                call(new Div(), vector(1, -1, 0, 1, INF), vector(0, 0, 0, -0.0, INF))
                    .gives(vector(INF, -INF, NaN, -INF, NaN)),
                call(new Div(), vector(1, 1, INF), vector(0, -0.0, 2))
                    .gradients(vector(INF, -INF, 0.5), vector(-INF, -INF, -INF)),
                call(x -> Ops.div(x, 2), vector(5, 1)).gives(vector(2.5, 0.5)),
                call(x -> Ops.div(2, x), vector(5, 1)).gives(vector(0.4, 2)),
                call(x -> Ops.div(x, 1), vector(0.3, -INF)).gives(vector(0.3, -INF)),
                call(x -> Ops.div(x, INF), vector(0, 3)).gives(vector(0, 0)),
                call(x -> Ops.div(x, 0), vector(0, 3)).gives(vector(NaN, INF)),
                call(x -> Ops.div(0, x), vector(4, 0)).gives(vector(0, NaN)),
                call(x -> Ops.div(NaN, x), vector(4, 0)).gives(vector(NaN, NaN)),
                // by numbers, and of numbers, that float32 does not have
                call(x -> Ops.div(x, 0x1p-160), vector(0, -0x1p-100, 0x1p66))
                    .in(FLOAT32)
                    .gives(vector(0, -0x1p60, INF))
                    .cotangent(0x1p-100, 0x3p-100, -0x5p-100)
                    .gradients(vector(0x1p60, 0x3p60, -0x5p60)),
                call(x -> Ops.div(x, 0x1p-1070), vector(0, -0x1p-100, 0x1p66))
                    .in(FLOAT32)
                    .gives(vector(0, -INF, INF)),
                call(x -> Ops.div(x, -0x1p-1070), vector(0, -0x1p-100, 0x1p66))
                    .in(FLOAT32)
                    .gives(vector(-0.0, INF, -INF)),
                call(x -> Ops.div(x, 0x1p140), vector(0, -0x1p-100, 0x1p66))
                    .in(FLOAT32)
                    .gives(vector(0, -0.0, 0x1p-74)),
                call(x -> Ops.div(0x1p140, x), vector(0x1p40, -0x1p-100))
                    .in(FLOAT32)
                    .gives(vector(0x1p100, -INF)),
                // -g a / y^2
                call(x -> Ops.div(0x1p-160, x), vector(0x1p40, -0x1p-100))
                    .in(FLOAT32)
                    .gives(vector(0, -0x1p-60))
                    .cotangent(0x1p127, 0x1p60)
                    .gradients(vector(-0x1p-113, -0x1p100)),
                // rounded to 2^24 first, as the same number in a tensor is
                call(x -> Ops.div(x, 16_777_217), vector(0x1.000002p24))
                    .in(FLOAT32)
                    .gives(vector(0x1.000002p0)),
                call(x -> Ops.div(16_777_217, x), vector(0x1.000002p24))
                    .in(FLOAT32)
                    .gives(vector(0x1.fffffcp-1))),
        comparing(new Maximum(), (a, b) -> a > b ? a : b)
            .calls(
                call(Ops::maximum, count(2, 3), vector(2, 5, 3))
                    .gives(array(shape(2, 3), 2, 5, 3, 4, 5, 6)),
                call(Ops::maximum, array(shape(2, 1), 2, 5), count(2, 3))
                    .gives(array(shape(2, 3), 2, 2, 3, 5, 5, 6)),
                call(Ops::maximum, vector(-1, -2), vector(-3, 0.5)).gives(vector(-1, 0.5)),
                call(x -> Ops.maximum(x, -1.5), vector(-1, -2)).gives(vector(-1, -1.5)),
                call(x -> Ops.maximum(x, 3), vector()).gives(vector()),
                // the larger one has all of both derivatives, and in a tie the first
                call((x, y) -> Ops.square(Ops.maximum(x, y)), vector(1, 2, 3), vector(1, 3, 2))
                    .derivatives(vector(2, 0, 6), vector(2, 0, 2)),
                call((y, x) -> Ops.square(Ops.maximum(x, y)), vector(1, 3, 2), vector(1, 2, 3))
                    .derivatives(vector(0, 6, 0), vector(0, 2, 0)),
                call(ties(new Maximum()))
                    .gives(vector(1, 2, NaN, NaN, INF, 0))
                    .gradients(vector(1, 0, 1, 1, 1, 1), vector(0, 1, 0, 0, 0, 0))),
        comparing(new Minimum(), (a, b) -> a < b ? a : b)
            .calls(
                call(Ops::minimum, count(2, 3), vector(2, 5, 3))
                    .gives(array(shape(2, 3), 1, 2, 3, 2, 5, 3)),
                call(Ops::minimum, array(shape(2, 1), 2, 5), count(2, 3))
                    .gives(array(shape(2, 3), 1, 2, 2, 4, 5, 5)),
                call(Ops::minimum, vector(-1, -2), vector(-3, 0.5)).gives(vector(-3, -2)),
                call(x -> Ops.minimum(x, -1.5), vector(-1, -2)).gives(vector(-1.5, -2)),
                call(x -> Ops.minimum(x, 3), vector()).gives(vector()),
                // the smaller one has all of both derivatives, and in a tie the first
                call((x, y) -> Ops.square(Ops.minimum(x, y)), vector(1, 2, 3), vector(1, 3, 2))
                    .derivatives(vector(2, 4, 0), vector(2, 2, 0)),
                call((y, x) -> Ops.square(Ops.minimum(x, y)), vector(1, 3, 2), vector(1, 2, 3))
                    .derivatives(vector(0, 0, 4), vector(0, 0, 2)),
                call(ties(new Minimum()))
                    .gives(vector(1, -INF, NaN, NaN, 3, -0.0))
                    .gradients(vector(1, 1, 1, 1, 0, 1), vector(0, 0, 0, 0, 1, 0))));
  }

  /** A tie, both orders, NaN on each side, and the two zeros. */
  private static OpCase ties(Op op) {
    return OpCase.of(op, vector(1, -INF, NaN, 5, INF, 0), vector(1, 2, 4, NaN, 3, -0.0));
  }
}
