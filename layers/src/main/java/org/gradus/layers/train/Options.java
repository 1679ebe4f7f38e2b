package org.gradus.layers.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.gradus.layers.Layer;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.optim.Optimizer;

/** What a {@link Trainer} was told, besides the net, its optimiser and the loss. */
final class Options {
  long seed;
  int parts = 1;
  int together = 1;
  OptionalDouble clip = OptionalDouble.empty();
  List<Metric> metrics = List.of();
  Optional<Validation> validation = Optional.empty();
  final Judge judge = new Judge();

  /** Examples to measure by, so many at a time. */
  record Validation(Dataset data, int batchSize) {}

  /** How the loss of a net is computed, by a batch in parts. */
  MicroBatches step(Layer net, Loss loss, boolean allowsNonFinite) {
    MicroBatches step =
        new MicroBatches(net, loss).parts(parts).together(together).measuring(measured());
    return allowsNonFinite ? step.allowNonFinite() : step;
  }

  /** The metrics, and the judge's if it is none of them. */
  List<Metric> measured() {
    List<Metric> all = new ArrayList<>(metrics);
    judge.metric().filter(each -> !isNamed(each.name())).ifPresent(all::add);
    return all;
  }

  private boolean isNamed(String name) {
    return metrics.stream().anyMatch(each -> each.name().equals(name));
  }

  /** What the best epoch is found by, and in which direction. */
  String judgedBy() {
    return judge.text(validation.isPresent() ? Trainer.VALIDATION : "");
  }

  /**
   * Refuses to go on with a run that was told something else which its bits depend on.
   *
   * @param told what else this trainer was given
   */
  void requireSame(Path file, Checkpoint.Progressed done, Map<String, String> told) {
    requireSame(file, "seed", done.seed(), seed);
    requireSame(file, "number of parts", done.parts(), parts);
    requireSame(file, "metrics", done.metrics(), measured().stream().map(Metric::name).toList());
    requireSame(file, "best epoch by", done.judgedBy(), judgedBy());
    Set<String> names = new LinkedHashSet<>(done.told().keySet());
    names.addAll(told.keySet());
    for (String name : names) {
      requireSame(
          file, name, done.told().getOrDefault(name, "none"), told.getOrDefault(name, "none"));
    }
  }

  private static void requireSame(Path file, String what, Object saved, Object own) {
    if (!saved.equals(own)) {
      throw new IllegalArgumentException(
          "%s: the run has %s %s, and this trainer %s".formatted(file, what, saved, own));
    }
  }

  /** By name, what an optimiser and a loss are, and what is clipped and validated by. */
  Map<String, String> told(Optimizer optimizer, Loss loss) {
    Map<String, String> told = new LinkedHashMap<>();
    told.put(
        "optimizer",
        String.join(" and ", optimizer.methods().stream().map(Options::text).toList()));
    told.put("loss", text(loss));
    clip.ifPresent(most -> told.put("clipping norm", String.valueOf(most)));
    validation.ifPresent(by -> told.put("validation", text(by.data())));
    return told;
  }

  /** The same in each process: what has no text of its own is of its user. */
  static String text(Object value) {
    String address =
        value.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(value));
    return value.toString().equals(address) ? "one of your own" : value.toString();
  }

  /** By name, for the configuration of a run: what it is. */
  Map<String, String> texts(Layer net, Optimizer optimizer, Loss loss, Steps steps, int epochs) {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("net", net.toString());
    texts.putAll(told(optimizer, loss));
    texts.put("batches", steps.toString());
    texts.put("epochs", String.valueOf(epochs));
    texts.put("seed", String.valueOf(seed));
    texts.put("parts", String.valueOf(parts));
    texts.put("metrics", String.join(", ", measured().stream().map(Metric::name).toList()));
    texts.put("best epoch by", judgedBy());
    judge.patience().ifPresent(most -> texts.put("patience", most + " epochs"));
    return texts;
  }
}
