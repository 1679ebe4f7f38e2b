package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.reshape;
import static org.gradus.autograd.ops.Ops.slice;
import static org.gradus.autograd.ops.Ops.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.functional.PerExample;
import org.gradus.autograd.testkit.DrawnCases;
import org.gradus.autograd.testkit.OpRow;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Gradients by each input of each op, example by example: that of example n is the VJP of a
 * cotangent that is 0 but for row n, whatever the op does with rows. So what {@link BatchingRules}
 * says of an op is tried with the cases of the gate.
 */
class PerExampleOpsTest {
  private static final int CASES = 25;
  private static final double TOLERANCE = 1e-12;

  static Stream<OpRow> rows() {
    return new OpsGateTest().rows();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void areVjpsOfOneRow(OpRow row) {
    DrawnCases.forAll(row, CASES, PerExampleOpsTest::compare);
  }

  private static void compare(Function<List<Tensor>, Tensor> function, List<NdArray> arrays) {
    Tensor[] variables = arrays.stream().map(Tensor::variable).toArray(Tensor[]::new);
    Tensor y = function.apply(List.of(variables));
    if (!y.isTracked() || y.shape().rank() == 0) {
      return;
    }
    int count = y.shape().dim(0);
    NdArray weights = NdArray.generate(y.dtype(), y.shape(), i -> Math.sin(1 + i) + 0.01 * i);
    PerExample made =
        PerExample.of(
            c -> sum(reshape(mul(y, c), count, y.shape().size(1, y.shape().rank())), 1),
            weights,
            variables);
    for (Tensor variable : variables) {
      NdArray all = made.gradients(variable);
      for (int n = 0; n < count; n++) {
        int row = n;
        int size = y.shape().size() / count;
        NdArray one =
            NdArray.generate(
                y.dtype(), y.shape(), i -> i / Math.max(1, size) == row ? weights.at(i) : 0);
        NdArray expected =
            Gradients.pullback(y, Tensor.constant(one), Gradients.Mode.VALUES, variables)
                .of(variable)
                .value();
        assertClose(expected, row(all, n));
      }
    }
  }

  private static NdArray row(NdArray all, int n) {
    int[] dims = all.shape().toArray();
    Shape shape = Shape.of(Arrays.copyOfRange(dims, 1, dims.length));
    return slice(Tensor.constant(all), 0, n, n + 1).value().reshape(shape);
  }

  private static void assertClose(NdArray expected, NdArray actual) {
    assertEquals(expected.shape(), actual.shape());
    double difference = expected.plusScaled(-1, actual).norm();
    assertTrue(
        difference <= TOLERANCE * expected.norm() || expected.equals(actual),
        () -> "expected " + expected + " but was " + actual);
  }
}
