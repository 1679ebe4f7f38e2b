package org.gradus.layers.train;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.testkit.Fuzz;
import org.gradus.autograd.testkit.Fuzz.Memory;
import org.gradus.layers.files.FileFormatException;
import org.gradus.layers.files.SafeTensors;
import org.gradus.layers.files.Unsealed;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Damaged files of a training run. */
class RunFuzzTest {
  private static final Fuzz.Refusal FORMAT = Fuzz.Refusal.named(FileFormatException.class);
  private static Path folder;

  @BeforeAll
  static void makeFolder() throws IOException {
    folder = Fuzz.folder();
  }

  @AfterAll
  static void removeFolder() throws IOException {
    Fuzz.remove(folder);
  }

  private static SafeTensors checkpoint() {
    Map<String, NdArray> net = Map.of("a.weight", NdArray.of(new float[] {1, 2, 3, 4}, 2, 2));
    History history =
        new History(
            List.of(
                new Epoch(1, 7, 0.1, Map.of("loss", 2.5, "validation accuracy", 0.5), 1.25),
                new Epoch(2, 14, 0.05, Map.of("loss", 1.5, "validation accuracy", 0.75), 1)));
    Checkpoint.Progressed progress =
        new Checkpoint.Progressed(
            1,
            2,
            "batches of 8",
            3,
            24,
            12.5,
            0.05,
            0.5,
            List.of("accuracy"),
            List.of(new double[] {3, 4}),
            "loss, lower is better",
            Map.of("clipping", "1.0"));
    return new Checkpoint(
            net,
            Map.of("a.weight.exp_avg", NdArray.of(1f, 2f)),
            history,
            progress,
            Optional.of(new Best(2, 1.5, net)))
        .toTensors();
  }

  @Test
  void checkpoints() {
    byte[] sealed = checkpoint().toBytes();
    List<String> words =
        List.of(
            "\"",
            ",",
            ":",
            "{",
            "}",
            "\"seed\":\"",
            "\"history\":\"",
            "\\n",
            "NaN",
            "%",
            "=",
            "%zz",
            "1 7 0.1 1.25 loss=",
            "\"best epoch\":\"",
            "\"dtype\":\"F16\"",
            "measured.0",
            "training");
    new Fuzz(List.of(sealed, Unsealed.bytes(sealed)), words)
        .run(
            "run",
            new Memory(300_000, 60),
            FORMAT,
            (file, name) -> Checkpoint.of(SafeTensors.read(file, name), Path.of(name)));
  }

  @Test
  void configurations() throws IOException {
    Path file = folder.resolve("configuration.json");
    Configuration.write(file, Map.of("net", "Linear[3, 4]\n\"x\" ü", "batches", "of 8", "", ""));
    byte[] written = Files.readAllBytes(file);
    byte[] deep = "[".repeat(5000).getBytes(UTF_8);
    new Fuzz(List.of(written), List.of("\"", "{", "}", "[", ",", ":", "\\u", "null", "1e5"))
        .andOf(deep)
        .run(
            file.toString(),
            new Memory(300_000, 60),
            FORMAT,
            (bytes, name) -> {
              Files.write(file, bytes);
              Configuration.read(file);
            });
  }
}
