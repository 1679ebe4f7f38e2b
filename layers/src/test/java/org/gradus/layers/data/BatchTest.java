package org.gradus.layers.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
            part.images());
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
  void noPartsAreRefused() {
    Batch batch = batch(2);
    assertEquals(
        "batch: 0 parts, expected at least 1",
        assertThrows(IllegalArgumentException.class, () -> batch.split(0)).getMessage());
  }
}
