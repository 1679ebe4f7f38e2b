package org.gradus.benchmarks.peer;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.gradus.benchmarks.turns.Ratios;
import org.gradus.benchmarks.turns.Times;
import org.gradus.benchmarks.turns.Turns;
import org.gradus.benchmarks.turns.Turns.Pair;

/** Measures cases, and prints a line for each, and the mean of each group, in Markdown. */
final class Table {
  private static final int LOWEST = 3;

  private final PrintWriter out;
  private final OptionalDouble peak;
  private final Turns turns;
  private final Ratios ratios = new Ratios();
  private int different;
  private int left;

  /**
   * A table without lines yet; prints its head.
   *
   * @param peak of the machine, in operations per second
   */
  Table(PrintWriter out, OptionalDouble peak, Turns turns) {
    this.out = out;
    this.peak = peak;
    this.turns = turns;
    out.println(
        "| float32 | Gradus, median (best) | peer, median (best) | peer / Gradus | GFLOP/s |");
    out.println("|---|---|---|---|---|");
    out.flush();
  }

  /** Compares what both sides compute; measures them, if it is the same; and prints a line. */
  void add(String group, Case row) {
    try (Side gradus = row.gradus().get();
        Side theirs = row.theirs().get()) {
      double difference = Difference.of(gradus.check(), theirs.check());
      if (!(difference <= row.tolerance())) {
        different++;
        out.println(text("| %s | differs by %.1e | | | |", row.name(), difference));
        out.flush();
        return;
      }
      Pair pair = turns.take(gradus::run, theirs::run);
      boolean disturbed = pair.others() > Turns.DISTURBED;
      if (disturbed) {
        left++;
      } else {
        ratios.add(group + row.peer().suffix(), row.name(), pair.ratio());
      }
      out.println(
          text(
              "| %s%s | %s | %s | %.2f%s | %s |",
              row.name(),
              row.peer().suffix(),
              time(pair.first()),
              time(pair.second()),
              pair.ratio(),
              disturbed ? text(" (others took %.0f %%)", 100 * pair.others()) : "",
              row.flops() > 0 ? rate(row, pair) : ""));
      out.flush();
    }
  }

  /** Prints the mean of each group, and its lowest ratios. */
  void printMeans() {
    out.println();
    out.println("| group | cases | geometric mean of peer / Gradus | lowest |");
    out.println("|---|---|---|---|");
    for (String group : ratios.groups()) {
      out.println(
          text(
              "| %s | %d | %.2f | %s |",
              group,
              ratios.count(group),
              ratios.geometricMean(group),
              ratios.lowest(group, LOWEST).stream()
                  .map(each -> text("%.2f %s", each.value(), each.name()))
                  .collect(Collectors.joining("; "))));
    }
    out.println();
    if (left > 0) {
      out.println(
          "%s cases are not part of the means, since other processes took processors meanwhile."
              .formatted(left));
      out.println();
    }
    out.flush();
  }

  /** How many cases were not measured, since the two sides compute something else. */
  int different() {
    return different;
  }

  /** The median time, and the best. */
  static String time(Times times) {
    boolean small = times.median() < 1e-3;
    double unit = small ? 1e-6 : 1e-3;
    double median = times.median() / unit;
    String number = median >= 100 ? "%.0f" : median >= 10 ? "%.1f" : "%.2f";
    return text(
        number + (small ? " us" : " ms") + " (" + number + ")", median, times.best() / unit);
  }

  private String rate(Case row, Pair pair) {
    double ours = row.flops() / pair.first().median();
    double theirs = row.flops() / pair.second().median();
    String share = peak.isPresent() ? text(" (%.0f %%)", 100 * ours / peak.getAsDouble()) : "";
    return text("%.0f%s, %.0f", ours / 1e9, share, theirs / 1e9);
  }

  /** As {@link String#format}, with a point in decimal numbers wherever the program runs. */
  static String text(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }

  /** The parts of some results, compared. */
  private static final class Difference {

    /** The largest difference in an array, as a share of the array's largest number. */
    static double of(List<float[]> ours, List<float[]> theirs) {
      if (ours.size() != theirs.size()) {
        return Double.POSITIVE_INFINITY;
      }
      double most = 0;
      for (int i = 0; i < ours.size(); i++) {
        most = Math.max(most, of(ours.get(i), theirs.get(i)));
      }
      return most;
    }

    private static double of(float[] ours, float[] theirs) {
      if (ours.length != theirs.length) {
        return Double.POSITIVE_INFINITY;
      }
      double difference = 0;
      double largest = Float.MIN_NORMAL;
      for (int i = 0; i < ours.length; i++) {
        difference = Math.max(difference, Math.abs((double) ours[i] - theirs[i])); // NaN stays
        largest = Math.max(largest, Math.abs(theirs[i]));
      }
      return difference / largest;
    }
  }
}
