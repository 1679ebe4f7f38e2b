package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static org.gradus.autograd.ops.Elementwise.unary;
import static org.gradus.autograd.ops.Values.INF;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.scalar;
import static org.gradus.autograd.testkit.Call.vector;
import static org.gradus.autograd.testkit.Domain.awayFrom;
import static org.gradus.autograd.testkit.Domain.between;
import static org.gradus.autograd.testkit.Domain.nonzero;
import static org.gradus.autograd.testkit.Domain.positive;

import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of the functions of one element: powers, exponentials, sines, erf. */
final class FunctionRows {
  private FunctionRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(powers(), functions(), normals(), wholes()).flatMap(rows -> rows);
  }

  private static Stream<OpRow> powers() {
    return Stream.of(
        unary(new Square(), nonzero(), x -> Math.pow(x, 2))
            .exact()
            .calls(
                call(Ops::square, vector(1, -2.5, 0, 3)).gives(vector(1, 6.25, 0, 9)),
                call(Ops::square, scalar(-4)).gives(scalar(16)))
            .special(0, 0, 0)
            .special(-3, 9, -6)
            .special(-1e-200, 0, -2e-200)
            .special(-1e200, INF, -2e200)
            .special(-INF, INF, -INF)
            .special(NaN, NaN, NaN),
        unary(new Reciprocal(), nonzero(), x -> Math.pow(x, -1))
            .calls(
                call(Ops::reciprocal, vector(1, -2, 0.25)).gives(vector(1, -0.5, 4)),
                call(Ops::reciprocal, scalar(3)).about().gives(scalar(1 / 3.0)))
            .special(-4, -0.25, -0.0625)
            .special(0, INF, -INF)
            .special(-0.0, -INF, -INF)
            .special(1e200, 1e-200, -0.0)
            .special(-1e-200, -1e200, -INF)
            .special(-INF, -0.0, -0.0)
            .special(NaN, NaN, NaN),
        unary(new Sqrt(), positive(), x -> Math.pow(x, 0.5))
            .calls(
                call(Ops::sqrt, vector(0, 1, 2, 144))
                    .about()
                    .gives(vector(0, 1, 1.4142135623730951, 12)),
                call(Ops::sqrt, scalar(2.25)).gives(scalar(1.5)),
                // -1/4 x^(-3/2)
                call(Ops::sqrt, vector(4)).about().derivatives(vector(0.25), vector(-0.03125)))
            .special(4, 2, 0.25)
            .special(0, 0, INF)
            .special(-0.0, -0.0, INF) // as at 0
            .special(1e-300, 1e-150, 5e149)
            .special(-1, NaN, NaN)
            .special(INF, INF, 0)
            .special(NaN, NaN, NaN),
        OpRow.unary(Pow.class, Draw.numbers().map(Pow::new), positive()).oracle(FunctionRows::pow),
        OpRow.unary(Pow.class, Arbitraries.integers().between(-2, 3).map(Pow::new), nonzero())
            .oracle(FunctionRows::pow),
        unary(new Pow(3), nonzero(), x -> x * x * x)
            .calls(
                call(x -> Ops.pow(x, 0), vector(1, 2, -3, 0.5)).gives(vector(1, 1, 1, 1)),
                call(x -> Ops.pow(x, 1), vector(1, 2, -3, 0.5)).gives(vector(1, 2, -3, 0.5)),
                call(x -> Ops.pow(x, 2), vector(1, 2, -3, 0.5)).gives(vector(1, 4, 9, 0.25)),
                call(x -> Ops.pow(x, 3), vector(1, 2, -3, 0.5)).gives(vector(1, 8, -27, 0.125)),
                call(x -> Ops.pow(x, -2), vector(1, 2, -3, 0.5))
                    .about()
                    .gives(vector(1, 0.25, 1 / 9.0, 4)),
                call(x -> Ops.pow(x, 0.5), vector(9, 2))
                    .about()
                    .gives(vector(3, 1.4142135623730951)),
                call(x -> Ops.pow(x, 5), scalar(2)).gives(scalar(32)),
                // beyond the last derivative of a polynomial all are zero, also at 0
                call(x -> Ops.pow(x, 2), scalar(0)).derivatives(scalar(0), scalar(2), scalar(0)),
                // 3 x^2, 6 x
                call(x -> Ops.pow(x, 3), vector(2)).about().derivatives(vector(12), vector(12)))
            .refuses(
                IllegalArgumentException.class,
                "pow: exponent NaN, expected a number",
                () -> Ops.pow(zeros(), NaN))
            .special(0, 0, 0)
            .special(-2, -8, 12)
            .special(-INF, -INF, INF)
            .special(1e-200, 0, 0)
            .special(NaN, NaN, NaN),
        unary(new Pow(2), nonzero(), x -> x * x).special(0, 0, 0).special(-3, 9, -6),
        unary(new Pow(1), nonzero(), x -> x).special(0, 0, 1).special(-INF, -INF, 1),
        unary(new Pow(0), nonzero(), x -> 1).special(0, 1, 0).special(INF, 1, 0).special(NaN, 1, 0),
        unary(new Pow(0.5), positive(), Math::sqrt)
            .special(0, 0, INF)
            .special(-4, NaN, NaN)
            .special(INF, INF, 0),
        unary(new Pow(-1), nonzero(), x -> 1 / x)
            .special(0, INF, -INF)
            .special(-0.0, -INF, -INF)
            .special(INF, 0, -0.0),
        unary(new Pow(-2), nonzero(), x -> 1 / (x * x))
            .special(0, INF, -INF)
            .special(-0.0, INF, INF));
  }

  private static NdArray pow(OpCase c) {
    double exponent = c.op(Pow.class).exponent();
    return c.input(0)
        .map(x -> Math.signum(Math.pow(x, exponent)) * Math.exp(exponent * Math.log(Math.abs(x))));
  }

  private static Stream<OpRow> functions() {
    return Stream.of(
        unary(new Exp(), nonzero(), x -> Math.pow(Math.E, x))
            .calls(
                call(Ops::exp, vector(0, 1, -1, 2))
                    .about()
                    .gives(vector(1, 2.718281828459045, 0.36787944117144233, 7.38905609893065)),
                call(Ops::exp, scalar(0)).gives(scalar(1)),
                call(Ops::exp, vector()).gives(vector()),
                call(Ops::exp, vector(0)).about().derivatives(vector(1), vector(1)))
            .special(0, 1, 1)
            .special(-0.0, 1, 1)
            .special(88.5, Math.exp(88.5), Math.exp(88.5))
            .special(89, Math.exp(89), Math.exp(89)) // infinite in float32
            .special(-104, Math.exp(-104), Math.exp(-104)) // and 0
            .special(710, INF, INF)
            .special(-746, 0, 0)
            .special(INF, INF, INF)
            .special(-INF, 0, 0)
            .special(NaN, NaN, NaN)
            .refuses(
                IllegalArgumentException.class,
                "exp: 2 inputs, expected 1",
                () -> Tensor.of(new Exp(), zeros(), zeros())),
        unary(new Expm1(), nonzero(), x -> Math.exp(x) - 1)
            .calls(
                call(Ops::expm1, vector(0, 1, -1, Math.log(3)))
                    .about()
                    .gives(vector(0, 1.718281828459045, -0.6321205588285577, 2)),
                call(Ops::expm1, vector(1e-30, -1e-30)).gives(vector(1e-30, -1e-30)))
            .special(0, 0, 1)
            .special(-0.0, -0.0, 1)
            .special(-1e-30, -1e-30, 1)
            .special(-40, -1, 4.248354255291589e-18)
            .special(1000, INF, INF)
            .special(-1e4, -1, 0)
            .special(INF, INF, INF)
            .special(-INF, -1, 0)
            .special(NaN, NaN, NaN),
        unary(new Log(), positive(), x -> Math.log10(x) * Math.log(10))
            .calls(
                call(Ops::log, vector(1, 2, 0.5, 10))
                    .about()
                    .gives(vector(0, 0.6931471805599453, -0.6931471805599453, 2.302585092994046)),
                call(Ops::log, scalar(1)).gives(scalar(0)),
                call(Ops::log, array(shape(2, 0))).gives(array(shape(2, 0))),
                call(Ops::log, vector(2)).about().derivatives(vector(0.5), vector(-0.25)))
            .special(1, 0, 1)
            .special(0, -INF, INF)
            .special(-0.0, -INF, -INF)
            .special(-2, NaN, -0.5)
            .special(INF, INF, 0)
            .special(NaN, NaN, NaN),
        unary(new Log1p(), between(-0.7, 2), x -> Math.log(1 + x))
            .calls(
                call(Ops::log1p, vector(0, 1, -0.5, 9))
                    .about()
                    .gives(vector(0, 0.6931471805599453, -0.6931471805599453, 2.302585092994046)),
                call(Ops::log1p, vector(1e-30, -1e-30)).gives(vector(1e-30, -1e-30)))
            .special(0, 0, 1)
            .special(-0.0, -0.0, 1)
            .special(-1e-30, -1e-30, 1)
            .special(-1, -INF, INF)
            .special(-3, NaN, -0.5)
            .special(1e300, Math.log(10) * 300, 1e-300)
            .special(INF, INF, 0)
            .special(NaN, NaN, NaN),
        unary(new Sin(), nonzero(), x -> Math.cos(x - Math.PI / 2))
            .calls(
                call(Ops::sin, vector(0, Math.PI / 6, Math.PI / 2, -1))
                    .about()
                    .gives(vector(0, 0.5, 1, -0.8414709848078965)),
                call(Ops::sin, scalar(0)).gives(scalar(0)))
            .special(0, 0, 1)
            .special(-0.0, -0.0, 1)
            .special(1e-30, 1e-30, 1)
            .special(INF, NaN, NaN)
            .special(NaN, NaN, NaN),
        unary(new Cos(), nonzero(), x -> Math.sin(x + Math.PI / 2))
            .calls(
                call(Ops::cos, vector(0, Math.PI / 3, Math.PI / 2, Math.PI, -1))
                    .about()
                    .gives(vector(1, 0.5, 0, -1, 0.5403023058681398)),
                call(Ops::cos, scalar(0)).gives(scalar(1)))
            .special(0, 1, -0.0)
            .special(1e-30, 1, -1e-30)
            .special(-INF, NaN, NaN)
            .special(NaN, NaN, NaN),
        unary(new Tanh(), nonzero(), x -> 1 - 2 / (Math.exp(2 * x) + 1))
            .calls(
                call(Ops::tanh, vector(0, 1, -1, 2))
                    .about()
                    .gives(vector(0, 0.7615941559557649, -0.7615941559557649, 0.9640275800758169)),
                call(Ops::tanh, scalar(0)).gives(scalar(0)),
                call(Ops::tanh, vector(0)).about().derivatives(vector(1), vector(0)),
                // in its tails
                call(Ops::tanh, vector(10)).nearly().gradients(vector(8.244614455767397e-09)),
                call(Ops::tanh, vector(-10)).nearly().gradients(vector(8.244614455767397e-09)),
                call(Ops::tanh, vector(20)).nearly().gradients(vector(1.6993417021166355e-17)))
            .special(0, 0, 1)
            .special(-0.0, -0.0, 1)
            .special(1000, 1, 0)
            .special(-1e300, -1, 0)
            .special(INF, 1, 0)
            .special(-INF, -1, 0)
            .special(NaN, NaN, NaN));
  }

  private static Stream<OpRow> normals() {
    double slope = 2 / Math.sqrt(Math.PI);
    return Stream.of(
        unary(new Erf(), nonzero(), x -> 2 * distribution(x * Math.sqrt(2)) - 1)
            .calls(
                call(Ops::erf, vector(0, 1, -1, 0.5))
                    .about()
                    .gives(vector(0, 0.8427007929497149, -0.8427007929497149, 0.5204998778130465)),
                call(Ops::erf, scalar(0)).gives(scalar(0)),
                // in its tails
                call(Ops::erf, vector(4)).nearly().gradients(vector(1.2698234671866558e-07)),
                call(Ops::erf, vector(9)).nearly().gradients(vector(7.492073428245974e-36)))
            .special(0, 0, slope)
            .special(-0.0, -0.0, slope)
            .special(1e-30, slope * 1e-30, slope)
            .special(1, 0.8427007929497149, slope / Math.E)
            .special(-1000, -1, 0)
            .special(INF, 1, 0)
            .special(-INF, -1, 0)
            .special(NaN, NaN, NaN));
  }

  private static Stream<OpRow> wholes() {
    return Stream.of(
        // made larger, the steps of differences go over the jumps
        unary(new Floor(), awayFrom(-3, -2, -1, 0, 1, 2, 3), FunctionRows::floor)
            .factors(0, 1)
            .calls(
                call(Ops::floor, vector(1.5, -0.5, -1.5, 2, -2, 1e30))
                    .gives(vector(1, -1, -2, 2, -2, 1e30))
                    .gradients(vector(0, 0, 0, 0, 0, 0)),
                call(Ops::floor, scalar(0.75)).gives(scalar(0)))
            .special(-0.0, -0.0, 0)
            .special(1, 1, 0)
            .special(1 - 0x1p-20, 0, 0)
            .special(-1e-30, -1, 0)
            .special(INF, INF, 0)
            .special(-INF, -INF, 0)
            .special(NaN, NaN, NaN),
        unary(
                new Round(),
                awayFrom(-2.5, -1.5, -0.5, 0.5, 1.5, 2.5),
                x -> Math.copySign(Math.floor(Math.abs(x) + 0.5), x))
            .factors(0, 1)
            .calls(
                // half way, the even one
                call(Ops::round, vector(0.5, 1.5, 2.5, -0.5, -1.5, 0.3, 0.7, -7))
                    .gives(vector(0, 2, 2, -0.0, -2, 0, 1, -7))
                    .gradients(vector(0, 0, 0, 0, 0, 0, 0, 0)),
                call(Ops::round, scalar(2.75)).gives(scalar(3)))
            .special(-0.0, -0.0, 0)
            .special(Math.nextDown(0.5), 0, 0)
            .special(1e30, 1e30, 0)
            .special(INF, INF, 0)
            .special(-INF, -INF, 0)
            .special(NaN, NaN, NaN));
  }

  private static double floor(double x) {
    long towardsZero = (long) x;
    return towardsZero > x ? towardsZero - 1 : towardsZero;
  }

  /** The normal density. */
  private static double density(double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /** The normal distribution function: 1/2 + density (x + x^3/3 + x^5/(3 5) + ...). */
  static double distribution(double x) {
    double term = x;
    double sum = 0;
    for (int k = 3; Math.abs(term) > 1e-20; k += 2) {
      sum += term;
      term *= x * x / k;
    }
    return 0.5 + density(x) * sum;
  }
}
