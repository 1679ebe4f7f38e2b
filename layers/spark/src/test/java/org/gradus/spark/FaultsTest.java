package org.gradus.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.gradus.layers.train.Listener;
import org.gradus.layers.train.Loss;
import org.gradus.layers.train.RunFolder;
import org.gradus.layers.train.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever fails in a run, it ends with the bits of one machine. */
class FaultsTest {
  private static final String HERE = Pupils.learntHere();

  /** The step that a fault meets; the second of the second epoch. */
  private static final int STEP = 7;

  @ParameterizedTest
  @CsvSource({"THROW, 0", "HALT, 0", "KILL, 0", "KILL, 2"})
  void aTaskFailsOrItsExecutorIsKilled(Marker.Kind kind, int slices, @TempDir Path folder)
      throws IOException {
    Marker marker = new Marker(folder, kind);
    List<StepCost> costs = new ArrayList<>();
    SparkTrainer spark =
        SparkTrainer.of(
                () -> Pupils.trainer(marker.loss()),
                Pupils::batches,
                Pupils.examples(Cluster.usual(), 3))
            .block(2)
            .slices(slices)
            .telling(costs::add);
    spark.trainer().telling(marker.before(STEP));
    spark.fit(Pupils.EPOCHS);
    assertTrue(marker.isMet());
    assertEquals(HERE, Pupils.outcome(spark.trainer()));
    note(kind + (slices > 0 ? ", in slices" : ""), costs);
  }

  /** What it cost in time, for those who ask; no test depends on it. */
  private static void note(String fault, List<StepCost> costs) throws IOException {
    double[] others =
        costs.stream()
            .filter(each -> each.batch() > 1 && !each.equals(costs.get(STEP - 1)))
            .mapToDouble(StepCost::seconds)
            .sorted()
            .toArray();
    note(
        "%s: step %.2f s, its longest task computing %.2f s; median of the others %.2f s%n",
        fault,
        costs.get(STEP - 1).seconds(),
        costs.get(STEP - 1).longest(),
        others[others.length / 2]);
  }

  @Test
  void theDriverIsKilledAndTheRunResumed(@TempDir Path folder) throws Exception {
    Process driver =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-Dlog4j2.configurationFile=" + System.getProperty("log4j2.configurationFile"),
                "-cp",
                Cluster.classPath(),
                KilledDriver.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("printed.txt").toFile())
            .start();
    assertTrue(driver.waitFor(5, TimeUnit.MINUTES));
    assertEquals(128 + 9, driver.exitValue(), () -> printed(folder));

    List<Long> steps = new ArrayList<>();
    long start = System.nanoTime();
    SparkTrainer spark = resumed(folder).telling(cost -> steps.add(System.nanoTime()));
    assertEquals(1, spark.trainer().history().epochs().size());
    spark.fit(Pupils.EPOCHS);
    assertEquals(HERE, Pupils.outcome(spark.trainer()));
    note("KILL, of the driver: resumed after %.2f s%n", (steps.get(0) - start) / 1e9);
  }

  private static void note(String format, Object... values) throws IOException {
    Files.writeString(
        Path.of("target/faults.txt"),
        String.format(Locale.ROOT, format, values),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private static String printed(Path folder) {
    try {
      return Files.readString(folder.resolve("printed.txt"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static SparkTrainer resumed(Path folder) throws IOException {
    SparkTrainer spark =
        SparkTrainer.of(Pupils::trainer, Pupils::batches, Pupils.examples(Cluster.usual(), 2));
    spark.trainer().saving(new RunFolder(folder.resolve("run")).everySteps(2)).resume();
    return spark;
  }

  /** A driver that is killed after a step, and does not know. */
  static final class KilledDriver {
    private KilledDriver() {}

    public static void main(String[] args) {
      Path folder = Path.of(args[0]);
      SparkSession session = Cluster.of("local-cluster[1,1,1024]", Map.of());
      SparkTrainer spark =
          SparkTrainer.of(Pupils::trainer, Pupils::batches, Pupils.examples(session, 5));
      spark
          .trainer()
          .saving(new RunFolder(folder.resolve("run")).everySteps(2))
          .telling(
              new Listener() {
                private int steps;

                @Override
                public void onStep(Step step) {
                  if (++steps == STEP + 1) {
                    Marker.happen(Marker.Kind.KILL);
                  }
                }
              });
      spark.fit(Pupils.EPOCHS);
    }
  }

  @Test
  void aTaskThatAlwaysFailsEndsTheRunAndTheNextOneGoesOn(@TempDir Path folder) throws Exception {
    SparkTrainer.Training training = () -> Pupils.trainer(failing());
    SparkTrainer spark =
        SparkTrainer.of(training, Pupils::batches, Pupils.examples(Cluster.usual(), 2));
    spark.trainer().saving(new RunFolder(folder.resolve("run")));
    String message =
        assertThrows(IllegalStateException.class, () -> spark.fit(Pupils.EPOCHS)).getMessage();
    assertTrue(message.startsWith("sparkTrainer: step 1 of epoch 1: "), message);
    assertTrue(message.contains("failed 4 times"), message);
    assertTrue(message.contains("a fault of the test"), message);
    assertEquals(0, spark.trainer().history().epochs().size());
    assertTrue(new RunFolder(folder.resolve("run")).last().isEmpty());
  }

  private static Loss failing() {
    return (output, batch) -> {
      throw new UnsupportedOperationException("a fault of the test");
    };
  }

  @Test
  void aWrongRowIsNamedAndNothingIsWritten(@TempDir Path folder) {
    SparkTrainer spark =
        SparkTrainer.of(
            Pupils::trainer,
            Pupils::batches,
            SparkRows.of(
                Pupils.table(Cluster.usual(), 3)
                    .selectExpr(
                        "id",
                        "if(id = 2, slice(pixels, 1, 63), pixels) as pixels",
                        "if(id = 9, -1, digit) as digit"),
                "id",
                Pupils.pixels(),
                Field.label("digit")));
    Path run = folder.resolve("run");
    spark.trainer().saving(new RunFolder(run));
    assertEquals(
        "sparkRows: row 2: column pixels has 63 values, expected 64 of [1, 8, 8]",
        assertThrows(IllegalArgumentException.class, () -> spark.fit(1)).getMessage());
    assertFalse(Files.exists(run));
  }
}
