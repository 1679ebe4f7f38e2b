package org.gradus.benchmarks.peer;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.gradus.benchmarks.peer.Turns.Pair;
import org.gradus.benchmarks.peer.Turns.Times;

/** Measures works, and prints a line for each, as a table in Markdown. */
final class Table {
  private final PrintWriter out;
  private final OptionalDouble peak;
  private final double seconds;

  /**
   * A table without lines yet; prints its head.
   *
   * @param peak of the machine, in operations per second
   * @param seconds for which each line is measured, after warm-up
   */
  Table(PrintWriter out, OptionalDouble peak, double seconds) {
    this.out = out;
    this.peak = peak;
    this.seconds = seconds;
    out.println(
        "GFLOP/s: of the median, and its share of the peak. PyTorch / Gradus: of the medians; above"
            + " 1 Gradus is faster.");
    out.println();
    out.println(
        "| float32 | Gradus, median (best) | PyTorch, median (best) | PyTorch / Gradus"
            + " | Gradus GFLOP/s | PyTorch GFLOP/s | same work |");
    out.println("|---|---|---|---|---|---|---|");
    out.flush();
  }

  /** Measures one work, and prints its line. */
  void add(Work work) {
    try (Side gradus = work.gradus();
        Side pyTorch = work.pyTorch()) {
      String same = same(work, gradus.check(), pyTorch.check());
      Pair pair = Turns.take(gradus::run, pyTorch::run, seconds);
      double ratio = pair.second().median() / pair.first().median();
      out.println(
          text(
              "| %s | %s | %s | %.2f | %s | %s | %s |",
              work.name(),
              time(pair.first()),
              time(pair.second()),
              ratio,
              rate(work, pair.first()),
              rate(work, pair.second()),
              same));
      out.flush();
    }
  }

  /** The median time, and the best. */
  static String time(Times times) {
    boolean small = times.median() < 1e-3;
    String number =
        small || times.median() >= 0.1 ? "%.0f" : times.median() < 0.01 ? "%.2f" : "%.1f";
    double unit = small ? 1e-6 : 1e-3;
    return text(
        number + (small ? " us" : " ms") + " (" + number + ")",
        times.median() / unit,
        times.best() / unit);
  }

  private String rate(Work work, Times times) {
    double rate = work.flops() / times.median();
    String share = peak.isPresent() ? text(" (%.0f %%)", 100 * rate / peak.getAsDouble()) : "";
    return text("%.0f", rate / 1e9) + share;
  }

  private static String same(Work work, float[] ours, float[] theirs) {
    if (ours.length != theirs.length) {
      throw new IllegalStateException(
          "%s: %s numbers and %s".formatted(work.name(), ours.length, theirs.length));
    }
    return work.checksLosses()
        ? "losses %s; %s".formatted(losses(ours), losses(theirs))
        : difference(ours, theirs);
  }

  private static String losses(float[] losses) {
    List<String> texts = new ArrayList<>();
    for (float loss : losses) {
      texts.add(text("%.5f", loss));
    }
    return String.join(" ", texts);
  }

  private static String difference(float[] ours, float[] theirs) {
    double difference = 0;
    double largest = 0;
    for (int i = 0; i < ours.length; i++) {
      difference = Math.max(difference, Math.abs(ours[i] - theirs[i]));
      largest = Math.max(largest, Math.abs(theirs[i]));
    }
    return text("differ by %.1e, up to %.3g", difference, largest);
  }

  /** As {@link String#format}, with a point in decimal numbers wherever the program runs. */
  static String text(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
