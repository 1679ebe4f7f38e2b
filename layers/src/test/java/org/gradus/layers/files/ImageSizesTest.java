package org.gradus.layers.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.junit.jupiter.api.Test;

/** Images resized, cropped and laid out on a sheet. */
class ImageSizesTest {
  private static NdArray random(DType dtype, long seed, int... dims) {
    SplittableRandom random = new SplittableRandom(seed);
    return NdArray.generate(dtype, Shape.of(dims), i -> random.nextDouble());
  }

  private static String message(Class<? extends RuntimeException> type, Runnable call) {
    return assertThrows(type, call::run).getMessage();
  }

  // ---- resized ---------------------------------------------------------------------------------

  /** The definition: a weighted mean of all old pixels, by triangles around the new middle. */
  private static double resized(NdArray image, int c, int y, int x, long height, long width) {
    int oldHeight = image.shape().dim(1);
    int oldWidth = image.shape().dim(2);
    double sum = 0;
    double weights = 0;
    for (int i = 0; i < oldHeight; i++) {
      for (int j = 0; j < oldWidth; j++) {
        double weight = triangle(i, y, oldHeight, height) * triangle(j, x, oldWidth, width);
        sum += weight * image.get(c, i, j);
        weights += weight;
      }
    }
    return sum / weights;
  }

  private static double triangle(int old, long place, int before, long after) {
    double ratio = before / (double) after;
    double distance = Math.abs(old + 0.5 - (place + 0.5) * ratio);
    return Math.max(0, 1 - distance / Math.max(1, ratio));
  }

  @Property(tries = 200)
  void resizedIsTheWeightedMean(
      @ForAll @IntRange(min = 1, max = 9) int oldHeight,
      @ForAll @IntRange(min = 1, max = 9) int oldWidth,
      @ForAll @IntRange(min = 1, max = 9) int height,
      @ForAll @IntRange(min = 1, max = 9) int width,
      @ForAll long seed) {
    NdArray image = random(DType.FLOAT64, seed, 2, oldHeight, oldWidth);
    NdArray resized = Images.resized(image, height, width);
    assertEquals(Shape.of(2, height, width), resized.shape());
    for (int i = 0; i < resized.size(); i++) {
      int c = i / width / height;
      double expected = resized(image, c, i / width % height, i % width, height, width);
      assertEquals(expected, resized.at(i), 1e-14);
    }
    NdArray single = image.as(DType.FLOAT32);
    assertEquals(
        Images.resized(single.as(DType.FLOAT64), height, width).as(DType.FLOAT32),
        Images.resized(single, height, width));
  }

  @Property(tries = 200)
  void theMiddleOfTheCoveringImage(
      @ForAll @IntRange(min = 1, max = 9) int oldHeight,
      @ForAll @IntRange(min = 1, max = 9) int oldWidth,
      @ForAll @IntRange(min = 1, max = 9) int height,
      @ForAll @IntRange(min = 1, max = 9) int width,
      @ForAll long seed) {
    NdArray image = random(DType.FLOAT64, seed, 1, oldHeight, oldWidth);
    double ratio = Math.max(height / (double) oldHeight, width / (double) oldWidth);
    int wholeHeight = (int) Math.floor(oldHeight * ratio + 0.5 + 1e-9);
    int wholeWidth = (int) Math.floor(oldWidth * ratio + 0.5 + 1e-9);
    NdArray whole = Images.resized(image, wholeHeight, wholeWidth);

    assertTrue(wholeHeight == height || wholeWidth == width);
    assertEquals(Images.centred(whole, height, width), Images.covering(image, height, width));
  }

  @Property(tries = 50)
  void theSameSizeIsTheSameImage(
      @ForAll @IntRange(min = 1, max = 9) int height,
      @ForAll @IntRange(min = 1, max = 9) int width,
      @ForAll long seed) {
    NdArray images = random(DType.FLOAT32, seed, 2, 3, height, width);
    assertEquals(images, Images.resized(images, height, width));
    assertEquals(images, Images.covering(images, height, width));
  }

  @Property(tries = 50)
  void oneColourStays(
      @ForAll @IntRange(min = 1, max = 40) int before,
      @ForAll @IntRange(min = 1, max = 40) int after) {
    NdArray grey = NdArray.full(DType.FLOAT32, Shape.of(1, before, 3), 0.7);
    assertEquals(
        NdArray.full(DType.FLOAT32, Shape.of(1, after, 5), 0.7), Images.resized(grey, after, 5));
  }

  /** Half the size: a new pixel covers two old ones, and weighs them and their neighbours. */
  @Test
  void halfASize() {
    NdArray line = NdArray.of(new double[] {1, 8, 0, 0, 0, 0, 0, 8}, 1, 8);
    assertArrayEquals(
        new double[] {27 / 7.0, 1, 0, 24 / 7.0}, Images.resized(line, 1, 4).toDoubleArray(), 1e-15);
  }

  @Test
  void twiceASize() {
    NdArray line = NdArray.of(new double[] {0, 4}, 1, 2);
    assertArrayEquals(new double[] {0, 1, 3, 4}, Images.resized(line, 1, 4).toDoubleArray(), 1e-15);
  }

  /** A pattern that is finer than the new pixels becomes grey. */
  @Test
  void aChequerBoardBecomesGrey() {
    NdArray board = NdArray.generate(DType.FLOAT32, Shape.of(1, 64, 64), i -> (i + i / 64) % 2);
    for (double pixel : Images.resized(board, 7, 7).toDoubleArray()) {
      assertEquals(0.5, pixel, 0.01);
    }
  }

  @Test
  void aLongLineIsCoveredWithoutMemory() {
    NdArray line = NdArray.generate(DType.FLOAT32, Shape.of(1, 1 << 20, 1), i -> i);
    NdArray middle = Images.covering(line, 200, 100);
    assertEquals(Shape.of(1, 200, 100), middle.shape());
    assertEquals((1 << 19) - 0.5 + 0.005, middle.get(0, 100, 50), 0.04);
  }

  @Test
  void sizesOfNothingAreRefused() {
    NdArray image = NdArray.zeros(DType.FLOAT32, Shape.of(3, 2, 2));
    assertEquals(
        "resized: 0 x 2 pixels, expected at least 1 x 1",
        message(IllegalArgumentException.class, () -> Images.resized(image, 0, 2)));
    assertEquals(
        "covering: 2 x -1 pixels, expected at least 1 x 1",
        message(IllegalArgumentException.class, () -> Images.covering(image, 2, -1)));
  }

  @Test
  void imagesWithoutPixelsAreRefused() {
    NdArray empty = NdArray.zeros(DType.FLOAT32, Shape.of(3, 0, 2));
    NdArray line = NdArray.zeros(DType.FLOAT32, Shape.of(3));
    String message = ": image %s, expected [..., height, width] and a pixel";
    for (NdArray image : new NdArray[] {empty, line}) {
      String text = message.formatted(image.shape());
      assertEquals(
          "resized" + text, message(ShapeException.class, () -> Images.resized(image, 1, 1)));
      assertEquals(
          "covering" + text, message(ShapeException.class, () -> Images.covering(image, 1, 1)));
      assertEquals(
          "cropped" + text, message(ShapeException.class, () -> Images.cropped(image, 0, 0, 1, 1)));
      assertEquals(
          "centred" + text, message(ShapeException.class, () -> Images.centred(image, 1, 1)));
    }
  }

  // ---- cropped ---------------------------------------------------------------------------------

  @Property(tries = 200)
  void aPartHasThePixelsFromItsCornerOn(
      @ForAll @IntRange(min = 1, max = 5) int oldHeight,
      @ForAll @IntRange(min = 1, max = 5) int oldWidth,
      @ForAll @IntRange(min = -1, max = 5) int top,
      @ForAll @IntRange(min = -1, max = 5) int left,
      @ForAll @IntRange(max = 6) int height,
      @ForAll @IntRange(max = 6) int width) {
    NdArray images = random(DType.FLOAT32, 1, 2, 3, oldHeight, oldWidth);
    boolean isThere =
        top >= 0
            && left >= 0
            && height >= 1
            && width >= 1
            && top + height <= oldHeight
            && left + width <= oldWidth;
    if (!isThere) {
      assertEquals(
          "cropped: %s x %s pixels from row %s and column %s on, of images %s"
              .formatted(height, width, top, left, images.shape()),
          message(ShapeException.class, () -> Images.cropped(images, top, left, height, width)));
      return;
    }
    NdArray part = Images.cropped(images, top, left, height, width);
    assertEquals(Shape.of(2, 3, height, width), part.shape());
    for (int i = 0; i < part.size(); i++) {
      int x = i % width;
      int y = i / width % height;
      int plane = i / width / height;
      assertEquals(images.get(plane / 3, plane % 3, top + y, left + x), part.at(i));
    }
  }

  @Test
  void theMiddleLosesOneMoreAtItsEnd() {
    NdArray image = NdArray.generate(DType.FLOAT64, Shape.of(4, 5), i -> i);
    assertEquals(NdArray.of(new double[] {6, 7, 11, 12}, 2, 2), Images.centred(image, 2, 2));
    assertEquals(NdArray.of(new double[] {7}, 1, 1), Images.centred(image, 1, 1));
    assertEquals(image, Images.centred(image, 4, 5));
    assertEquals(
        "centred: 5 x 5 pixels from row -1 and column 0 on, of images [4, 5]",
        message(ShapeException.class, () -> Images.centred(image, 5, 5)));
  }

  @Test
  void hugeExtentsAreRefused() {
    NdArray image = NdArray.zeros(DType.FLOAT32, Shape.of(2, 2));
    int most = Integer.MAX_VALUE;
    assertEquals(
        "cropped: 1 x %s pixels from row %s and column %s on, of images [2, 2]"
            .formatted(most, most, most),
        message(ShapeException.class, () -> Images.cropped(image, most, most, 1, most)));
  }

  // ---- sheets ----------------------------------------------------------------------------------

  @Test
  void imagesInRowsWithGaps() {
    NdArray images = NdArray.generate(DType.FLOAT32, Shape.of(3, 1, 1, 2), i -> 10 + i);
    assertEquals(
        NdArray.of(
            new float[] {
              10, 11, 1, 12, 13,
              1, 1, 1, 1, 1,
              14, 15, 1, 1, 1
            },
            1,
            3,
            5),
        Images.sheet(images, 2));
    NdArray row = NdArray.of(new float[] {10, 11, 1, 12, 13, 1, 14, 15}, 1, 1, 8);
    assertEquals(row, Images.sheet(images, 3));
    assertEquals(row, Images.sheet(images, 100));
  }

  @Property(tries = 100)
  void eachImageIsAPartOfTheSheet(
      @ForAll @IntRange(min = 1, max = 7) int count,
      @ForAll @IntRange(min = 1, max = 4) int columns,
      @ForAll @IntRange(min = 1, max = 3) int height,
      @ForAll @IntRange(min = 1, max = 3) int width) {
    NdArray images = random(DType.FLOAT64, 1, count, 3, height, width);
    NdArray sheet = Images.sheet(images, columns);
    int across = Math.min(count, columns);
    for (int i = 0; i < count; i++) {
      int top = i / across * (height + 1);
      int left = i % across * (width + 1);
      NdArray part = Images.cropped(sheet, top, left, height, width);
      for (int j = 0; j < part.size(); j++) {
        assertEquals(images.at(i * part.size() + j), part.at(j));
      }
    }
    double pixels = sheet.size() - images.size();
    double white = 0;
    for (double pixel : sheet.toDoubleArray()) {
      white += pixel == 1 ? 1 : 0;
    }
    assertEquals(pixels, white);
  }

  @Test
  void wrongSheetsAreRefused() {
    NdArray image = NdArray.zeros(DType.FLOAT32, Shape.of(3, 2, 2));
    assertEquals(
        "sheet: images [3, 2, 2], expected [images, channels, height, width] and a pixel",
        message(ShapeException.class, () -> Images.sheet(image, 1)));
    NdArray none = NdArray.zeros(DType.FLOAT32, Shape.of(0, 3, 2, 2));
    assertEquals(
        "sheet: images [0, 3, 2, 2], expected [images, channels, height, width] and a pixel",
        message(ShapeException.class, () -> Images.sheet(none, 1)));
    assertEquals(
        "sheet: 0 columns, expected at least 1",
        message(
            IllegalArgumentException.class,
            () -> Images.sheet(NdArray.zeros(DType.FLOAT32, Shape.of(1, 3, 2, 2)), 0)));
  }
}
