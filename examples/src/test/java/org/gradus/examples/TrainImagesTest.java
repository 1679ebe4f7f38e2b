package org.gradus.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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
            "--epochs=<epochs> How often each image is met; fewer, where no epoch becomes better"
                + " for long.",
            "--batch-size=<batchSize> Images for each step.",
            "--learning-rate=<learningRate> The largest one.",
            "--seed=<seed> Of all that is random. Default: 1",
            "--data=DIR",
            "--run=DIR",
            "--help Prints this, and ends.",
            "norm four convolutions with batch normalisation; SGD, batches of 32, rate 0.05; 15"
                + " epochs",
            "lenet LeNet-5; SGD, batches of 32, rate 0.03; 20 epochs")) {
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
                String line =
                    footer
                        .lines()
                        .filter(l -> l.startsWith("  " + name + " "))
                        .findFirst()
                        .orElseThrow();
                assertTrue(line.endsWith("; " + recipe.epochs() + " epochs"), line);
                String batches =
                    "batches of %s, rate %s".formatted(recipe.batchSize(), recipe.rate());
                assertTrue(line.contains(batches), line);
                assertEquals(
                    recipe.patience() < recipe.epochs(), line.contains("stops after"), line);
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

  /** A process that was told to end in its first epoch, and one that goes on, beside a third. */
  @Test
  void aRunThatWasStoppedGoesOnInItsFolder() throws Exception {
    Path whole = folder.resolve("whole");
    Path parts = folder.resolve("parts");
    write("train", 400, 28, false);
    write("t10k", 20, 28, false);
    String[] options = {
      "--net", "lenet", "--data", folder.toString(), "--epochs", "3", "--batch-size", "1", "--run"
    };
    assertEquals(0, run(with(options, whole.toString())).exitCode);
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                TrainDigits.class.getName()));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("--add-modules") || option.startsWith("-Dgradus"))
        .forEach(option -> command.add(1, option)); // the same kernels
    command.addAll(List.of(with(options, parts.toString())));
    Process child =
        new ProcessBuilder(command)
            .redirectError(folder.resolve("errors").toFile())
            .redirectOutput(folder.resolve("said").toFile())
            .start();
    while (child.isAlive() && new RunFolder(parts).configuration().isEmpty()) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    child.toHandle().destroy();
    String errors = Files.readString(folder.resolve("errors"));
    assertEquals(128 + 15, child.waitFor(), errors);
    assertFalse(Files.exists(parts.resolve("report.html")), errors);
    String last = // none if it was told to end before its first step
        new RunFolder(parts).last().map(file -> file.getFileName().toString()).orElse("0");
    long steps = Long.parseLong(last.replaceAll("\\D", ""));
    assertTrue(steps < 3 * 380, last);
    Outcome done = run(with(options, parts.toString()));
    assertEquals(0, done.exitCode, done::toString);
    assertArrayEquals(
        Files.readAllBytes(whole.resolve("best.safetensors")),
        Files.readAllBytes(parts.resolve("best.safetensors")));
    assertTrue(Files.exists(parts.resolve("report.html")));
  }

  private static String[] with(String[] options, String last) {
    String[] all = Arrays.copyOf(options, options.length + 1);
    all[options.length] = last;
    return all;
  }

  @Test
  void theOptionsDecideWhatIsDone() throws IOException {
    Path run = folder.resolve("run");
    assertEquals(0, run(options("--images", "30", "--run", run.toString())).exitCode);
    List<String> lines = Files.readAllLines(run.resolve("history.csv"));
    assertEquals(3, lines.size());
    assertTrue(lines.get(2).startsWith("2,4,"), lines.get(2)); // two steps of 16 in an epoch of 28
    Map<String, String> configuration = new RunFolder(run).configuration();
    assertTrue(configuration.get("batches").contains("2 batches of 16"), configuration::toString);
    assertTrue(configuration.get("batches").contains("augmented"), configuration::toString);
    assertEquals("15 epochs", configuration.get("patience"));
    assertEquals(
        "--net norm --epochs 2 --batch-size 16 --learning-rate 0.05 --seed 1 --images 30, data: "
            + folder.toAbsolutePath(),
        configuration.get("options"));
    String command = configuration.get("command");
    assertTrue(command.startsWith("java --add-modules jdk.incubator.vector -cp "), command);
    assertTrue(
        command.endsWith(
            "TrainDigits --data "
                + folder
                + " --epochs 2 --batch-size 16"
                + " --images 30 --run "
                + run),
        command);
  }

  @Test
  void aRunWithOtherOptionsIsNotGoneOnWith() throws IOException {
    Path run = folder.resolve("run");
    assertEquals(0, run(options("--run", run.toString())).exitCode);
    Map<String, String> before = new RunFolder(run).configuration();
    for (List<String> other :
        List.of(
            List.of("--net", "lenet"),
            List.of("--learning-rate", "0.1"),
            List.of("--epochs", "3"),
            List.of("--images", "30"),
            List.of("--seed", "2"))) {
      List<String> all = options("--run", run.toString());
      all.removeAll(
          other.subList(0, 1).equals(List.of("--epochs")) ? List.of("--epochs", "2") : List.of());
      all.addAll(other);
      Outcome outcome = run(all);
      assertEquals(1, outcome.exitCode, outcome::toString);
      assertTrue(
          outcome.err.get(0).startsWith(run + " has a run with the options --net norm --epochs 2 "),
          outcome::toString);
      assertTrue(outcome.err.get(0).endsWith("; name another folder"), outcome::toString);
    }
    assertEquals(before, new RunFolder(run).configuration());
    Outcome again = run(options("--run", run.toString()));
    assertEquals(0, again.exitCode, again::toString);
    assertEquals(List.of(), again.err); // no epoch is left
    assertEquals(
        "2 epochs are done in %s; a run that is stopped there goes on by the same command"
            .formatted(run),
        again.out.get(3));
  }

  @Test
  void aReportThatCannotBeWrittenCostsNothingElse() throws IOException {
    Path run = folder.resolve("run");
    Files.createDirectories(run.resolve("report.html").resolve("full"));
    Outcome outcome = run(options("--run", run.toString()));
    assertEquals(0, outcome.exitCode, outcome::toString);
    assertTrue(outcome.err.get(2).startsWith("There is no report: "), outcome::toString);
    assertTrue(outcome.out.get(outcome.out.size() - 1).startsWith("test accuracy "));
  }

  @Test
  void theNetworksForClothesLearn() throws IOException {
    for (String net : List.of("resnet", "lenet")) {
      List<String> all = options("--net", net);
      ByteArrayOutputStream said = new ByteArrayOutputStream();
      PrintStream print = new PrintStream(said, true, UTF_8);
      assertEquals(0, new TrainFashion(print, print).run(all.toArray(new String[0])));
      assertTrue(said.toString(UTF_8).contains("test accuracy "), () -> said.toString(UTF_8));
    }
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
