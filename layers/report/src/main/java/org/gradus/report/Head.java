package org.gradus.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gradus.layers.train.Best;
import org.gradus.layers.train.Epoch;

/** The sections of the numbers that matter most, and of what ran. */
final class Head {
  private static final int MOST_MEASURES = 12;

  private Head() {}

  /** The last values, with those of the best epoch below, and the accuracy; empty without any. */
  static Optional<String> numbers(Training training, Optional<Judged> judged, long parameters) {
    List<String> cards = new ArrayList<>();
    judged.ifPresent(
        known ->
            cards.add(
                card(
                    "accuracy",
                    Figures.percent(known.confusion().accuracy()),
                    "of " + Figures.count(known.examples(), "example"))));
    training.best().ifPresent(best -> cards.add(best(best, training.history().epochs().isEmpty())));
    training.history().last().ifPresent(last -> addLast(cards, training, last));
    if (parameters > 0) {
      cards.add(card("parameters", Figures.count(parameters), "learnt"));
    }
    return cards.isEmpty() ? Optional.empty() : Optional.of(Html.grid("cards", cards));
  }

  private static String best(Best best, boolean isAlone) {
    String words = isAlone ? "by which it was judged" : "by which epochs were judged";
    return card("best, epoch " + best.epoch(), Figures.value(best.value()), words);
  }

  private static void addLast(List<String> cards, Training training, Epoch last) {
    Optional<Epoch> best = training.bestEpoch().filter(epoch -> epoch.number() != last.number());
    int count = 0;
    for (Map.Entry<String, Double> value : last.values().entrySet()) {
      if (count++ < MOST_MEASURES) {
        String name = value.getKey();
        String before =
            best.filter(epoch -> epoch.values().containsKey(name))
                .map(epoch -> ", %s in the best".formatted(Figures.value(epoch.value(name))))
                .orElse("");
        cards.add(card(name, Figures.value(value.getValue()), "in the last epoch" + before));
      }
    }
    String time = Figures.duration(training.seconds());
    cards.add(
        card("time", time, "of " + Figures.count(training.history().epochs().size(), "epoch")));
  }

  private static String card(String name, String number, String words) {
    return Html.in(
        "div class=\"card\"",
        Html.in("div class=\"name\"", Html.text(name))
            + Html.in("div class=\"number\"", Html.text(number))
            + Html.in("div class=\"words\"", Html.text(words)));
  }

  /** The settings; empty without any. */
  static Optional<String> settings(Run run) {
    return run.settings().isEmpty() ? Optional.empty() : Optional.of(table(run.settings()));
  }

  /** How the run is made again. */
  static String repeat(Run run, String version) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("Gradus", version);
    all.put("Java", Runtime.version() + ", " + System.getProperty("java.vm.name", "?"));
    all.put(
        "system",
        "%s %s, %s"
            .formatted(
                System.getProperty("os.name", "?"),
                System.getProperty("os.version", "?"),
                System.getProperty("os.arch", "?")));
    all.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    all.put("largest heap", (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
    boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    all.put("jdk.incubator.vector", vectors ? "present" : "absent");
    all.put("gradus.kernels", System.getProperty("gradus.kernels", "not set"));
    String command =
        run.command().isEmpty()
            ? ""
            : Html.in("h3", "Command") + Html.in("pre class=\"command\"", Html.text(run.command()));
    String settings =
        run.settings().isEmpty()
            ? ""
            : Html.note("The settings, seeds among them if they were given, stand above.");
    return command + settings + Html.in("h3", "Made by") + table(all);
  }

  private static String table(Map<String, String> all) {
    return Html.pairs(
        all.entrySet().stream().map(one -> List.of(one.getKey(), one.getValue())).toList());
  }
}
