package org.gradus.layers.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;

/** However a file is damaged: it reads as before, or is refused by name. */
class IdxReaderProperties {
  private static final String NAME = "the damaged file";
  private static final byte[] IMAGES = Idx.images(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255);
  private static final byte[] LABELS = Idx.labels(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);

  private interface Reader {
    Object read(byte[] content) throws IOException;
  }

  private static Object images(byte[] content) throws IOException {
    return IdxReader.readImages(new ByteArrayInputStream(content), NAME);
  }

  private static Object labels(byte[] content) throws IOException {
    int[] labels = IdxReader.readLabels(new ByteArrayInputStream(content), NAME, 10);
    return Arrays.stream(labels).boxed().toList();
  }

  /** Every value of every byte of the header. */
  @Test
  void plainHeaders() throws IOException {
    assertEquals(16, everyByte(IMAGES, 16, IdxReaderProperties::images));
    assertEquals(8, everyByte(LABELS, 8, IdxReaderProperties::labels));
  }

  /** Every value of every byte of the file, which has a checksum. */
  @Test
  void gzippedFiles() throws IOException {
    byte[] images = Idx.gzip(IMAGES);
    byte[] labels = Idx.gzip(LABELS);

    assertTrue(everyByte(images, images.length, IdxReaderProperties::images) >= images.length);
    assertTrue(everyByte(labels, labels.length, IdxReaderProperties::labels) >= labels.length);
  }

  /** How many of the variants read as before; one for each byte is no change at all. */
  private static int everyByte(byte[] whole, int until, Reader reader) throws IOException {
    Object expected = reader.read(whole);
    int identical = 0;
    for (int i = 0; i < until; i++) {
      for (int value = 0; value < 256; value++) {
        byte[] changed = whole.clone();
        changed[i] = (byte) value;
        identical += sameOrRefused(expected, changed, reader) ? 1 : 0;
      }
    }
    return identical;
  }

  @Test
  void truncatedFiles() throws IOException {
    for (byte[] whole : new byte[][] {IMAGES, Idx.gzip(IMAGES)}) {
      Object expected = images(whole);
      for (int length = 0; length < whole.length; length++) {
        byte[] cut = Arrays.copyOf(whole, length);
        assertFalse(sameOrRefused(expected, cut, IdxReaderProperties::images));
      }
    }
  }

  /** What every JVM can allocate. */
  private static final BigInteger LARGEST_ARRAY = BigInteger.valueOf(Integer.MAX_VALUE - 8);

  @Property
  void anyHeaderOverAnyContent(
      @ForAll int count, @ForAll int height, @ForAll int width, @ForAll byte[] content) {
    byte[] file = Idx.file(new int[] {0x803, count, height, width}, ints(content));
    boolean accepted = accepts(file);

    boolean right =
        elements(count, height, width).equals(BigInteger.valueOf(content.length))
            && height != 0
            && width != 0
            && elements(count == 0 ? 1 : count, height, width).compareTo(LARGEST_ARRAY) <= 0;
    assertEquals(right, accepted);
  }

  @Property
  void smallHeadersOverSmallContent(
      @ForAll @IntRange(min = -1, max = 3) int count,
      @ForAll @IntRange(min = -1, max = 3) int height,
      @ForAll @IntRange(min = -1, max = 3) int width,
      @ForAll @Size(max = 9) byte[] content) {
    anyHeaderOverAnyContent(count, height, width, content);
  }

  /** The product of the extents, which are unsigned. */
  private static BigInteger elements(int count, int height, int width) {
    return IntStream.of(count, height, width)
        .mapToObj(extent -> BigInteger.valueOf(Integer.toUnsignedLong(extent)))
        .reduce(BigInteger.ONE, BigInteger::multiply);
  }

  @Property
  void anyBytesAtAll(@ForAll byte[] content, @ForAll boolean zipped) {
    accepts(zipped ? Idx.gzip(content) : content);
  }

  @Property
  void whatIsWrittenIsRead(
      @ForAll @IntRange(max = 5) int count,
      @ForAll @IntRange(min = 1, max = 4) int height,
      @ForAll @IntRange(min = 1, max = 4) int width,
      @ForAll boolean zipped,
      @ForAll long seed)
      throws IOException {
    int[] pixels = new SplittableRandom(seed).ints((long) count * height * width, 0, 256).toArray();
    byte[] file = Idx.file(new int[] {0x803, count, height, width}, pixels);

    NdArray read = (NdArray) images(zipped ? Idx.gzip(file) : file);

    assertEquals(Shape.of(count, 1, height, width), read.shape());
    double[] bytes = read.toDoubleArray();
    assertArrayEquals(
        pixels, Arrays.stream(bytes).mapToInt(v -> (int) Math.round(v * 255)).toArray());
  }

  private static boolean accepts(byte[] file) {
    try {
      images(file);
      return true;
    } catch (IOException e) {
      assertTrue(e.getMessage().startsWith(NAME + ": "), e.getMessage());
      return false;
    }
  }

  private static boolean sameOrRefused(Object expected, byte[] changed, Reader reader) {
    try {
      assertEquals(expected, reader.read(changed));
      return true;
    } catch (IOException e) {
      assertTrue(e.getMessage().startsWith(NAME + ": "), e.getMessage());
      return false;
    }
  }

  private static int[] ints(byte[] content) {
    int[] values = new int[content.length];
    Arrays.setAll(values, i -> content[i]);
    return values;
  }
}
