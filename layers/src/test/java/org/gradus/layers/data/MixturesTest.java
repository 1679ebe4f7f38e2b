package org.gradus.layers.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.SplittableRandom;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.junit.jupiter.api.Test;

class MixturesTest {
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  @Test
  void aRowWithoutAShareIsNotLookedAt() {
    NdArray rows = NdArray.of(new float[] {1, 2, INFINITY, Float.NaN}, 2, 2);
    int[] others = {1, 0};
    assertEquals(rows, Mixtures.of(rows, others, 1));
    assertEquals(
        NdArray.of(new float[] {INFINITY, Float.NaN, 1, 2}, 2, 2), Mixtures.of(rows, others, 0));
    assertEquals(INFINITY, Mixtures.of(rows, others, 0.5).get(0, 0));
  }

  @Test
  void whatIsTooLargeIsToldByItsFunction() {
    Batch batch = new Batch(NdArray.zeros(DType.FLOAT32, Shape.of(2, 1)), 0, 1);
    assertEquals(
        "mixup: [2, 2147483647] has at least 4294967294 elements, and an array holds at most"
            + " 2147483639",
        assertThrows(
                ShapeException.class,
                () -> Mixing.mixup(1, Integer.MAX_VALUE).apply(batch, new SplittableRandom(1)))
            .getMessage());
    Augmentation crop = Augmentations.crop(65_000, 65_000, 1 << 16);
    NdArray image = NdArray.zeros(DType.FLOAT32, Shape.of(1, 1, 1));
    assertEquals(
        "crop: [1, 65000, 65000] has at least 4225000000 elements, and an array holds at most"
            + " 2147483639",
        assertThrows(ShapeException.class, () -> crop.apply(image, new SplittableRandom(1)))
            .getMessage());
  }
}
