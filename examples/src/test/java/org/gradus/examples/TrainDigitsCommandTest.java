package org.gradus.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainDigitsCommandTest {
  @TempDir private Path folder;

  private record Outcome(int exitCode, List<String> out, List<String> err) {}

  private static Outcome run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        TrainDigitsCommand.run(
            new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), args);
    return new Outcome(
        exitCode, out.toString(UTF_8).lines().toList(), err.toString(UTF_8).lines().toList());
  }

  @Test
  void helpShowsEveryOptionWithItsDefault() {
    Outcome outcome = run("--help");
    assertEquals(0, outcome.exitCode);
    assertEquals(List.of(), outcome.err);
    String help = String.join("\n", outcome.out).replaceAll("\\s+", " ");
    for (String part :
        List.of(
            "--epochs=<epochs> How often each image is met. Default: 10",
            "--batch-size=<batchSize> Images for each step. Default: 32",
            "--learning-rate=<learningRate> Of the first epoch; it falls evenly. Default: 0.03",
            "--momentum=<momentum> At least 0 and below 1. Default: 0.9",
            "--weight-decay=<weightDecay> At least 0. Default: 0",
            "--shift=<shift>",
            "--seed=<seed> Of all that is random. Default: 1",
            "--data=DIR",
            "--help Prints this, and ends.")) {
      assertTrue(help.contains(part), () -> "missing: " + part + "\nin " + help);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --epochs=0 | --epochs is 0, expected at least 1
          --batch-size=-3 | --batch-size is -3, expected at least 1
          --learning-rate=0 | --learning-rate is 0.0, expected a number above 0
          --learning-rate=NaN | --learning-rate is NaN, expected a number above 0
          --momentum=1 | --momentum is 1.0, expected at least 0 and below 1
          --weight-decay=-0.1 | --weight-decay is -0.1, expected a number of at least 0
          --weight-decay=Infinity | --weight-decay is Infinity, expected a number of at least 0
          --shift=28 | --shift is 28, expected 0 to 27
          --epochs=many | Invalid value for option '--epochs': 'many' is not an int
          --speed=1 | Unknown option: '--speed=1'
          """)
  void aWrongOptionIsRefusedWithExitCode2(String option, String message) {
    Outcome outcome = run(option);
    assertEquals(2, outcome.exitCode);
    assertEquals(message, outcome.err.get(0));
    assertEquals(List.of(), outcome.out);
  }

  @Test
  void aMissingFolderIsReportedWithTheMissingFile() {
    Path missing = folder.resolve("nowhere");
    Outcome outcome = run("--data", missing.toString());
    assertEquals(1, outcome.exitCode);
    assertEquals(
        List.of(
            "Cannot read the data: %s: missing, and so is train-images-idx3-ubyte.gz"
                .formatted(missing.resolve("train-images-idx3-ubyte"))),
        outcome.err);
    assertEquals(List.of(), outcome.out);
  }

  @Test
  void aFolderWithoutTestLabelsIsReportedWithTheMissingFile() throws IOException {
    write("train", 40, 28, false);
    write("t10k", 20, 28, false);
    Files.delete(folder.resolve("t10k-labels-idx1-ubyte"));
    Outcome outcome = run("--data", folder.toString());
    assertEquals(1, outcome.exitCode);
    assertTrue(outcome.err.get(0).contains("t10k-labels-idx1-ubyte"), outcome.err::toString);
  }

  @Test
  void imagesOfAnotherSizeAreRefused() throws IOException {
    write("train", 40, 20, false);
    write("t10k", 20, 20, false);
    Outcome outcome = run("--data", folder.toString());
    assertEquals(1, outcome.exitCode);
    assertEquals(
        List.of(
            "Cannot read the data: %s has 40 examples: FLOAT32 [1, 20, 20] and FLOAT32 [] to learn from,"
                    .formatted(folder)
                + " expected at least 1 image of [1, 28, 28]"),
        outcome.err);
  }

  @Test
  void trainsOnAFolder() throws IOException {
    write("train", 40, 28, false);
    write("t10k", 20, 28, true);
    Outcome outcome = run("--data", folder.toString(), "--epochs", "2", "--batch-size", "16");
    assertEquals(0, outcome.exitCode, outcome::toString);
    assertEquals(List.of(), outcome.err);
    assertEquals(5, outcome.out.size(), outcome::toString);
    assertEquals(
        "to learn from: 40 examples: FLOAT32 [1, 28, 28] and FLOAT32 []", outcome.out.get(0));
    assertEquals(
        "to test with:  20 examples: FLOAT32 [1, 28, 28] and FLOAT32 []", outcome.out.get(1));
    String epoch =
        "epoch  2: loss \\d+\\.\\d{4}, training accuracy \\d\\.\\d{3}, test accuracy \\d\\.\\d{3},"
            + " \\d+ images/s, \\d+\\.\\d s";
    assertTrue(outcome.out.get(3).matches(epoch), outcome.out.get(3));
    String last = outcome.out.get(4);
    assertTrue(last.matches("test accuracy \\d\\.\\d{3} \\(20 images, of .*\\)"), last);
    assertTrue(last.endsWith(" of " + folder + ")"), last);
  }

  @Test
  void aTrainingThatDivergesEndsWithExitCode1() throws IOException {
    write("train", 40, 28, false);
    write("t10k", 20, 28, false);
    Outcome outcome = run("--data", folder.toString(), "--epochs", "2", "--learning-rate", "1e9");
    assertEquals(1, outcome.exitCode);
    assertEquals(1, outcome.err.size(), outcome::toString);
    assertTrue(outcome.err.get(0).startsWith("Stopped: the loss of epoch "), outcome::toString);
  }

  /** Writes the images, which are noise, and the labels of one part of a data set. */
  private void write(String part, int count, int size, boolean zipped) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    String suffix = zipped ? ".gz" : "";
    try (DataOutputStream out = open(part + "-images-idx3-ubyte" + suffix, zipped)) {
      for (int header : new int[] {0x803, count, size, size}) {
        out.writeInt(header);
      }
      for (int i = 0; i < count * size * size; i++) {
        out.writeByte(random.nextInt(256));
      }
    }
    try (DataOutputStream out = open(part + "-labels-idx1-ubyte" + suffix, zipped)) {
      out.writeInt(0x801);
      out.writeInt(count);
      for (int i = 0; i < count; i++) {
        out.writeByte(i % 10);
      }
    }
  }

  private DataOutputStream open(String file, boolean zipped) throws IOException {
    OutputStream out = Files.newOutputStream(folder.resolve(file));
    return new DataOutputStream(zipped ? new GZIPOutputStream(out) : out);
  }
}
