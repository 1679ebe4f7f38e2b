package org.gradus.layers.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What augmentations refuse, in words, and what they leave alone. */
class AugmentationsTest {
  private static Stream<Arguments> images() {
    return Stream.of(
        Arguments.of("crop", Augmentations.crop(1, 1, 0)),
        Arguments.of("flip", Augmentations.flip()),
        Arguments.of("flipVertically", Augmentations.flipVertically()),
        Arguments.of("shift", Augmentations.shift(1)),
        Arguments.of("rotate", Augmentations.rotate(10)),
        Arguments.of("scale", Augmentations.scale(0.5, 2)),
        Arguments.of("affine", Augmentations.affine(1, 10, 0.5, 2)),
        Arguments.of("erase", Augmentations.erase(1, 0.5, 0.5)),
        Arguments.of("colour", Augmentations.colour(1, 1, 1)));
  }

  @ParameterizedTest
  @MethodSource("images")
  void whatIsNoImageIsRefused(String name, Augmentation augmentation) {
    for (Shape shape : new Shape[] {Shape.of(2), Shape.of(2, 2), Shape.of(1, 1, 2, 2)}) {
      NdArray input = NdArray.zeros(DType.FLOAT32, shape);
      assertEquals(
          name + ": an input of " + shape + ", expected [C, H, W]",
          assertThrows(
                  ShapeException.class, () -> augmentation.apply(input, new SplittableRandom(1)))
              .getMessage());
    }
  }

  @ParameterizedTest
  @MethodSource("images")
  void imagesStayAsTheyWereAndEmptyOnesAreImages(String name, Augmentation augmentation) {
    SplittableRandom random = new SplittableRandom(1);
    for (DType dtype : DType.values()) {
      NdArray image = NdArray.generate(dtype, Shape.of(3, 4, 5), i -> i + 1);
      for (int i = 0; i < 20; i++) {
        assertEquals(dtype, augmentation.apply(image, random).dtype(), name);
      }
      assertEquals(NdArray.generate(dtype, Shape.of(3, 4, 5), i -> i + 1), image, name);
    }
    if (!name.equals("crop")) {
      NdArray empty = NdArray.zeros(DType.FLOAT32, Shape.of(3, 0, 5));
      assertEquals(empty, augmentation.apply(empty, random), name);
    }
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void sizesOutOfRangeAreRefused() {
    String crop =
        "crop: a window of %s x %s with padding %s, expected at least 1 x 1 and 0 to 65536";
    refused(crop.formatted(0, 1, 2), () -> Augmentations.crop(0, 1, 2));
    refused(crop.formatted(1, 0, 2), () -> Augmentations.crop(1, 0, 2));
    refused(crop.formatted(1, 1, -1), () -> Augmentations.crop(1, 1, -1));
    refused(crop.formatted(1, 1, 65537), () -> Augmentations.crop(1, 1, 65537));
    String least = ", expected at least 0, and a float32 number";
    refused("shift: pixels -1.0" + least, () -> Augmentations.shift(-1));
    refused("shift: pixels NaN" + least, () -> Augmentations.shift(Double.NaN));
    refused("rotate: degrees -0.5" + least, () -> Augmentations.rotate(-0.5));
    refused("noise: deviation Infinity" + least, () -> Augmentations.noise(1 / 0.0));
    refused("affine: pixels -2.0" + least, () -> Augmentations.affine(-2, 1, 1, 1));
    refused("affine: degrees -3.0" + least, () -> Augmentations.affine(2, -3, 1, 1));
    String factors = ", expected 0.000001 <= least <= most <= 1000000";
    refused("scale: factors 0.0 to 1.0" + factors, () -> Augmentations.scale(0, 1));
    refused("scale: factors 2.0 to 1.0" + factors, () -> Augmentations.scale(2, 1));
    refused("scale: factors 1.0 to NaN" + factors, () -> Augmentations.scale(1, Double.NaN));
    refused("affine: factors 1.0 to 1.0E7" + factors, () -> Augmentations.affine(0, 0, 1, 1e7));
  }

  @Test
  void probabilitiesAndSharesOutOfRangeAreRefused() {
    refused(
        "sometimes: probability 1.5, expected 0 to 1",
        () -> Augmentations.sometimes(1.5, Augmentations.flip()));
    refused(
        "sometimes: probability NaN, expected 0 to 1",
        () -> Augmentations.sometimes(Double.NaN, Augmentations.flip()));
    refused("erase: probability -0.1, expected 0 to 1", () -> Augmentations.erase(-0.1, 0.1, 0.2));
    String shares = ", expected 0 < least <= most <= 1";
    refused("erase: shares 0.0 to 0.2" + shares, () -> Augmentations.erase(1, 0, 0.2));
    refused("erase: shares 0.3 to 0.2" + shares, () -> Augmentations.erase(1, 0.3, 0.2));
    refused("erase: shares 0.3 to 1.2" + shares, () -> Augmentations.erase(1, 0.3, 1.2));
    refused("colour: brightness 1.1, expected 0 to 1", () -> Augmentations.colour(1.1, 0, 0));
    refused("colour: contrast -1.0, expected 0 to 1", () -> Augmentations.colour(1, -1, 0));
    refused("colour: saturation NaN, expected 0 to 1", () -> Augmentations.colour(1, 1, 0 / 0.0));
  }

  @Test
  void imagesThatDoNotFitAreRefused() {
    SplittableRandom random = new SplittableRandom(1);
    NdArray image = NdArray.zeros(DType.FLOAT32, Shape.of(2, 4, 5));
    refused(
        "crop: an input of [2, 4, 5] with padding 1, expected at least [C, 7, 5] when padded",
        () -> Augmentations.crop(7, 5, 1).apply(image, random));
    refused(
        "crop: an input of [2, 4, 5] with padding 1, expected at least [C, 6, 8] when padded",
        () -> Augmentations.crop(6, 8, 1).apply(image, random));
    refused(
        "colour: an input of [2, 4, 5], expected [1, H, W] or [3, H, W]",
        () -> Augmentations.colour(1, 1, 1).apply(image, random));
  }

  // ---- batches ---------------------------------------------------------------------------------

  @Test
  void eachInputOfABatchIsAlteredByItself() {
    NdArray inputs = NdArray.generate(DType.FLOAT64, Shape.of(3, 1, 1, 2), i -> i);
    Batch batch = new Batch(inputs, 4, 5, 6);
    Augmentation noise = Augmentations.crop(2, 4, 2).then(Augmentations.noise(1));

    Batch made = noise.of(batch, 7, 30, 10, 20);

    assertEquals(Shape.of(3, 1, 2, 4), made.inputs().shape());
    assertEquals(DType.FLOAT64, made.inputs().dtype());
    assertEquals(batch.targets(), made.targets());
    int[] numbers = {30, 10, 20};
    for (int i = 0; i < 3; i++) {
      NdArray input = NdArray.of(new double[] {2 * i, 2 * i + 1}, 1, 1, 2);
      assertEquals(
          noise.apply(input, new SplittableRandom(Seeds.of(7, numbers[i]))).reshape(1, 1, 2, 4),
          Rows.of(made.inputs(), i));
    }
    Batch none = new Batch(Rows.of(inputs), new int[0]);
    assertEquals(none, noise.of(none, 7));
  }

  @Test
  void batchesThatCannotBeMadeAreRefused() {
    Batch batch = new Batch(NdArray.of(new float[] {1, 2}, 2, 1), 0, 1);
    refused(
        "augmentation: 1 numbers of 2 examples, expected as many",
        () -> Augmentations.noise(1).of(batch, 1, 5));
    refused(
        "augmentation: it makes an input of FLOAT32 [2] beside one of FLOAT32 [1], expected one"
            + " kind",
        () -> growing().of(batch, 1, 5, 6));
    Augmentation changing = (x, random) -> x.at(0) == 1 ? x : x.as(DType.FLOAT64);
    refused(
        "augmentation: it makes an input of FLOAT64 [1] beside one of FLOAT32 [1], expected one"
            + " kind",
        () -> changing.of(batch, 1, 5, 6));
  }

  private static Augmentation growing() {
    return (x, random) -> NdArray.zeros(DType.FLOAT32, Shape.of((int) x.at(0)));
  }
}
