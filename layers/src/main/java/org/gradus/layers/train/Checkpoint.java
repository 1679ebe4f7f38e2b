package org.gradus.layers.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.files.FileFormatException;
import org.gradus.layers.files.SafeTensors;

/**
 * A run as it is between two steps, in one safetensors file: {@code net.*} and {@code optimizer.*}
 * are the states of both, {@code best.*} that of the net after its best epoch, {@code measured.0},
 * {@code measured.1} and so on the numbers of the metrics over the part of an epoch that is done;
 * the metadata have the rest.
 *
 * @param net its state
 * @param optimizer its state
 * @param history the epochs that are done
 * @param progress of the epoch that is not
 * @param best the best epoch
 */
record Checkpoint(
    Map<String, NdArray> net,
    Map<String, NdArray> optimizer,
    History history,
    Progressed progress,
    Optional<Best> best) {
  private static final String KIND = "gradus.kind";
  private static final String RUN = "training run 1";
  private static final String NET = "net.";
  private static final String OPTIMIZER = "optimizer.";
  private static final String BEST = "best.";
  private static final String MEASURED = "measured.";
  private static final String TOLD = "told.";

  /**
   * How far an epoch is.
   *
   * @param seed of the run
   * @param parts of each batch
   * @param batches what they are, as a text
   * @param batchesDone how many
   * @param examples that they had
   * @param lossSum over them
   * @param rate of the last step; NaN if none was taken
   * @param seconds that it took so far
   * @param metrics their names, in order
   * @param numbers of the metrics
   * @param judgedBy the value by which the best epoch is found, and whether higher is better
   * @param told what else the trainer was given, by name
   */
  record Progressed(
      long seed,
      int parts,
      String batches,
      int batchesDone,
      long examples,
      double lossSum,
      double rate,
      double seconds,
      List<String> metrics,
      List<double[]> numbers,
      String judgedBy,
      Map<String, String> told) {}

  /** The file's content. */
  SafeTensors toTensors() {
    Map<String, NdArray> tensors = new LinkedHashMap<>();
    net.forEach((name, value) -> tensors.put(NET + name, value));
    optimizer.forEach((name, value) -> tensors.put(OPTIMIZER + name, value));
    for (int i = 0; i < progress.numbers.size(); i++) {
      double[] numbers = progress.numbers.get(i);
      tensors.put(MEASURED + i, NdArray.of(numbers, numbers.length));
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(KIND, RUN);
    metadata.put("seed", String.valueOf(progress.seed));
    metadata.put("parts", String.valueOf(progress.parts));
    metadata.put("batches", progress.batches);
    metadata.put("batches done", String.valueOf(progress.batchesDone));
    metadata.put("examples", String.valueOf(progress.examples));
    metadata.put("loss sum", String.valueOf(progress.lossSum));
    metadata.put("rate", String.valueOf(progress.rate));
    metadata.put("seconds", String.valueOf(progress.seconds));
    metadata.put("metrics", String.join("\n", progress.metrics));
    metadata.put("judged by", progress.judgedBy);
    progress.told.forEach((name, text) -> metadata.put(TOLD + name, text));
    metadata.put("history", HistoryText.of(history));
    best.ifPresent(
        found -> {
          found.state().forEach((name, value) -> tensors.put(BEST + name, value));
          metadata.put("best epoch", String.valueOf(found.epoch()));
          metadata.put("best value", String.valueOf(found.value()));
        });
    return new SafeTensors(tensors, metadata);
  }

  /**
   * From a file's content.
   *
   * @param file for messages
   * @throws FileFormatException if it is none of a run
   */
  static Checkpoint of(SafeTensors content, Path file) throws FileFormatException {
    Reader reader = new Reader(file.toString(), content.metadata());
    if (!RUN.equals(content.metadata().get(KIND))) {
      throw new FileFormatException(
          file.toString(),
          "expected a %s, found %s"
              .formatted(RUN, content.metadata().getOrDefault(KIND, "no checkpoint of a run")));
    }
    List<double[]> numbers = new ArrayList<>();
    part(content.tensors(), MEASURED).values().forEach(each -> numbers.add(each.toDoubleArray()));
    Progressed progress =
        new Progressed(
            reader.whole("seed"),
            reader.count("parts"),
            reader.text("batches"),
            reader.count("batches done"),
            reader.count("examples"),
            reader.number("loss sum"),
            reader.number("rate"),
            reader.number("seconds"),
            reader.text("metrics").lines().toList(),
            numbers,
            reader.text("judged by"),
            part(content.metadata(), TOLD));
    Optional<Best> best =
        content.metadata().containsKey("best epoch")
            ? Optional.of(
                new Best(
                    reader.count("best epoch"),
                    reader.number("best value"),
                    part(content.tensors(), BEST)))
            : Optional.empty();
    return new Checkpoint(
        part(content.tensors(), NET),
        part(content.tensors(), OPTIMIZER),
        reader.history(),
        progress,
        best);
  }

  private static <T> Map<String, T> part(Map<String, T> all, String prefix) {
    Map<String, T> part = new LinkedHashMap<>();
    all.forEach(
        (name, value) -> {
          if (name.startsWith(prefix)) {
            part.put(name.substring(prefix.length()), value);
          }
        });
    return part;
  }

  /** Reads metadata, and tells what is wrong with them. */
  private record Reader(String file, Map<String, String> metadata) {
    String text(String key) throws FileFormatException {
      String text = metadata.get(key);
      if (text == null) {
        throw new FileFormatException(file, "the metadata have no %s".formatted(key));
      }
      return text;
    }

    long whole(String key) throws FileFormatException {
      try {
        return Long.parseLong(text(key));
      } catch (NumberFormatException e) {
        throw wrong(key, "a whole number", e);
      }
    }

    int count(String key) throws FileFormatException {
      long count = whole(key);
      if (count < 0 || count > Integer.MAX_VALUE) {
        throw new FileFormatException(
            file, "%s is %s in the metadata, expected a count".formatted(key, count));
      }
      return (int) count;
    }

    double number(String key) throws FileFormatException {
      try {
        return Double.parseDouble(text(key));
      } catch (NumberFormatException e) {
        throw wrong(key, "a number", e);
      }
    }

    History history() throws FileFormatException {
      try {
        return HistoryText.parse(text("history"));
      } catch (IllegalArgumentException e) {
        throw wrong("history", "epochs", e);
      }
    }

    private FileFormatException wrong(String key, String expected, Throwable cause) {
      return new FileFormatException(
          file,
          "%s is '%s' in the metadata, expected %s".formatted(key, metadata.get(key), expected),
          cause);
    }
  }
}
