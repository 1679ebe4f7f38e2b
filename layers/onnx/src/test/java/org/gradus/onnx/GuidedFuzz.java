package org.gradus.onnx;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.layers.files.Cifar;
import org.gradus.layers.files.Csv;
import org.gradus.layers.files.CsvOptions;
import org.gradus.layers.files.FileFormatException;
import org.gradus.layers.files.IdxReader;
import org.gradus.layers.files.Images;
import org.gradus.layers.files.NpyFormat;
import org.gradus.layers.files.NumPy;
import org.gradus.layers.files.SafeTensors;

/**
 * All readers of files, for a fuzzer that is guided by what its inputs reach. The first byte of an
 * input says which reader gets the rest, which it reads, or refuses by its format; anything else is
 * a find, as is more memory than the fuzzer allows.
 */
public final class GuidedFuzz {
  private static final String NAME = "input";
  private static final int MOST = 1 << 16;

  private GuidedFuzz() {}

  private interface Reader {
    void read(byte[] file) throws IOException;
  }

  private static List<Reader> readers() {
    return List.of(
        file -> OnnxNet.of(file, DType.FLOAT32),
        file -> SafeTensors.read(file, NAME),
        file -> NumPy.read(new ByteArrayInputStream(file), NAME),
        file -> Images.read(file, NAME, 3, MOST),
        file -> Csv.read(new ByteArrayInputStream(file), NAME, CsvOptions.standard()),
        file -> IdxReader.readImages(new ByteArrayInputStream(file), NAME, MOST),
        file -> IdxReader.readLabels(new ByteArrayInputStream(file), NAME, 10),
        file -> Cifar.read(new ByteArrayInputStream(file), NAME, Cifar.Kind.CIFAR_10, MOST),
        file -> NumPy.readAll(Files.write(archive(), file), MOST));
  }

  /** A file of this process, written over for each input. */
  private static Path archive() {
    String name = "gradus-fuzz-%s.npz".formatted(ProcessHandle.current().pid());
    return Path.of(System.getProperty("java.io.tmpdir"), name);
  }

  /** What the fuzzer calls. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    Nulls.refuse("fuzzerTestOneInput: input", input);
    if (input.length == 0) {
      return;
    }
    List<Reader> readers = readers();
    byte[] file = Arrays.copyOfRange(input, 1, input.length);
    try {
      readers.get(Byte.toUnsignedInt(input[0]) % readers.size()).read(file);
    } catch (FileFormatException e) {
      String message = String.valueOf(e.getMessage());
      if (Stream.of("model", NAME, archive()).noneMatch(name -> message.startsWith(name + ": "))) {
        throw new AssertionError("a message without the name of the file", e);
      }
    }
  }

  /** Writes right files to begin with, one for each reader and more, into the folder args[0]. */
  public static void main(String[] args) throws IOException {
    Nulls.refuse("main: args", (Object) args);
    Nulls.refuse("main: the folder", (Object[]) args);
    Path folder = Files.createDirectories(Path.of(args[0]));
    NdArray array = NdArray.of(new float[] {1, 0.5f, 0.25f, 0, 0, 0, 1, 1, 1, 0, 0.5f, 1}, 3, 2, 2);
    for (byte[] model : OnnxFuzzTest.models()) {
      begin(folder, 0, model);
    }
    begin(folder, 1, new SafeTensors(Map.of("a", array), Map.of("k", "v")).toBytes());
    Path file = folder.resolve("file");
    NumPy.write(file, array);
    begin(folder, 2, Files.readAllBytes(file));
    NumPy.write(file, array, NpyFormat.standard().fortranOrder().version(3));
    begin(folder, 2, Files.readAllBytes(file));
    Images.write(file, array);
    begin(folder, 3, Files.readAllBytes(file));
    begin(folder, 4, "a,\"b\"\n1,x\n-2.5e3,\"y\"\"z\"\n".getBytes(StandardCharsets.UTF_8));
    begin(folder, 5, new byte[] {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 7, 9});
    begin(folder, 6, new byte[] {0, 0, 8, 1, 0, 0, 0, 2, 3, 9});
    begin(folder, 7, new byte[3073]);
    NumPy.writeAll(file, Map.of("a", array));
    begin(folder, 8, Files.readAllBytes(file));
    Files.delete(file);
  }

  private static void begin(Path folder, int reader, byte[] file) throws IOException {
    byte[] input = new byte[file.length + 1];
    input[0] = (byte) reader;
    System.arraycopy(file, 0, input, 1, file.length);
    Files.write(folder.resolve("%s-%08x".formatted(reader, Arrays.hashCode(file))), input);
  }
}
