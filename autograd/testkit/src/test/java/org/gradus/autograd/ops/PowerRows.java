package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.Elementwise.broadcasting;
import static org.gradus.autograd.ops.Values.INF;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.vector;
import static org.gradus.autograd.testkit.Domain.nonzero;
import static org.gradus.autograd.testkit.Domain.positive;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of powers with exponents that have gradients, and of their derivatives. */
final class PowerRows {
  private PowerRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(power(), powerSlope());
  }

  private static OpRow power() {
    double ln2 = Math.log(2);
    return broadcasting(new Power(), positive(), nonzero(), (x, p) -> Math.exp(p * Math.log(x)))
        .calls(
            "pow",
            call(Ops::pow, vector(2, 9, 0.5, 1e10), vector(3, 0.5, -2, -1))
                .nearly()
                .gives(vector(8, 3, 4, 1e-10)),
            call(Ops::pow, array(shape(2, 1), 2, 3), vector(0, 1, 2))
                .nearly()
                .gives(array(shape(2, 3), 1, 2, 4, 1, 3, 9))
                .gradients(
                    array(shape(2, 1), 5, 7),
                    vector(
                        ln2 + Math.log(3), 2 * ln2 + 3 * Math.log(3), 4 * ln2 + 9 * Math.log(3))),
            // 3 x^2, 6 x; x^3 ln x
            call(Ops::pow, vector(2), vector(3))
                .nearly()
                .gradients(vector(12), vector(8 * ln2))
                .derivatives(vector(12), vector(12), vector(6)),
            call(p -> Ops.pow(2, p), vector(3, -1))
                .nearly()
                .gives(vector(8, 0.5))
                .gradients(vector(8 * ln2, 0.5 * ln2)),
            // a slope of 1e60 times a cotangent of 1e-40
            call(Ops::pow, vector(0x1p100), vector(3))
                .cotangent(0x1p-110)
                .nearly()
                .gradients(vector(3 * 0x1p90), vector(INF))
                .in(DType.FLOAT32),
            call(Ops::pow, vector(0x1p600), vector(3))
                .cotangent(0x1p-700)
                .nearly()
                .gradients(vector(3 * 0x1p500))
                .in(DType.FLOAT64),
            // at 0: of x^2, x, x^(1/2), x^0 and 1 / x
            call(Ops::pow, vector(0, 0, 0, 0, 0), vector(2, 1, 0.5, 0, -1))
                .gives(vector(0, 0, 0, 1, INF))
                .gradients(vector(0, 1, INF, 0, -INF), vector(0, 0, 0, 0, -INF)),
            call(Ops::pow, vector(0, 0, 0), vector(3, 2, 1))
                .derivatives(vector(0, 0, 1), vector(0, 2, 0)),
            call(Ops::pow, vector(-0.0, -0.0), vector(3, 2)).gives(vector(-0.0, 0)),
            // of negative numbers there are whole powers only, and no slope in between
            call(Ops::pow, vector(-2, -2, -2, -2), vector(2, 3, 0, 0.5))
                .gives(vector(4, -8, 1, NaN))
                .gradients(vector(-4, 12, 0, NaN), vector(NaN, NaN, NaN, NaN)),
            call(Ops::pow, vector(-2), vector(3)).derivatives(vector(12), vector(-12), vector(6)),
            call(Ops::pow, vector(INF, INF, NaN, NaN), vector(2, -1, 0, 1))
                .gives(vector(INF, 0, 1, NaN))
                .gradients(vector(INF, -0.0, 0, 1), vector(INF, 0, NaN, NaN)),
            call(Ops::pow, vector(2, 0.5, 1), vector(INF, INF, NaN)).gives(vector(INF, 0, NaN)));
  }

  // ---- derivatives -----------------------------------------------------------------------------

  /** Of orders in x and in p. */
  private static final Map<PowerSlope, DoubleBinaryOperator> DERIVATIVES =
      Map.of(
          new PowerSlope(0, 0), Math::pow,
          new PowerSlope(1, 0), (x, p) -> p * Math.pow(x, p - 1),
          new PowerSlope(0, 1), (x, p) -> Math.pow(x, p) * Math.log(x),
          new PowerSlope(1, 1), (x, p) -> Math.pow(x, p - 1) * (1 + p * Math.log(x)),
          new PowerSlope(2, 0), (x, p) -> p * (p - 1) * Math.pow(x, p - 2),
          new PowerSlope(0, 2), (x, p) -> Math.pow(x, p) * Math.pow(Math.log(x), 2),
          new PowerSlope(2, 1),
              (x, p) -> Math.pow(x, p - 2) * (2 * p - 1 + p * (p - 1) * Math.log(x)),
          new PowerSlope(1, 2), (x, p) -> Math.pow(x, p - 1) * Math.log(x) * (2 + p * Math.log(x)));

  private static OpRow powerSlope() {
    return OpRow.of(
            PowerSlope.class,
            combine(
                    Arbitraries.of(DERIVATIVES.keySet()),
                    Draw.shapes(0, 3),
                    Arbitraries.integers().between(0, 2),
                    Draw.seeds())
                .as(PowerRows::slopeOf))
        .oracle(
            c -> {
              DoubleBinaryOperator f = DERIVATIVES.get(c.op(PowerSlope.class));
              List<Naive> in = c.inputs().stream().map(Naive::of).toList();
              return Naive.generate(
                      c.input(0).shape().toArray(),
                      i -> {
                        double product = f.applyAsDouble(in.get(0).at(i), in.get(1).broadcastAt(i));
                        for (Naive factor : in.subList(2, in.size())) {
                          product *= factor.broadcastAt(i);
                        }
                        return product;
                      })
                  .as(DType.FLOAT64)
                  .value();
            })
        .calls(
            // 6 x^2, of x^4 differentiated twice, times 10
            call(new PowerSlope(2, 0), vector(3), vector(4), vector(10)).gives(vector(1080)),
            // what is not there needs no logarithm: of x^2, the third derivative
            call(new PowerSlope(3, 0), vector(-2, 0), vector(2, 2)).gives(vector(0, 0)),
            call(new PowerSlope(2, 1), vector(0, 0), vector(3, 2.5)).gives(vector(0, 0)),
            call(new PowerSlope(0, 2), vector(0, INF, -1), vector(2, -2, 2))
                .gives(vector(0, 0, NaN)),
            // between the ends of a double, although no part of it is
            call(
                    in -> Tensor.of(new PowerSlope(1, 0), in.toArray(new Tensor[0])),
                    List.of(vector(0x1p600), vector(3), vector(0x1p-900), vector(0x1p-300)))
                .nearly()
                .gives(vector(3)))
        .edges(
            slopeOf(new PowerSlope(1, 0), shape(), 1, 1),
            slopeOf(new PowerSlope(0, 1), shape(0), 1, 1),
            slopeOf(new PowerSlope(1, 1), shape(1, 1), 2, 2),
            slopeOf(new PowerSlope(2, 1), shape(2, 0, 3), 0, 1))
        .refuses(
            IllegalArgumentException.class,
            "powerSlope: 1 inputs, expected two or more",
            () -> Tensor.of(new PowerSlope(1, 0), zeros(2)))
        .refuses(
            ShapeException.class,
            "powerSlope: [2] and [3] do not broadcast: extents 2 and 3 differ and neither is 1"
                + " (axes are aligned at the right)",
            () -> Tensor.of(new PowerSlope(1, 0), zeros(2), zeros(3)));
  }

  /** x of the whole shape, and of the others all, or one element. */
  private static OpCase slopeOf(PowerSlope op, Shape shape, int factors, long seed) {
    List<NdArray> inputs = new ArrayList<>(List.of(positive().draw(shape, seed)));
    for (int i = 1; i < 2 + factors; i++) {
      Shape own = Math.floorMod(seed + i, 3L) == 0 ? Shape.of() : shape;
      inputs.add(nonzero().draw(own, seed + i));
    }
    return OpCase.of(op, inputs);
  }
}
