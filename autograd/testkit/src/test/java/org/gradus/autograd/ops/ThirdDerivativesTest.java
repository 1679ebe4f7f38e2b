package org.gradus.autograd.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Function;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.check.GradientCheck;
import org.gradus.autograd.check.Report;
import org.gradus.autograd.testkit.Domain;
import org.junit.jupiter.api.Test;

/**
 * Derivatives of order 3, by differences of those of order 2, of what is easily wrong there: ops
 * whose VJP is an op of its own, with a VJP of its own.
 */
class ThirdDerivativesTest {

  @Test
  void normalize() {
    check("normalize", in -> Ops.normalize(in.get(0), 0.5, 1), Shape.of(2, 3));
  }

  @Test
  void batchNorm() {
    check(
        "batchNorm",
        in -> Ops.batchNorm(in.get(0), in.get(1), in.get(2), 0.5),
        Shape.of(3, 2),
        Shape.of(2),
        Shape.of(2));
  }

  @Test
  void layerNorm() {
    check(
        "layerNorm",
        in -> Ops.layerNorm(in.get(0), in.get(1), in.get(2), 0.5),
        Shape.of(2, 3),
        Shape.of(3),
        Shape.of(3));
  }

  @Test
  void groupNorm() {
    check(
        "groupNorm",
        in -> Ops.groupNorm(in.get(0), 1, in.get(1), in.get(2), 0.5),
        Shape.of(1, 2, 2),
        Shape.of(2),
        Shape.of(2));
  }

  @Test
  void variance() {
    check("variance", in -> Ops.variance(in.get(0), 0), Shape.of(3, 2));
  }

  @Test
  void softmaxAndItsLogarithm() {
    check("softmax", in -> Ops.softmax(in.get(0), 1), Shape.of(2, 3));
    check("logSoftmax", in -> Ops.logSoftmax(in.get(0), 0), Shape.of(3, 2));
    check("logSumExp", in -> Ops.logSumExp(in.get(0), 0), Shape.of(3, 2));
  }

  @Test
  void crossEntropy() {
    check("crossEntropy", in -> Ops.crossEntropy(in.get(0), 1, 0), Shape.of(2, 3));
  }

  @Test
  void activations() {
    check("sigmoid", in -> Ops.sigmoid(in.get(0)), Shape.of(5));
    check("tanh", in -> Ops.tanh(in.get(0)), Shape.of(5));
    check("silu", in -> Ops.silu(in.get(0)), Shape.of(5));
    check("gelu", in -> Ops.gelu(in.get(0)), Shape.of(5));
    check("elu", in -> Ops.elu(in.get(0), 1.5), Shape.of(5));
    check("softplus", in -> Ops.softplus(in.get(0)), Shape.of(5));
    check("erf", in -> Ops.erf(in.get(0)), Shape.of(5));
    check("pow", in -> Ops.pow(in.get(0), -2), Shape.of(5));
    check("div", in -> Ops.div(in.get(0), in.get(1)), Shape.of(2, 2), Shape.of(2));
  }

  private static void check(String name, Function<List<Tensor>, Tensor> f, Shape... shapes) {
    NdArray[] inputs = new NdArray[shapes.length];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = Domain.nonzero().draw(shapes[i], 11 + i).map(x -> x < 0 ? x - 0.5 : x + 0.5);
    }
    Report report = GradientCheck.of(name, f).orders(3).tolerance(1e-5).check(inputs);
    assertEquals(List.of(), report.notDifferentiable());
    assertTrue(report.comparisons() > 0);
  }
}
