package org.gradus.layers.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.data.Split;
import org.gradus.layers.files.Cifar.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CifarTest {
  @TempDir private Path folder;

  /** Records of these labels each; the pixel of channel c, row y, column x is 100 c + 3 y + x. */
  private static byte[] records(int[]... labels) {
    int size = labels[0].length + 3072;
    byte[] bytes = new byte[labels.length * size];
    for (int record = 0; record < labels.length; record++) {
      int at = record * size;
      for (int label : labels[record]) {
        bytes[at++] = (byte) label;
      }
      for (int c = 0; c < 3; c++) {
        for (int y = 0; y < 32; y++) {
          for (int x = 0; x < 32; x++) {
            bytes[at++] = (byte) (100 * c + 3 * y + x);
          }
        }
      }
    }
    return bytes;
  }

  private static int[] labels(int... labels) {
    return labels;
  }

  private void write(String name, byte[] content) throws IOException {
    Files.write(folder.resolve(name), content);
  }

  private static Dataset read(Kind kind, byte[] content) throws IOException {
    return Cifar.read(new ByteArrayInputStream(content), "x.bin", kind, 1 << 20);
  }

  @Test
  void imagesAreOfRedThenGreenThenBlueRows() throws IOException {
    Batch batch = read(Kind.CIFAR_10, records(labels(7), labels(9))).all();

    assertEquals(Shape.of(2, 3, 32, 32), batch.inputs().shape());
    assertArrayEquals(labels(7, 9), batch.labels());
    for (int example = 0; example < 2; example++) {
      assertEquals(0 / 255f, batch.inputs().get(example, 0, 0, 0));
      assertEquals(5 / 255f, batch.inputs().get(example, 0, 0, 5));
      assertEquals(124 / 255f, batch.inputs().get(example, 0, 31, 31));
      assertEquals(112 / 255f, batch.inputs().get(example, 1, 4, 0));
      assertEquals(207 / 255f, batch.inputs().get(example, 2, 2, 1));
    }
  }

  @Test
  void eachKindHasItsLabels() throws IOException {
    byte[] hundred = records(labels(19, 99), labels(3, 42));

    assertArrayEquals(labels(99, 42), read(Kind.CIFAR_100, hundred).all().labels());
    assertArrayEquals(labels(19, 3), read(Kind.CIFAR_100_COARSE, hundred).all().labels());
    assertEquals(112 / 255f, read(Kind.CIFAR_100, hundred).all().inputs().get(1, 1, 4, 0));
    assertEquals(10, Kind.CIFAR_10.classes());
    assertEquals(100, Kind.CIFAR_100.classes());
    assertEquals(20, Kind.CIFAR_100_COARSE.classes());
  }

  @Test
  void theFilesOfCifar10AreJoinedInOrder() throws IOException {
    for (int i = 1; i <= 5; i++) {
      write("data_batch_" + i + ".bin", records(labels(i), labels(i + 4)));
    }
    write("test_batch.bin", records(labels(0)));

    Split split = Cifar.cifar10(folder);

    assertArrayEquals(labels(1, 5, 2, 6, 3, 7, 4, 8, 5, 9), split.train().all().labels());
    assertArrayEquals(labels(0), split.test().all().labels());
    assertEquals(Shape.of(10, 3, 32, 32), split.train().all().inputs().shape());
    assertEquals(207 / 255f, split.train().all().inputs().get(9, 2, 2, 1));
    assertEquals(
        split.test().all(), Cifar.read(folder.resolve("test_batch.bin"), Kind.CIFAR_10).all());
  }

  @Test
  void theFilesOfCifar100HaveFineLabelsUnlessCoarseOnesAreAskedFor() throws IOException {
    write("train.bin", records(labels(1, 50), labels(2, 60)));
    write("test.bin", records(labels(3, 70)));

    assertArrayEquals(labels(50, 60), Cifar.cifar100(folder).train().all().labels());
    assertArrayEquals(labels(70), Cifar.cifar100(folder).test().all().labels());
    Split coarse = Cifar.ofFolder(folder, Kind.CIFAR_100_COARSE, 1 << 20);
    assertArrayEquals(labels(1, 2), coarse.train().all().labels());
    assertArrayEquals(labels(3), coarse.test().all().labels());
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    write("train.bin", records(labels(1, 50)));

    FileNotFoundException e =
        assertThrows(FileNotFoundException.class, () -> Cifar.cifar100(folder));
    assertEquals(folder.resolve("test.bin") + ": missing", e.getMessage());
    e = assertThrows(FileNotFoundException.class, () -> Cifar.cifar10(folder));
    assertEquals(folder.resolve("data_batch_1.bin") + ": missing", e.getMessage());
  }

  static Stream<Arguments> damaged() {
    byte[] two = records(labels(1), labels(2));
    byte[] fine = records(labels(0, 99), labels(0, 100));
    byte[] coarse = records(labels(19, 0), labels(20, 0));
    return Stream.of(
        Arguments.of(Kind.CIFAR_10, new byte[0], "record 0 has 0 bytes, expected 3073"),
        Arguments.of(
            Kind.CIFAR_10, Arrays.copyOf(two, 6145), "record 1 has 3072 bytes, expected 3073"),
        Arguments.of(
            Kind.CIFAR_10, Arrays.copyOf(two, 6147), "record 2 has 1 bytes, expected 3073"),
        Arguments.of(
            Kind.CIFAR_10, records(labels(9), labels(10)), "label 10 of record 1, expected 0 to 9"),
        Arguments.of(Kind.CIFAR_10, records(labels(255)), "label 255 of record 0, expected 0 to 9"),
        Arguments.of(Kind.CIFAR_100, fine, "label 100 of record 1, expected 0 to 99"),
        Arguments.of(Kind.CIFAR_100_COARSE, coarse, "label 20 of record 1, expected 0 to 19"),
        Arguments.of(Kind.CIFAR_100, two, "record 1 has 3072 bytes, expected 3074"));
  }

  @ParameterizedTest
  @MethodSource("damaged")
  void whatIsDamagedIsRefused(Kind kind, byte[] content, String message) {
    FileFormatException e = assertThrows(FileFormatException.class, () -> read(kind, content));
    assertEquals("x.bin: " + message, e.getMessage());
  }

  @Test
  void moreThanTheLimitIsRefused() throws IOException {
    byte[] content = records(labels(1), labels(2));
    ByteArrayInputStream in = new ByteArrayInputStream(content);
    assertEquals(2, Cifar.read(in, "x.bin", Kind.CIFAR_10, content.length).size());

    FileFormatException e =
        assertThrows(
            FileFormatException.class,
            () -> Cifar.read(new ByteArrayInputStream(content), "x.bin", Kind.CIFAR_10, 6145));
    assertEquals(
        "x.bin: more than 6145 bytes, expected at most as many; to read them, give a higher limit",
        e.getMessage());
  }

  @Test
  void aLimitIsAtLeastOne() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> Cifar.ofFolder(folder, Kind.CIFAR_10, 0));
    assertEquals("ofFolder: a limit of 0 bytes, expected at least 1", e.getMessage());
  }
}
