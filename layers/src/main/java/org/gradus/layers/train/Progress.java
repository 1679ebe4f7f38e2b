package org.gradus.layers.train;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.gradus.autograd.array.Nulls;

/**
 * Shows how a run goes: on a terminal a bar with the loss, the metrics, examples in a second and
 * the time that is left of the epoch, which is drawn anew at most ten times in a second; elsewhere,
 * as in a file, a line for each epoch.
 *
 * <pre>
 *   epoch 3 of 10 [=============>      ] 190/282 loss 0.1234 accuracy 0.965 8120/s 0:12 left
 *   epoch 3 of 10: loss 0.1210 accuracy 0.966 val_loss 0.0912 val_accuracy 0.972, 38 s
 * </pre>
 */
public final class Progress implements Listener {
  private static final int BAR = 20;
  private static final long REDRAWN = 100_000_000; // ns

  private final PrintStream out;
  private final boolean isTerminal;
  private final LongSupplier clock;

  private long epochStart;
  private long examplesAtStart;
  private long drawn;
  private int drawnLength;
  private int epochs;
  private boolean begun;
  private boolean hasDrawn;

  /**
   * On a stream.
   *
   * @param out is written to, and flushed
   * @param isTerminal whether a line can be drawn anew there
   */
  public Progress(PrintStream out, boolean isTerminal) {
    this(Nulls.given("progress: out", out), isTerminal, System::nanoTime);
  }

  Progress(PrintStream out, boolean isTerminal, LongSupplier clock) {
    this.out = out;
    this.isTerminal = isTerminal;
    this.clock = clock;
  }

  /**
   * On a stream of this process, with a bar if that is at a terminal.
   *
   * @param out such as {@code System.err}
   */
  public static Progress on(PrintStream out) {
    return new Progress(Nulls.given("on: out", out), Terminal.isThere());
  }

  @Override
  public void onStep(Step step) {
    Nulls.refuse("onStep: step", step);
    long now = clock.getAsLong();
    epochs = step.epochs();
    if (!begun) {
      begun = true;
      epochStart = now; // the first step is over already: what it took is not known
      examplesAtStart = step.examples();
    }
    if (isTerminal && (!hasDrawn || now - drawn >= REDRAWN)) {
      hasDrawn = true;
      drawn = now;
      draw(bar(step, (now - epochStart) / 1e9));
    }
  }

  @Override
  public void onEpoch(Epoch epoch) {
    Nulls.refuse("onEpoch: epoch", epoch);
    begun = false;
    String text =
        "epoch %s of %s: %s, %s"
            .formatted(
                epoch.number(),
                Math.max(epochs, epoch.number()),
                text(epoch.values()),
                seconds(epoch.seconds()));
    if (isTerminal) {
      draw(text);
      drawnLength = 0;
    } else {
      out.print(text);
    }
    out.println();
    out.flush();
  }

  private void draw(String text) {
    out.print("\r" + text + " ".repeat(Math.max(0, drawnLength - text.length())));
    out.flush();
    drawnLength = text.length();
  }

  private String bar(Step step, double seconds) {
    int full = (int) ((long) BAR * step.batch() / step.batches());
    String bar = "=".repeat(full) + (full < BAR ? ">" + " ".repeat(BAR - full - 1) : "");
    String text =
        "epoch %s of %s [%s] %s/%s %s"
            .formatted(
                step.epoch(),
                step.epochs(),
                bar,
                step.batch(),
                step.batches(),
                text(step.values()));
    double rate = (step.examples() - examplesAtStart) / seconds;
    if (!(rate > 0 && Double.isFinite(rate))) {
      return text;
    }
    double perBatch = (double) step.examples() / step.batch();
    long left = Math.round((step.batches() - step.batch()) * perBatch / rate);
    return String.format(Locale.ROOT, "%s %.0f/s %d:%02d left", text, rate, left / 60, left % 60);
  }

  private static String text(Map<String, Double> values) {
    return values.entrySet().stream()
        .map(each -> each.getKey() + " " + number(each.getValue()))
        .collect(Collectors.joining(" "));
  }

  private static String number(double value) {
    double size = Math.abs(value);
    String format = size == 0 || (size >= 1e-3 && size < 1e5) ? "%.4f" : "%.3e";
    return String.format(Locale.ROOT, format, value);
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
  }
}
