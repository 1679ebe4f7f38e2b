package org.gradus.layers.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;

/** Augmentations by their definitions. */
class AugmentationsProperties {

  /** An image of which all pixels differ, and none is 0. */
  private static NdArray numbered(DType dtype, int channels, int height, int width) {
    return NdArray.generate(dtype, Shape.of(channels, height, width), i -> i + 1);
  }

  private static DType dtype(boolean isDouble) {
    return isDouble ? DType.FLOAT64 : DType.FLOAT32;
  }

  /** A pixel of the image; 0 outside. */
  private static double pixel(NdArray image, int c, int i, int j) {
    Shape shape = image.shape();
    boolean isInside = i >= 0 && i < shape.dim(1) && j >= 0 && j < shape.dim(2);
    return isInside ? image.get(c, i, j) : 0;
  }

  /** The window of an image from a place on, which may lie outside. */
  private static NdArray window(NdArray image, int top, int left, int height, int width) {
    return NdArray.generate(
        image.dtype(),
        Shape.of(image.shape().dim(0), height, width),
        k -> pixel(image, k / (height * width), top + k / width % height, left + k % width));
  }

  // ---- crop and flips --------------------------------------------------------------------------

  @Property(tries = 300)
  void aCropIsAWindowOfThePaddedImage(
      @ForAll @IntRange(min = 1, max = 5) int height,
      @ForAll @IntRange(min = 1, max = 5) int width,
      @ForAll @IntRange(max = 3) int padding,
      @ForAll @IntRange(min = 1, max = 3) int channels,
      @ForAll boolean isDouble,
      @ForAll long seed) {
    NdArray image = numbered(dtype(isDouble), channels, height, width);
    int rows = 1 + new SplittableRandom(seed).nextInt(height + 2 * padding);
    int columns = 1 + new SplittableRandom(~seed).nextInt(width + 2 * padding);

    NdArray made =
        Augmentations.crop(rows, columns, padding).apply(image, new SplittableRandom(seed));

    int found = 0;
    for (int top = -padding; top + rows <= height + padding; top++) {
      for (int left = -padding; left + columns <= width + padding; left++) {
        found += window(image, top, left, rows, columns).equals(made) ? 1 : 0;
      }
    }
    assertTrue(found >= 1, () -> made + " is no window of " + image);
    assertEquals(numbered(dtype(isDouble), channels, height, width), image);
  }

  @Test
  void eachPlaceOfACropIsEquallyLikely() {
    NdArray image = numbered(DType.FLOAT32, 1, 3, 4);
    Augmentation crop = Augmentations.crop(3, 4, 1);
    Map<String, Integer> counts = new TreeMap<>();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 9000; i++) {
      counts.merge(crop.apply(image, random).toString(), 1, Integer::sum);
    }
    assertEquals(9, counts.size());
    counts.forEach((made, count) -> assertEquals(1000, count, 150, made));
    assertTrue(counts.containsKey(image.toString()));
    assertTrue(counts.containsKey(window(image, -1, 1, 3, 4).toString()));
  }

  @Property(tries = 100)
  void flipsAreMirrorImagesHalfOfTheTime(
      @ForAll @IntRange(min = 1, max = 3) int channels,
      @ForAll @IntRange(min = 2, max = 5) int height,
      @ForAll @IntRange(min = 2, max = 5) int width,
      @ForAll boolean isDouble,
      @ForAll long seed) {
    NdArray image = numbered(dtype(isDouble), channels, height, width);
    Shape shape = image.shape();
    NdArray mirrored =
        NdArray.generate(
            image.dtype(),
            shape,
            k -> image.get(k / width / height, k / width % height, width - 1 - k % width));
    NdArray upsideDown =
        NdArray.generate(
            image.dtype(),
            shape,
            k -> image.get(k / width / height, height - 1 - k / width % height, k % width));
    assertHalfAndHalf(Augmentations.flip(), image, mirrored, seed);
    assertHalfAndHalf(Augmentations.flipVertically(), image, upsideDown, seed);
  }

  private static void assertHalfAndHalf(
      Augmentation flip, NdArray image, NdArray mirrored, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int flips = 0;
    for (int i = 0; i < 400; i++) {
      NdArray made = flip.apply(image, random);
      assertTrue(made.equals(image) || made.equals(mirrored), made::toString);
      flips += made.equals(mirrored) ? 1 : 0;
    }
    assertEquals(200, flips, 60);
  }

  // ---- affine maps -----------------------------------------------------------------------------

  private static double hat(double t) {
    return Math.max(0, 1 - Math.abs(t));
  }

  /** The definition: a sum over all pixels of the image. */
  private static double interpolated(
      NdArray image, int c, int i, int j, double f, double degrees, double down, double right) {
    double centreY = (image.shape().dim(1) - 1) / 2.0;
    double centreX = (image.shape().dim(2) - 1) / 2.0;
    double a = degrees / 180 * Math.PI;
    double y = i - centreY - down;
    double x = j - centreX - right;
    double sourceY = centreY + (Math.cos(a) * y + Math.sin(a) * x) / f;
    double sourceX = centreX + (-Math.sin(a) * y + Math.cos(a) * x) / f;
    double sum = 0;
    for (int q = 0; q < image.shape().dim(1); q++) {
      for (int r = 0; r < image.shape().dim(2); r++) {
        sum += image.get(c, q, r) * hat(sourceY - q) * hat(sourceX - r);
      }
    }
    return sum;
  }

  /** A generator whose doubles are given ones, and nothing else. */
  private static RandomGenerator drawing(double... numbers) {
    int[] next = new int[1];
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        throw new AssertionError("only doubles are drawn");
      }

      @Override
      public double nextDouble() {
        return numbers[next[0]++];
      }
    };
  }

  @Property(tries = 300)
  void anAffineMapIsASumOverAllPixels(
      @ForAll @IntRange(min = 1, max = 5) int height,
      @ForAll @IntRange(min = 1, max = 5) int width,
      @ForAll @DoubleRange(min = 0, max = 1) double factor,
      @ForAll @DoubleRange(min = 0, max = 1) double turn,
      @ForAll @DoubleRange(min = 0, max = 1) double down,
      @ForAll @DoubleRange(min = 0, max = 1) double right,
      @ForAll boolean isDouble) {
    NdArray image = numbered(dtype(isDouble), 2, height, width);

    NdArray made =
        Augmentations.affine(1.5, 180, 0.5, 2).apply(image, drawing(factor, turn, down, right));

    assertEquals(image.shape(), made.shape());
    assertEquals(image.dtype(), made.dtype());
    for (int k = 0; k < made.size(); k++) {
      double expected =
          interpolated(
              image,
              k / width / height,
              k / width % height,
              k % width,
              0.5 + 1.5 * factor,
              -180 + 360 * turn,
              -1.5 + 3 * down,
              -1.5 + 3 * right);
      assertEquals(expected, made.at(k), isDouble ? 1e-11 : 1e-5);
    }
  }

  @Test
  void aQuarterTurnIsAnticlockwise() {
    NdArray image = NdArray.of(new double[] {1, 2, 3, 4}, 1, 2, 2);
    NdArray made = Augmentations.rotate(90).apply(image, drawing(0, 1, 0, 0));
    double[] expected = {2, 4, 1, 3};
    for (int i = 0; i < 4; i++) {
      assertEquals(expected[i], made.at(i), 1e-14);
    }
  }

  @Test
  void aShiftIsDownAndToTheRight() {
    NdArray image = numbered(DType.FLOAT32, 2, 4, 5);
    Augmentation shift = Augmentations.shift(2);
    assertEquals(window(image, -2, 2, 4, 5), shift.apply(image, drawing(0, 0, 1, 0)));
    assertEquals(window(image, 0, -1, 4, 5), shift.apply(image, drawing(0, 0, 0.5, 0.75)));
    NdArray line = NdArray.of(new float[] {2, 4, 8}, 1, 1, 3);
    assertEquals(
        NdArray.of(new float[] {1, 3, 6}, 1, 1, 3), shift.apply(line, drawing(0, 0, 0.5, 0.625)));
  }

  @Test
  void aFactorOfTwoMakesLarger() {
    NdArray line = NdArray.of(new float[] {1, 5, 9, 1}, 1, 1, 4);
    assertEquals(
        NdArray.of(new float[] {4, 6, 8, 7}, 1, 1, 4),
        Augmentations.scale(2, 2).apply(line, drawing(0.3, 0, 0, 0)));
    assertEquals(
        NdArray.of(new float[] {0, 3, 5, 0}, 1, 1, 4),
        Augmentations.scale(0.5, 0.5).apply(line, drawing(0.3, 0, 0, 0)));
  }

  @Test
  void whatWeighsNothingIsNotLookedAt() {
    NdArray line = NdArray.of(new float[] {1, Float.NaN, 3}, 1, 1, 3);
    assertEquals(line, Augmentations.shift(0).apply(line, drawing(0, 0, 0, 0)));
  }

  // ---- erasing ---------------------------------------------------------------------------------

  @Property(tries = 300)
  void whatIsErasedIsARectangleOfItsShare(
      @ForAll @DoubleRange(min = 0.02, max = 1) double share,
      @ForAll @IntRange(min = 1, max = 30) int height,
      @ForAll @IntRange(min = 1, max = 30) int width,
      @ForAll boolean isDouble,
      @ForAll long seed) {
    NdArray image = numbered(dtype(isDouble), 2, height, width);

    NdArray made = Augmentations.erase(1, share, share).apply(image, new SplittableRandom(seed));

    int top = height;
    int left = width;
    int bottom = -1;
    int right = -1;
    int erased = 0;
    for (int i = 0; i < height; i++) {
      for (int j = 0; j < width; j++) {
        if (made.get(0, i, j) == 0) {
          erased++;
          top = Math.min(top, i);
          left = Math.min(left, j);
          bottom = Math.max(bottom, i);
          right = Math.max(right, j);
        } else {
          assertEquals(image.get(0, i, j), made.get(0, i, j));
        }
        assertEquals(made.get(0, i, j) == 0 ? 0 : image.get(1, i, j), made.get(1, i, j));
      }
    }
    double rows = bottom - top + 1;
    double columns = right - left + 1;
    assertEquals(rows * columns, erased);
    assertTrue(erased >= 1);
    // rounded sides: each is half a pixel off at most, but where it is the one pixel
    assertTrue(
        (rows == 1 ? 0 : rows - 0.5) * (columns == 1 ? 0 : columns - 0.5)
            <= share * height * width * (1 + 1e-9));
    assertTrue((rows + 0.5) * (columns + 0.5) >= share * height * width * (1 - 1e-9));
    double aspect = (rows - 0.5) / height / ((columns + 0.5) / width);
    assertTrue(rows == 1 || columns == 1 || aspect <= 1 / 0.3, () -> "aspect " + aspect);
    double other = (columns - 0.5) / width / ((rows + 0.5) / height);
    assertTrue(rows == 1 || columns == 1 || other <= 1 / 0.3, () -> "aspect " + other);
  }

  @Test
  void anImageIsErasedWithItsProbability() {
    NdArray image = numbered(DType.FLOAT32, 1, 4, 4);
    Augmentation erase = Augmentations.erase(0.3, 0.1, 0.4);
    SplittableRandom random = new SplittableRandom(1);
    int erased = 0;
    for (int i = 0; i < 2000; i++) {
      erased += erase.apply(image, random).equals(image) ? 0 : 1;
    }
    assertEquals(600, erased, 80);
    assertEquals(image, Augmentations.erase(0, 0.1, 0.4).apply(image, random));
  }

  @Test
  void eachPlaceOfWhatIsErasedIsEquallyLikely() {
    NdArray image = numbered(DType.FLOAT32, 1, 3, 3);
    Augmentation erase = Augmentations.erase(1, 1e-9, 1e-9);
    Map<String, Integer> counts = new TreeMap<>();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 9000; i++) {
      counts.merge(erase.apply(image, random).toString(), 1, Integer::sum);
    }
    assertEquals(9, counts.size());
    counts.forEach((made, count) -> assertEquals(1000, count, 150, made));
  }

  // ---- values ----------------------------------------------------------------------------------

  @Property(tries = 200)
  void coloursAreByTheirFormula(
      @ForAll @DoubleRange(min = 0, max = 1) double b,
      @ForAll @DoubleRange(min = 0, max = 1) double k,
      @ForAll @DoubleRange(min = 0, max = 1) double s,
      @ForAll boolean isGrey,
      @ForAll long seed) {
    int channels = isGrey ? 1 : 3;
    NdArray image =
        NdArray.rand(DType.FLOAT64, Shape.of(channels, 2, 3), new SplittableRandom(seed));

    NdArray made = Augmentations.colour(0.4, 0.3, 1).apply(image, drawing(b, k, s));

    double[] shares = isGrey ? new double[] {1} : new double[] {0.299, 0.587, 0.114};
    double brightness = 0.6 + 0.8 * b;
    double contrast = 0.7 + 0.6 * k;
    double saturation = isGrey ? 1 : 2 * s;
    double mean = 0;
    for (int i = 0; i < image.size(); i++) {
      mean += brightness * image.at(i) * shares[i / 6] / 6;
    }
    for (int p = 0; p < 6; p++) {
      double grey = 0;
      for (int c = 0; c < channels; c++) {
        grey += shares[c] * (mean + contrast * (brightness * image.at(c * 6 + p) - mean));
      }
      for (int c = 0; c < channels; c++) {
        double value = mean + contrast * (brightness * image.at(c * 6 + p) - mean);
        assertEquals(grey + saturation * (value - grey), made.at(c * 6 + p), 1e-12);
      }
    }
  }

  @Test
  void noStrengthLeavesColoursAsTheyAre() {
    NdArray image = NdArray.rand(DType.FLOAT32, Shape.of(3, 4, 4), new SplittableRandom(1));
    assertEquals(image, Augmentations.colour(0, 0, 0).apply(image, new SplittableRandom(2)));
  }

  @Test
  void noiseIsNormal() {
    for (DType dtype : DType.values()) {
      NdArray input = NdArray.full(dtype, Shape.of(100, 400), 3);
      NdArray made = Augmentations.noise(0.5).apply(input, new SplittableRandom(1));
      double sum = 0;
      double squares = 0;
      double fourths = 0;
      for (int i = 0; i < made.size(); i++) {
        double z = (made.at(i) - 3) / 0.5;
        sum += z / made.size();
        squares += z * z / made.size();
        fourths += z * z * z * z / made.size();
      }
      assertEquals(dtype, made.dtype());
      assertEquals(input.shape(), made.shape());
      assertEquals(0, sum, 0.02);
      assertEquals(1, squares, 0.03);
      assertEquals(3, fourths, 0.25);
    }
    NdArray features = NdArray.of(1f, 2f);
    assertEquals(features, Augmentations.noise(0).apply(features, new SplittableRandom(1)));
  }

  @Test
  void sometimesIsSometimes() {
    NdArray input = NdArray.of(1f, 2f);
    NdArray other = NdArray.of(5f);
    Augmentation sometimes = Augmentations.sometimes(0.2, (x, random) -> other);
    SplittableRandom random = new SplittableRandom(1);
    int altered = 0;
    for (int i = 0; i < 2000; i++) {
      NdArray made = sometimes.apply(input, random);
      assertTrue(made.equals(input) || made.equals(other));
      altered += made.equals(other) ? 1 : 0;
    }
    assertEquals(400, altered, 70);
    assertEquals(other, Augmentations.sometimes(1, (x, r) -> other).apply(input, random));
    assertEquals(input, Augmentations.sometimes(0, (x, r) -> other).apply(input, random));
  }
}
