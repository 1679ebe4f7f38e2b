package org.gradus.layers.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.Stream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.Flatten;
import org.gradus.layers.data.LabelledImages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsTest {

  @Test
  void countsTheRowsWhoseLargestLogitIsAtTheLabel() {
    NdArray logits = NdArray.of(new float[] {1, 2, 3, 3, 2, 1, -1, 0, -2, 5, 6, 7}, 4, 3);

    assertEquals(0.75, Metrics.accuracy(logits, 2, 0, 1, 0));
    assertEquals(0.75, Metrics.accuracy(logits.as(DType.FLOAT64), 2, 0, 1, 0));
  }

  @ParameterizedTest
  @CsvSource({
    // a tie goes to the first
    "1, 1, 0, 0, 1",
    "1, 1, 0, 1, 0",
    "0, 1, 1, 1, 1",
    "0, 1, 1, 2, 0",
    "0, -0.0, 0, 0, 1",
    "-Infinity, -Infinity, -Infinity, 0, 1",
    "Infinity, 1, 2, 0, 1",
    // NaN is never right, wherever it is
    "NaN, NaN, NaN, 0, 0",
    "NaN, 1, 2, 0, 0",
    "NaN, 1, 2, 2, 0",
    "2, NaN, 1, 0, 0",
    "2, 1, NaN, 0, 0"
  })
  void tiesAndSpecialValues(double a, double b, double c, int label, double accuracy) {
    NdArray logits = NdArray.of(new double[] {a, b, c}, 1, 3);

    assertEquals(accuracy, Metrics.accuracy(logits, label));
  }

  @Test
  void aSingleClassIsRightUnlessItIsNan() {
    assertEquals(0.5, Metrics.accuracy(NdArray.of(new double[] {-1, Double.NaN}, 2, 1), 0, 0));
  }

  @Test
  void ofNoRowsIsNan() {
    assertEquals(Double.NaN, Metrics.accuracy(NdArray.of(new double[0], 0, 3)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 100})
  void overADataSetInBatches(int batchSize) {
    NdArray images = NdArray.of(new float[] {1, 2, 4, 3, 5, 6, 8, 7}, 4, 1, 1, 2);
    LabelledImages data = new LabelledImages(images, new int[] {1, 0, 0, 0}, 2);

    assertEquals(0.75, Metrics.accuracy(new Flatten(), data, batchSize));
  }

  static Stream<Arguments> wrongCalls() {
    NdArray logits = NdArray.zeros(DType.FLOAT32, Shape.of(2, 3));
    return Stream.of(
        row(
            () -> Metrics.accuracy(logits, 1),
            "accuracy: logits [2, 3] with 1 labels, expected [1, classes]"),
        row(
            () -> Metrics.accuracy(logits.reshape(Shape.of(6)), 1),
            "accuracy: logits [6] with 1 labels, expected [1, classes]"),
        row(
            () -> Metrics.accuracy(logits, 1, 3),
            "accuracy: label 3 of row 1, expected 0 to 2 for logits [2, 3]"),
        row(
            () -> Metrics.accuracy(logits, -1, 2),
            "accuracy: label -1 of row 0, expected 0 to 2 for logits [2, 3]"));
  }

  @ParameterizedTest
  @MethodSource("wrongCalls")
  void refuses(Executable call, String message) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  private static Arguments row(Executable call, String message) {
    return Arguments.of(call, message);
  }
}
