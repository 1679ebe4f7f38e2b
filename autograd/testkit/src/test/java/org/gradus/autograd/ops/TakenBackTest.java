package org.gradus.autograd.ops;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.memory.Buffers;
import org.gradus.autograd.testkit.DrawnCases;
import org.gradus.autograd.testkit.OpRow;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A walk that takes memory back gets that of every op's inputs and output: neither the op nor its
 * VJPs hold what they look at, or else each step of a training would leave it as garbage.
 */
class TakenBackTest {
  private static final int CASES = 10;

  static Stream<OpRow> rows() {
    return new OpsGateTest().rows();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void nothingIsHeld(OpRow row) {
    DrawnCases.forAll(row, CASES, TakenBackTest::takeBack);
  }

  /** An array of one element may be held: its number is read, as that of a cotangent is. */
  private static void takeBack(Function<List<Tensor>, Tensor> function, List<NdArray> arrays) {
    List<Tensor> variables = arrays.stream().map(Tensor::variable).toList();
    List<Tensor> inputs = variables.stream().map(x -> Ops.mul(x, 1)).toList();
    Tensor y = function.apply(inputs);
    if (!y.isTracked()) {
      return;
    }
    boolean fromPool = y.read(array -> Buffers.of(array).known().keeps());
    Gradients gradients = Gradients.backward(Ops.sum(Ops.mul(y, 2)), Gradients.Mode.CONSUMING);
    for (int i = 0; i < inputs.size(); i++) {
      if (gradients.reached(variables.get(i))) {
        assertGone("input " + i, inputs.get(i));
      }
    }
    if (fromPool) {
      assertGone("the output", y);
    }
  }

  private static void assertGone(String what, Tensor x) {
    if (x.shape().size() > 1) {
      assertThrows(IllegalStateException.class, x::value, what);
    }
  }
}
