package org.gradus.layers.files;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.LongStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.data.Dataset;

/**
 * Reads images and labels in the IDX format of MNIST and its successors, gzipped or not: that is
 * told from the first bytes, not from the name.
 *
 * <pre>
 *   images: int32 0x00000803, N, H, W; then N H W pixels, one byte each, 0 to 255
 *   labels: int32 0x00000801, N;       then N labels, one byte each
 * </pre>
 *
 * <p>Numbers are big-endian. All else is refused with an {@link FileFormatException} that names the
 * file and both values: another magic number, fewer or more bytes than the header announces, a
 * label that is no class, damaged gzip. A header that announces more than there is costs no memory,
 * and one that announces more than a limit is refused before anything is kept; so a small file that
 * unzips to a large one does no harm. The limit is {@link #MOST_BYTES} where none is given. What is
 * within the limit, but not within the memory of the virtual machine, is refused with an {@link
 * IOException}. Bytes behind the gzipped part of a file may be read, ignored or refused by the JDK.
 *
 * @see <a href="https://yann.lecun.org/exdb/mnist/">LeCun, Cortes, Burges: the MNIST database</a>
 */
public final class IdxReader {
  private static final int IMAGES_MAGIC = 0x00000803;
  private static final int LABELS_MAGIC = 0x00000801;
  private static final int BUFFER = 1 << 16;

  /**
   * The most pixels or labels of a file, one byte each, that are read unless another limit is
   * given: 256 MiB, five times the training images of MNIST. Pixels take four times as much memory
   * as float32.
   */
  public static final int MOST_BYTES = 1 << 28;

  private IdxReader() {}

  /**
   * Reads a file of images and one of labels.
   *
   * @param classes labels are from 0 to classes - 1
   * @throws FileFormatException if one is damaged, or their numbers differ
   * @throws IOException if one cannot be read
   */
  public static Dataset read(Path images, Path labels, int classes) throws IOException {
    return read(images, labels, classes, MOST_BYTES);
  }

  /**
   * As {@link #read(Path, Path, int)}, with a limit for the pixels.
   *
   * @param mostBytes the most pixels that are read, at least 1
   */
  public static Dataset read(Path images, Path labels, int classes, int mostBytes)
      throws IOException {
    Nulls.refuse("read: images, labels", images, labels);
    requireSettings("read", classes, mostBytes);
    return pair(
        readImages(images, mostBytes),
        images.toString(),
        readLabels(labels, classes),
        labels.toString(),
        classes);
  }

  static Dataset pair(
      NdArray images, String imagesName, int[] labels, String labelsName, int classes)
      throws FileFormatException {
    int count = images.shape().dim(0);
    if (count != labels.length) {
      throw new FileFormatException(
          labelsName,
          "%s labels, but %s has %s images".formatted(labels.length, imagesName, count));
    }
    return Dataset.of(images, labels);
  }

  /**
   * Reads a file of images.
   *
   * @return float32 [N, 1, H, W], each pixel a byte / 255
   * @throws FileFormatException if the file is damaged
   * @throws IOException if it cannot be read
   */
  public static NdArray readImages(Path file) throws IOException {
    return readImages(file, MOST_BYTES);
  }

  /**
   * As {@link #readImages(Path)}, with a limit.
   *
   * @param mostBytes the most pixels that are read, at least 1
   */
  public static NdArray readImages(Path file, int mostBytes) throws IOException {
    Nulls.refuse("readImages: file", file);
    try (InputStream in = Files.newInputStream(file)) {
      return readImages(in, file.toString(), mostBytes);
    }
  }

  /**
   * Reads images to the end of a stream, which stays open.
   *
   * @param in the file, gzipped or not
   * @param name of the file, for messages
   * @return float32 [N, 1, H, W], each pixel a byte / 255
   * @throws FileFormatException if the content is damaged
   * @throws IOException if it cannot be read
   */
  public static NdArray readImages(InputStream in, String name) throws IOException {
    return readImages(in, name, MOST_BYTES);
  }

  /**
   * As {@link #readImages(InputStream, String)}, with a limit.
   *
   * @param mostBytes the most pixels that are read, at least 1
   */
  public static NdArray readImages(InputStream in, String name, int mostBytes) throws IOException {
    Nulls.refuse("readImages: in, name", in, name);
    requireSettings("readImages", 1, mostBytes);
    return decoded(
        in,
        name,
        content -> {
          long[] dims = header(content, name, IMAGES_MAGIC, 3);
          String what = "%s images of %s x %s".formatted(dims[0], dims[1], dims[2]);
          if (dims[1] == 0 || dims[2] == 0) {
            throw new FileFormatException(name, "expected images of at least 1 x 1, found " + what);
          }
          byte[] bytes =
              body(content, name, what, dims, mostBytes, "; to read them, give a higher limit");
          float[] pixels = new float[bytes.length];
          for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (bytes[i] & 0xff) / 255f;
          }
          return NdArray.wrap(pixels, Shape.of((int) dims[0], 1, (int) dims[1], (int) dims[2]));
        });
  }

  /**
   * Reads a file of labels.
   *
   * @param classes labels are from 0 to classes - 1
   * @throws FileFormatException if the file is damaged, or a label is no class
   * @throws IllegalArgumentException if the number of classes is below 1
   * @throws IOException if it cannot be read
   */
  public static int[] readLabels(Path file, int classes) throws IOException {
    Nulls.refuse("readLabels: file", file);
    requireSettings("readLabels", classes, MOST_BYTES);
    try (InputStream in = Files.newInputStream(file)) {
      return readLabels(in, file.toString(), classes);
    }
  }

  /**
   * Reads labels to the end of a stream, which stays open.
   *
   * @param in the file, gzipped or not
   * @param name of the file, for messages
   * @param classes labels are from 0 to classes - 1
   * @throws FileFormatException if the content is damaged, or a label is no class
   * @throws IllegalArgumentException if the number of classes is below 1
   * @throws IOException if it cannot be read
   */
  public static int[] readLabels(InputStream in, String name, int classes) throws IOException {
    Nulls.refuse("readLabels: in, name", in, name);
    requireSettings("readLabels", classes, MOST_BYTES);
    return decoded(
        in,
        name,
        content -> {
          long[] dims = header(content, name, LABELS_MAGIC, 1);
          byte[] bytes = body(content, name, "%s labels".formatted(dims[0]), dims, MOST_BYTES, "");
          int[] labels = new int[bytes.length];
          for (int i = 0; i < labels.length; i++) {
            labels[i] = bytes[i] & 0xff;
            if (labels[i] >= classes) {
              throw new FileFormatException(
                  name,
                  "label %s at position %s, expected 0 to %s".formatted(labels[i], i, classes - 1));
            }
          }
          return labels;
        });
  }

  static void requireSettings(String what, int classes, int mostBytes) {
    if (classes < 1) {
      throw new IllegalArgumentException(
          "%s: %s classes, expected at least 1".formatted(what, classes));
    }
    if (mostBytes < 1) {
      throw new IllegalArgumentException(
          "%s: a limit of %s bytes, expected at least 1".formatted(what, mostBytes));
    }
  }

  private interface Parser<T> {
    T parse(InputStream content) throws IOException;
  }

  /** What a parser makes of the stream, unzipped if it is gzip. */
  private static <T> T decoded(InputStream in, String name, Parser<T> parser) throws IOException {
    return FileContent.named(
        name,
        () -> {
          BufferedInputStream buffered = new BufferedInputStream(in, BUFFER);
          buffered.mark(2);
          boolean zipped = buffered.read() == 0x1f && buffered.read() == 0x8b;
          buffered.reset();
          return parser.parse(zipped ? unzipped(buffered, name) : buffered);
        });
  }

  /** The stream unzipped; what is wrong with the gzip data is an error of the format. */
  private static InputStream unzipped(InputStream in, String name) throws IOException {
    InputStream content = unzipping(name, () -> new GZIPInputStream(in, BUFFER));
    return new InputStream() {
      @Override
      public int read() throws IOException {
        return unzipping(name, content::read);
      }

      @Override
      public int read(byte[] bytes, int from, int count) throws IOException {
        return unzipping(name, () -> content.read(bytes, from, count));
      }
    };
  }

  private static <T> T unzipping(String name, FileContent.Reading<T> reading) throws IOException {
    try {
      return reading.get();
    } catch (EOFException e) {
      throw new FileFormatException(name, "the gzip data end too early", e);
    } catch (ZipException e) {
      throw new FileFormatException(name, "the gzip data are damaged", e);
    }
  }

  /** The unsigned extents that follow the magic number. */
  private static long[] header(InputStream in, String name, int magic, int rank)
      throws IOException {
    int length = Integer.BYTES * (1 + rank);
    byte[] bytes = in.readNBytes(length);
    ByteBuffer buffer = ByteBuffer.wrap(Arrays.copyOf(bytes, length));
    int found = buffer.getInt();
    if (bytes.length >= Integer.BYTES && found != magic) {
      throw new FileFormatException(
          name, "expected the magic number 0x%08x, found 0x%08x".formatted(magic, found));
    }
    if (bytes.length < length) {
      throw new FileFormatException(
          name, "expected a header of %s bytes, found %s".formatted(length, bytes.length));
    }
    return LongStream.generate(() -> Integer.toUnsignedLong(buffer.getInt())).limit(rank).toArray();
  }

  /** The bytes that the extents ask for, which must be all that is left. */
  private static byte[] body(
      InputStream in, String name, String what, long[] dims, int mostBytes, String advice)
      throws IOException {
    BigInteger expected = FileContent.product(Arrays.stream(dims));
    byte[] bytes = FileContent.exactly(in, name, what, expected, mostBytes, advice);
    BigInteger extent = FileContent.product(Arrays.stream(dims).map(dim -> Math.max(dim, 1)));
    if (extent.compareTo(BigInteger.valueOf(FileContent.LARGEST_ARRAY)) > 0) {
      throw new FileFormatException(
          name, "%s are more than an array holds, %s".formatted(what, FileContent.LARGEST_ARRAY));
    }
    return bytes;
  }
}
