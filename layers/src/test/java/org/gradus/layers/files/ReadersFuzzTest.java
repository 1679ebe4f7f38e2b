package org.gradus.layers.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.testkit.Fuzz;
import org.gradus.autograd.testkit.Fuzz.Memory;
import org.gradus.layers.BatchNorm1d;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.Sequential;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every reader of this package, on damaged files: each is read, or refused as the reader's comment
 * says, within a memory that the size of the file bounds.
 */
class ReadersFuzzTest {
  private static final Fuzz.Refusal FORMAT = Fuzz.Refusal.named(FileFormatException.class);
  private static final int LIMIT = 1 << 12;
  private static Path folder;

  @BeforeAll
  static void makeFolder() throws IOException {
    folder = Fuzz.folder();
  }

  @AfterAll
  static void removeFolder() throws IOException {
    Fuzz.remove(folder);
  }

  /** A file that is written over for each input. */
  private static Fuzz.Reader ofFile(String name, OfFile reader) {
    Path file = folder.resolve(name);
    return (bytes, unused) -> {
      Files.write(file, bytes);
      reader.read(file);
    };
  }

  private interface OfFile {
    void read(Path file) throws Exception;
  }

  // ---- data sets -------------------------------------------------------------------------------

  @Test
  void idxImages() {
    byte[] images = Idx.images(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255);
    byte[] bomb = Idx.gzip(Idx.images(new int[6 * 10_000]));
    byte[] most = Idx.gzip(Idx.images(new int[6 * (LIMIT / 6)]));
    new Fuzz(List.of(images, Idx.gzip(images), most), List.of("\0\0\10\3"))
        .andOf(bomb)
        .run(
            "idx images",
            new Memory(400_000, 12),
            FORMAT,
            (file, name) -> IdxReader.readImages(new ByteArrayInputStream(file), name, LIMIT));
  }

  @Test
  void idxLabels() {
    byte[] labels = Idx.labels(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    new Fuzz(List.of(labels, Idx.gzip(labels)), List.of("\0\0\10\1"))
        .run(
            "idx labels",
            new Memory(400_000, 12),
            FORMAT,
            (file, name) -> IdxReader.readLabels(new ByteArrayInputStream(file), name, 10));
  }

  @Test
  void cifar() {
    byte[] two = new byte[2 * 3073];
    new SplittableRandom(1).nextBytes(two);
    two[0] = 3;
    two[3073] = 9;
    new Fuzz(List.of(two, new byte[3073]), List.of("\12"))
        .run(
            "cifar",
            new Memory(100_000, 12),
            FORMAT,
            (file, name) ->
                Cifar.read(new ByteArrayInputStream(file), name, Cifar.Kind.CIFAR_10, 100 * LIMIT));
  }

  @Test
  void csv() {
    List<byte[]> files = new ArrayList<>();
    for (String text :
        List.of(
            "a,b,class\n1,2.5,cat\n-3,1e9,dog\n",
            "\uFEFFname,\"x\"\"y\"\r\n\"multi\r\nline, quoted\",4\r\n\r\n\"\",5",
            "a\rb\r\rc")) {
      files.add(text.getBytes(UTF_8));
    }
    new Fuzz(files, List.of("\"", "\"\"", ",", "\r", "\n", "\r\n", "\u00ef\u00bb\u00bf", "#"))
        .run(
            "table.csv",
            new Memory(300_000, 200),
            FORMAT,
            (file, name) -> Csv.read(new ByteArrayInputStream(file), name, CsvOptions.standard()));
  }

  // ---- arrays ----------------------------------------------------------------------------------

  private static Map<String, NdArray> arrays() {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    arrays.put("a", NdArray.of(new float[] {1, -2, 3, 4, 5, 6}, 2, 3));
    arrays.put("b.c", NdArray.of(new double[] {0.5}, 1));
    arrays.put("empty", NdArray.zeros(DType.FLOAT32, Shape.of(3, 0)));
    arrays.put("scalar", NdArray.scalar(DType.FLOAT32, 4));
    return arrays;
  }

  private static final List<String> JSON_WORDS =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "\"",
          "\\u0000",
          "null",
          "{\"a\":",
          "\"dtype\":\"F64\"",
          "\"shape\":[",
          "\"data_offsets\":[0,",
          "\"__metadata__\":{",
          "F16",
          "BF16",
          "I64",
          "BOOL",
          "U8",
          "[[[[[[[[");

  @Test
  void safeTensors() {
    byte[] sealed = new SafeTensors(arrays(), Map.of("k", "v")).toBytes();
    new Fuzz(List.of(sealed, Unsealed.bytes(sealed)), JSON_WORDS)
        .run(
            "x.safetensors",
            new Memory(300_000, 60),
            FORMAT,
            (file, name) -> SafeTensors.read(file, name));
  }

  @Test
  void npy() {
    List<byte[]> files = new ArrayList<>();
    arrays().values().forEach(array -> files.add(NumPyTest.written(array)));
    List<String> words =
        List.of(
            "'descr': '<f8'",
            "'>i8'",
            "'|b1'",
            "'<f2'",
            "'fortran_order': True",
            "'shape': (",
            ", )",
            "{",
            "}",
            "'",
            "(3, 2)",
            "\u0093NUMPY\2\0",
            "\n",
            "\u0093NUMPY\3\0");
    new Fuzz(files, words)
        .run(
            "x.npy",
            new Memory(600_000, 60),
            FORMAT,
            (file, name) -> NumPy.read(new ByteArrayInputStream(file), name));
  }

  @Test
  void npz() throws IOException {
    Path right = folder.resolve("right.npz");
    NumPy.writeAll(right, arrays());
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(packed)) {
      for (Map.Entry<String, NdArray> entry : arrays().entrySet()) {
        out.putNextEntry(new ZipEntry(entry.getKey() + ".npy"));
        out.write(NumPyTest.written(entry.getValue()));
        out.closeEntry();
      }
      out.putNextEntry(new ZipEntry("zeros.npy")); // a thousand times as large as it is here
      out.write(NumPyTest.written(NdArray.zeros(DType.FLOAT32, Shape.of(LIMIT))));
      out.closeEntry();
    }
    List<String> words =
        List.of("PK\1\2", "PK\3\4", "PK\5\6", "PK\6\6", "PK\6\7", "PK\7\10", ".npy");
    new Fuzz(List.of(Files.readAllBytes(right), packed.toByteArray()), words)
        .run(
            folder.resolve("x.npz").toString(),
            new Memory(3_000_000, 300),
            FORMAT,
            ofFile("x.npz", file -> NumPy.readAll(file, 8 * LIMIT)));
  }

  // ---- weights ---------------------------------------------------------------------------------

  /** A file that is refused changes nothing. */
  @Test
  void weights() {
    Layer net =
        new Sequential()
            .then("a", new Linear(2, 3, new SplittableRandom(1)))
            .then("b", new BatchNorm1d(3));
    byte[] file = Unsealed.bytes(SafeTensors.of(net.state()).toBytes());
    new Fuzz(List.of(file), JSON_WORDS)
        .run(
            folder.resolve("net.safetensors").toString(),
            new Memory(300_000, 60),
            (e, name) ->
                FORMAT.isDocumented(e, name)
                    || (e instanceof IllegalArgumentException
                        && e.getMessage().startsWith(name + ": load: ")),
            ofFile("net.safetensors", path -> load(path, net)));
  }

  private static void load(Path file, Layer net) throws IOException {
    Map<String, NdArray> before = net.state();
    try {
      Weights.load(file, net);
    } catch (IOException | RuntimeException e) {
      before.forEach((name, value) -> assertEquals(value, net.state().get(name)));
      throw e;
    }
  }
}
