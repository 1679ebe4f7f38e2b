package org.gradus.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.gradus.layers.train.RunFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Command;

/** What the programs that train on images do with their options, files and runs. */
class TrainImagesTest {
  @TempDir private Path folder;

  private record Outcome(int exitCode, List<String> out, List<String> err) {}

  private static Outcome run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        new TrainDigits(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8))
            .run(args);
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
            "--net=<net> One of those below; the first if none is named.",
            "--epochs=<epochs> How often each image is met.",
            "--batch-size=<batchSize> Images for each step.",
            "--learning-rate=<learningRate> The largest one.",
            "--seed=<seed> Of all that is random. Default: 1",
            "--data=DIR",
            "--run=DIR",
            "--help Prints this, and ends.",
            "norm two convolutions with batch normalisation, and one linear layer; 15 epochs",
            "lenet LeNet-5; 20 epochs")) {
      assertTrue(help.contains(part), () -> "missing: " + part + "\nin " + help);
    }
  }

  @Test
  void theHelpSaysWhatTheRecipesSay() {
    for (TrainImages each :
        List.of(
            new TrainDigits(System.out, System.err), new TrainFashion(System.out, System.err))) {
      String footer = String.join("\n", each.getClass().getAnnotation(Command.class).footer());
      each.recipes()
          .forEach(
              (name, recipe) -> {
                String epochs = recipe.epochs() + " epochs";
                assertTrue(
                    footer
                        .lines()
                        .anyMatch(l -> l.startsWith("  " + name + " ") && l.endsWith(epochs)),
                    () -> name + ", " + epochs + " in " + footer);
              });
      assertEquals(TrainImages.CLASSES, Set.copyOf(each.classNames()).size());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --net=alexnet | --net is alexnet, expected one of [norm, lenet]
          --epochs=0 | --epochs is 0, expected at least 1
          --batch-size=-3 | --batch-size is -3, expected at least 1
          --learning-rate=0 | --learning-rate is 0.0, expected a number above 0
          --learning-rate=NaN | --learning-rate is NaN, expected a number above 0
          --learning-rate=Infinity | --learning-rate is Infinity, expected a number above 0
          --images=19 | --images is 19, expected at least 20
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
            "Cannot read or write: %s: missing, and so is train-images-idx3-ubyte.gz"
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
            "Cannot read or write: %s has 40 examples: FLOAT32 [1, 20, 20] and FLOAT32 [] to learn from,"
                    .formatted(folder)
                + " expected at least 20 of [1, 28, 28]"),
        outcome.err);
  }

  private List<String> options(String... more) throws IOException {
    write("train", 40, 28, false);
    write("t10k", 20, 28, true);
    List<String> options =
        new ArrayList<>(
            List.of("--data", folder.toString(), "--epochs", "2", "--batch-size", "16"));
    options.addAll(List.of(more));
    return options;
  }

  private static Outcome run(List<String> options) {
    return run(options.toArray(new String[0]));
  }

  @Test
  void trainsOnAFolder() throws IOException {
    Outcome outcome = run(options());
    assertEquals(0, outcome.exitCode, outcome::toString);
    assertEquals(
        List.of(
            "to learn from: 38 of 40 of 40 examples: FLOAT32 [1, 28, 28] and FLOAT32 []",
            "to judge by:   2 of 40 of 40 examples: FLOAT32 [1, 28, 28] and FLOAT32 []",
            "to test with:  20 examples: FLOAT32 [1, 28, 28] and FLOAT32 []",
            "true classes (rows) and those told (columns; the last: none):"),
        outcome.out.subList(0, 4));
    String epoch =
        "epoch 2 of 2: loss \\S+ accuracy \\d\\.\\d{4} val_loss \\S+ val_accuracy \\d\\.\\d{4}, .*"
            + " s";
    assertTrue(outcome.err.get(1).matches(epoch), outcome.err.get(1));
    assertEquals(2, outcome.err.size());
    String last = outcome.out.get(outcome.out.size() - 1);
    assertTrue(last.matches("test accuracy \\d\\.\\d{4} \\(20 images, of .*\\)"), last);
    assertTrue(last.endsWith(" of " + folder + ")"), last);
  }

  /** Its weights are those of a run that did all at once. */
  @Test
  void aRunGoesOnInItsFolder() throws IOException {
    Path whole = folder.resolve("whole");
    Path parts = folder.resolve("parts");
    assertEquals(0, run(options("--net", "lenet", "--run", whole.toString())).exitCode);
    List<String> again = options("--net", "lenet", "--run", parts.toString());
    assertEquals(0, run(again).exitCode);
    Outcome done = run(again);
    assertEquals(0, done.exitCode, done::toString);
    assertEquals(List.of(), done.err); // no epoch is left
    assertEquals(
        "2 epochs are done in %s; stop it when you like, and run it again to go on"
            .formatted(parts),
        done.out.get(3));
    for (String each : List.of("best.safetensors")) {
      assertArrayEquals(
          Files.readAllBytes(whole.resolve(each)), Files.readAllBytes(parts.resolve(each)));
    }
    Map<String, String> configuration = new RunFolder(parts).configuration();
    assertEquals(
        "org.gradus.examples.TrainDigits " + String.join(" ", again), configuration.get("command"));
    Outcome other = run(options("--net", "norm", "--run", parts.toString()));
    assertEquals(1, other.exitCode);
    assertTrue(other.err.get(0).startsWith("Cannot read or write: " + parts), other::toString);
    assertTrue(Files.exists(parts.resolve("report.html")));
  }

  @Test
  void aTrainingThatDivergesEndsWithExitCode1() throws IOException {
    Outcome outcome = run(options("--learning-rate", "1e30"));
    assertEquals(1, outcome.exitCode);
    assertTrue(
        outcome.err.get(0).startsWith("Stopped; try a smaller learning rate: "), outcome::toString);
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
