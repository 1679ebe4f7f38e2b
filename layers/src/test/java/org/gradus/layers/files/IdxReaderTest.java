package org.gradus.layers.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IdxReaderTest {
  private static final int[] PIXELS = {0, 1, 51, 102, 254, 255, 10, 20, 30, 40, 50, 60};
  private static final NdArray IMAGES =
      NdArray.of(
          new float[] {
            0,
            1 / 255f,
            0.2f,
            0.4f,
            254 / 255f,
            1,
            10 / 255f,
            20 / 255f,
            30 / 255f,
            40 / 255f,
            50 / 255f,
            60 / 255f
          },
          2,
          1,
          2,
          3);

  @TempDir private Path folder;

  @Test
  void pixelsAreBytesDividedBy255() throws IOException {
    assertEquals(IMAGES, images(Idx.images(PIXELS)));
  }

  @Test
  void labelsAreBytes() throws IOException {
    assertArrayEquals(new int[] {0, 9, 255}, labels(Idx.labels(0, 9, 255), 256));
  }

  @Test
  void gzipIsToldFromTheBytesNotFromTheName() throws IOException {
    Path zipped = write("plain", Idx.gzip(Idx.images(PIXELS)));
    Path plain = write("zipped.gz", Idx.labels(1, 2));

    assertEquals(IMAGES, IdxReader.readImages(zipped));
    assertArrayEquals(new int[] {1, 2}, IdxReader.readLabels(plain, 3));
    assertEquals(IMAGES, IdxReader.read(zipped, plain, 3).all().inputs());
    assertArrayEquals(new int[] {1, 2}, IdxReader.read(zipped, plain, 3).all().labels());
  }

  @Test
  void readsNoImagesAndNoLabels() throws IOException {
    assertEquals(Shape.of(0, 1, 2, 3), images(Idx.images()).shape());
    assertArrayEquals(new int[0], labels(Idx.labels(), 1));
  }

  @Test
  void leavesTheStreamOpen() throws IOException {
    boolean[] closed = new boolean[1];
    InputStream in =
        new ByteArrayInputStream(Idx.gzip(Idx.labels(1))) {
          @Override
          public void close() {
            closed[0] = true;
          }
        };

    IdxReader.readLabels(in, "labels", 2);

    assertFalse(closed[0]);
  }

  static Stream<Arguments> damagedImages() {
    byte[] whole = Idx.images(PIXELS);
    byte[] zipped = Idx.gzip(whole);
    byte[] flipped = zipped.clone();
    flipped[zipped.length - 8] ^= 1;
    return Stream.of(
        row(new byte[0], "digits: expected a header of 16 bytes, found 0"),
        row(Arrays.copyOf(whole, 15), "digits: expected a header of 16 bytes, found 15"),
        row(
            Idx.labels(1, 2, 3, 4, 5, 6, 7, 8),
            "digits: expected the magic number 0x00000803, found 0x00000801"),
        row(
            Idx.labels(1, 2, 3), // shorter than a header of images
            "digits: expected the magic number 0x00000803, found 0x00000801"),
        row(Arrays.copyOf(whole, 3), "digits: expected a header of 16 bytes, found 3"),
        row(
            Arrays.copyOf(whole, whole.length - 1),
            "digits: expected 2 images of 2 x 3, 12 bytes, found 11"),
        row(
            Arrays.copyOf(whole, whole.length + 1),
            "digits: expected 2 images of 2 x 3, 12 bytes, found 13"),
        row(
            Idx.file(new int[] {0x803, 0x80000000, 28, 28}, new int[84]),
            "digits: expected 2147483648 images of 28 x 28, 1683627180032 bytes, found 84"),
        row(
            Idx.file(new int[] {0x803, -1, -1, -1}, new int[84]),
            "digits: expected 4294967295 images of 4294967295 x 4294967295,"
                + " 79228162458924105385300197375 bytes, found 84"),
        row(
            Idx.file(new int[] {0x803, 1, 46340, 46340}, new int[84]),
            "digits: expected 1 images of 46340 x 46340, 2147395600 bytes, found 84"),
        row(
            Idx.file(new int[] {0x803, 0, -1, -1}),
            "digits: 0 images of 4294967295 x 4294967295 are more than an array holds, 2147483639"),
        row(
            Idx.file(new int[] {0x803, 2, 0, 3}),
            "digits: expected images of at least 1 x 1, found 2 images of 0 x 3"),
        row(
            Idx.file(new int[] {0x803, 2, 3, 0}),
            "digits: expected images of at least 1 x 1, found 2 images of 3 x 0"),
        row(
            Idx.gzip(Arrays.copyOf(whole, whole.length - 1)),
            "digits: expected 2 images of 2 x 3, 12 bytes, found 11"),
        row(
            Idx.gzip(Arrays.copyOf(whole, whole.length + 1)),
            "digits: expected 2 images of 2 x 3, 12 bytes, found 13"),
        row(Arrays.copyOf(zipped, 2), "digits: the gzip data end too early"),
        row(Arrays.copyOf(zipped, 5), "digits: the gzip data end too early"),
        row(Arrays.copyOf(zipped, zipped.length - 9), "digits: the gzip data end too early"),
        row(Arrays.copyOf(zipped, zipped.length - 1), "digits: the gzip data end too early"),
        row(flipped, "digits: the gzip data are damaged"));
  }

  @ParameterizedTest
  @MethodSource("damagedImages")
  void refusesDamagedImages(byte[] content, String message) {
    var error = assertThrows(FileFormatException.class, () -> images(content));

    assertEquals(message, error.getMessage());
  }

  static Stream<Arguments> damagedLabels() {
    byte[] whole = Idx.labels(0, 1, 2);
    return Stream.of(
        row(Arrays.copyOf(whole, 7), "digits: expected a header of 8 bytes, found 7"),
        row(Idx.images(PIXELS), "digits: expected the magic number 0x00000801, found 0x00000803"),
        row(Arrays.copyOf(whole, 10), "digits: expected 3 labels, 3 bytes, found 2"),
        row(Arrays.copyOf(whole, 13), "digits: expected 3 labels, 3 bytes, found 5"),
        row(
            Idx.file(new int[] {0x801, -1}, 1),
            "digits: expected 4294967295 labels, 4294967295 bytes, found 1"),
        row(Idx.labels(0, 9, 10, 3), "digits: label 10 at position 2, expected 0 to 9"),
        row(Idx.labels(255), "digits: label 255 at position 0, expected 0 to 9"));
  }

  @ParameterizedTest
  @MethodSource("damagedLabels")
  void refusesDamagedLabels(byte[] content, String message) {
    var error = assertThrows(FileFormatException.class, () -> labels(content, 10));

    assertEquals(message, error.getMessage());
  }

  /** The zipped file holds all that it announces, a thousand times its own size. */
  @Test
  void refusesASmallFileThatUnzipsToALargeOne() throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(zipped)) {
      out.write(Idx.file(new int[] {0x803, 400, 1000, 1000}));
      for (int image = 0; image < 400; image++) {
        out.write(new byte[1_000_000]);
      }
    }
    assertTrue(zipped.size() < 500_000);

    var error = assertThrows(FileFormatException.class, () -> images(zipped.toByteArray()));

    assertEquals(
        "digits: 400 images of 1000 x 1000 are 400000000 bytes, expected at most 268435456; to read"
            + " them, give a higher limit",
        error.getMessage());
  }

  @Test
  void readsUpToALimitThatIsGiven() throws IOException {
    byte[] whole = Idx.images(PIXELS); // 12 bytes
    Path images = write("images", whole);
    Path labels = write("labels", Idx.labels(1, 2));

    assertEquals(images(whole), IdxReader.readImages(images, 12));
    assertEquals(images(whole), IdxReader.readImages(images, Integer.MAX_VALUE));
    assertEquals(images(whole), IdxReader.read(images, labels, 3, 12).all().inputs());
    var error = assertThrows(FileFormatException.class, () -> IdxReader.readImages(images, 11));
    assertThrows(FileFormatException.class, () -> IdxReader.read(images, labels, 3, 11));
    assertEquals(
        images
            + ": 2 images of 2 x 3 are 12 bytes, expected at most 11; to read them, give a higher"
            + " limit",
        error.getMessage());
    byte[] longer = Arrays.copyOf(whole, whole.length + 1);
    var more =
        assertThrows(
            FileFormatException.class,
            () -> IdxReader.readImages(new ByteArrayInputStream(longer), "digits", 12));
    assertEquals(
        "digits: expected 2 images of 2 x 3, 12 bytes, found more than 12", more.getMessage());
    var none = assertThrows(IllegalArgumentException.class, () -> IdxReader.readImages(images, 0));
    assertEquals("readImages: a limit of 0 bytes, expected at least 1", none.getMessage());
  }

  @Test
  void refusesOtherNumbersOfImagesAndLabels() throws IOException {
    Path images = write("images", Idx.images(PIXELS));
    Path labels = write("labels", Idx.labels(1, 2, 3));

    var error = assertThrows(FileFormatException.class, () -> IdxReader.read(images, labels, 10));

    assertEquals("%s: 3 labels, but %s has 2 images".formatted(labels, images), error.getMessage());
  }

  @Test
  void refusesFewerThanOneClass() {
    var error = assertThrows(IllegalArgumentException.class, () -> labels(Idx.labels(1), 0));

    assertEquals("readLabels: 0 classes, expected at least 1", error.getMessage());
    Path missing = folder.resolve("missing"); // and not looked for
    assertEquals(
        "read: 0 classes, expected at least 1",
        assertThrows(IllegalArgumentException.class, () -> IdxReader.read(missing, missing, 0))
            .getMessage());
    assertEquals(
        "read: a limit of 0 bytes, expected at least 1",
        assertThrows(IllegalArgumentException.class, () -> IdxReader.read(missing, missing, 1, 0))
            .getMessage());
  }

  /** Labels take no limit, so that none is advised. */
  @Test
  void refusesMoreLabelsThanTheLimit() throws IOException {
    int count = IdxReader.MOST_BYTES + 1;
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(zipped)) {
      out.write(Idx.file(new int[] {0x801, count}));
      byte[] zeros = new byte[1 << 20];
      for (int written = 0; written < count; written += zeros.length) {
        out.write(zeros, 0, Math.min(zeros.length, count - written));
      }
    }
    var error = assertThrows(FileFormatException.class, () -> labels(zipped.toByteArray(), 1));
    assertEquals(
        "digits: 268435457 labels are 268435457 bytes, expected at most 268435456",
        error.getMessage());
  }

  @Test
  void saysWhyAStreamCannotBeRead() {
    assertCannotBeRead(
        "digits: cannot be read: ClosedChannelException", new ClosedChannelException());
    assertCannotBeRead(
        "digits: cannot be read: the line is cut", new EOFException("the line is cut"));
    assertCannotBeRead("digits: cannot be read: no zip", new ZipException("no zip"));
  }

  private static void assertCannotBeRead(String message, IOException cause) {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw cause;
          }

          @Override
          public int read(byte[] bytes, int from, int count) throws IOException {
            throw cause;
          }
        };
    var error = assertThrows(IOException.class, () -> IdxReader.readImages(broken, "digits"));
    assertEquals(message, error.getMessage());
    assertEquals(IOException.class, error.getClass());
  }

  /** In a virtual machine of its own: a file within the limit that is too large for its memory. */
  @Test
  void whatDoesNotFitTheMemoryIsAnErrorInWords() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-Dgradus.kernels=plain",
                "-cp",
                System.getProperty("java.class.path"),
                TooLarge.class.getName())
            .redirectErrorStream(true)
            .start();
    String printed = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, child.waitFor(), printed);
    assertTrue(
        printed.contains(
            "digits: needs more memory than this virtual machine has left; give it more by -Xmx"),
        printed);
  }

  /** Reads 40 MiB of pixels, which are 160 MiB as float32. */
  static final class TooLarge {
    private TooLarge() {}

    /** Prints the message. */
    public static void main(String[] arguments) {
      byte[] header = Idx.file(new int[] {0x803, 40, 1024, 1024});
      InputStream zeros = new ByteArrayInputStream(new byte[40 << 20]);
      try {
        IdxReader.readImages(
            new SequenceInputStream(new ByteArrayInputStream(header), zeros), "digits");
      } catch (IOException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void namesAFileThatCannotBeRead() {
    Path missing = folder.resolve("missing");

    var notThere = assertThrows(NoSuchFileException.class, () -> IdxReader.readImages(missing));
    var noFile = assertThrows(IOException.class, () -> IdxReader.readImages(folder));

    assertEquals(missing.toString(), notThere.getMessage());
    assertEquals(folder + ": cannot be read: Is a directory", noFile.getMessage());
  }

  private static Arguments row(byte[] content, String message) {
    return Arguments.of(content, message);
  }

  private Path write(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private static NdArray images(byte[] content) throws IOException {
    return IdxReader.readImages(new ByteArrayInputStream(content), "digits");
  }

  private static int[] labels(byte[] content, int classes) throws IOException {
    return IdxReader.readLabels(new ByteArrayInputStream(content), "digits", classes);
  }

  @Test
  void theNumberOfClassesIsCheckedBeforeTheFile() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> IdxReader.readLabels(Path.of("none"), 0));
    assertEquals("readLabels: 0 classes, expected at least 1", e.getMessage());
  }
}
