package org.gradus.layers.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.CrossEntropyOptions;
import org.gradus.layers.train.Loss;
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

    NdArray weights = Classes.weights(data(2, 0, 2, 2, 1, 2), 3);
    Loss weighted = Loss.crossEntropy(CrossEntropyOptions.mean().weights(weights));
    Tensor loss = weighted.of(x, batch);

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

  @Test
  void someClassesAreTakenOut() {
    NdArray inputs = NdArray.of(0f, 1f, 2f, 3f, 4f, 5f);
    Dataset data = Dataset.of(inputs, 7, 2, 0, 7, 3, 2);
    Batch some = Classes.only(data, 7, 2, 7, 900).all();
    assertEquals(NdArray.of(0f, 1f, 3f, 5f), some.inputs());
    assertArrayEquals(new int[] {7, 2, 7, 2}, some.labels());
    assertEquals(0, Classes.only(data).size());
    assertEquals(6, Classes.only(data, 0, 2, 3, 7).size());
  }

  @Property(tries = 200)
  void asManyOfEachClassAreDrawn(
      @ForAll @Size(max = 40) List<@IntRange(max = 5) Integer> labels,
      @ForAll @IntRange(min = 1, max = 4) int each,
      @ForAll long seed) {
    int[] known = labels.stream().mapToInt(i -> i).toArray();
    Dataset all =
        Dataset.of(NdArray.generate(DType.FLOAT32, Shape.of(known.length), i -> i), known);
    Map<Integer, Long> counts =
        labels.stream().collect(Collectors.groupingBy(k -> k, TreeMap::new, Collectors.counting()));
    if (counts.values().stream().anyMatch(count -> count < each)) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> Classes.few(all, each, seed))
              .getMessage();
      Map.Entry<Integer, Long> first =
          counts.entrySet().stream().filter(e -> e.getValue() < each).findFirst().orElseThrow();
      assertEquals(
          "few: %s examples of class %s, expected at least %s"
              .formatted(first.getValue(), first.getKey(), each),
          message);
      return;
    }
    Batch few = Classes.few(all, each, seed).all();
    assertEquals(counts.size() * each, few.size());
    int[] drawn = new int[6];
    for (int i = 0; i < few.size(); i++) {
      assertEquals(known[(int) few.inputs().at(i)], few.labels()[i]);
      assertTrue(i == 0 || few.inputs().at(i) > few.inputs().at(i - 1), "the order of the data");
      drawn[few.labels()[i]]++;
    }
    counts.keySet().forEach(k -> assertEquals(each, drawn[k]));
    assertEquals(few.inputs(), Classes.few(all, each, seed).all().inputs());
    if (each > 1) {
      Set<Double> more =
          DoubleStream.of(few.inputs().toDoubleArray()).boxed().collect(Collectors.toSet());
      NdArray fewer = Classes.few(all, each - 1, seed).all().inputs();
      assertTrue(DoubleStream.of(fewer.toDoubleArray()).allMatch(more::contains));
    }
  }

  /** Each of four examples is drawn about as often. */
  @Test
  void eachExampleIsAsLikely() {
    NdArray inputs = NdArray.of(0f, 1f, 2f, 3f, 4f, 5f);
    Dataset data = Dataset.of(inputs, 1, 1, 0, 1, 1, 0);
    int[] drawn = new int[6];
    for (int seed = 0; seed < 4000; seed++) {
      for (double i : Classes.few(data, 1, seed).all().inputs().toDoubleArray()) {
        drawn[(int) i]++;
      }
    }
    for (int i = 0; i < 6; i++) {
      assertEquals(data.labels()[i] == 1 ? 1000 : 2000, drawn[i], 150);
    }
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
    refused("only: class -1, expected at least 0", () -> Classes.only(data(0), 0, -1));
    refused("few: 0 examples of each class, expected at least 1", () -> Classes.few(data(0), 0, 1));
    refused(
        "few: 1 examples of class 3, expected at least 2",
        () -> Classes.few(data(4, 3, 9, 9), 2, 1));
    NdArray numbers = NdArray.of(0.5f, 1f);
    Dataset regression = Dataset.of(numbers.reshape(2, 1), numbers);
    assertThrows(IllegalStateException.class, () -> Classes.counts(regression, 2));
    assertThrows(IllegalStateException.class, () -> Classes.only(regression, 1));
    assertThrows(IllegalStateException.class, () -> Classes.few(regression, 1, 1));
  }
}
