package org.gradus.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
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
    Set<String> names = training.names();
    List<String> measures = training.measures();
    List<String> plots = new ArrayList<>();
    int most = 0;
    for (String measure : measures.subList(0, Math.min(MOST_PLOTS, measures.size()))) {
      List<Drawn> lines = lines(training, measure, names);
      plots.add(plot(training, measure, plots.size(), lines, true));
      most = Math.max(most, most(lines));
    }
    Line rate = new Line("rate", 0, epoch -> OptionalDouble.of(epoch.rate()));
    List<Drawn> rates = List.of(drawn(training, rate));
    plots.add(plot(training, "learning rate", plots.size(), rates, false));
    most = Math.max(most, most(rates));
    int all = training.history().epochs().size();
    String thinned =
        all > MOST_POINTS
            ? Html.note(
                "Of %s epochs at most %s are drawn in a curve, evenly."
                    .formatted(Figures.count(all), Figures.count(most)))
            : "";
    String left =
        measures.size() > MOST_PLOTS
            ? Html.note("Drawn are %s of %s measures.".formatted(MOST_PLOTS, measures.size()))
            : "";
    return Optional.of(
        Html.grid("plots", plots)
            + thinned
            + left
            + Html.folded(all > MOST_ROWS ? "Epochs" : "All epochs", table(training, names)));
  }

  /** A line, and the epochs that it goes through. */
  private record Drawn(Line line, List<Epoch> epochs) {
    Plot.Curve curve() {
      return new Plot.Curve(
          line.colour(),
          epochs.stream().mapToDouble(Epoch::number).toArray(),
          epochs.stream().mapToDouble(line::at).toArray());
    }
  }

  private static Drawn drawn(Training training, Line line) {
    return new Drawn(line, line.thinned(training, MOST_POINTS));
  }

  private static int most(List<Drawn> lines) {
    return lines.stream().mapToInt(one -> one.line.drawn(one.epochs)).max().orElse(0);
  }

  private static List<Drawn> lines(Training training, String measure, Set<String> names) {
    List<Drawn> lines = new ArrayList<>();
    for (String name : List.of(measure, Training.VALIDATION + measure)) {
      if (names.contains(name)) {
        lines.add(drawn(training, Line.of(name, name.equals(measure) ? 0 : 1)));
      }
    }
    return lines;
  }

  private static String plot(
      Training training, String title, int number, List<Drawn> lines, boolean isMarked) {
    List<Plot.Curve> curves = lines.stream().map(Drawn::curve).toList();
    Line last = lines.get(lines.size() - 1).line;
    Optional<double[]> mark =
        training
            .bestEpoch()
            .filter(best -> isMarked && Double.isFinite(last.at(best)))
            .map(best -> new double[] {best.number(), last.at(best)});
    StringBuilder legend = new StringBuilder();
    for (Drawn one : lines) {
      legend.append(key(one.line.colour() == 0 ? "one" : "two", one.line.name()));
    }
    mark.ifPresent(point -> legend.append(key("mark", "best epoch " + (long) point[0])));
    String words = title + " over " + Figures.count(training.history().epochs().size(), "epoch");
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

  private static String table(Training training, Set<String> names) {
    List<String> head = new ArrayList<>(List.of("epoch", "steps", "rate"));
    head.addAll(names);
    head.add("seconds");
    List<List<String>> rows = new ArrayList<>();
    for (Epoch epoch : training.thinned(MOST_ROWS)) {
      List<String> row = new ArrayList<>();
      row.add(Figures.count(epoch.number()));
      row.add(Figures.count(epoch.steps()));
      row.add(Figures.value(epoch.rate()));
      for (String name : names) {
        Double value = epoch.values().get(name);
        row.add(value == null ? "" : Figures.value(value));
      }
      row.add(Figures.value(epoch.seconds()));
      rows.add(row);
    }
    int all = training.history().epochs().size();
    String note =
        all > MOST_ROWS
            ? Html.note(
                "%s of %s epochs, evenly."
                    .formatted(Figures.count(rows.size()), Figures.count(all)))
            : "";
    return note + Html.table(head, rows);
  }
}
