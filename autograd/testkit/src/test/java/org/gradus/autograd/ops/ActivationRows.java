package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static org.gradus.autograd.ops.Elementwise.unary;
import static org.gradus.autograd.ops.FunctionRows.distribution;
import static org.gradus.autograd.ops.Values.INF;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.scalar;
import static org.gradus.autograd.testkit.Call.vector;
import static org.gradus.autograd.testkit.Domain.nonzero;

import java.util.stream.Stream;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpRow;

/** The rows of the activations. */
final class ActivationRows {
  private ActivationRows() {}

  static Stream<OpRow> rows() {
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
                call(Ops::sigmoid, vector(18)).nearly().gradients(vector(1.5229979280808073e-08)),
                call(Ops::sigmoid, vector(-18)).nearly().gradients(vector(1.5229979280808073e-08)),
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

  private static double elu(double alpha, double x) {
    return x > 0 ? x : alpha * Math.exp(x) - alpha;
  }
}
