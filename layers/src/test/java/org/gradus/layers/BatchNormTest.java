package org.gradus.layers;

import static org.gradus.autograd.ops.Ops.mul;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchNormTest {

  /** Channels (1, 3, 5, 7) and (0, 0, 6, 6): means 4 and 3, variances 5 and 9. */
  private static Tensor batch(DType dtype) {
    return Tensor.constant(NdArray.of(new double[] {1, 3, 0, 0, 5, 7, 6, 6}, 2, 2, 2).as(dtype));
  }

  @ParameterizedTest
  @EnumSource
  void trainsByTheStatisticsOfTheBatch(DType dtype) {
    BatchNorm1d norm = new BatchNorm1d(2, 1e-30, 0.1, dtype);
    NdArray y = norm.forward(batch(dtype), Pass.training(1, 1)).value();
    double[] expected = {
      -3 / Math.sqrt(5), -1 / Math.sqrt(5), -1, -1, 1 / Math.sqrt(5), 3 / Math.sqrt(5), 1, 1
    };
    for (int i = 0; i < 8; i++) {
      assertEquals(expected[i], y.at(i), 1e-6);
    }
  }

  /** The running variance is that of a sample: 5 and 9 times 4/3. */
  @ParameterizedTest
  @EnumSource
  void followsTheStatisticsWhenTheStepIsTaken(DType dtype) {
    BatchNorm1d norm = new BatchNorm1d(2, 1e-5, 0.25, dtype);
    for (int step = 1; step <= 2; step++) {
      Pass pass = Pass.training(1, step);
      Tensor unused = norm.forward(batch(dtype), pass);
      Tensor again = norm.forward(batch(dtype), pass);
      assertEquals(unused.value(), again.value());
      pass.commit();
    }
    assertEquals(List.of(1.75, 1.3125), numbers(norm.runningMean()));
    double first = 0.75 * (0.75 + 0.25 * 20 / 3) + 0.25 * 20 / 3;
    double second = 0.75 * (0.75 + 0.25 * 12) + 0.25 * 12;
    assertEquals(first, norm.runningVariance().value().at(0), 1e-6);
    assertEquals(second, norm.runningVariance().value().at(1), 1e-6);
  }

  private static List<Double> numbers(Parameter parameter) {
    return List.of(parameter.value().at(0), parameter.value().at(1));
  }

  @Test
  void infersByTheRunningStatistics() {
    BatchNorm2d norm = new BatchNorm2d(1);
    Tensor x =
        Tensor.constant(
            NdArray.generate(DType.FLOAT32, Shape.of(64, 1, 2, 2), i -> 5 + Math.sin(i)));
    for (int step = 0; step < 200; step++) {
      Pass pass = Pass.training(1, step);
      Tensor unused = norm.forward(x, pass);
      pass.commit();
    }
    NdArray trained = norm.forward(x, Pass.training(1, 0)).value();
    NdArray inferred = norm.predict(x.value());
    for (int i = 0; i < 256; i++) {
      assertEquals(trained.at(i), inferred.at(i), 0.01);
    }
    NdArray scaled = norm.predict(mul(x, 3).value());
    assertTrue(scaled.at(0) > 10, () -> scaled.at(0) + " is normalised by its own batch");
  }
}
