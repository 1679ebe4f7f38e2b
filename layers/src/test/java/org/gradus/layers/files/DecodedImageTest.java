package org.gradus.layers.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.ShapeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecodedImageTest {
  private static final int HEIGHT = 7;
  private static final int WIDTH = 9;

  @TempDir private Path folder;

  private Path drawn(int type) throws IOException {
    SplittableRandom random = new SplittableRandom(type);
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, type);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      image.setRGB(i % WIDTH, i / WIDTH, random.nextInt());
    }
    Path file = folder.resolve("x.png");
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  /** Packed, with and without alpha, in 8 and 16 bits of grey, and with a palette. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 6, 8, 9, 10, 11, 12, 13})
  void partsAreThoseOfTheWhole(int type) throws IOException {
    Path file = drawn(type);
    DecodedImage image = DecodedImage.read(file, HEIGHT * WIDTH);
    assertEquals(HEIGHT, image.height());
    assertEquals(WIDTH, image.width());
    assertEquals(image.whole(3), DecodedImage.read(Files.readAllBytes(file), "body", 63).whole(3));
    for (int channels = 1; channels <= 3; channels += 2) {
      NdArray whole = image.whole(channels);
      assertEquals(Images.read(file, channels, 63), whole);
      for (int top = 0; top < HEIGHT; top++) {
        for (int left = 0; left < WIDTH; left++) {
          int height = 1 + (HEIGHT - top) / 2;
          int width = WIDTH - left;
          assertEquals(
              Images.cropped(whole, top, left, height, width),
              image.part(channels, top, left, height, width));
        }
      }
    }
  }

  @Test
  void partsThatItDoesNotHaveAreRefused() throws IOException {
    Path file = drawn(BufferedImage.TYPE_INT_RGB);
    DecodedImage image = DecodedImage.read(file, 63);
    int[][] outside = {{-1, 0, 1, 1}, {0, -1, 1, 1}, {0, 0, 0, 1}, {0, 0, 1, 0}, {6, 0, 2, 1}};
    for (int[] p : outside) {
      ShapeException e =
          assertThrows(ShapeException.class, () -> image.part(3, p[0], p[1], p[2], p[3]));
      assertEquals(
          "part: %s x %s pixels from row %s and column %s on, of images [7, 9]"
              .formatted(p[2], p[3], p[0], p[1]),
          e.getMessage());
    }
    assertThrows(ShapeException.class, () -> image.part(3, 0, 8, 1, 2));
    assertEquals(
        "part: 2 channels, expected 1 or 3",
        assertThrows(IllegalArgumentException.class, () -> image.part(2, 0, 0, 1, 1)).getMessage());
    assertEquals(
        "whole: 0 channels, expected 1 or 3",
        assertThrows(IllegalArgumentException.class, () -> image.whole(0)).getMessage());
    assertEquals(
        "read: a limit of 0 pixels, expected at least 1",
        assertThrows(IllegalArgumentException.class, () -> DecodedImage.read(file, 0))
            .getMessage());
    assertEquals(
        file + ": an image of 7 x 9, 63 pixels, expected at least 1 and at most 62",
        assertThrows(FileFormatException.class, () -> DecodedImage.read(file, 62)).getMessage());
  }

  /** As a decoder that is plugged in may give them. */
  @Test
  void samplesThatAreNoBytesOrShortsWithoutASignAreRefused() throws IOException {
    for (int type : new int[] {DataBuffer.TYPE_SHORT, DataBuffer.TYPE_INT, DataBuffer.TYPE_FLOAT}) {
      BufferedImage image = image(type);
      assertEquals(
          "x: samples in a buffer of type %s, expected bytes or shorts without a sign"
              .formatted(type),
          assertThrows(FileFormatException.class, () -> ImageDecoder.requireSamples(image, "x"))
              .getMessage());
    }
    ImageDecoder.requireSamples(image(DataBuffer.TYPE_USHORT), "x");
    ImageDecoder.requireSamples(new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB), "x");
  }

  private static BufferedImage image(int type) {
    ColorModel colors =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_GRAY), false, false, Transparency.OPAQUE, type);
    return new BufferedImage(colors, colors.createCompatibleWritableRaster(1, 1), false, null);
  }
}
