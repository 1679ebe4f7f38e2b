package org.gradus.layers.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchTest {
  private static Batch batch(int size) {
    return new Batch(
        NdArray.generate(DType.FLOAT32, Shape.of(size, 1, 2, 1), i -> i),
        IntStream.range(0, size).toArray());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7, 8, 9})
  void partsAreTheBatchInOrder(int size) {
    for (int parts = 1; parts <= 10; parts++) {
      List<Batch> split = batch(size).split(parts);
      assertEquals(Math.min(parts, size), split.size());
      int next = 0;
      for (Batch part : split) {
        int from = next;
        next += part.size();
        assertEquals(
            size / split.size(), part.size() - (part.size() * split.size() > size ? 1 : 0));
        assertArrayEquals(IntStream.range(from, next).toArray(), part.labels());
        assertEquals(
            NdArray.generate(DType.FLOAT32, Shape.of(part.size(), 1, 2, 1), i -> 2 * from + i),
            part.inputs());
      }
      assertEquals(size, next);
    }
  }

  @Test
  void aBatchOfNothingIsOnePart() {
    List<Batch> split = batch(0).split(3);
    assertEquals(1, split.size());
    assertEquals(0, split.get(0).size());
  }

  @Test
  void targetsAreClassesNumbersVectorsOrImages() {
    NdArray inputs = NdArray.zeros(DType.FLOAT64, Shape.of(2, 3));
    assertArrayEquals(new int[] {7, 1 << 24}, new Batch(inputs, 7, 1 << 24).labels());
    NdArray images = NdArray.zeros(DType.FLOAT32, Shape.of(2, 3, 4, 4));
    assertEquals(images, new Batch(inputs, images).targets());
    assertEquals(
        "batch of 2: FLOAT64 [3] and FLOAT32 [3, 4, 4]", new Batch(inputs, images).toString());
  }

  static Stream<Arguments> wrongCalls() {
    NdArray two = NdArray.zeros(DType.FLOAT32, Shape.of(2, 3));
    NdArray scalar = NdArray.scalar(DType.FLOAT32, 1);
    return Stream.of(
        row(
            () -> new Batch(two, 1),
            "batch: inputs [2, 3] and targets [1], expected as many of each"),
        row(
            () -> new Batch(scalar, scalar),
            "batch: inputs [] and targets [], expected as many of each"),
        row(() -> new Batch(two, 0, -5), "batch: label -5 of example 1, expected 0 to 16777216"),
        row(
            () -> new Batch(two, 0, (1 << 24) + 1),
            "batch: label 16777217 of example 1, expected 0 to 16777216"),
        row(() -> new Batch(two, 1, 1).split(0), "batch: 0 parts, expected at least 1"));
  }

  @ParameterizedTest
  @MethodSource("wrongCalls")
  void refuses(Executable call, String message) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  static Stream<Arguments> noClasses() {
    NdArray two = NdArray.zeros(DType.FLOAT32, Shape.of(2, 3));
    String expected = ", expected a whole number of at least 0";
    return Stream.of(
        row(
            () -> new Batch(two, two).labels(),
            "labels: the targets are FLOAT32 [2, 3], expected the class of each example, [2]"),
        row(
            () -> new Batch(two, NdArray.of(new float[] {1, 0.5f}, 2)).labels(),
            "labels: the target 0.5 of example 1 is no class" + expected),
        row(
            () -> new Batch(two, NdArray.of(new double[] {-1, 0}, 2)).labels(),
            "labels: the target -1.0 of example 0 is no class" + expected),
        row(
            () -> new Batch(two, NdArray.of(new double[] {1, 1e12}, 2)).labels(),
            "labels: the target 1.0E12 of example 1 is no class" + expected),
        row(
            () -> new Batch(two, NdArray.of(new double[] {1, Double.NaN}, 2)).labels(),
            "labels: the target NaN of example 1 is no class" + expected));
  }

  @ParameterizedTest
  @MethodSource("noClasses")
  void targetsThatAreNoClassesAreToldWhenClassesAreAskedFor(Executable call, String message) {
    assertEquals(message, assertThrows(IllegalStateException.class, call).getMessage());
  }

  private static Arguments row(Executable call, String message) {
    return Arguments.of(call, message);
  }

  @Test
  void labelsAreCopied() {
    int[] given = {2, 0};
    Batch batch = new Batch(NdArray.zeros(DType.FLOAT32, Shape.of(2, 1)), given);
    given[0] = 7;
    batch.labels()[1] = 7;
    assertArrayEquals(new int[] {2, 0}, batch.labels());
  }
}
