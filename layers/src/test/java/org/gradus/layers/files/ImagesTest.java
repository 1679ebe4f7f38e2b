package org.gradus.layers.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Point;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImagesTest {
  private static final float GREY = (float) ((0.299 * 1 + 0.587 * 51 + 0.114 * 102) / 255);

  @TempDir private Path folder;

  private Path file(BufferedImage image, String format) throws IOException {
    Path file = folder.resolve("x." + format);
    assertTrue(ImageIO.write(image, format, file.toFile()));
    return file;
  }

  /**
   * Two rows of three pixels, of which the one at row 1, column 2 is (1, 51, 102), alpha as given.
   */
  private static BufferedImage image(int type, int alpha) {
    BufferedImage image = new BufferedImage(3, 2, type);
    for (int i = 0; i < 5; i++) {
      image.setRGB(i % 3, i / 3, 0xff000000 | 0x102030 * i);
    }
    image.setRGB(2, 1, alpha << 24 | 1 << 16 | 51 << 8 | 102);
    return image;
  }

  private static float[] at(NdArray image, int y, int x) {
    float[] colours = new float[image.shape().dim(0)];
    for (int c = 0; c < colours.length; c++) {
      colours[c] = (float) image.get(c, y, x);
    }
    return colours;
  }

  private static String message(Class<? extends Exception> type, Call call) {
    return assertThrows(type, call::run).getMessage();
  }

  private interface Call {
    void run() throws Exception;
  }

  // ---- reading ---------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({"png, 1", "png, 2", "png, 5", "png, 4", "bmp, 1", "bmp, 5", "tiff, 1", "tiff, 2"})
  void coloursAreBytesDividedBy255(String format, int type) throws IOException {
    NdArray image = Images.read(file(image(type, 255), format));

    assertEquals(DType.FLOAT32, image.dtype());
    assertEquals(Shape.of(3, 2, 3), image.shape());
    assertArrayEquals(new float[] {1 / 255f, 51 / 255f, 102 / 255f}, at(image, 1, 2));
    assertArrayEquals(new float[] {0x30 / 255f, 0x60 / 255f, 0x90 / 255f}, at(image, 1, 0));
  }

  @Test
  void coloursOfAPalette() throws IOException {
    BufferedImage two = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
    two.setRGB(1, 0, 0xffffffff);
    for (String format : new String[] {"png", "gif", "bmp"}) {
      NdArray image = Images.read(file(two, format));
      assertEquals(NdArray.of(new float[] {0, 1, 0, 1, 0, 1}, 3, 1, 2), image);
    }
  }

  @Test
  void greyIsTheShareOfTheColours() throws IOException {
    NdArray image = Images.readGrey(file(image(BufferedImage.TYPE_INT_RGB, 255), "png"));
    assertEquals(Shape.of(1, 2, 3), image.shape());
    assertEquals(GREY, image.get(0, 1, 2));
  }

  @Test
  void samplesOfGreyStayAsTheyAre() throws IOException {
    BufferedImage grey = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
    float[] expected = new float[256];
    for (int i = 0; i < 256; i++) {
      grey.getRaster().setSample(i, 0, 0, i);
      expected[i] = i / 255f;
    }
    Path file = file(grey, "png");

    assertEquals(NdArray.of(expected, 1, 1, 256), Images.readGrey(file));
    for (int channel = 0; channel < 3; channel++) {
      NdArray image = Images.cropped(Images.read(file).reshape(1, 3, 256), 0, 0, 3, 256);
      assertEquals(expected[77], image.get(0, channel, 77));
    }
  }

  @Test
  void samplesOf16Bits() throws IOException {
    BufferedImage grey = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    grey.getRaster().setSample(0, 0, 0, 65535);
    grey.getRaster().setSample(1, 0, 0, 12345);
    NdArray expected = NdArray.of(new float[] {1, (float) (12345 / 65535.0)}, 1, 1, 2);
    assertEquals(expected, Images.readGrey(file(grey, "png")));
  }

  @Test
  void whatIsTransparentIsLaidOverWhite() throws IOException {
    NdArray image = Images.read(file(image(BufferedImage.TYPE_INT_ARGB, 51), "png"));
    assertArrayEquals(
        new float[] {
          (float) (0.2 * 1 / 255 + 0.8), (float) (0.2 * 51 / 255 + 0.8), (float) (0.2 * 0.4 + 0.8)
        },
        at(image, 1, 2),
        1e-7f);
    image = Images.read(file(image(BufferedImage.TYPE_INT_ARGB, 0), "png"));
    assertArrayEquals(new float[] {1, 1, 1}, at(image, 1, 2));
    assertArrayEquals(new float[] {0, 0, 0}, at(image, 0, 0));
  }

  @Test
  void transparentGreyIsLaidOverWhite() throws IOException {
    ComponentColorModel colors =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_GRAY), true, false, 3, DataBuffer.TYPE_BYTE);
    WritableRaster raster =
        Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 2, 1, 2, new Point());
    raster.setPixels(0, 0, 2, 1, new int[] {102, 51, 102, 255});
    NdArray image = Images.readGrey(file(new BufferedImage(colors, raster, false, null), "png"));
    assertEquals(0.2 * 0.4 + 0.8, image.get(0, 0, 0), 1e-7);
    assertEquals(102 / 255f, image.get(0, 0, 1));
  }

  // ---- refused files ---------------------------------------------------------------------------

  @Test
  void whatIsNoImageIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("x.png"), "no image");
    assertEquals(
        file + ": is no image of a known format",
        message(FileFormatException.class, () -> Images.read(file)));
    Files.write(file, new byte[0]);
    assertEquals(
        file + ": is no image of a known format",
        message(FileFormatException.class, () -> Images.read(file)));
    assertThrows(NoSuchFileException.class, () -> Images.read(folder.resolve("none.png")));
  }

  @Test
  void moreThanTheLimitIsRefusedBeforeItIsDecoded() throws IOException {
    Path file = file(image(BufferedImage.TYPE_INT_RGB, 255), "png");
    assertEquals(Shape.of(1, 2, 3), Images.read(file, 1, 6).shape());
    assertEquals(
        file + ": an image of 2 x 3, 6 pixels, expected at least 1 and at most 5",
        message(FileFormatException.class, () -> Images.read(file, 3, 5)));

    byte[] bytes = Files.readAllBytes(file);
    bytes[16] = 0x7f; // the highest byte of the width, which is not decoded: its checksum is wrong
    bytes[20] = 0x7f;
    Files.write(file, bytes);
    assertEquals(
        "%s: an image of 2130706434 x 2130706435, %s pixels, expected at least 1 and at most 67108864"
            .formatted(file, 2130706434L * 2130706435L),
        message(FileFormatException.class, () -> Images.read(file)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "gif", "bmp", "tif"})
  void whereverAnImageIsCutItIsRefusedOrReadWhole(String format) throws IOException {
    Path file = file(image(BufferedImage.TYPE_INT_RGB, 255), format);
    NdArray whole = Images.read(file);
    byte[] bytes = Files.readAllBytes(file);
    int same = 0;
    for (int length = 0; length < bytes.length; length++) {
      Files.write(file, Arrays.copyOf(bytes, length));
      try {
        assertEquals(whole, Images.read(file), "of " + length + " bytes");
        same++;
      } catch (FileFormatException e) {
        assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
      }
    }
    assertTrue(same <= 30, same + " of " + bytes.length); // what stands behind the pixels
  }

  @Test
  void aCutJpegIsRefusedThoughJavaMakesUpItsEnd() throws IOException {
    BufferedImage large = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 4096; i++) {
      large.setRGB(i % 64, i / 64, i * 0x9e3779b1);
    }
    Path file = file(large, "jpg");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    assertEquals(
        file + ": the image ends too early",
        message(FileFormatException.class, () -> Images.read(file)));
  }

  @Test
  void damageIsNamed() throws IOException {
    Path file = file(image(BufferedImage.TYPE_INT_RGB, 255), "png");
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 41, 50, (byte) 0x5a); // the pixels
    Files.write(file, bytes);
    assertEquals(
        file + ": the image is damaged, or of a kind of png that is not read",
        message(FileFormatException.class, () -> Images.read(file)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "gif", "jpg", "tiff"})
  void bytesAreReadAsAFile(String format) throws IOException {
    Path file = file(image(BufferedImage.TYPE_INT_RGB, 255), format);
    byte[] bytes = Files.readAllBytes(file);
    byte[] copy = bytes.clone();
    assertEquals(Images.read(file), Images.read(bytes, "a body", 3, 6));
    assertEquals(Images.readGrey(file), Images.read(bytes, "a body", 1, 6));
    assertArrayEquals(copy, bytes);
    assertEquals(
        "a body: an image of 2 x 3, 6 pixels, expected at least 1 and at most 5",
        message(FileFormatException.class, () -> Images.read(bytes, "a body", 3, 5)));
    assertEquals(
        "a body: is no image of a known format",
        message(FileFormatException.class, () -> Images.read(new byte[0], "a body", 3, 5)));
    assertEquals(
        "read: 2 channels, expected 1 or 3",
        message(IllegalArgumentException.class, () -> Images.read(bytes, "a body", 2, 9)));
  }

  @Test
  void otherChannelsAndLimitsAreRefused() {
    Path file = folder.resolve("x.png");
    assertEquals(
        "read: 2 channels, expected 1 or 3",
        message(IllegalArgumentException.class, () -> Images.read(file, 2, 9)));
    assertEquals(
        "read: a limit of 0 pixels, expected at least 1",
        message(IllegalArgumentException.class, () -> Images.read(file, 3, 0)));
  }

  // ---- writing ---------------------------------------------------------------------------------

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    Path file = folder.resolve("x.png");
    NdArray colours = NdArray.generate(DType.FLOAT32, Shape.of(3, 5, 7), i -> i / 255.0);
    Images.write(file, colours);
    assertEquals(colours, Images.read(file));
    NdArray grey = NdArray.generate(DType.FLOAT32, Shape.of(1, 16, 16), i -> i / 255.0);
    Images.write(file, grey);
    assertEquals(grey, Images.readGrey(file));
  }

  @Test
  void numbersAreRoundedAndClamped() throws IOException {
    Path file = folder.resolve("x.png");
    double infinite = Double.POSITIVE_INFINITY;
    Images.write(
        file,
        NdArray.of(new double[] {-3, 0.4 / 255, 0.6 / 255, 254.6 / 255, 7, infinite}, 1, 1, 6));
    assertEquals(NdArray.of(new float[] {0, 0, 1 / 255f, 1, 1, 1}, 1, 1, 6), Images.readGrey(file));
  }

  @Test
  void notANumberIsNotWritten() {
    NdArray image = NdArray.generate(DType.FLOAT32, Shape.of(3, 2, 5), i -> i == 18 ? 0.0 / 0 : 0);
    assertEquals(
        "write: element NaN at [1, 1, 3], expected a number",
        message(
            IllegalArgumentException.class, () -> Images.write(folder.resolve("x.png"), image)));
    assertFalse(Files.exists(folder.resolve("x.png")));
  }

  @Test
  void otherShapesAreNotWritten() {
    for (int[] dims : new int[][] {{2, 3}, {2, 2, 2}, {4, 2, 2}, {3, 0, 2}, {1, 1, 2, 2}}) {
      NdArray image = NdArray.zeros(DType.FLOAT32, Shape.of(dims));
      assertEquals(
          "write: image " + Shape.of(dims) + ", expected [1 or 3, height, width] and a pixel",
          message(ShapeException.class, () -> Images.write(folder.resolve("x.png"), image)));
    }
  }

  @Test
  void aFolderIsNoImage() {
    IOException e = assertThrows(IOException.class, () -> Images.read(folder));
    assertEquals(folder + ": is a folder, expected an image", e.getMessage());
  }

  /** A PNG file of one row of grey of so many bits, of which one may be transparent. */
  private static byte[] greyPng(int bits, int transparent, int... pixels) throws IOException {
    return png(bits, 0, transparent < 0 ? "" : "tRNS", new byte[] {0, (byte) transparent}, pixels);
  }

  private static byte[] png(int bits, int type, String chunk, byte[] data, int... pixels)
      throws IOException {
    ByteBuffer row = ByteBuffer.allocate(1 + (pixels.length * bits + 7) / 8);
    for (int i = 0; i < pixels.length; i++) {
      int place = 1 + i * bits / 8;
      int shift = 8 - bits - i * bits % 8;
      row.put(place, (byte) (row.get(place) | pixels[i] << shift));
    }
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(packed)) {
      out.write(row.array());
    }
    ByteBuffer header = ByteBuffer.allocate(13).putInt(pixels.length).putInt(1).put((byte) bits);
    header.put((byte) type);
    ByteBuffer png = ByteBuffer.allocate(200 + packed.size());
    png.putLong(0x89504e470d0a1a0aL);
    chunk(png, "IHDR", header.array());
    if (!chunk.isEmpty()) {
      chunk(png, chunk, data);
    }
    chunk(png, "IDAT", packed.toByteArray());
    chunk(png, "IEND", new byte[0]);
    return Arrays.copyOf(png.array(), png.position());
  }

  private static void chunk(ByteBuffer png, String type, byte[] data) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 sum = new CRC32();
    sum.update(name);
    sum.update(data);
    png.putInt(data.length).put(name).put(data).putInt((int) sum.getValue());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void transparentGreyOfFewBitsIsLaidOverWhite(int bits) throws IOException {
    int most = (1 << bits) - 1;
    Path file = folder.resolve("x.png");
    for (int grey = 0; grey <= Math.min(most, 15); grey++) {
      for (int other : new int[] {0, most}) {
        Files.write(file, greyPng(bits, grey, grey, other));
        float[] expected = {1, other == grey ? 1 : (float) other / most};
        assertEquals(NdArray.of(expected, 1, 1, 2), Images.readGrey(file), bits + " " + grey);
        Files.write(file, greyPng(bits, -1, grey, other));
        expected = new float[] {(float) grey / most, (float) other / most};
        assertEquals(NdArray.of(expected, 1, 1, 2), Images.readGrey(file));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void aColourBeyondThePaletteIsRefused(int bits) throws IOException {
    Path file = Files.write(folder.resolve("x.png"), png(bits, 3, "PLTE", new byte[3], 0, 1));
    assertEquals(
        file + ": the pixel at [0, 1] has the colour 1 of a palette of 1",
        message(FileFormatException.class, () -> Images.read(file)));
    Files.write(file, png(bits, 3, "PLTE", new byte[] {-1, -1, -1, 0, 0, -1}, 0, 1));
    assertEquals(NdArray.of(new float[] {1, 0, 1, 0, 1, 1}, 3, 1, 2), Images.read(file));
  }
}
