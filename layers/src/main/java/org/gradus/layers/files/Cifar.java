package org.gradus.layers.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.data.Split;

/**
 * Reads CIFAR-10 and CIFAR-100 in their binary version, unpacked.
 *
 * <pre>
 *   CIFAR-10    a record: label, 3072 pixels             data_batch_1.bin ... _5.bin, test_batch.bin
 *   CIFAR-100   a record: coarse and fine label, pixels  train.bin, test.bin
 * </pre>
 *
 * <p>A label is a byte; the pixels are bytes, first the red ones, then the green, then the blue,
 * each row by row, 32 x 32. Inputs are images, float32 [3, 32, 32], each pixel a byte / 255.
 *
 * <p>A file that is no whole number of records, and a label that is no class, are refused with a
 * {@link FileFormatException} that names the file, the record and both numbers. A file of more
 * bytes than a limit, {@link #MOST_BYTES} where none is given, is refused before it is kept.
 *
 * @see <a href="https://www.cs.toronto.edu/~kriz/cifar.html">Krizhevsky: the CIFAR-10 and CIFAR-100
 *     datasets</a>
 */
public final class Cifar {
  private static final int SIDE = 32;
  private static final int PIXELS = 3 * SIDE * SIDE;

  /**
   * The most bytes of a file that are read unless another limit is given: 256 MiB, nearly twice the
   * training images of CIFAR-100. Pixels take four times as much memory as float32.
   */
  public static final int MOST_BYTES = 1 << 28;

  /** A data set, and which of its labels are read. */
  public enum Kind {
    /** CIFAR-10: 10 classes. */
    CIFAR_10(1, 0, 10),
    /** CIFAR-100 with its fine labels: 100 classes. */
    CIFAR_100(2, 1, 100),
    /** CIFAR-100 with its coarse labels: 20 classes, each of five of the fine ones. */
    CIFAR_100_COARSE(2, 0, 20);

    private final int labels;
    private final int place;
    private final int classes;

    Kind(int labels, int place, int classes) {
      this.labels = labels;
      this.place = place;
      this.classes = classes;
    }

    /** How many classes there are; labels are from 0 to one less. */
    public int classes() {
      return classes;
    }

    private int recordBytes() {
      return labels + PIXELS;
    }

    private List<String> train() {
      return this == CIFAR_10
          ? List.of(
              "data_batch_1.bin",
              "data_batch_2.bin",
              "data_batch_3.bin",
              "data_batch_4.bin",
              "data_batch_5.bin")
          : List.of("train.bin");
    }

    private List<String> test() {
      return List.of(this == CIFAR_10 ? "test_batch.bin" : "test.bin");
    }
  }

  private Cifar() {}

  /**
   * CIFAR-10: 50,000 examples to learn from, in the order of the files, and 10,000 to measure with.
   *
   * @param folder that has the six files in it
   * @throws FileNotFoundException if one is missing
   * @throws FileFormatException if one is damaged
   * @throws IOException if one cannot be read
   */
  public static Split cifar10(Path folder) throws IOException {
    Nulls.refuse("cifar10: folder", folder);
    return split(folder, Kind.CIFAR_10, MOST_BYTES);
  }

  /**
   * CIFAR-100 with its fine labels: 50,000 examples to learn from, and 10,000 to measure with.
   *
   * @param folder that has the two files in it
   * @throws FileNotFoundException if one is missing
   * @throws FileFormatException if one is damaged
   * @throws IOException if one cannot be read
   */
  public static Split cifar100(Path folder) throws IOException {
    Nulls.refuse("cifar100: folder", folder);
    return split(folder, Kind.CIFAR_100, MOST_BYTES);
  }

  /**
   * The data set of a kind, with a limit.
   *
   * @param folder that has the files in it
   * @param kind the data set, and which labels are read
   * @param mostBytes the most bytes of a file that are read, at least 1
   * @throws FileNotFoundException if a file is missing
   * @throws FileFormatException if one is damaged, or larger
   * @throws IllegalArgumentException if the limit is below 1
   * @throws IOException if one cannot be read
   */
  public static Split ofFolder(Path folder, Kind kind, int mostBytes) throws IOException {
    Nulls.refuse("ofFolder: folder, kind", folder, kind);
    IdxReader.requireSettings("ofFolder", kind.classes, mostBytes);
    return split(folder, kind, mostBytes);
  }

  private static Split split(Path folder, Kind kind, int mostBytes) throws IOException {
    Dataset train = joined(folder, kind.train(), kind, mostBytes);
    return new Split(train, joined(folder, kind.test(), kind, mostBytes));
  }

  private static Dataset joined(Path folder, List<String> files, Kind kind, int mostBytes)
      throws IOException {
    List<byte[]> contents = new ArrayList<>();
    for (String file : files) {
      Path path = folder.resolve(file);
      if (!Files.exists(path)) {
        throw new FileNotFoundException(path + ": missing");
      }
      try (InputStream in = Files.newInputStream(path)) {
        contents.add(records(in, path.toString(), kind, mostBytes));
      }
    }
    return FileContent.named(folder.toString(), () -> dataset(contents, folder.toString(), kind));
  }

  /**
   * Reads one file.
   *
   * @param kind the data set, and which labels are read
   * @throws FileFormatException if the file is damaged, or of more bytes than {@link #MOST_BYTES}
   * @throws IOException if it cannot be read
   */
  public static Dataset read(Path file, Kind kind) throws IOException {
    Nulls.refuse("read: file, kind", file, kind);
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, file.toString(), kind, MOST_BYTES);
    }
  }

  /**
   * Reads one file to the end of a stream, which stays open.
   *
   * @param in the file
   * @param name of the file, for messages
   * @param kind the data set, and which labels are read
   * @param mostBytes the most bytes that are read, at least 1
   * @throws FileFormatException if the content is damaged, or larger
   * @throws IllegalArgumentException if the limit is below 1
   * @throws IOException if it cannot be read
   */
  public static Dataset read(InputStream in, String name, Kind kind, int mostBytes)
      throws IOException {
    Nulls.refuse("read: in, name, kind", in, name, kind);
    IdxReader.requireSettings("read", kind.classes, mostBytes);
    List<byte[]> contents = List.of(records(in, name, kind, mostBytes));
    return FileContent.named(name, () -> dataset(contents, name, kind));
  }

  /** A whole number of records, whose labels are classes. */
  private static byte[] records(InputStream in, String name, Kind kind, int mostBytes)
      throws IOException {
    int limit = Math.min(mostBytes, FileContent.LARGEST_ARRAY);
    byte[] bytes = FileContent.named(name, () -> in.readNBytes(limit));
    if (bytes.length == limit && FileContent.named(name, in::read) >= 0) {
      throw new FileFormatException(
          name,
          "more than %s bytes, expected at most as many; to read them, give a higher limit"
              .formatted(limit));
    }
    int size = kind.recordBytes();
    int rest = bytes.length % size;
    if (bytes.length == 0 || rest != 0) {
      throw new FileFormatException(
          name, "record %s has %s bytes, expected %s".formatted(bytes.length / size, rest, size));
    }
    for (int i = 0; i < bytes.length / size; i++) {
      int label = bytes[i * size + kind.place] & 0xff;
      if (label >= kind.classes) {
        throw new FileFormatException(
            name, "label %s of record %s, expected 0 to %s".formatted(label, i, kind.classes - 1));
      }
    }
    return bytes;
  }

  private static Dataset dataset(List<byte[]> contents, String name, Kind kind)
      throws FileFormatException {
    int size = kind.recordBytes();
    long count = contents.stream().mapToLong(bytes -> bytes.length / size).sum();
    if (count * PIXELS > FileContent.LARGEST_ARRAY) {
      throw new FileFormatException(
          name,
          "%s images, expected at most %s, which an array holds"
              .formatted(count, FileContent.LARGEST_ARRAY / PIXELS));
    }
    float[] pixels = new float[(int) count * PIXELS];
    int[] labels = new int[(int) count];
    int example = 0;
    for (byte[] bytes : contents) {
      for (int at = 0; at < bytes.length; at += size) {
        labels[example] = bytes[at + kind.place] & 0xff;
        int to = example * PIXELS;
        for (int i = 0; i < PIXELS; i++) {
          pixels[to + i] = (bytes[at + kind.labels + i] & 0xff) / 255f;
        }
        example++;
      }
    }
    return Dataset.of(NdArray.wrap(pixels, Shape.of((int) count, 3, SIDE, SIDE)), labels);
  }
}
