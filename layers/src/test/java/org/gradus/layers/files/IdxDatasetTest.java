package org.gradus.layers.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gradus.layers.data.Split;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxDatasetTest {
  @TempDir private Path folder;

  @BeforeEach
  void writeAFolder() throws IOException {
    write("train-images-idx3-ubyte.gz", Idx.gzip(Idx.images(new int[12])));
    write("train-labels-idx1-ubyte", Idx.labels(1, 2));
    write("t10k-images-idx3-ubyte", Idx.images(new int[6]));
    write("t10k-labels-idx1-ubyte.gz", Idx.gzip(Idx.labels(3)));
  }

  @Test
  void readsAFolderZippedOrNot() throws IOException {
    Split data = IdxDataset.ofFolder(folder, 4);

    assertEquals("2 examples: FLOAT32 [1, 2, 3] and FLOAT32 []", data.train().toString());
    assertEquals("1 examples: FLOAT32 [1, 2, 3] and FLOAT32 []", data.test().toString());
    assertArrayEquals(new int[] {1, 2}, data.train().all().labels());
    assertArrayEquals(new int[] {3}, data.test().all().labels());
  }

  @Test
  void prefersTheFileThatIsNotZipped() throws IOException {
    write("t10k-labels-idx1-ubyte", Idx.labels(0));

    assertEquals(0, IdxDataset.ofFolder(folder, 4).test().all().labels()[0]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train-images-idx3-ubyte",
        "train-labels-idx1-ubyte",
        "t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte"
      })
  void namesAMissingFile(String name) throws IOException {
    Files.deleteIfExists(folder.resolve(name));
    Files.deleteIfExists(folder.resolve(name + ".gz"));

    var error = assertThrows(FileNotFoundException.class, () -> IdxDataset.ofFolder(folder, 4));

    assertEquals(
        "%s: missing, and so is %s.gz".formatted(folder.resolve(name), name), error.getMessage());
  }

  @Test
  void namesADamagedFile() throws IOException {
    write("t10k-labels-idx1-ubyte", Idx.labels(4));

    var error = assertThrows(FileFormatException.class, () -> IdxDataset.ofFolder(folder, 4));

    assertEquals(
        folder.resolve("t10k-labels-idx1-ubyte") + ": label 4 at position 0, expected 0 to 3",
        error.getMessage());
  }

  @Test
  void refusesOtherNumbersOfImagesAndLabels() throws IOException {
    write("train-labels-idx1-ubyte", Idx.labels(1, 2, 3));

    var error = assertThrows(FileFormatException.class, () -> IdxDataset.ofFolder(folder, 4));

    assertEquals(
        "%s: 3 labels, but %s has 2 images"
            .formatted(
                folder.resolve("train-labels-idx1-ubyte"),
                folder.resolve("train-images-idx3-ubyte.gz")),
        error.getMessage());
  }

  @Test
  void readsTheClassPath() throws IOException {
    Split beside = IdxDataset.ofResources(IdxDatasetTest.class, "tiny", 10);
    Split absolute = IdxDataset.ofResources(IdxReader.class, "/org/gradus/layers/files/tiny", 10);

    assertEquals("3 examples: FLOAT32 [1, 2, 2] and FLOAT32 []", beside.train().toString());
    assertArrayEquals(new int[] {7, 8, 9}, beside.train().all().labels());
    assertEquals("1 examples: FLOAT32 [1, 2, 2] and FLOAT32 []", beside.test().toString());
    assertEquals(beside.train().all().inputs(), absolute.train().all().inputs());
    Split slash = IdxDataset.ofResources(IdxDatasetTest.class, "tiny/", 10);
    assertEquals(beside.train().all().inputs(), slash.train().all().inputs());
  }

  /** Beside the owner, not in the root. */
  @Test
  void theEmptyFolderIsThePackageOfTheOwner() {
    FileNotFoundException error =
        assertThrows(
            FileNotFoundException.class,
            () -> IdxDataset.ofResources(IdxDatasetTest.class, "", 10));
    assertEquals(
        "train-images-idx3-ubyte: missing, and so is train-images-idx3-ubyte.gz",
        error.getMessage());
  }

  @Test
  void classesAndLimitsAreCheckedBeforeFilesAreLookedFor() {
    Path nowhere = Path.of("nowhere");
    assertEquals(
        "ofFolder: 0 classes, expected at least 1",
        assertThrows(IllegalArgumentException.class, () -> IdxDataset.ofFolder(nowhere, 0))
            .getMessage());
    assertEquals(
        "ofFolder: a limit of 0 bytes, expected at least 1",
        assertThrows(IllegalArgumentException.class, () -> IdxDataset.ofFolder(nowhere, 1, 0))
            .getMessage());
    assertEquals(
        "ofResources: 0 classes, expected at least 1",
        assertThrows(
                IllegalArgumentException.class,
                () -> IdxDataset.ofResources(IdxDatasetTest.class, "none", 0))
            .getMessage());
  }

  @Test
  void namesAMissingResource() {
    var error =
        assertThrows(
            FileNotFoundException.class,
            () -> IdxDataset.ofResources(IdxDatasetTest.class, "none", 10));

    assertEquals(
        "none/train-images-idx3-ubyte: missing, and so is train-images-idx3-ubyte.gz",
        error.getMessage());
  }

  /** A module keeps the files in its packages to itself, unless it opens them. */
  @Test
  void saysWhatAModuleMustDoForItsResourcesToBeFound() {
    var error =
        assertThrows(
            FileNotFoundException.class, () -> IdxDataset.ofResources(String.class, "none", 10));

    assertEquals(
        "none/train-images-idx3-ubyte: missing, and so is train-images-idx3-ubyte.gz;"
            + " module java.base must open the folder, as a package, to org.gradus.layers",
        error.getMessage());
  }

  private void write(String name, byte[] content) throws IOException {
    Files.write(folder.resolve(name), content);
  }
}
