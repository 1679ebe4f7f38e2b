package org.gradus.layers.train;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.gradus.autograd.array.Nulls;
import org.gradus.layers.files.SafeFile;
import org.gradus.layers.files.SafeTensors;

/**
 * The folder of a run, which a {@link Trainer} writes to:
 *
 * <pre>
 *   step-000000120.safetensors   a checkpoint after 120 steps; the last ones are kept
 *   best.safetensors             the weights after the best epoch, for Weights.load
 *   history.csv                  a line for each epoch
 *   run.lock                     locked while a trainer writes here
 *   configuration.json           what the run is, and what you noted: one object of texts
 * </pre>
 *
 * <p>Each file is there whole, or as it was before; see {@link SafeFile}. A value.
 *
 * <pre>{@code
 * RunFolder folder = new RunFolder(Path.of("run1")).everySteps(500).keeping(3);
 * trainer.saving(folder).resume().fit(batches, 20);
 * }</pre>
 */
public final class RunFolder {
  private static final Pattern CHECKPOINT = Pattern.compile("step-(\\d{9,18})\\.safetensors");
  private static final String BEST = "best.safetensors";
  private static final String HISTORY = "history.csv";
  private static final String CONFIGURATION = "configuration.json";

  private final Path path;
  private final int steps;
  private final int kept;
  private final Map<String, String> notes;

  private RunFolder(Path path, int steps, int kept, Map<String, String> notes) {
    this.path = path;
    this.steps = steps;
    this.kept = kept;
    this.notes = notes;
  }

  /**
   * With a checkpoint after each epoch, and when the run is stopped, of which the last three are
   * kept.
   *
   * @param path made when the run begins, if it is not there; a run that is not resumed is refused
   *     a folder that has checkpoints
   */
  public RunFolder(Path path) {
    this(Nulls.given("runFolder: path", path), Integer.MAX_VALUE, 3, Map.of());
  }

  /**
   * With a checkpoint after so many steps of an epoch, besides.
   *
   * @param count at least 1
   * @throws IllegalArgumentException if there are fewer
   */
  public RunFolder everySteps(int count) {
    MicroBatches.requirePositive("everySteps", count);
    return new RunFolder(path, count, kept, notes);
  }

  /**
   * With so many checkpoints that are kept, the last ones.
   *
   * @param count at least 1
   * @throws IllegalArgumentException if there are fewer
   */
  public RunFolder keeping(int count) {
    MicroBatches.requirePositive("keeping", count);
    return new RunFolder(path, steps, count, notes);
  }

  /**
   * With something to be kept in the configuration of the run: the command that started it, where
   * the data come from, or what was in mind.
   *
   * @param name of it, in place of one before, and of what the trainer says of this name
   * @param text of at most a million characters, as the name
   * @throws IllegalArgumentException if one is longer, or has half of a character
   */
  public RunFolder noting(String name, String text) {
    Nulls.refuse("noting: name, text", name, text);
    Configuration.requireText("noting: name", name);
    Configuration.requireText("noting: text", text);
    Map<String, String> more = new LinkedHashMap<>(notes);
    more.put(name, text);
    return new RunFolder(path, steps, kept, Collections.unmodifiableMap(more));
  }

  /**
   * What the run is, by name, as it was when {@link Trainer#fit} was called last: the net, the
   * optimiser, the data, options, versions, and what was noted. Empty if there is no such file.
   *
   * @throws org.gradus.layers.files.FileFormatException if the file is damaged
   * @throws IOException if it cannot be read
   */
  public Map<String, String> configuration() throws IOException {
    Path file = path.resolve(CONFIGURATION);
    return Files.exists(file) ? Collections.unmodifiableMap(Configuration.read(file)) : Map.of();
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** Whether there is a checkpoint after so many batches of an epoch. */
  boolean isDue(int batchesDone) {
    return batchesDone % steps == 0;
  }

  /**
   * The last checkpoint; empty if there is none, or no folder.
   *
   * @throws IOException if the folder cannot be read
   */
  public Optional<Path> last() throws IOException {
    List<Path> all = checkpoints();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
  }

  /** In the order of their steps. */
  private List<Path> checkpoints() throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(path)) {
      return all.filter(file -> steps(file) >= 0)
          .sorted((a, b) -> Long.compare(steps(a), steps(b)))
          .toList();
    }
  }

  private static String name(long steps) {
    return String.format(Locale.ROOT, "step-%09d.safetensors", steps);
  }

  /** Of a checkpoint; -1 of another file. */
  private static long steps(Path file) {
    Matcher matcher = CHECKPOINT.matcher(String.valueOf(file.getFileName()));
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
  }

  /**
   * Makes the folder for a new run.
   *
   * @throws IllegalStateException if it has checkpoints
   */
  void make() throws IOException {
    if (last().isPresent()) {
      throw new IllegalStateException(
          "fit: %s has the checkpoints of another run; resume it, or name another folder"
              .formatted(path));
    }
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw new IOException(path + ": cannot be made as the folder of a run: " + e, e);
    }
  }

  void save(long stepsDone, Checkpoint checkpoint) throws IOException {
    checkpoint.toTensors().write(path.resolve(name(stepsDone)));
    List<Path> all = checkpoints();
    for (Path old : all.subList(0, Math.max(0, all.size() - kept))) {
      Files.deleteIfExists(old);
    }
  }

  void save(Map<String, String> configuration) throws IOException {
    Map<String, String> all = new LinkedHashMap<>(configuration);
    all.putAll(Configuration.machine());
    all.putAll(notes);
    Configuration.write(path.resolve(CONFIGURATION), all);
  }

  void save(History history) throws IOException {
    SafeFile.write(
        path.resolve(HISTORY),
        out -> out.write(ByteBuffer.wrap(HistoryText.csv(history).getBytes(UTF_8))));
  }

  void save(Best best) throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("epoch", String.valueOf(best.epoch()));
    metadata.put("value", String.valueOf(best.value()));
    new SafeTensors(best.state(), metadata).write(path.resolve(BEST));
  }

  /** For example {@code run1}. */
  @Override
  public String toString() {
    return path.toString();
  }
}
