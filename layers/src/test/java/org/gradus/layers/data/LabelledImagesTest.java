package org.gradus.layers.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.Stream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class LabelledImagesTest {
  private static final NdArray IMAGES =
      NdArray.generate(DType.FLOAT32, Shape.of(3, 1, 1, 2), i -> i);

  private static LabelledImages data(DType dtype) {
    return new LabelledImages(IMAGES.as(dtype), new int[] {2, 0, 1}, 3);
  }

  @Test
  void holdsImagesLabelsAndClasses() {
    LabelledImages data = data(DType.FLOAT32);

    assertSame(IMAGES, data.images());
    assertArrayEquals(new int[] {2, 0, 1}, data.labels());
    assertEquals(2, data.label(0));
    assertEquals(3, data.size());
    assertEquals(3, data.classes());
    assertEquals("3 images of [1, 1, 2] in 3 classes", data.toString());
  }

  @Test
  void copiesLabelsOnTheWayInAndOut() {
    int[] labels = {2, 0, 1};
    LabelledImages data = new LabelledImages(IMAGES, labels, 3);

    labels[0] = 7;
    data.labels()[1] = 7;

    assertArrayEquals(new int[] {2, 0, 1}, data.labels());
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void selectsInTheOrderAskedFor(DType dtype) {
    Batch batch = data(dtype).select(2, 0, 2);

    assertEquals(NdArray.of(new double[] {4, 5, 0, 1, 4, 5}, 3, 1, 1, 2).as(dtype), batch.images());
    assertArrayEquals(new int[] {1, 2, 1}, batch.labels());
    assertEquals(3, batch.size());
    assertEquals(0, data(dtype).select().size());
  }

  @Test
  void firstStopsAtTheEnd() {
    LabelledImages data = data(DType.FLOAT32);

    assertArrayEquals(new int[] {2, 0}, data.first(2).labels());
    assertEquals(NdArray.of(new float[] {0, 1, 2, 3}, 2, 1, 1, 2), data.first(2).images());
    assertEquals(0, data.first(0).size());
    assertEquals(3, data.first(9).size());
  }

  static Stream<Arguments> wrongCalls() {
    LabelledImages data = data(DType.FLOAT32);
    int[] two = {1, 1};
    return Stream.of(
        row(
            () -> new LabelledImages(IMAGES, two, 3),
            "labelled images: images [3, 1, 1, 2] with 2 labels, expected [2, C, H, W]"),
        row(
            () -> new LabelledImages(IMAGES.reshape(Shape.of(3, 2)), new int[3], 3),
            "labelled images: images [3, 2] with 3 labels, expected [3, C, H, W]"),
        row(
            () -> new LabelledImages(IMAGES, new int[] {0, 1, 3}, 3),
            "labelled images: label 3 of image 2, expected 0 to 2"),
        row(
            () -> new LabelledImages(IMAGES, new int[] {0, -1, 3}, 3),
            "labelled images: label -1 of image 1, expected 0 to 2"),
        row(
            () -> new LabelledImages(IMAGES, new int[3], 0),
            "labelled images: 0 classes, expected at least 1"),
        row(
            () -> new Batch(IMAGES, two),
            "batch: images [3, 1, 1, 2] with 2 labels, expected [2, C, H, W]"),
        row(() -> data.label(3), "labelled images: there is no image 3 among 3"),
        row(() -> data.select(0, -1), "labelled images: there is no image -1 among 3"),
        row(() -> data.first(-1), "labelled images: the first -1, expected at least 0"));
  }

  @ParameterizedTest
  @MethodSource("wrongCalls")
  void refuses(Executable call, String message) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  private static Arguments row(Executable call, String message) {
    return Arguments.of(call, message);
  }

  @Test
  void aBatchHoldsItsOwnLabels() {
    int[] given = {2, 0};
    Batch batch = new Batch(NdArray.zeros(DType.FLOAT32, Shape.of(2, 1, 1, 1)), given);
    given[0] = 7;
    batch.labels()[1] = 7;
    assertArrayEquals(new int[] {2, 0}, batch.labels());
  }

  @Test
  void aBatchRefusesLabelsThatCanBeNoClass() {
    NdArray images = NdArray.zeros(DType.FLOAT32, Shape.of(2, 1, 1, 1));
    var error =
        assertThrows(IllegalArgumentException.class, () -> new Batch(images, new int[] {0, -5}));
    assertEquals("batch: label -5 of image 1, expected at least 0", error.getMessage());
  }
}
