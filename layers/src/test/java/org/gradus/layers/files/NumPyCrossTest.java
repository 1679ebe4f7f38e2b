package org.gradus.layers.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of NumPy itself, by {@code numpy_files.py}: those that it made for the resources, and,
 * where there is a python3 with NumPy, those that it makes now, and what it makes of ours.
 */
class NumPyCrossTest {
  @TempDir private Path folder;

  private Path resource(String name) throws IOException {
    try (InputStream in = NumPyCrossTest.class.getResourceAsStream(name)) {
      return Files.write(folder.resolve(name), in.readAllBytes());
    }
  }

  /** Whether NumPy is there, and did what it should. */
  private boolean hasNumPyDone(String what) throws IOException, InterruptedException {
    try {
      Process found = new ProcessBuilder("python3", "-c", "import numpy").start();
      if (found.waitFor() != 0) {
        return false;
      }
    } catch (IOException e) {
      return false; // there is no python3
    }
    String script = resource("numpy_files.py").toString();
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder("python3", script, what, folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int status = process.waitFor();
    assertEquals(0, status, Files.readString(log));
    return true;
  }

  private static NdArray table() {
    return NdArray.generate(DType.FLOAT32, Shape.of(2, 3, 4), i -> i);
  }

  private static void requireCross(Path folder) throws IOException {
    Map<String, NdArray> expected = new LinkedHashMap<>();
    for (String kind : "f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1".split(" ", -1)) {
      boolean isDouble = kind.endsWith("8") || kind.matches("[iu]4");
      NdArray values = kind.equals("b1") ? table().map(v -> v % 2) : table();
      for (String order : List.of("<", ">")) {
        for (String axes : List.of("C", "F")) {
          expected.put(order + kind + axes, isDouble ? values.as(DType.FLOAT64) : values);
        }
      }
    }
    assertEquals(expected, NumPy.readAll(folder.resolve("cross.npz")));
    assertEquals(table(), NumPy.read(folder.resolve("cross.npy")));
  }

  @Test
  void whatNumPyWritesIsRead() throws IOException, InterruptedException {
    resource("cross.npz");
    resource("cross.npy");
    requireCross(folder);
    if (hasNumPyDone("make")) {
      requireCross(folder);
    }
  }

  @Test
  void whatIsWrittenIsWhatNumPyWrites() throws IOException, InterruptedException {
    byte[] expected = Files.readAllBytes(resource("cross.npy"));
    assertArrayEquals(expected, NumPyTest.written(table()));
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    arrays.put("1", table());
    arrays.put("2", NdArray.scalar(DType.FLOAT64, 0.1));
    arrays.put("3", NdArray.zeros(DType.FLOAT32, Shape.of(0, 3)));
    arrays.put("4", NdArray.of(Double.NaN, -0.0, 1e-320, Double.NEGATIVE_INFINITY));
    for (int i = 0; i < 12; i++) {
      NpyFormat format = new NpyFormat(i / 4 + 1, i % 2 > 0, i / 2 % 2 > 0);
      NumPy.write(folder.resolve("written of format %s.npy".formatted(i)), table(), format);
      NumPy.write(
          folder.resolve("written of one axis %s.npy".formatted(i)), NdArray.of(1.5, 2), format);
    }
    NumPy.writeAll(
        folder.resolve("other.npz"),
        arrays,
        NpyFormat.standard().version(3).fortranOrder().bigEndian());
    for (Map.Entry<String, NdArray> entry : arrays.entrySet()) {
      NumPy.write(folder.resolve("written%s.npy".formatted(entry.getKey())), entry.getValue());
    }
    NumPy.writeAll(folder.resolve("written.npz"), arrays);
    if (hasNumPyDone("again")) {
      for (String name : arrays.keySet()) {
        assertArrayEquals(
            Files.readAllBytes(folder.resolve("written%s.npy".formatted(name))),
            Files.readAllBytes(folder.resolve("again%s.npy".formatted(name))),
            name);
      }
      for (int i = 0; i < 12; i++) {
        for (String what : List.of("of format", "of one axis")) {
          Path written = folder.resolve("written %s %s.npy".formatted(what, i));
          Path again = folder.resolve("again %s %s.npy".formatted(what, i));
          assertArrayEquals(
              Files.readAllBytes(written), Files.readAllBytes(again), written::toString);
        }
      }
      assertEquals(arrays, NumPy.readAll(folder.resolve("other again.npz")));
      assertEquals(arrays, NumPy.readAll(folder.resolve("again.npz")));
    }
  }
}
