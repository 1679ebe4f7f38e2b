package org.gradus.examples;

import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sigmoid;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.check.GradientCheck;
import org.gradus.autograd.check.GradientCheckError;
import org.gradus.autograd.check.Report;
import org.gradus.examples.YourOwnOp.Softplus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YourOwnOpTest {

  @Test
  void softplusHasTheRightValues() {
    Tensor x = Tensor.constant(NdArray.of(new double[] {-1000, -1, 0, 1, 1000}, 5));
    double[] expected = {0, Math.log(1 + Math.exp(-1)), Math.log(2), Math.log(1 + Math.E), 1000};
    assertArrayEquals(expected, Softplus.softplus(x).value().toDoubleArray(), 1e-15);
  }

  @Test
  void softplusPassesTheGradientCheckAtBothOrders() {
    Report report = YourOwnOp.check();
    assertTrue(report.comparisons() > 10, report::toString);
    assertTrue(report.largestError() < 1e-8, report::toString);
    assertEquals(List.of(), report.notDifferentiable());
  }

  /** Softplus with y in place of sigmoid(x). */
  record WrongSoftplus() implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      return new Softplus().forward(in);
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      return mul(g, y);
    }
  }

  /** Softplus whose first derivative is right and whose second is 0: the input is detached. */
  record DetachedSoftplus() implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      return new Softplus().forward(in);
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      return mul(g, sigmoid(in.get(0).detach()));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {-2, 0, 0.5, 3})
  void aWrongVjpIsCaught(double at) {
    NdArray x = NdArray.of(new double[] {at}, 1);
    GradientCheck check = GradientCheck.of(new WrongSoftplus());
    GradientCheckError error = assertThrows(GradientCheckError.class, () -> check.check(x));
    assertTrue(error.getMessage().contains("WrongSoftplus"), error::getMessage);
  }

  @Test
  void aDerivativeThatIsWrongAtTheSecondOrderOnlyIsCaught() {
    NdArray x = NdArray.of(new double[] {0.5}, 1);
    GradientCheck check = GradientCheck.of(new DetachedSoftplus());
    check.orders(1).check(x);
    assertThrows(GradientCheckError.class, () -> check.check(x));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aNetworkWithSoftplusLearnsExclusiveOr(long seed) {
    YourOwnOp.Learned learned = YourOwnOp.learnExclusiveOr(seed);
    assertArrayEquals(new double[] {0, 1, 1, 0}, learned.answers().toDoubleArray(), 0.05);
    assertTrue(learned.loss() < 1e-3, learned::toString);
  }

  @Test
  void printsTheCheckAndTheAnswers() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    YourOwnOp.run(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
    assertEquals(6, lines.size());
    assertTrue(lines.get(0).startsWith("softplus: "), lines.get(0));
    assertTrue(lines.get(2).startsWith("0 xor 1 = "), lines.get(2));
  }
}
