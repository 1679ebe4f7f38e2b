package org.gradus.layers.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;

class LabelsTest {

  /** Large images of two classes, of which at most a few are made together. */
  private record Large(int size) implements Dataset {
    @Override
    public Batch select(int... numbers) {
      assertTrue(numbers.length <= 4, numbers.length + " images at once");
      return new Batch(
          NdArray.zeros(DType.FLOAT32, Shape.of(numbers.length, 1, 1024, 1024)),
          IntStream.of(numbers).map(i -> i % 2).toArray());
    }
  }

  @Test
  void largeImagesAreReadAFewAtATime() {
    Dataset images = new Large(9);
    assertArrayEquals(new int[] {0, 1, 0, 1, 0, 1, 0, 1, 0}, images.labels());
    assertArrayEquals(new int[] {5, 4}, Classes.counts(images, 2));
    assertEquals(6, images.stratified(0.7, 1).train().size());
    assertEquals(List.of(0.0), Normalization.of(images).mean());
    assertArrayEquals(new int[] {1, 0}, images.map(batch -> batch).subset(3, 4).labels());
  }

  @Test
  void onlyTheChosenMustBeClasses() {
    NdArray targets = NdArray.of(3f, -1f, 2f);
    Dataset data = Dataset.of(targets, targets);
    assertArrayEquals(new int[] {2, 3}, data.subset(2, 0).labels());
    assertArrayEquals(new int[] {3, 2}, data.subset(2, 0).subset(1, 0).labels());
    assertArrayEquals(new int[] {3, 2}, data.and(data).subset(3, 2).labels());
    assertArrayEquals(new int[] {2}, data.map(batch -> batch).subset(2).labels());
    assertEquals(
        "labels: the target -1.0 of example 1 is no class, expected a whole number of at least 0",
        assertThrows(IllegalStateException.class, data::labels).getMessage());
  }

  @Test
  void ofSequences() {
    NdArray one = NdArray.of(1f);
    assertArrayEquals(new int[] {4, 7}, Ragged.of(List.of(one, one), 4, 7).labels());
    assertArrayEquals(new int[] {7}, Ragged.of(List.of(one, one), 4, 7).subset(1).labels());
  }
}
