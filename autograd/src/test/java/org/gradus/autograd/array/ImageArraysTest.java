package org.gradus.autograd.array;

import static org.gradus.autograd.array.DType.FLOAT32;
import static org.gradus.autograd.array.DType.FLOAT64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images as arrays, and back. */
class ImageArraysTest {
  @ParameterizedTest
  @EnumSource
  void coloursAreChannels(DType dtype) {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0xff0033);
    image.setRGB(1, 0, 0x00ff66);
    NdArray expected = NdArray.of(new double[] {1, 0, 0, 1, 0.2, 0.4}, 3, 1, 2).as(dtype);
    assertEquals(expected, ImageArrays.toArray(dtype, image));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_INT_BGR,
        BufferedImage.TYPE_INT_ARGB,
        BufferedImage.TYPE_4BYTE_ABGR
      })
  void theOrderInMemoryDoesNotMatter(int type) {
    BufferedImage image = new BufferedImage(1, 2, type);
    image.setRGB(0, 0, 0xff102030);
    image.setRGB(0, 1, 0x80405060);
    NdArray array = ImageArrays.toArray(FLOAT64, image);
    boolean hasAlpha = image.getColorModel().hasAlpha();
    assertEquals(Shape.of(hasAlpha ? 4 : 3, 2, 1), array.shape());
    assertEquals(0x10 / 255.0, array.get(0, 0, 0));
    assertEquals(0x50 / 255.0, array.get(1, 1, 0));
    assertEquals(0x60 / 255.0, array.get(2, 1, 0));
    if (hasAlpha) {
      assertEquals(0x80 / 255.0, array.get(3, 1, 0));
    }
  }

  /** Of grey, Java's own conversion to colours would change the numbers. */
  @Test
  void greyIsTakenAsItIs() {
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSample(1, 0, 0, 51);
    image.getRaster().setSample(0, 1, 0, 255);
    assertEquals(
        NdArray.of(new double[] {0, 0.2, 1, 0}, 1, 2, 2), ImageArrays.toArray(FLOAT64, image));
    BufferedImage deep = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
    assertEquals(DataBuffer.TYPE_USHORT, deep.getRaster().getDataBuffer().getDataType());
    deep.getRaster().setSample(0, 0, 0, 0xcccc);
    assertEquals(0.8, ImageArrays.toArray(FLOAT64, deep).item());
  }

  @Test
  void aPaletteIsOfColours() {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_INDEXED);
    image.setRGB(1, 0, 0xffff0000);
    NdArray array = ImageArrays.toArray(FLOAT32, image);
    assertEquals(1, array.get(0, 0, 1));
    assertEquals(0, array.get(1, 0, 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4})
  void whatGoesThereComesBack(int channels) {
    NdArray bytes = NdArray.generate(FLOAT32, Shape.of(channels, 16, 16), i -> i * 7 % 256 / 255.0);
    assertEquals(bytes, ImageArrays.toArray(FLOAT32, ImageArrays.toImage(bytes)));
    NdArray wide = bytes.as(FLOAT64).map(x -> Math.min(1, x + 0.001));
    assertEquals(bytes, ImageArrays.toArray(FLOAT32, ImageArrays.toImage(wide)));
  }

  @Test
  void whatIsNoImageIsRefused() {
    String expected = ", expected [1, 3 or 4 channels, height, width] and a pixel";
    for (Shape shape : new Shape[] {Shape.of(2, 4, 4), Shape.of(4, 4), Shape.of(3, 0, 4)}) {
      assertRefused(
          ShapeException.class,
          "toImage: array " + shape + expected,
          () -> ImageArrays.toImage(NdArray.zeros(FLOAT32, shape)));
    }
    assertRefused(
        IllegalArgumentException.class,
        "toImage: element 1.5 at [0, 1, 0], expected 0 to 1",
        () -> ImageArrays.toImage(NdArray.of(new double[] {0, 1, 1.5, 0}, 1, 2, 2)));
    assertRefused(
        IllegalArgumentException.class,
        "toImage: element NaN at [0, 0, 0], expected 0 to 1",
        () -> ImageArrays.toImage(NdArray.of(new double[] {Double.NaN}, 1, 1, 1)));
  }

  private static void assertRefused(
      Class<? extends IllegalArgumentException> type, String message, Executable call) {
    assertEquals(message, assertThrowsExactly(type, call).getMessage());
  }
}
