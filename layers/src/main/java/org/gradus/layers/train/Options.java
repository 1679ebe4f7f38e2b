package org.gradus.layers.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.gradus.layers.data.Dataset;

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

  /** Refuses to go on with a run that was told something else which its bits depend on. */
  void requireSame(Path file, Checkpoint.Progressed done) {
    requireSame(file, "seed", done.seed(), seed);
    requireSame(file, "number of parts", done.parts(), parts);
    requireSame(file, "metrics", done.metrics(), measured().stream().map(Metric::name).toList());
    requireSame(file, "best epoch by", done.judgedBy(), judgedBy());
  }

  private static void requireSame(Path file, String what, Object saved, Object own) {
    if (!saved.equals(own)) {
      throw new IllegalArgumentException(
          "%s: the run has %s %s, and this trainer %s".formatted(file, what, saved, own));
    }
  }

  /** By name, for the configuration of a run: what was told, and what else is so. */
  Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("seed", String.valueOf(seed));
    texts.put("parts", String.valueOf(parts));
    clip.ifPresent(most -> texts.put("clipping norm", String.valueOf(most)));
    texts.put("metrics", String.join(", ", measured().stream().map(Metric::name).toList()));
    validation.ifPresent(by -> texts.put("validation", by.data().toString()));
    texts.put("best epoch by", judgedBy());
    judge.patience().ifPresent(epochs -> texts.put("patience", epochs + " epochs"));
    return texts;
  }
}
