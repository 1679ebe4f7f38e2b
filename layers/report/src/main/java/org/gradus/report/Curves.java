package org.gradus.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.gradus.layers.train.Epoch;

/** The section of curves over the epochs, and of their numbers. */
final class Curves {
  private static final int MOST_POINTS = 300;
  private static final int MOST_ROWS = 500;
  private static final int MOST_PLOTS = 24;

  private Curves() {}

  /** Plots and a table; empty if there is no epoch. */
  static Optional<String> html(Training training) {
    if (training.history().epochs().isEmpty()) {
      return Optional.empty();
    }
    List<String> plots = new ArrayList<>();
    List<String> measures = training.measures();
    for (String measure : measures.subList(0, Math.min(MOST_PLOTS, measures.size()))) {
      plots.add(plot(training, measure, plots.size()));
    }
    plots.add(
        plot(
            training,
            "learning rate",
            plots.size(),
            List.of(new Line("rate", 0, Epoch::rate)),
            false));
    String thinned =
        training.history().epochs().size() > MOST_POINTS
            ? Html.note("Drawn are about %s of the epochs, evenly.".formatted(MOST_POINTS))
            : "";
    String left =
        measures.size() > MOST_PLOTS
            ? Html.note("Drawn are %s of %s measures.".formatted(MOST_PLOTS, measures.size()))
            : "";
    return Optional.of(
        Html.grid("plots", plots) + thinned + left + Html.folded("All epochs", table(training)));
  }

  /** One curve of a plot: its name in the legend, and its value in an epoch, NaN where none is. */
  private record Line(String name, int colour, ToDoubleFunction<Epoch> value) {}

  private static String plot(Training training, String measure, int number) {
    List<Line> lines = new ArrayList<>();
    for (String name : List.of(measure, Training.VALIDATION + measure)) {
      if (training.names().contains(name)) {
        int colour = name.equals(measure) ? 0 : 1;
        lines.add(new Line(name, colour, epoch -> value(epoch, name)));
      }
    }
    return plot(training, measure, number, lines, true);
  }

  private static double value(Epoch epoch, String name) {
    Double value = epoch.values().get(name);
    return value == null ? Double.NaN : value;
  }

  private static String plot(
      Training training, String title, int number, List<Line> lines, boolean isMarked) {
    List<Epoch> epochs = training.thinned(MOST_POINTS);
    double[] x = epochs.stream().mapToDouble(Epoch::number).toArray();
    List<Plot.Curve> curves =
        lines.stream()
            .map(
                line ->
                    new Plot.Curve(
                        line.colour, x, epochs.stream().mapToDouble(line.value).toArray()))
            .toList();
    Line last = lines.get(lines.size() - 1);
    Optional<double[]> mark =
        training
            .bestEpoch()
            .filter(best -> isMarked && Double.isFinite(last.value.applyAsDouble(best)))
            .map(best -> new double[] {best.number(), last.value.applyAsDouble(best)});
    StringBuilder legend = new StringBuilder();
    for (Line line : lines) {
      legend.append(key(line.colour == 0 ? "one" : "two", line.name));
    }
    mark.ifPresent(point -> legend.append(key("mark", "best epoch " + (long) point[0])));
    String words = title + " over " + Figures.count(epochs.size(), "epoch");
    String svg =
        Plot.svg(number, curves, mark, words)
            .orElseGet(() -> Html.note("No value is finite, so no curve is drawn."));
    return Html.in(
        "figure class=\"plot\"",
        Html.in("figcaption", Html.in("b", Html.text(title)) + legend) + svg);
  }

  private static String key(String colour, String name) {
    return Html.in("span class=\"key " + colour + "\"", Html.text(name));
  }

  private static String table(Training training) {
    List<String> head = new ArrayList<>(List.of("epoch", "steps", "rate"));
    head.addAll(training.names());
    head.add("seconds");
    List<List<String>> rows = new ArrayList<>();
    for (Epoch epoch : training.thinned(MOST_ROWS)) {
      List<String> row = new ArrayList<>();
      row.add(Figures.count(epoch.number()));
      row.add(Figures.count(epoch.steps()));
      row.add(Figures.value(epoch.rate()));
      for (String name : training.names()) {
        Double value = epoch.values().get(name);
        row.add(value == null ? "" : Figures.value(value));
      }
      row.add(Figures.value(epoch.seconds()));
      rows.add(row);
    }
    int all = training.history().epochs().size();
    String note =
        all > MOST_ROWS ? Html.note("Of %s epochs about %s.".formatted(all, MOST_ROWS)) : "";
    return note + Html.table(head, rows);
  }
}
