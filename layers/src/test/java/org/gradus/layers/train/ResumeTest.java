package org.gradus.layers.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.update.Adam;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.files.FileFormatException;
import org.gradus.layers.files.SafeTensors;
import org.gradus.layers.files.Weights;
import org.gradus.layers.optim.Optimizer;
import org.gradus.layers.optim.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResumeTest {
  @TempDir private Path temporary;

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** As another process would: with a net, an optimiser and a trainer of its own. */
  @Property(tries = 15)
  void aRunGoesOnWhereverItWasStopped(
      @ForAll @IntRange(min = 1, max = 27) int stop, @ForAll @IntRange(min = 1, max = 3) int parts)
      throws IOException {
    Path folder = Files.createTempDirectory("run");
    try {
      Run whole = new Run(parts);
      whole.trainer.fit(Run.batches(), 4);
      Run first = new Run(parts);
      first.stopAfter(stop);
      first.trainer.saving(new RunFolder(folder)).fit(Run.batches(), 4);
      Run second = new Run(parts);
      second.trainer.saving(new RunFolder(folder)).resume().fit(Run.batches().prefetch(2), 4);
      assertEquals(whole.outcome(), second.outcome());
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    for (String name : names(folder)) {
      Files.delete(folder.resolve(name));
    }
    Files.delete(folder);
  }

  @Test
  void aFolderHasTheLastCheckpointsTheBestWeightsAndTheHistory() throws IOException {
    Path folder = temporary.resolve("runs").resolve("1");
    Run run = new Run(1);
    RunFolder saving = new RunFolder(folder).everySteps(3).keeping(4);
    assertEquals(folder, saving.path());
    assertTrue(saving.last().isEmpty());
    run.trainer.saving(saving).resume().fit(Run.batches(), 3); // of 7 steps each
    assertEquals(
        List.of(
            "best.safetensors",
            "configuration.json",
            "history.csv",
            "run.lock",
            "step-000000014.safetensors",
            "step-000000017.safetensors",
            "step-000000020.safetensors",
            "step-000000021.safetensors"),
        names(folder));
    assertEquals(folder.resolve("step-000000021.safetensors"), saving.last().orElseThrow());
    Best best = run.trainer.best().orElseThrow();
    Layer net = Run.net();
    Weights.load(folder.resolve("best.safetensors"), net);
    assertEquals(best.state(), net.state());
    List<String> lines = Files.readAllLines(folder.resolve("history.csv"));
    assertEquals(
        "epoch,steps,rate,seconds,loss,accuracy,f1,val_loss,val_accuracy,val_f1", lines.get(0));
    assertEquals(4, lines.size());
    Epoch last = run.trainer.history().last().orElseThrow();
    assertEquals(
        "3,21,%s,%s,%s".formatted(last.rate(), last.seconds(), last.value("loss")),
        String.join(",", List.of(lines.get(3).split(",")).subList(0, 5)));
    Run again = new Run(1);
    again.trainer.saving(saving).resume();
    assertEquals(run.trainer.history(), again.trainer.history()); // with the times
    assertEquals(run.outcome(), again.outcome());
  }

  @Test
  void theConfigurationSaysWhatTheRunIs() throws IOException {
    RunFolder folder =
        new RunFolder(temporary).noting("command", "train \"all\" \u00e9").noting("epochs", "few");
    assertEquals(Map.of(), folder.configuration());
    Run run = new Run(2);
    run.trainer.stoppingEarly(5).saving(folder).fit(Run.batches(), 1);
    Map<String, String> found = folder.configuration();
    assertEquals(
        List.of(
            "net",
            "optimizer",
            "loss",
            "clipping norm",
            "validation",
            "batches",
            "epochs",
            "seed",
            "parts",
            "metrics",
            "best epoch by",
            "patience",
            "gradus",
            "java",
            "vector module",
            "system",
            "processors",
            "command"),
        List.copyOf(found.keySet()));
    assertEquals(Run.net().toString(), found.get("net"));
    assertEquals(new Adam(0.02).toString(), found.get("optimizer"));
    assertTrue(found.get("gradus").matches("\\d+\\.\\d+.*"), found.get("gradus"));
    assertEquals("cross-entropy", found.get("loss"));
    assertEquals(Run.batches().toString(), found.get("batches"));
    assertEquals("few", found.get("epochs"));
    assertEquals("11", found.get("seed"));
    assertEquals("2", found.get("parts"));
    assertEquals("1.0", found.get("clipping norm"));
    assertEquals("accuracy, f1", found.get("metrics"));
    assertEquals("val_loss, lower", found.get("best epoch by"));
    assertEquals("5 epochs", found.get("patience"));
    assertEquals(System.getProperty("java.version"), found.get("java"));
    assertEquals("train \"all\" \u00e9", found.get("command"));
    Run second = new Run(2);
    second.trainer.saving(folder).resume().fit(Run.batches(), 1); // nothing to do
    assertEquals(found, folder.configuration());
    second.trainer.fit(Run.others(), 2);
    assertEquals(Run.others().toString(), folder.configuration().get("batches"));
    assertThrows(IllegalArgumentException.class, () -> folder.noting("a", "half \ud800"));
    assertThrows(IllegalArgumentException.class, () -> folder.noting("a".repeat(1_000_001), ""));
    folder.noting("n".repeat(60_000), "t".repeat(1_000_000));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          [] | line 1: START_ARRAY, expected an object
          ^^ | line 1: the end, expected an object
          {"a": "b"} {} | more than one object
          {"a": 1} | line 1: VALUE_NUMBER_INT, expected a text
          {"a": "b" | line 1: Unexpected end-of-input: expected close marker for Object
          {"a": "b", "a": "c"} | line 1: Duplicate field 'a'
          """)
  void aDamagedConfigurationIsRefused(String text, String why) throws IOException {
    Path file = temporary.resolve("configuration.json");
    Files.writeString(file, text);
    RunFolder folder = new RunFolder(temporary);
    FileFormatException refusal = assertThrows(FileFormatException.class, folder::configuration);
    assertEquals(file + ": " + why, refusal.getMessage());
  }

  @Test
  void longNotesAreReadAgain() throws IOException {
    String name = "n".repeat(60_000);
    RunFolder folder = new RunFolder(temporary).noting(name, "t".repeat(1_000_000));
    new Run(1).trainer.saving(folder).fit(Run.batches(), 1);
    assertEquals("t".repeat(1_000_000), folder.configuration().get(name));
  }

  @Test
  void aRunThatWasToldSomethingElseIsNotGoneOnWith() throws IOException {
    RunFolder folder = new RunFolder(temporary);
    new Run(1).trainer.saving(folder).fit(Run.batches(), 1);
    String file = folder.last().orElseThrow() + ": the run has ";
    Layer net = Run.net();
    Optimizer other = new Optimizer(net, new Adam(0.01)).schedule(Schedule.cosine(40));
    assertRefused(
        file + "optimizer %s, and this trainer %s".formatted(new Adam(0.02), new Adam(0.01)),
        Run.trainer(net, other, Loss.crossEntropy()).clippingNorm(1),
        folder);
    assertRefused(
        file + "loss cross-entropy, and this trainer cross-entropy, smoothed by 0.1",
        Run.trainer(net, Run.adam(net), Loss.crossEntropy(0.1)).clippingNorm(1),
        folder);
    assertRefused(
        file + "clipping norm 1.0, and this trainer none",
        Run.trainer(net, Run.adam(net), Loss.crossEntropy()),
        folder);
    assertRefused(
        file + "validation %s, and this trainer %s".formatted(Run.points(50, 2), Run.points(60, 2)),
        Run.trainer(net, Run.adam(net), Loss.crossEntropy())
            .clippingNorm(1)
            .validating(Run.points(60, 2), 20),
        folder);
    assertEquals(Run.net().state(), net.state());
  }

  private static void assertRefused(String message, Trainer trainer, RunFolder folder) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> trainer.saving(folder).resume());
    assertEquals(message, refusal.getMessage());
  }

  /** Losses of one's own have no text that another process would give them. */
  @Test
  void aLossOfOnesOwnIsResumed() throws IOException {
    RunFolder folder = new RunFolder(temporary);
    for (int epochs = 1; epochs <= 2; epochs++) {
      Layer net = Run.net();
      Loss cross = Loss.crossEntropy();
      Loss same = (y, batch) -> cross.of(y, batch);
      Run.trainer(net, Run.adam(net), same).saving(folder).resume().fit(Run.batches(), epochs);
      assertEquals("one of your own", folder.configuration().get("loss"));
    }
  }

  @Test
  void aFolderHasOneTrainerAtATime() throws IOException {
    RunFolder folder = new RunFolder(temporary);
    Run first = new Run(1);
    List<String> refusals = new ArrayList<>();
    first.trainer.telling(
        Listener.ofEpochs(
            epoch -> {
              Trainer second = new Run(1).trainer.saving(folder);
              refusals.add(
                  assertThrows(
                          IllegalStateException.class, () -> second.resume().fit(Run.batches(), 2))
                      .getMessage());
            }));
    first.trainer.saving(folder).fit(Run.batches(), 2);
    assertEquals(
        "fit: another trainer writes to %s now; name another folder".formatted(temporary),
        refusals.get(1));
    new Run(1).trainer.saving(folder).resume().fit(Run.batches(), 3);
  }

  @Test
  void anotherRunIsNotWrittenOver() throws IOException {
    RunFolder folder = new RunFolder(temporary);
    Run run = new Run(1);
    run.trainer.saving(folder).fit(Run.batches(), 1);
    Run other = new Run(1);
    other.trainer.saving(folder);
    assertEquals(
        "fit: "
            + temporary
            + " has the checkpoints of another run; resume it, or name another folder",
        assertThrows(IllegalStateException.class, () -> other.trainer.fit(Run.batches(), 1))
            .getMessage());
    assertEquals(0, other.trainer.history().epochs().size());
    run.trainer.fit(Run.batches(), 2); // its own folder
    other.trainer.resume().fit(Run.batches(), 3);
    assertEquals(3, other.trainer.history().epochs().size());
  }

  @Test
  void namesOfFilesHaveTheSameDigitsEverywhere() throws IOException {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      RunFolder folder = new RunFolder(temporary);
      new Run(1).trainer.saving(folder).fit(Run.batches(), 1);
      assertEquals(temporary.resolve("step-000000007.safetensors"), folder.last().orElseThrow());
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void anotherJudgeIsRefused() throws IOException {
    RunFolder folder = new RunFolder(temporary);
    new Run(1).trainer.saving(folder).fit(Run.batches(), 1);
    Run other = new Run(1);
    other.trainer.judgedBy(Metric.accuracy()).saving(folder);
    assertEquals(
        folder.last().orElseThrow()
            + ": the run has best epoch by val_loss, lower, and this trainer val_accuracy, higher",
        refused(other.trainer::resume));
  }

  @Test
  void theBestWeightsAreWrittenThoughAListenerThrew() throws IOException {
    Run run = new Run(1);
    run.trainer
        .telling(
            new Listener() {
              @Override
              public void onEpoch(Epoch epoch) {
                throw new IllegalStateException("told");
              }
            })
        .saving(new RunFolder(temporary));
    for (int i = 0; i < 3; i++) {
      assertThrows(IllegalStateException.class, () -> run.trainer.fit(Run.batches(), 3));
    }
    Layer net = Run.net();
    Weights.load(temporary.resolve("best.safetensors"), net);
    assertEquals(run.trainer.best().orElseThrow().state(), net.state());
    Run again = new Run(1);
    again.trainer.saving(new RunFolder(temporary)).resume();
    assertEquals(run.outcome(), again.outcome());
  }

  @Test
  void aThreadThatIsInterruptedSavesAndStaysInterrupted() throws IOException {
    Run run = new Run(1);
    run.trainer
        .telling(
            new Listener() {
              @Override
              public void onStep(Step step) {
                if (step.batch() == 5) {
                  Thread.currentThread().interrupt();
                }
              }
            })
        .saving(new RunFolder(temporary))
        .fit(Run.batches(), 1);
    assertTrue(Thread.interrupted());
    assertEquals(
        List.of("configuration.json", "run.lock", "step-000000005.safetensors"), names(temporary));
  }

  @Test
  void whatDoesNotBelongToTheRunIsRefusedAndNothingIsChanged() throws IOException {
    RunFolder folder = new RunFolder(temporary);
    Run run = new Run(2);
    run.stopAfter(3);
    run.trainer.saving(folder).fit(Run.batches(), 1);
    Path file = folder.last().orElseThrow();
    Run other = new Run(1);
    assertEquals(
        file + ": the run has number of parts 2, and this trainer 1",
        refused(() -> other.trainer.saving(folder).resume()));
    assertEquals(
        file + ": the run has seed 11, and this trainer 12",
        refused(() -> other.trainer.parts(2).seed(12).resume()));
    Layer line = new Linear(2, 2, new SplittableRandom(1));
    Map<String, NdArray> before = line.state();
    Trainer small =
        new Trainer(line, Run.adam(line), Loss.crossEntropy())
            .seed(11)
            .parts(2)
            .clippingNorm(1)
            .measuring(Metric.accuracy(), Metric.f1())
            .validating(Run.points(50, 2), 20)
            .saving(folder);
    assertTrue(refused(small::resume).startsWith(file + ": load: "), () -> refused(small::resume));
    assertEquals(before, line.state());
    assertEquals(List.of(), small.history().epochs());
    Run third = new Run(2);
    third.trainer.measuring().saving(folder);
    assertEquals(
        file + ": the run has metrics [accuracy, f1], and this trainer []",
        refused(third.trainer::resume));
    Run fourth = new Run(2);
    fourth.trainer.saving(folder).resume();
    assertTrue(
        refused(() -> fourth.trainer.fit(Run.others(), 1))
            .startsWith("fit: 3 of the batches of an epoch are done, which were 7 batches of 16"));
    assertEquals(
        "resume: 3 steps were taken; resume a run before its first",
        assertThrows(IllegalStateException.class, fourth.trainer::resume).getMessage());
    assertEquals(
        "resume: no folder is given; call saving first",
        assertThrows(IllegalStateException.class, new Run(1).trainer::resume).getMessage());
  }

  private interface Call {
    void run() throws IOException;
  }

  private static String refused(Call call) {
    return assertThrows(IllegalArgumentException.class, call::run).getMessage();
  }

  @Test
  void aDamagedFileIsRefusedAndNothingIsChanged() throws IOException {
    RunFolder folder = new RunFolder(temporary);
    Run run = new Run(1);
    run.trainer.saving(folder).fit(Run.batches(), 1);
    Path file = folder.last().orElseThrow();
    byte[] whole = Files.readAllBytes(file);
    Run other = new Run(1);
    Map<String, NdArray> before = other.net.state();
    other.trainer.saving(folder);
    for (int i : new int[] {3, 100, whole.length / 2, whole.length - 1}) {
      byte[] altered = whole.clone();
      altered[i] ^= 1;
      Files.write(file, altered);
      assertThrows(FileFormatException.class, other.trainer::resume);
      Files.write(file, Arrays.copyOf(whole, i));
      assertThrows(FileFormatException.class, other.trainer::resume);
    }
    Weights.save(file, run.net);
    assertEquals(
        file + ": expected a training run 1, found no checkpoint of a run",
        assertThrows(FileFormatException.class, other.trainer::resume).getMessage());
    SafeTensors.of(Map.of()).write(file);
    new SafeTensors(Map.of(), Map.of("gradus.kind", "training run 1", "seed", "x")).write(file);
    assertEquals(
        file + ": seed is 'x' in the metadata, expected a whole number",
        assertThrows(FileFormatException.class, other.trainer::resume).getMessage());
    new SafeTensors(Map.of(), Map.of("gradus.kind", "training run 1")).write(file);
    assertEquals(
        file + ": the metadata have no seed",
        assertThrows(FileFormatException.class, other.trainer::resume).getMessage());
    assertEquals(before, other.net.state());
    Files.write(file, whole);
    other.trainer.resume();
    assertEquals(run.outcome(), other.outcome());
  }

  @Test
  void aFolderThatCannotBeWrittenEndsTheRunInWords() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "");
    Run run = new Run(1);
    run.trainer.saving(new RunFolder(file));
    assertThrows(UncheckedIOException.class, () -> run.trainer.fit(Run.batches(), 1));
    RunFolder folder = new RunFolder(temporary);
    assertEquals(
        "everySteps: 0, expected at least 1",
        assertThrows(IllegalArgumentException.class, () -> folder.everySteps(0)).getMessage());
    assertEquals(
        "keeping: 0, expected at least 1",
        assertThrows(IllegalArgumentException.class, () -> folder.keeping(0)).getMessage());
  }

  @Test
  void epochsAreTextWithAllOfTheirBits() {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("loss", 0.1 + 0.2);
    values.put("a b=c,\"d\"\n", Double.NaN);
    History history =
        new History(
            List.of(
                new Epoch(1, 7, 1e-3, values, 0.5),
                new Epoch(2, 14, 1.0 / 3, Map.of("loss", Double.NEGATIVE_INFINITY), 1e-9)));
    assertEquals(history, HistoryText.parse(HistoryText.of(history)));
    assertEquals(new History(List.of()), HistoryText.parse(HistoryText.of(new History(List.of()))));
    assertEquals(
        """
        epoch,steps,rate,seconds,loss,"a b=c,""d""
        "
        1,7,0.001,0.5,0.30000000000000004,NaN
        2,14,0.3333333333333333,1.0E-9,-Infinity,
        """,
        HistoryText.csv(history));
    assertThrows(IllegalArgumentException.class, () -> HistoryText.parse("1 2 3"));
    assertThrows(IllegalArgumentException.class, () -> HistoryText.parse("1 2 3 4 loss"));
  }
}
