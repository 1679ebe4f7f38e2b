package org.gradus.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.gradus.autograd.ops.Ops;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Mixing;
import org.gradus.layers.optim.NonFiniteStepException;
import org.gradus.layers.train.RunFolder;
import org.gradus.layers.train.Trainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two executors of one core learn what one machine does. */
class SparkTrainerTest {
  private static final String HERE = Pupils.learntHere();

  private static SparkTrainer trainer(int partitions) {
    return SparkTrainer.of(
        Pupils::trainer, Pupils::batches, Pupils.examples(Cluster.usual(), partitions));
  }

  private static String learnt(SparkTrainer spark) {
    spark.fit(Pupils.EPOCHS);
    return Pupils.outcome(spark.trainer());
  }

  @ParameterizedTest
  @CsvSource({"1, 4, 0", "3, 1, 0", "7, 2, 3", "2, 8, 1", "5, 1, 40"})
  void theBitsAreThoseOfOneMachine(int partitions, int block, int slices) {
    assertEquals(HERE, learnt(trainer(partitions).block(block).slices(slices)));
  }

  @Test
  void tasksAreAsManyAsCores() {
    List<StepCost> costs = new ArrayList<>();
    SparkTrainer spark = trainer(3).telling(costs::add);
    assertEquals(HERE, learnt(spark));
    assertEquals(5 * Pupils.EPOCHS, costs.size());
    for (StepCost each : costs) {
      assertEquals(2, each.computing().size());
      assertTrue(each.seconds() >= each.longest(), each::toString);
      assertTrue(each.overhead() >= 0, each::toString);
    }
    long size = spark.trainer().net().parameters().stream().mapToLong(p -> p.shape().size()).sum();
    assertEquals(2 * size * Float.BYTES, costs.get(0).bytesBack());
    assertEquals(size * Float.BYTES, costs.get(4).bytesBack()); // four examples are one block's
  }

  @Test
  void gradientsAreCompressedWithoutLoss() {
    List<StepCost> costs = new ArrayList<>();
    SparkTrainer spark = trainer(2).block(1).compressing().telling(costs::add);
    assertEquals(HERE, learnt(spark));
    assertTrue(costs.get(0).bytesBack() > 0, () -> costs.get(0).toString());
  }

  @Test
  void aRunGoesOnHereThatWasBegunThereAndTheReverse(@TempDir Path folder) throws Exception {
    SparkTrainer there = trainer(2);
    there.trainer().saving(new RunFolder(folder.resolve("a")));
    there.fit(1);
    Trainer here = Pupils.trainer().saving(new RunFolder(folder.resolve("a"))).resume();
    here.fit(Pupils.batches(Pupils.here()), Pupils.EPOCHS);
    assertEquals(HERE, Pupils.outcome(here));

    Trainer begun = Pupils.trainer().saving(new RunFolder(folder.resolve("b")));
    begun.fit(Pupils.batches(Pupils.here()), 1);
    SparkTrainer goesOn = trainer(3);
    goesOn.trainer().saving(new RunFolder(folder.resolve("b"))).resume();
    assertEquals(HERE, learnt(goesOn));
  }

  @Test
  void aTableIsADataSetInMemory() {
    Trainer trainer = Pupils.trainer();
    trainer.fit(Pupils.batches(Pupils.examples(Cluster.usual(), 4).collect()), Pupils.EPOCHS);
    assertEquals(HERE, Pupils.outcome(trainer));
  }

  @Test
  void aLossThatIsNotFiniteIsRefusedAsOnOneMachine() {
    SparkTrainer.Training training =
        () ->
            Pupils.trainer((output, batch) -> Ops.log(Ops.sub(Ops.mean(output), Ops.mean(output))));
    Trainer one = training.trainer();
    String expected =
        assertThrows(
                NonFiniteStepException.class,
                () -> one.fit(Pupils.batches(Pupils.here()), Pupils.EPOCHS))
            .getMessage();
    SparkTrainer spark =
        SparkTrainer.of(training, Pupils::batches, Pupils.examples(Cluster.usual(), 2));
    String actual =
        assertThrows(NonFiniteStepException.class, () -> spark.fit(Pupils.EPOCHS)).getMessage();
    assertEquals(expected, actual);
  }

  @Test
  void batchesOfOtherExamplesAreRefused() {
    SparkSession session = Cluster.usual();
    SparkRows rows = Pupils.examples(session, 2);
    SparkTrainer mixed =
        SparkTrainer.of(
            Pupils::trainer, data -> Pupils.batches(data).mixed(Mixing.mixup(3, 1)), rows);
    assertEquals(
        "batches: they are mixed, so that a part depends on the whole batch; leave out mixed",
        refused(() -> mixed.fit(1)));
    SparkTrainer some =
        SparkTrainer.of(Pupils::trainer, data -> Batches.shuffled(data.first(9), 3, 1), rows);
    assertEquals(
        "sparkTrainer: batches of 9 examples, and there are 100; choose rows in the table, not by"
            + " subset",
        refused(() -> some.fit(1)));
    SparkTrainer others =
        SparkTrainer.of(
            Pupils::trainer, data -> Batches.shuffled(data.split(1, 1).train(), 24, 1), rows);
    String message = refused(() -> others.fit(1));
    assertTrue(
        message.matches("sparkTrainer: example \\d+ is not at hand: batches take all .*"), message);
  }

  @Test
  void netsThatAreMadeInAnotherWayEachTimeAreRefused() {
    long driver = ProcessHandle.current().pid();
    SparkTrainer.Training training =
        () -> Pupils.trainer().parts(ProcessHandle.current().pid() == driver ? Pupils.PARTS : 4);
    SparkTrainer spark =
        SparkTrainer.of(training, Pupils::batches, Pupils.examples(Cluster.usual(), 2));
    String message = refused(() -> spark.fit(1));
    assertTrue(message.startsWith("sparkTrainer: an executor makes a net of ["), message);
    assertTrue(message.contains("steps in 4 parts"), message);
    assertTrue(message.contains("and the driver a net of ["), message);
  }

  @Test
  void aBlockIsAPowerOfTwo() {
    assertEquals(
        "block: 3 parts, expected a power of two",
        assertThrows(IllegalArgumentException.class, () -> trainer(1).block(3)).getMessage());
    assertEquals(
        "slices: -1, expected at least 0",
        assertThrows(IllegalArgumentException.class, () -> trainer(1).slices(-1)).getMessage());
  }

  @Test
  void aTableWithoutRowsIsRefused() {
    SparkRows none =
        SparkRows.of(
            Pupils.table(Cluster.usual(), 1).limit(0), "id", Pupils.pixels(), Field.label("digit"));
    SparkTrainer spark = SparkTrainer.of(Pupils::trainer, Pupils::batches, none);
    assertEquals(
        "sparkTrainer: there are no rows of pixels: FLOAT32 [1, 8, 8] and digit: FLOAT32 []",
        assertThrows(IllegalArgumentException.class, () -> spark.fit(1)).getMessage());
  }

  @Test
  void whatCannotBeSentIsRefused() {
    Object held = new Object();
    SparkTrainer.Training training = () -> Pupils.trainer().seed(held.hashCode());
    SparkRows rows = Pupils.examples(Cluster.usual(), 1);
    assertEquals(
        "sparkTrainer: training: it cannot be sent to executors, since it holds what is not"
            + " serializable: java.lang.Object",
        assertThrows(
                IllegalArgumentException.class,
                () -> SparkTrainer.of(training, Pupils::batches, rows))
            .getMessage());
  }

  private static String refused(Executable call) {
    return assertThrows(IllegalStateException.class, call).getMessage();
  }
}
