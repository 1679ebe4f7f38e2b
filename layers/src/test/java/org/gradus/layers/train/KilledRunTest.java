package org.gradus.layers.train;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose process is killed again and again has the bits of one that was never stopped. */
class KilledRunTest {
  private static final int KILLS = Integer.getInteger("gradus.kills", 20);

  /** More steps than all lives take together. */
  private static final int EPOCHS = KILLS;

  @TempDir private Path temporary;

  /** The child: goes on with the run, and tells each step. */
  public static void main(String[] args) throws IOException {
    Run run = new Run(1);
    run.trainer
        .telling(
            new Listener() {
              @Override
              public void onStep(Step step) {
                System.out.println("step");
                if (args.length > 3) {
                  act(args[3], step);
                }
              }
            })
        .saving(new RunFolder(Path.of(args[0])).everySteps(Integer.parseInt(args[2])).keeping(2))
        .resume()
        .stoppingWithTheJvm()
        .fit(Run.batches(), Integer.parseInt(args[1]));
    System.out.println("end " + text(run));
  }

  private static void act(String how, Step step) {
    if (how.equals("slowly")) {
      sleep(20);
    } else if (how.equals("exit") && step.batch() == 3) {
      System.exit(3);
    } else if (how.equals("throw") && step.batch() == 3) {
      sleep(1000); // until the signal has come
      throw new IllegalStateException("cannot be told");
    }
  }

  private static void sleep(int milliseconds) {
    try {
      TimeUnit.MILLISECONDS.sleep(milliseconds);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** All bits of what came of a run, as a short text. */
  private static String text(Run run) {
    return String.format(Locale.ROOT, "%08x", run.outcome().hashCode());
  }

  private Process start(String folder, int epochs, int everySteps, String... how)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(
        List.of(
            KilledRunTest.class.getName(),
            temporary.resolve(folder).toString(),
            "" + epochs,
            "" + everySteps));
    command.addAll(List.of(how));
    return new ProcessBuilder(command).redirectError(errors()).start();
  }

  private File errors() {
    return temporary.resolve("errors").toFile();
  }

  private String said() {
    try {
      return Files.readString(errors().toPath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines of a process that ends well. */
  private List<String> lines(String folder, int epochs) throws Exception {
    Process child = start(folder, epochs, 1);
    try (BufferedReader out = child.inputReader(UTF_8)) {
      List<String> lines = out.lines().toList();
      assertEquals(0, child.waitFor(), this::said);
      return lines;
    }
  }

  @Test
  void killedAtRandomMoments() throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    for (int kill = 0; kill < KILLS; kill++) {
      Process child = start("killed", EPOCHS, 1);
      try (BufferedReader said = child.inputReader(UTF_8)) {
        int steps = 1 + random.nextInt(6);
        for (int i = 0; i < steps; i++) {
          String line = said.readLine();
          assertEquals("step", line, this::said);
        }
        TimeUnit.MICROSECONDS.sleep(random.nextInt(8000)); // in a step, or while a file is written
        child.destroyForcibly();
      }
      assertEquals(128 + 9, child.waitFor()); // SIGKILL
    }
    List<String> last = lines("killed", EPOCHS);
    List<String> whole = lines("whole", EPOCHS);
    assertEquals(7 * EPOCHS + 1, whole.size());
    assertTrue(last.size() < whole.size() - KILLS, () -> last.size() + " steps by the last");
    assertEquals(whole.get(whole.size() - 1), last.get(last.size() - 1));
  }

  /** It would wait for the JVM, and the JVM for it. */
  @Test
  void aListenerMayEndTheProcess() throws Exception {
    Process child = start("exit", 2, 1, "exit");
    try (BufferedReader said = child.inputReader(UTF_8)) {
      assertEquals(List.of("step", "step", "step"), said.lines().toList());
    }
    assertEquals(3, child.waitFor(), this::said);
  }

  @Test
  void whatGoesWrongWhileTheProcessEndsIsTold() throws Exception {
    Process child = start("throws", 2, 1, "throw");
    try (BufferedReader said = child.inputReader(UTF_8)) {
      for (int i = 0; i < 3; i++) {
        assertEquals("step", said.readLine(), this::said);
      }
      child.toHandle().destroy();
      assertEquals(List.of(), said.lines().toList());
    }
    assertEquals(128 + 15, child.waitFor(), this::said);
    assertTrue(said().contains("IllegalStateException: cannot be told"), this::said);
  }

  /**
   * A checkpoint is due after no step: what is there was written because the process was to end.
   */
  @Test
  void aProcessThatIsToldToEndSavesFirst() throws Exception {
    int epochs = 20;
    Process child = start("ended", epochs, 1_000_000, "slowly");
    List<String> first = new ArrayList<>();
    try (BufferedReader said = child.inputReader(UTF_8)) {
      for (int i = 0; i < 10; i++) {
        first.add(said.readLine());
      }
      child.toHandle().destroy(); // the child itself would close what it has said
      said.lines().forEach(first::add);
    }
    assertEquals(128 + 15, child.waitFor(), this::said); // SIGTERM
    assertEquals(Set.of("step"), Set.copyOf(first));
    List<String> rest = lines("ended", epochs);
    List<String> whole = lines("undisturbed", epochs);
    assertEquals(whole.size(), first.size() + rest.size()); // no step twice
    assertEquals(whole.get(whole.size() - 1), rest.get(rest.size() - 1));
  }
}
