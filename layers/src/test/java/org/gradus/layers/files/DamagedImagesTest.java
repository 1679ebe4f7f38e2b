package org.gradus.layers.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.gradus.autograd.array.NdArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Java's decoders fill up or make up, and images of a cost that their size does not tell. */
class DamagedImagesTest {
  private static final int SIDE = 60;

  private static NdArray read(byte[] file) throws IOException {
    return Images.read(file, "x", 1, 1 << 22);
  }

  private static String refusal(byte[] file) {
    String message = assertThrows(FileFormatException.class, () -> read(file)).getMessage();
    assertTrue(message.startsWith("x: "), message);
    return message.substring(3);
  }

  private static BufferedImage noise(int type) {
    SplittableRandom random = new SplittableRandom(type);
    BufferedImage image = new BufferedImage(SIDE, SIDE, type);
    for (int i = 0; i < SIDE * SIDE; i++) {
      image.setRGB(i % SIDE, i / SIDE, random.nextInt());
    }
    return image;
  }

  /** A file whose data are packed in one of a format's ways. */
  static byte[] written(BufferedImage image, String format, String way) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    ImageWriteParam param = writer.getDefaultWriteParam();
    if (way.equals("progressive")) {
      param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    } else {
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionType(way);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), param);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static byte[] deflated(byte... bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
      deflater.write(bytes);
    }
    return out.toByteArray();
  }

  private static float[] shades(int... bytes) {
    float[] shades = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      shades[i] = bytes[i] / 255f;
    }
    return shades;
  }

  private static float[] floats(byte[] file) throws IOException {
    return (float[]) read(file).storage();
  }

  /** Codes of LZW, each of so many bits. */
  private static byte[] codes(boolean highestFirst, int bits, int... codes) {
    byte[] bytes = new byte[(codes.length * bits + 7) / 8];
    for (int i = 0; i < codes.length * bits; i++) {
      int shift = highestFirst ? bits - 1 - i % bits : i % bits;
      int bit = codes[i / bits] >> shift & 1;
      bytes[i / 8] |= (byte) (bit << (highestFirst ? 7 - i % 8 : i % 8));
    }
    return bytes;
  }

  // ---- TIFF ------------------------------------------------------------------------------------

  /** Grey, colours, two colours and palettes, in strips of several rows. */
  @ParameterizedTest
  @ValueSource(strings = {"LZW", "ZLib", "Deflate", "PackBits"})
  void stripsAreReadWholeOrRefused(String way) throws IOException {
    for (int type : new int[] {1, 5, 10, 11, 12, 13}) {
      BufferedImage image = noise(type);
      byte[] file = written(image, "tiff", way);
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      ImageIO.write(image, "png", png);
      assertEquals(read(png.toByteArray()), read(file), way + " " + type);
      String message = refusal(Tiff.halved(file));
      assertTrue(message.matches("strip or tile .* has .* bytes, expected .*"), message);
    }
  }

  @Test
  void facsimilesAreReadWholeOrRefused() throws IOException {
    BufferedImage image = noise(BufferedImage.TYPE_BYTE_BINARY);
    NdArray expected = read(written(image, "tiff", "LZW"));
    for (String way : List.of("CCITT RLE", "CCITT T.4", "CCITT T.6")) {
      byte[] file = written(image, "tiff", way);
      assertEquals(expected, read(file), way);
      assertTrue(refusal(Tiff.halved(file)).startsWith("the image "), way);
    }
  }

  @Test
  void jpegsInTiffAreReadWholeOrRefused() throws IOException {
    for (int type : new int[] {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_BYTE_GRAY}) {
      byte[] file = written(noise(type), "tiff", "JPEG");
      assertEquals(SIDE * SIDE, read(file).size());
      assertEquals(
          "the image is damaged: Truncated File - Missing EOI marker", refusal(Tiff.halved(file)));
    }
  }

  /** However large an image the data themselves announce. */
  @Test
  void jpegsInTiffHaveTheSizeOfTheirStrip() throws IOException {
    byte[] file = written(noise(BufferedImage.TYPE_BYTE_GRAY), "tiff", "JPEG");
    for (int i = 0; i < file.length - 8; i++) {
      if (file[i] == -1 && file[i + 1] == (byte) 0xc0) {
        file[i + 5] = 0x7f; // the height of the frame
      }
    }
    assertTrue(refusal(file).startsWith("an image of 32"), refusal(file));
  }

  @Test
  void samplesOfOneKindAfterTheOther() throws IOException {
    Tiff planes = Tiff.grey(1, 2).samples(3, 8).with(Tiff.PLANES, 2).with(Tiff.COMPRESSION, 8);
    byte[] packed = deflated((byte) 1, (byte) 2);
    byte[] all = new byte[3 * packed.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = packed[i % packed.length];
    }
    int[] sizes = {packed.length, packed.length, packed.length};
    assertArrayEquals(shades(1, 2), floats(planes.data(all).with(Tiff.STRIP_BYTES, sizes).bytes()));
    sizes[2] = 3;
    assertEquals("strip or tile 2 of 3 has 0 bytes, expected 2", refusal(planes.bytes()));
  }

  /** Else a small file could have much of it unpacked again for each of many rows. */
  @Test
  void stripsDoNotShareBytes() throws IOException {
    byte[] row = Arrays.copyOf(deflated(new byte[4]), 150);
    Tiff image = Tiff.grey(3, 4).with(Tiff.COMPRESSION, 8).with(Tiff.ROWS, 1).data(row).shared();
    byte[] file = image.with(Tiff.STRIP_BYTES, 50, 50, 50).bytes();
    assertEquals(12, read(file).size());
    assertEquals(
        "strips or tiles of 450 bytes in a file of " + file.length,
        refusal(image.with(Tiff.STRIP_BYTES, 150, 150, 150).bytes()));
  }

  @Test
  void codesAndRunsThatEndTooEarly() throws IOException {
    Tiff image = Tiff.grey(1, 4).with(Tiff.COMPRESSION, 5);
    image.data(codes(true, 9, 256, 10, 20, 30, 40, 257));
    assertArrayEquals(shades(10, 20, 30, 40), floats(image.bytes()));
    image.data(codes(true, 9, 256, 10, 258, 10, 257));
    assertArrayEquals(shades(10, 10, 10, 10), floats(image.bytes()));
    String few = "strip or tile 0 of 1 has %s bytes, expected 4";
    assertEquals(few.formatted(2), refusal(image.data(codes(true, 9, 256, 10, 20, 257)).bytes()));
    assertEquals(few.formatted(1), refusal(image.data(codes(true, 9, 256, 10, 300, 1)).bytes()));
    image.with(Tiff.COMPRESSION, 32773);
    assertArrayEquals(shades(1, 2, 9, 9), floats(image.data(1, 1, 2, -1, 9).bytes()));
    assertEquals(few.formatted(2), refusal(image.data(1, 1, 2).bytes()));
    assertEquals(few.formatted(3), refusal(image.data(5, 1, 2, 3).bytes()));
    assertEquals(few.formatted(0), refusal(image.data(-3).bytes()));
  }

  // ---- kinds of samples ------------------------------------------------------------------------

  @Test
  void samplesOfOtherKindsAreRefused() {
    Tiff image = Tiff.grey(1, 1).data(new byte[64]);
    String expected = ", expected whole numbers without a sign";
    for (int bits : new int[] {8, 16, 32}) {
      image.samples(1, bits).with(Tiff.SAMPLE_FORMAT, 2);
      assertEquals("samples are numbers with a sign" + expected, refusal(image.bytes()));
    }
    image.with(Tiff.SAMPLE_FORMAT, 3);
    assertEquals("samples are floats" + expected, refusal(image.bytes()));
    image.samples(3, 32).with(Tiff.SAMPLE_FORMAT, 3, 3, 3);
    assertEquals("samples are floats" + expected, refusal(image.bytes()));
    image.samples(1, 8).with(Tiff.SAMPLE_FORMAT, 6);
    assertEquals("samples are numbers of the kind 6" + expected, refusal(image.bytes()));
    image.with(Tiff.SAMPLE_FORMAT, 1).samples(1, 32);
    assertEquals("samples of 32 bits, expected 1 to 16", refusal(image.bytes()));
  }

  /** A few bytes that announced 2 GB: each pixel of 512 bytes, however many there may be. */
  @Test
  void samplesOfAPixelAreCounted() {
    Tiff image = Tiff.grey(2000, 2000).samples(64, 16).data(new byte[9]);
    assertEquals("pixels of 64 samples, expected 1 to 8", refusal(image.bytes()));
  }

  /** (64, alpha 128) over white. */
  @ParameterizedTest
  @CsvSource({"0, 64", "1, 191", "2, 159.125490"})
  void whatASampleMoreIs(int kind, double expected) throws IOException {
    Tiff grey = Tiff.grey(1, 1).samples(2, 8).with(Tiff.EXTRA_SAMPLES, kind).data(64, 128);
    assertEquals(expected, 255 * read(grey.bytes()).at(0), 1e-4);
    Tiff colours = Tiff.grey(1, 1).samples(4, 8).with(Tiff.EXTRA_SAMPLES, kind);
    byte[] file = colours.data(64, 64, 64, 128).bytes();
    assertEquals(expected, 255 * read(file).at(0), 1e-4);
    Tiff shorts = Tiff.grey(1, 1).samples(2, 16).with(Tiff.EXTRA_SAMPLES, kind);
    file = shorts.data(64, 64, 128, 128).bytes();
    assertEquals(expected, 255 * read(file).at(0), 1e-4);
  }

  @Test
  void aSampleMoreThatNothingIsSaidOfIsNoAlpha() throws IOException {
    byte[] file = Tiff.grey(1, 2).samples(4, 8).data(1, 1, 1, 0, 7, 7, 7, 9).bytes();
    assertArrayEquals(shades(1, 7), floats(file));
  }

  @Test
  void coloursThatJavaTakesForLinearAreRefused() throws IOException {
    Tiff brightness = Tiff.grey(1, 1).samples(3, 8).with(Tiff.PHOTOMETRIC, 6).with(530, 1, 1);
    assertEquals(
        "a TIFF image in a space of colours that is not read, expected grey or RGB",
        refusal(brightness.data(6, 128, 128).bytes()));
  }

  // ---- GIF -------------------------------------------------------------------------------------

  /** Codes of 3 bits for a picture of a palette of 4 colours: black, 1, 2, 3. */
  private static byte[] gif(int height, int width, int... codes) {
    byte[] data = codes(false, 3, codes);
    ByteBuffer file = ByteBuffer.allocate(60 + data.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put("GIF89a".getBytes(StandardCharsets.US_ASCII));
    file.putShort((short) width).putShort((short) height).put((byte) 0x81).putShort((short) 0);
    file.put(new byte[] {0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3});
    file.put(new byte[] {0x21, (byte) 0xf9, 4, 0, 0, 0, 0, 0, ','}).putInt(0);
    file.putShort((short) width).putShort((short) height).put((byte) 0).put((byte) 2);
    file.put((byte) data.length).put(data).put((byte) 0).put((byte) ';');
    return Arrays.copyOf(file.array(), file.position());
  }

  @Test
  void codesOfGifThatEndTooEarly() throws IOException {
    assertArrayEquals(shades(1, 2, 3), floats(gif(1, 3, 4, 1, 2, 3)));
    assertArrayEquals(shades(1, 1, 1), floats(gif(1, 3, 4, 1, 6, 5)));
    assertEquals("data for 1 pixels, expected 1 x 3", refusal(gif(1, 3, 4, 1, 5)));
    assertEquals("data for 1 pixels, expected 2 x 2", refusal(gif(2, 2, 4, 1, 7, 5)));
    byte[] file = written(noise(BufferedImage.TYPE_BYTE_INDEXED), "gif", "LZW");
    assertEquals(SIDE * SIDE, read(file).size());
    refusal(with(file, file.length - 1000, file.length, new byte[2]));
  }

  @Test
  void aColourBeyondThePaletteOfGif() throws IOException {
    byte[] file = gif(1, 3, 4, 1, 2, 3);
    file[10] = (byte) 0x80; // two colours, of which the rest is moved
    byte[] two = with(file, 13, 19, new byte[0]);
    assertEquals("a pixel has the colour 3 of a palette of 2", refusal(two));
  }

  // ---- JPEG ------------------------------------------------------------------------------------

  private static byte[] jpeg(String way) throws IOException {
    return written(noise(BufferedImage.TYPE_INT_RGB), "jpeg", way);
  }

  private static byte[] with(byte[] file, int from, int to, byte[] between) {
    ByteBuffer all = ByteBuffer.allocate(from + between.length + file.length - to);
    return all.put(file, 0, from).put(between).put(file, to, file.length - to).array();
  }

  private static List<Integer> scans(byte[] file) {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < file.length - 1; i++) {
      if (file[i] == -1 && file[i + 1] == (byte) 0xda) {
        places.add(i);
      }
    }
    return places;
  }

  @ParameterizedTest
  @ValueSource(strings = {"JPEG", "progressive"})
  void whereverAJpegIsCutAndEndedItIsRefused(String way) throws IOException {
    byte[] file = jpeg(way);
    byte[] end = {-1, (byte) 0xd9};
    for (int cut = scans(file).get(0); cut < file.length - 40; cut += 41) {
      refusal(with(file, cut, file.length, end));
    }
    for (int scan : scans(file)) {
      refusal(with(file, scan, file.length, end));
    }
    assertEquals(SIDE * SIDE, read(file).size());
  }

  @Test
  void whatIsLeftOfAScanIsPaddingOrDamage() throws IOException {
    byte[] file = jpeg("JPEG");
    int end = file.length - 2;
    assertEquals(read(file), read(with(file, end, end, new byte[8])));
    String message = refusal(with(file, end, end, new byte[50]));
    assertTrue(message.endsWith(" extraneous bytes before marker 0xd9"), message);
    byte[] other = new byte[20];
    new SplittableRandom(2).nextBytes(other);
    refusal(with(file, end - 1000, end - 980, other));
  }

  @Test
  void scansAreCountedBeforeTheyAreDecoded() throws IOException {
    byte[] file = jpeg("progressive");
    int last = scans(file).get(scans(file).size() - 1);
    byte[] scan = Arrays.copyOfRange(file, last, file.length - 2);
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    for (int i = scans(file).size(); i <= 100; i++) {
      many.write(scan);
    }
    assertEquals(
        "an image of more than 100 scans, expected at most as many",
        refusal(with(file, last, last, many.toByteArray())));
  }

  // ---- BMP -------------------------------------------------------------------------------------

  /** An image of 2 x 4 with a palette of two colours, as it is or in runs. */
  private static byte[] bmp(int way, int... data) {
    ByteBuffer file = ByteBuffer.allocate(62 + data.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 'B').put((byte) 'M').putInt(file.capacity()).putInt(0).putInt(62);
    file.putInt(40).putInt(4).putInt(2).putShort((short) 1).putShort((short) 8).putInt(way);
    file.putInt(data.length).putLong(0).putInt(2).putInt(0).putInt(0).putInt(0x050505);
    for (int number : data) {
      file.put((byte) number);
    }
    return file.array();
  }

  @Test
  void runsOfBmpThatEndTooEarly() throws IOException {
    float[] expected = shades(5, 5, 0, 0, 5, 5, 5, 5);
    assertArrayEquals(expected, floats(bmp(1, 4, 1, 0, 0, 2, 1, 2, 0, 0, 1)));
    assertArrayEquals(expected, floats(bmp(1, 4, 1, 0, 0, 2, 1, 2, 0, 0, 0)));
    assertArrayEquals(shades(0, 0, 0, 0, 5, 0, 5, 0), floats(bmp(1, 0, 4, 1, 0, 1, 0, 0, 0, 0, 1)));
    assertEquals(
        "data for 1 rows, expected 2 or a mark of the end", refusal(bmp(1, 4, 1, 0, 0, 2, 1)));
    assertEquals(
        "data for 1 rows, expected 2 or a mark of the end", refusal(bmp(1, 4, 1, 0, 0, 4, 1)));
  }

  @Test
  void sizesThatAreLargerThanTheirBmp() throws IOException {
    byte[] palette = bmp(0, 0, 0, 0, 1, 1, 0, 0, 0);
    palette[46 + 3] = 0x3f;
    assertEquals("a palette of 4227858440 bytes in a file of 70", refusal(palette));
    byte[] packed = bmp(5, 0, 0, 0, 1, 1, 0, 0, 0); // as a PNG file, Java's decoder says
    packed[34 + 2] = 1;
    assertEquals("packed pixels of 65544 bytes in a file of 70", refusal(packed));
  }

  @Test
  void aColourBeyondThePaletteOfBmp() throws IOException {
    assertArrayEquals(shades(5, 0, 0, 0, 0, 0, 0, 5), floats(bmp(0, 0, 0, 0, 1, 1, 0, 0, 0)));
    assertEquals(
        "the pixel at [1, 2] has the colour 2 of a palette of 2",
        refusal(bmp(0, 0, 0, 2, 0, 0, 0, 0, 0)));
  }
}
