package org.gradus.layers.data;

import static org.gradus.autograd.ops.Ops.logSoftmax;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.nllLoss;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ClassesTest {
  private static Dataset data(int... labels) {
    return Dataset.of(NdArray.zeros(DType.FLOAT32, Shape.of(labels.length, 1)), labels);
  }

  @Test
  void classesAreCounted() {
    assertArrayEquals(new int[] {2, 4, 0}, Classes.counts(data(1, 1, 1, 1, 0, 0), 3));
    assertArrayEquals(new int[] {0, 0}, Classes.counts(data(), 2));
    int[] many = IntStream.range(0, 3000).map(i -> i % 3 == 0 ? 2 : 0).toArray();
    assertArrayEquals(new int[] {2000, 0, 1000}, Classes.counts(data(many), 3));
  }

  /** The example of scikit-learn's compute_class_weight. */
  @Test
  void weightsAreBalanced() {
    assertEquals(NdArray.of(1.5f, 0.75f), Classes.weights(data(1, 1, 1, 1, 0, 0), 2));
    assertEquals(NdArray.of(1f, 0f, 0.5f), Classes.weights(data(0, 2, 2), 3));
    assertEquals(NdArray.of(0f, 0f), Classes.weights(data(), 2));
  }

  /** The program of the documentation. */
  @Test
  void aCrossEntropyHasWeights() {
    Batch batch = data(2, 0, 2, 2, 1, 2).all();
    NdArray logits = NdArray.randn(DType.FLOAT32, Shape.of(6, 3), new SplittableRandom(1));
    Tensor x = Tensor.variable(logits);

    Tensor weights = Tensor.constant(Classes.weights(data(2, 0, 2, 2, 1, 2), 3));
    Tensor loss = nllLoss(mul(logSoftmax(x, 1), weights), batch.labels());

    double[] balanced = {2, 2, 0.5};
    double expected = 0;
    NdArray gradient = Gradients.backward(loss).of(x).value();
    for (int n = 0; n < 6; n++) {
      int label = batch.labels()[n];
      double sum = 0;
      for (int k = 0; k < 3; k++) {
        sum += Math.exp(logits.get(n, k));
      }
      expected += balanced[label] * (Math.log(sum) - logits.get(n, label)) / 6;
      for (int k = 0; k < 3; k++) {
        double slope = Math.exp(logits.get(n, k)) / sum - (k == label ? 1 : 0);
        assertEquals(balanced[label] * slope / 6, gradient.get(n, k), 1e-6);
      }
    }
    assertEquals(expected, loss.value().item(), 1e-6);
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void otherClassesAreRefused() {
    refused("counts: 0 classes, expected at least 1", () -> Classes.counts(data(0), 0));
    refused("weights: -1 classes, expected at least 1", () -> Classes.weights(data(0), -1));
    refused("counts: label 2 of example 1, expected 0 to 1", () -> Classes.counts(data(0, 2), 2));
    refused("weights: label 2 of example 0, expected 0 to 1", () -> Classes.weights(data(2), 2));
    NdArray numbers = NdArray.of(0.5f, 1f);
    Dataset regression = Dataset.of(numbers.reshape(2, 1), numbers);
    assertThrows(IllegalStateException.class, () -> Classes.counts(regression, 2));
  }
}
