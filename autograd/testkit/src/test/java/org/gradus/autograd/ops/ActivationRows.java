package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.Elementwise.unary;
import static org.gradus.autograd.ops.FunctionRows.distribution;
import static org.gradus.autograd.ops.Values.INF;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.scalar;
import static org.gradus.autograd.testkit.Call.vector;
import static org.gradus.autograd.testkit.Domain.awayFrom;
import static org.gradus.autograd.testkit.Domain.nonzero;

import java.util.stream.Stream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Domain;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of the activations. */
final class ActivationRows {
  /** The numbers of Klambauer et al., and what a scaled unit falls to on the left, negated. */
  private static final double SELU_SCALE = 1.0507009873554805;

  private static final double SELU_LEFT = 1.7580993408473768;

  private ActivationRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(rectifiers(), hardOnes(), smoothOnes(), Stream.of(prelu(), preluOfOneSlope()))
        .flatMap(rows -> rows);
  }

  private static Stream<OpRow> rectifiers() {
    return Stream.of(
        unary(new Relu(), nonzero(), x -> x > 0 ? x : 0)
            .calls(
                call(Ops::relu, array(shape(2, 3), 1, -1, 0, 0.25, -1e30, 1e30))
                    .gives(array(shape(2, 3), 1, 0, 0, 0.25, 0, 1e30)),
                call(Ops::relu, scalar(-3)).gives(scalar(0)),
                call(Ops::relu, vector()).gives(vector()),
                call(x -> Ops.mul(Ops.relu(x), Ops.relu(x)), vector(-1, 0, 2))
                    .derivatives(vector(0, 0, 4), vector(0, 0, 2)),
                call(Ops::relu, vector(3)).about().derivatives(vector(1), vector(0)),
                call(Ops::relu, vector(-3)).about().derivatives(vector(0), vector(0)))
            .calls(
                "relu6",
                call(Ops::relu6, vector(-INF, -1, 0, 0.25, 6, 7, INF, NaN))
                    .gives(vector(0, 0, 0, 0.25, 6, 6, 6, NaN))
                    .gradients(vector(0, 0, 0, 1, 1, 0, 0, 1)),
                call(Ops::relu6, vector()).gives(vector()),
                call(x -> Ops.square(Ops.relu6(x)), vector(-1, 2, 8))
                    .derivatives(vector(0, 4, 0), vector(0, 2, 0)))
            .special(0, 0, 0)
            .special(-0.0, 0, 0)
            .special(Double.MIN_VALUE, Double.MIN_VALUE, 1)
            .special(-Double.MIN_VALUE, 0, 0)
            .special(INF, INF, 1)
            .special(-INF, 0, 0)
            .special(NaN, NaN, 1),
        OpRow.unary(LeakyRelu.class, Draw.numbers().map(LeakyRelu::new), nonzero())
            .oracle(c -> c.input(0).map(x -> x > 0 ? x : x * c.op(LeakyRelu.class).slope())),
        unary(new LeakyRelu(0.25), nonzero(), x -> Math.max(x, x / 4))
            .calls(
                call(x -> Ops.leakyRelu(x, 0.25), vector(1, -1, 0, 8, -8))
                    .gives(vector(1, -0.25, 0, 8, -2)),
                call(x -> Ops.leakyRelu(x, -3), vector(1, -1)).gives(vector(1, 3)),
                // a slope of 0 makes nothing of minus infinity
                call(
                        x -> Ops.leakyRelu(x, 0),
                        vector(-INF, -1, 3, INF, NaN, -INF, -1, -1, 2, -INF, 1))
                    .gives(vector(-0.0, -0.0, 3, INF, NaN, -0.0, -0.0, -0.0, 2, -0.0, 1)))
            .special(0, 0, 0.25)
            .special(-0.0, -0.0, 0.25)
            .special(Double.MIN_VALUE, Double.MIN_VALUE, 1)
            .special(INF, INF, 1)
            .special(-INF, -INF, 0.25)
            .special(NaN, NaN, 0.25)
            .refuses(
                IllegalArgumentException.class,
                "leakyRelu: slope NaN, expected a finite number",
                () -> Ops.leakyRelu(zeros(), NaN))
            .refuses(
                IllegalArgumentException.class,
                "leakyRelu: slope Infinity, expected a finite number",
                () -> Ops.leakyRelu(zeros(), INF)),
        OpRow.unary(Elu.class, Draw.numbers().map(Elu::new), nonzero())
            .oracle(c -> c.input(0).map(x -> elu(c.op(Elu.class).alpha(), x))),
        unary(new Elu(1.5), nonzero(), x -> elu(1.5, x))
            .calls(
                // e^-ln 2 - 1 is -1/2
                call(x -> Ops.elu(x, 1), vector(1, -Math.log(2), 0, 8))
                    .about()
                    .gives(vector(1, -0.5, 0, 8)),
                call(x -> Ops.elu(x, 2), vector(1, -Math.log(4), 0, -3))
                    .about()
                    .gives(vector(1, -1.5, 0, -1.900425863264272)),
                // an alpha of 0 makes nothing of minus infinity
                call(x -> Ops.elu(x, 0), vector(-INF, -1, 3, INF, NaN, -INF, -1, -1, 2, -INF, 1))
                    .gives(vector(-0.0, -0.0, 3, INF, NaN, -0.0, -0.0, -0.0, 2, -0.0, 1)))
            .refuses(
                IllegalArgumentException.class,
                "elu: alpha NaN, expected a finite number",
                () -> Ops.elu(zeros(), NaN))
            .refuses(
                IllegalArgumentException.class,
                "elu: alpha -Infinity, expected a finite number",
                () -> Ops.elu(zeros(), -INF))
            .special(0, 0, 1.5)
            .special(-0.0, -0.0, 1.5)
            .special(-1e-30, -1.5e-30, 1.5)
            .special(Double.MIN_VALUE, Double.MIN_VALUE, 1)
            .special(1000, 1000, 1)
            .special(-1000, -1.5, 0)
            .special(1e300, 1e300, 1)
            .special(INF, INF, 1)
            .special(-INF, -1.5, 0)
            .special(NaN, NaN, NaN)
            .calls(
                "selu",
                call(Ops::selu, vector(1, -1, 0, 1e-30, -1e-30, INF, -INF, NaN))
                    .nearly()
                    .gives(
                        vector(
                            SELU_SCALE,
                            -1.1113307378125628,
                            0,
                            SELU_SCALE * 1e-30,
                            -SELU_LEFT * 1e-30,
                            INF,
                            -SELU_LEFT,
                            NaN))
                    .gradients(
                        vector(
                            SELU_SCALE,
                            SELU_LEFT / Math.E,
                            SELU_LEFT,
                            SELU_SCALE,
                            SELU_LEFT,
                            SELU_SCALE,
                            0,
                            NaN)),
                call(Ops::selu, vector(-1, 2))
                    .nearly()
                    .derivatives(
                        vector(SELU_LEFT / Math.E, SELU_SCALE), vector(SELU_LEFT / Math.E, 0))));
  }

  private static Stream<OpRow> hardOnes() {
    return Stream.of(
        unary(new HardSigmoid(), bothSides(), x -> Math.max(0, Math.min(x / 6 + 0.5, 1)))
            .calls(
                call(Ops::hardSigmoid, vector(-4, -3, 0, 1.5, 3, 4, -1e30, 1e30))
                    .gives(vector(0, 0, 0.5, 0.75, 1, 1, 0, 1)),
                call(Ops::hardSigmoid, scalar(-1.5)).gives(scalar(0.25)),
                call(Ops::hardSigmoid, vector(1, 4)).derivatives(vector(1 / 6.0, 0), vector(0, 0)))
            .special(-3, 0, 0)
            .special(-3 + 0x1p-20, 0x1p-20 / 6, 1 / 6.0)
            .special(3, 1, 1 / 6.0)
            .special(3 + 0x1p-20, 1, 0)
            .special(-0.0, 0.5, 1 / 6.0)
            .special(INF, 1, 0)
            .special(-INF, 0, 0)
            .special(NaN, NaN, NaN),
        unary(new HardSwish(), bothSides(), x -> x * Math.max(0, Math.min((x + 3) / 6, 1)) + 0.0)
            .orders(3)
            .calls(
                call(Ops::hardSwish, vector(-4, 0, 1, 1.5, 3, 4, 1e30))
                    .nearly()
                    .gives(vector(-0.0, 0, 2 / 3.0, 1.125, 3, 4, 1e30)),
                call(Ops::hardSwish, scalar(-1.5)).gives(scalar(-0.375)),
                call(Ops::hardSwish, vector(1.5, -9, 9))
                    .nearly()
                    .derivatives(vector(1, 0, 1), vector(1 / 3.0, 0, 0), vector(0, 0, 0)))
            .special(-3, -0.0, 0)
            .special(3, 3, 1.5)
            .special(-1.5, -0.375, 0)
            .special(-0.0, -0.0, 0.5)
            .special(1e-30, 0.5e-30, 0.5)
            .special(1e300, 1e300, 1)
            .special(INF, INF, 1)
            .special(-INF, -0.0, 0)
            .special(NaN, NaN, NaN),
        unary(new Softsign(), nonzero(), x -> x / (1 + Math.sqrt(x * x)))
            .factors(
                1e-6, INF) // beside the kink of the slope, 1 + |x| hides a step that is shorter
            .orders(3)
            .calls(
                call(Ops::softsign, vector(0, 1, -1, 3, -7))
                    .gives(vector(0, 0.5, -0.5, 0.75, -0.875)),
                call(Ops::softsign, scalar(-1)).gives(scalar(-0.5)),
                // the second derivative, -2 sign(x) / (1 + |x|)^3, jumps at 0
                call(Ops::softsign, vector(1, -1, 0))
                    .derivatives(vector(0.25, 0.25, 1), vector(-0.25, 0.25, -0.0)))
            .special(-0.0, -0.0, 1)
            .special(1e-30, 1e-30, 1)
            .special(-1e30, -1, 1e-60)
            .special(1e300, 1, 0)
            .special(INF, 1, 0)
            .special(-INF, -1, 0)
            .special(NaN, NaN, NaN));
  }

  /** In [-6, 6], away from -3 and 3. */
  private static Domain bothSides() {
    return (shape, seed) -> awayFrom(-1.5, 1.5).draw(shape, seed).map(x -> 2 * x);
  }

  private static Stream<OpRow> smoothOnes() {
    return Stream.of(
        unary(new Mish(), nonzero(), x -> x * Math.tanh(Math.log1p(Math.exp(x))))
            .orders(3)
            .calls(
                call(Ops::mish, vector(0, 1, -1, 2, -10, -40))
                    .nearly()
                    .gives(
                        vector(
                            0,
                            0.8650983882673103,
                            -0.3034014613741089,
                            1.9439589595339946,
                            -4.5398899185674697e-4,
                            -1.6993417021166355e-16)),
                call(Ops::mish, scalar(0)).gives(scalar(0)),
                call(Ops::mish, vector(0.5))
                    .about()
                    .derivatives(
                        vector(0.8864243753577272),
                        vector(0.4680533778448866),
                        vector(-0.5378588376774168)),
                // in its tails
                call(Ops::mish, vector(-10)).nearly().gradients(vector(-4.0857978690299194e-4)),
                call(Ops::mish, vector(-700)).nearly().gradients(vector(-6.891913904088079e-302)),
                call(Ops::mish, vector(-709.5)).nearly().gives(vector(-5.236215228791926e-306)),
                call(Ops::mish, vector(20)).nearly().gradients(vector(1.0000000000000002)))
            .special(0, 0, 0.6)
            .special(-0.0, -0.0, 0.6)
            .special(1000, 1000, 1)
            .special(-1000, -0.0, -0.0)
            .special(-1e300, -0.0, -0.0)
            .special(1e300, 1e300, 1)
            .special(INF, INF, 1)
            .special(-INF, -0.0, -0.0)
            .special(NaN, NaN, NaN),
        unary(
                new GeluTanh(),
                nonzero(),
                x -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))))
            .orders(3)
            .calls(
                call(Ops::geluTanh, vector(0, 1, -1, 2, -3, -10, -21))
                    .nearly()
                    .gives(
                        vector(
                            0,
                            0.8411919906082767,
                            -0.1588080093917233,
                            1.954597694087775,
                            -0.0036373920817730186,
                            -1.204092348209806e-37,
                            -6.016648487631484e-301)),
                call(Ops::geluTanh, scalar(0)).gives(scalar(0)),
                call(Ops::geluTanh, vector(0.5))
                    .about()
                    .derivatives(
                        vector(0.8673699035346423),
                        vector(0.6155068951159849),
                        vector(-0.6612179033267351)),
                // in its tail
                call(Ops::geluTanh, vector(-10))
                    .nearly()
                    .gradients(vector(-2.7576380638540315e-36)),
                call(Ops::geluTanh, vector(-21))
                    .nearly()
                    .gradients(vector(-5.773008639270406e-299)))
            .special(0, 0, 0.5)
            .special(-0.0, -0.0, 0.5)
            .special(1000, 1000, 1)
            .special(-1000, -0.0, -0.0)
            .special(1e300, 1e300, 1)
            .special(INF, INF, 1)
            .special(-INF, -0.0, -0.0)
            .special(NaN, NaN, NaN),
        unary(new Sigmoid(), nonzero(), x -> 0.5 + 0.5 * Math.tanh(x / 2))
            .calls(
                // at ln 3 it is 3 / (3 + 1)
                call(Ops::sigmoid, vector(0, 1, -1, Math.log(3)))
                    .about()
                    .gives(vector(0.5, 0.7310585786300049, 0.2689414213699951, 0.75)),
                call(Ops::sigmoid, scalar(0)).gives(scalar(0.5)),
                call(Ops::sigmoid, vector(0)).about().derivatives(vector(0.25), vector(0)),
                // y = 3/4: y (1 - y), y (1 - y) (1 - 2 y)
                call(Ops::sigmoid, vector(Math.log(3)))
                    .about()
                    .derivatives(vector(0.1875), vector(-0.09375)),
                // in its tails
                call(Ops::sigmoid, vector(18)).nearly().gradients(vector(1.5229979280808073e-8)),
                call(Ops::sigmoid, vector(-18)).nearly().gradients(vector(1.5229979280808073e-8)),
                call(Ops::sigmoid, vector(40)).nearly().gradients(vector(4.248354255291589e-18)))
            .special(0, 0.5, 0.25)
            .special(-0.0, 0.5, 0.25)
            .special(1000, 1, 0)
            .special(-1000, 0, 0)
            .special(-700, 9.85967654375977e-305, 9.85967654375977e-305)
            .special(INF, 1, 0)
            .special(-INF, 0, 0)
            .special(NaN, NaN, NaN),
        unary(new Softplus(), nonzero(), x -> Math.log(1 + Math.exp(x)))
            .calls(
                // at ln 3 it is ln 4
                call(Ops::softplus, vector(0, 1, -1, Math.log(3)))
                    .about()
                    .gives(
                        vector(Math.log(2), 1.3132616875182228, 0.3132616875182228, Math.log(4))))
            .special(0, Math.log(2), 0.5)
            .special(-50, 1.928749847963918e-22, 1.928749847963918e-22)
            .special(1000, 1000, 1)
            .special(-1000, 0, 0)
            .special(1e300, 1e300, 1)
            .special(INF, INF, 1)
            .special(-INF, 0, 0)
            .special(NaN, NaN, NaN),
        unary(new Silu(), nonzero(), x -> x / (1 + Math.exp(-x)))
            .calls(
                // at ln 3 the sigmoid is 3/4
                call(Ops::silu, vector(0, 1, -1, Math.log(3)))
                    .about()
                    .gives(vector(0, 0.7310585786300049, -0.2689414213699951, 0.75 * Math.log(3))),
                call(Ops::silu, scalar(0)).gives(scalar(0)),
                // in its tail
                call(Ops::silu, vector(17)).nearly().gradients(vector(1.0000006623899784)))
            .special(0, 0, 0.5)
            .special(-0.0, -0.0, 0.5)
            .special(1000, 1000, 1)
            .special(-1000, -0.0, -0.0)
            .special(1e300, 1e300, 1)
            .special(INF, INF, 1)
            .special(-INF, -0.0, -0.0)
            .special(NaN, NaN, NaN),
        unary(new Gelu(), nonzero(), x -> x * distribution(x))
            .calls(
                call(Ops::gelu, vector(0, 1, -1, 2))
                    .about()
                    .gives(vector(0, 0.8413447460685429, -0.15865525393145705, 1.9544997361036416)),
                call(Ops::gelu, scalar(0)).gives(scalar(0)))
            .special(0, 0, 0.5)
            .special(-0.0, -0.0, 0.5)
            .special(1000, 1000, 1)
            .special(-1000, -0.0, 0)
            .special(1e300, 1e300, 1)
            .special(INF, INF, 1)
            .special(-INF, -0.0, 0)
            .special(NaN, NaN, NaN));
  }

  // ---- whose slope is learned ------------------------------------------------------------------

  private static OpRow prelu() {
    return OpRow.of(
            Prelu.class,
            combine(Draw.shapes(2, 4), Draw.seeds())
                .as((shape, seed) -> preluOf(shape, Shape.of(shape.dim(1)), seed)))
        .oracle(
            c -> {
              Naive x = Naive.of(c.input(0));
              NdArray slope = c.input(1);
              return Naive.generate(
                      x.dims(), i -> Math.max(x.at(i), 0) + slope.at(i[1]) * Math.min(x.at(i), 0))
                  .as(DType.FLOAT64)
                  .value();
            })
        .calls(
            call(Ops::prelu, array(shape(2, 2), 1, -1, -2, -3), vector(0.5, 0.25))
                .gives(array(shape(2, 2), 1, -0.25, -1, -0.75))
                .gradients(array(shape(2, 2), 1, 0.25, 0.5, 0.25), vector(-2, -4)),
            call(Ops::prelu, array(shape(1, 2, 2), 1, -1, -2, 0), vector(2, 3))
                .cotangent(1, 10, 100, 1000)
                .gives(array(shape(1, 2, 2), 1, -2, -6, 0))
                .gradients(array(shape(1, 2, 2), 1, 20, 300, 3000), vector(-10, -200)),
            call(x -> Ops.square(Ops.prelu(x, half(x))), array(shape(2, 1), -2, 3))
                .derivatives(array(shape(2, 1), -1, 6), array(shape(2, 1), 0.5, 2)))
        .edges(
            preluOf(Shape.of(1, 1), Shape.of(1), 1),
            preluOf(Shape.of(0, 3), Shape.of(3), 1),
            preluOf(Shape.of(3, 0), Shape.of(0), 1),
            preluOf(Shape.of(2, 3, 0), Shape.of(3), 1),
            preluOf(Shape.of(1, 3, 1, 2, 1), Shape.of(3), 1))
        .refuses(
            ShapeException.class,
            "prelu: input [2, 3, 4] has 3 channels, but the slope has shape [4], expected [3] or"
                + " [1]",
            () -> Ops.prelu(zeros(2, 3, 4), zeros(4)))
        .refuses(
            ShapeException.class,
            "prelu: input [2, 3] has 3 channels, but the slope has shape [], expected [3] or [1]",
            () -> Ops.prelu(zeros(2, 3), zeros()))
        .refuses(
            ShapeException.class,
            "prelu: input [3] has no channels, and the slope has shape [3], expected [1]",
            () -> Ops.prelu(zeros(3), zeros(3)));
  }

  private static OpRow preluOfOneSlope() {
    return OpRow.of(
            Prelu.class,
            combine(Draw.shapes(0, 3), Draw.seeds())
                .as((shape, seed) -> preluOf(shape, Shape.of(1), seed)))
        .oracle(c -> c.input(0).map(x -> x > 0 ? x : x * c.input(1).at(0)))
        .calls(
            call(Ops::prelu, vector(1, -1, 0, -0.0, INF, -INF, NaN), vector(0.25))
                .gives(vector(1, -0.25, 0, -0.0, INF, -INF, NaN)),
            call(Ops::prelu, vector(3, 0, -2, INF), vector(0.25))
                .gradients(vector(1, 0.25, 0.25, 1), vector(-2)),
            call(Ops::prelu, scalar(-4), vector(0.5))
                .gives(scalar(-2))
                .gradients(scalar(0.5), vector(-4)),
            call(Ops::prelu, vector(-INF), vector(0)).gives(vector(NaN)))
        .edges(
            preluOf(Shape.of(), Shape.of(1), 1),
            preluOf(Shape.of(0), Shape.of(1), 1),
            preluOf(Shape.of(1), Shape.of(1), 1),
            preluOf(Shape.of(2, 1, 2), Shape.of(1), 1))
        .refuses(
            ShapeException.class,
            "prelu: input [] has no channels, and the slope has shape [], expected [1]",
            () -> Ops.prelu(zeros(), zeros()));
  }

  private static Tensor half(Tensor like) {
    return Tensor.constant(NdArray.full(like.dtype(), Shape.of(1), 0.5));
  }

  private static OpCase preluOf(Shape x, Shape slope, long seed) {
    return OpCase.of(new Prelu(), Draw.fill(seed, nonzero(), x, slope));
  }

  private static double elu(double alpha, double x) {
    return x > 0 ? x : alpha * Math.exp(x) - alpha;
  }
}
