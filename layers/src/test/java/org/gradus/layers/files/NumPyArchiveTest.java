package org.gradus.layers.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Several arrays in a file. Those among the resources are made by numpy 2.4.6:
 *
 * <pre>{@code
 * table = [[0, 1, 2], [100, 101, 102]]
 * types = "f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8".split()
 * arrays = {o + t: numpy.array(table, o + t) for o in "<>" for t in types}
 * arrays["fortran"] = numpy.asfortranarray(numpy.arange(24).reshape(2, 3, 4), "<f4")
 * arrays["bool"] = numpy.array([True, False])
 * arrays["scalar"] = numpy.array(2.5)
 * arrays["empty"] = numpy.zeros((0, 3), "<f4")
 * numpy.savez("stored.npz", **arrays)
 * numpy.savez_compressed("deflated.npz", **arrays)
 * with zipfile.ZipFile("versions.npz", "w") as z:
 *     for v in 1, 2, 3:
 *         out = io.BytesIO()
 *         numpy.lib.format.write_array(out, numpy.array(table, "<f8"), (v, 0))
 *         z.writestr("v%d.npy" % v, out.getvalue())
 * }</pre>
 */
class NumPyArchiveTest {
  private static final float[] TABLE = {0, 1, 2, 100, 101, 102};

  @TempDir private Path folder;

  private Path resource(String name) throws IOException {
    try (InputStream in = NumPyArchiveTest.class.getResourceAsStream(name)) {
      return Files.write(folder.resolve(name), in.readAllBytes());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"stored.npz", "deflated.npz"})
  void readsWhatNumPyWrites(String name) throws IOException {
    Map<String, NdArray> arrays = NumPy.readAll(resource(name));

    NdArray table = NdArray.of(TABLE, 2, 3);
    List<String> types = List.of("f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8");
    Map<String, NdArray> expected = new LinkedHashMap<>();
    for (String order : List.of("<", ">")) {
      for (String type : types) {
        boolean isDouble = type.endsWith("8") || type.matches("[iu]4");
        expected.put(order + type, isDouble ? table.as(DType.FLOAT64) : table);
      }
    }
    expected.put("fortran", NdArray.generate(DType.FLOAT32, Shape.of(2, 3, 4), i -> i));
    expected.put("bool", NdArray.of(1f, 0f));
    expected.put("scalar", NdArray.scalar(DType.FLOAT64, 2.5));
    expected.put("empty", NdArray.zeros(DType.FLOAT32, Shape.of(0, 3)));
    assertEquals(List.copyOf(expected.keySet()), List.copyOf(arrays.keySet()));
    assertEquals(expected, arrays);
  }

  @Test
  void readsAllVersions() throws IOException {
    NdArray table = NdArray.of(TABLE, 2, 3).as(DType.FLOAT64);
    assertEquals(
        Map.of("v1", table, "v2", table, "v3", table), NumPy.readAll(resource("versions.npz")));
  }

  private static Map<String, NdArray> three() {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    arrays.put("second", NdArray.of(1f, 2f, 3f));
    arrays.put("first/weight", NdArray.of(new double[] {1, 2, 3, 4}, 2, 2));
    arrays.put("ü.npy", NdArray.scalar(DType.FLOAT32, 7));
    return arrays;
  }

  @Test
  void readsWhatItWritesInOrder() throws IOException {
    Path file = folder.resolve("x.npz");
    NumPy.writeAll(file, three());

    Map<String, NdArray> read = NumPy.readAll(file);

    assertEquals(three(), read);
    assertEquals(List.copyOf(three().keySet()), List.copyOf(read.keySet()));
    assertThrows(UnsupportedOperationException.class, read::clear);
    byte[] before = Files.readAllBytes(file);
    NumPy.writeAll(file, three());
    assertArrayEquals(before, Files.readAllBytes(file));
    NumPy.writeAll(file, new TreeMap<>());
    assertEquals(Map.of(), NumPy.readAll(file));
  }

  @Test
  void aNameIsNotEmpty() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> NumPy.writeAll(folder.resolve("x.npz"), Map.of("", NdArray.of(1f))));
    assertEquals("writeAll: an array without a name", e.getMessage());
    assertFalse(Files.exists(folder.resolve("x.npz")));
  }

  @Test
  void nullAmongTheArraysIsRefused() {
    Map<String, NdArray> arrays = new LinkedHashMap<>(three());
    arrays.put("none", null);
    NullPointerException e =
        assertThrows(
            NullPointerException.class, () -> NumPy.writeAll(folder.resolve("x.npz"), arrays));
    assertEquals("writeAll: arrays[3] is null", e.getMessage());
  }

  // ---- limits ----------------------------------------------------------------------------------

  @Test
  void aSmallFileOfLargeZerosIsRefused() throws IOException {
    Path file = folder.resolve("bomb.npz");
    byte[] zeros = NumPyTest.written(NdArray.zeros(DType.FLOAT32, Shape.of(1 << 20)));
    zip(file, Map.of("a.npy", zeros));
    assertTrue(Files.size(file) < 10_000);

    assertEquals(1, NumPy.readAll(file, 4 << 20).size());
    FileFormatException e =
        assertThrows(FileFormatException.class, () -> NumPy.readAll(file, (4 << 20) - 1));
    assertEquals(
        file
            + ": a.npy: '<f4' [1048576] takes 4194304 bytes of memory, expected at most the 4194303"
            + " that are left of the limit",
        e.getMessage());
  }

  @Test
  void theLimitIsForAllArraysTogether() throws IOException {
    Path file = folder.resolve("x.npz");
    NumPy.writeAll(file, three());

    assertEquals(3, NumPy.readAll(file, 12 + 32 + 4).size());
    FileFormatException e =
        assertThrows(FileFormatException.class, () -> NumPy.readAll(file, 12 + 32 + 3));
    assertEquals(
        file
            + ": ü.npy.npy: '<f4' [] takes 4 bytes of memory, expected at most the 3 that are left"
            + " of the limit",
        e.getMessage());
    IllegalArgumentException none =
        assertThrows(IllegalArgumentException.class, () -> NumPy.readAll(file, 0));
    assertEquals("readAll: a limit of 0 bytes, expected at least 1", none.getMessage());
  }

  // ---- damage ----------------------------------------------------------------------------------

  private static void zip(Path file, Map<String, byte[]> contents) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> entry : contents.entrySet()) {
        out.putNextEntry(new ZipEntry(entry.getKey()));
        out.write(entry.getValue());
        out.closeEntry();
      }
    }
  }

  private static String refusal(Path file) {
    return assertThrows(FileFormatException.class, () -> NumPy.readAll(file)).getMessage();
  }

  @Test
  void whatIsNoZipFileIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("x.npz"), "no zip");
    assertEquals(file + ": is no zip file, or a damaged one", refusal(file));
    Files.write(file, new byte[0]);
    assertEquals(file + ": is no zip file, or a damaged one", refusal(file));
  }

  @Test
  void filesInsideOtherFilesAreRefused() throws IOException {
    Path outer = folder.resolve("outer.zip");
    zip(outer, Map.of("x.npz", new byte[1]));
    try (FileSystem inside = FileSystems.newFileSystem(outer)) {
      Path file = inside.getPath("x.npz");
      IOException e = assertThrows(IOException.class, () -> NumPy.readAll(file));
      assertEquals("x.npz: lies in a file system that is not the default one", e.getMessage());
    }
  }

  @Test
  void otherFilesInTheZipFileAreRefused() throws IOException {
    Path file = folder.resolve("x.npz");
    zip(file, Map.of("a.txt", new byte[1]));
    assertEquals(file + ": a.txt: is no .npy file, expected nothing else", refusal(file));
    zip(file, Map.of("a.npy", new byte[1]));
    assertEquals(file + ": a.npy: does not begin with 0x93 NUMPY, as .npy files do", refusal(file));
  }

  @Test
  void aNameThatIsThereTwiceIsRefused() throws IOException {
    Path file = folder.resolve("x.npz");
    byte[] one = NumPyTest.written(NdArray.of(1f));
    Map<String, byte[]> contents = new LinkedHashMap<>();
    contents.put("aa.npy", one);
    contents.put("bb.npy", one);
    zip(file, contents);
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    Files.writeString(file, text.replace("bb.npy", "aa.npy"), StandardCharsets.ISO_8859_1);

    assertEquals(file + ": holds aa.npy twice", refusal(file));
  }

  @Test
  void aChangedElementIsRefusedByItsChecksum() throws IOException {
    Path file = folder.resolve("x.npz");
    NumPy.writeAll(file, Map.of("a", NdArray.of(1f, 2f)));
    byte[] bytes = Files.readAllBytes(file);
    int content = 30 + "a.npy".length() + 128;
    bytes[content + 3] = 0x40; // 1 becomes 4
    Files.write(file, bytes);

    String message = refusal(file);
    assertTrue(
        message.matches(
            Pattern.quote(file.toString())
                + ": a\\.npy: expected the checksum 0x[0-9a-f]{8}, found 0x[0-9a-f]{8}"),
        message);
  }

  @Test
  void whereverAFileIsCutOrChangedItIsRefusedOrReadAsBefore() throws IOException {
    Path file = folder.resolve("x.npz");
    Map<String, byte[]> contents = new LinkedHashMap<>();
    contents.put("a.npy", NumPyTest.written(NdArray.of(1f, 2f)));
    contents.put("b.npy", NumPyTest.written(NdArray.of(3.0)));
    zip(file, contents);
    Map<String, NdArray> expected = NumPy.readAll(file);
    byte[] whole = Files.readAllBytes(file);

    int same = 0;
    for (int i = 0; i < whole.length; i++) {
      Files.write(file, Arrays.copyOf(whole, i));
      refusal(file);
      byte[] changed = whole.clone();
      changed[i] ^= 0x15;
      Files.write(file, changed);
      same += sameOrRefused(file, expected) ? 1 : 0;
    }
    assertTrue(same < whole.length / 2, same + " of " + whole.length);
  }

  private static boolean sameOrRefused(Path file, Map<String, NdArray> expected)
      throws IOException {
    try {
      assertEquals(expected, NumPy.readAll(file));
      return true;
    } catch (FileFormatException e) {
      assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
      return false;
    }
  }

  @Test
  void commentsThatAreNoTextAreDamage() throws IOException {
    Path file = folder.resolve("x.npz");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      ZipEntry entry = new ZipEntry("\u00e9.npy");
      entry.setComment("\u00fc");
      out.putNextEntry(entry);
      out.write(NumPyTest.written(NdArray.of(1f, 2f)));
      out.closeEntry();
    }
    byte[] bytes = Files.readAllBytes(file);
    assertEquals(1, NumPy.readAll(file).size());
    int comment = bytes.length;
    do {
      comment--;
    } while (bytes[comment] != (byte) 0xbc); // the second byte of the letter
    bytes[comment] = 'x';
    Files.write(file, bytes);
    assertEquals(file + ": is no zip file, or a damaged one", refusal(file));
  }

  @Test
  void aChangedLengthOfTheCommentIsDamage() throws IOException {
    Path file = folder.resolve("x.npz");
    NumPy.writeAll(file, three());
    byte[] whole = Files.readAllBytes(file);
    for (int i = 1; i < 1 << 16; i += 251) {
      byte[] changed = whole.clone();
      changed[whole.length - 2] = (byte) i;
      changed[whole.length - 1] = (byte) (i >> 8);
      Files.write(file, changed);
      assertEquals(file + ": is no zip file, or a damaged one", refusal(file));
    }
  }

  @Test
  void aMissingFileAndAFolderAreTold() {
    Path missing = folder.resolve("none.npz");
    NoSuchFileException none =
        assertThrows(NoSuchFileException.class, () -> NumPy.readAll(missing));
    assertEquals(missing.toString(), none.getMessage());
    IOException e = assertThrows(IOException.class, () -> NumPy.readAll(folder));
    assertEquals(folder + ": is a folder, expected an .npz file", e.getMessage());
  }

  // ---- what would not be read again
  // ----------------------------------------------------------------

  private String writeRefusal(String name, NdArray array) {
    Path file = folder.resolve("x.npz");
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> NumPy.writeAll(file, Map.of(name, array)));
    assertFalse(Files.exists(file));
    return e.getMessage();
  }

  @Test
  void namesThatAZipFileCannotHoldAreNotWritten() throws IOException {
    NdArray one = NdArray.of(1f);
    assertEquals("writeAll: a name has half a surrogate pair: a?", writeRefusal("a\uD83D", one));
    assertEquals("writeAll: a name has the character 0: a?b", writeRefusal("a\0b", one));
    String longest = "ü".repeat(32_500);
    assertEquals(
        "writeAll: the name %s... has 65001 bytes in UTF-8, expected at most 65000"
            .formatted("ü".repeat(100)),
        writeRefusal(longest + "a", one));
    Path file = folder.resolve("long.npz");
    NumPy.writeAll(file, Map.of(longest, one));
    assertEquals(Map.of(longest, one), NumPy.readAll(file));
  }

  @Test
  void anArrayOfTooManyAxesIsNotWritten() throws IOException {
    int[] ones = new int[65];
    Arrays.fill(ones, 1);
    NdArray deep = NdArray.zeros(DType.FLOAT32, Shape.of(ones));
    assertEquals("write: an array of 65 axes, expected at most 64", writeRefusal("deep", deep));
    NdArray less = NdArray.zeros(DType.FLOAT32, Shape.of(Arrays.copyOf(ones, 64)));
    Path file = folder.resolve("less.npy");
    NumPy.write(file, less);
    assertEquals(less, NumPy.read(file));
  }

  /** Zip files count 65,535 entries in the form of old. */
  @Test
  void manyArraysAreWrittenAndReadAgain() throws IOException {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    for (int i = 0; i < 65_540; i++) {
      arrays.put("a" + i, NdArray.scalar(DType.FLOAT32, i));
    }
    Path file = folder.resolve("many.npz");
    NumPy.writeAll(file, arrays);
    assertEquals(arrays, NumPy.readAll(file));
  }
}
