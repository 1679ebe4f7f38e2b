package org.gradus.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.Layer;
import org.gradus.layers.Pass;
import org.gradus.layers.Trace;

/** The section of how long each layer takes, alone. */
final class LayerTimes {
  private static final int WARM_UPS = 5;
  private static final int RUNS = 15;

  /** After so many nanoseconds a layer is measured no more. */
  private static final long LONG = 500_000_000L;

  private LayerTimes() {}

  /**
   * One call of a layer.
   *
   * @param layer its kind
   * @param forward median of nanoseconds
   * @param backward median of nanoseconds; 0 where nothing has a gradient
   */
  record Row(String place, String layer, double forward, double backward) {
    double both() {
      return forward + backward;
    }
  }

  /** Empty without a sample. */
  static Optional<String> html(Layer net, Optional<Examples.Sample> sample, LongSupplier nanos) {
    return sample.map(one -> html(rows(net, one.batch().inputs(), nanos), one));
  }

  /**
   * The times of all layers that are made of no others, in the order of their calls; those that are
   * frozen in the net are measured so.
   */
  static List<Row> rows(Layer net, NdArray inputs, LongSupplier nanos) {
    List<Row> rows = new ArrayList<>();
    for (Trace.Call call : Trace.of(net, inputs, Pass.training(1, 1)).calls()) {
      if (call.isLeaf()) {
        rows.add(row(call, nanos));
      }
    }
    return rows;
  }

  private static Row row(Trace.Call call, LongSupplier nanos) {
    Layer layer = call.isFrozen() ? call.layer().frozen() : call.layer();
    Tensor x = input(call.input());
    double[] forward = new double[RUNS];
    double[] backward = new double[RUNS];
    int runs = 0;
    long spent = 0;
    for (int i = -WARM_UPS; i < RUNS; i++) {
      long start = nanos.getAsLong();
      Tensor y = layer.forward(x, Pass.training(1, 1));
      long middle = nanos.getAsLong();
      if (y.isTracked()) {
        Gradients unused = Gradients.pullback(y, ones(y), Gradients.Mode.VALUES);
      }
      long end = nanos.getAsLong();
      spent += end - start;
      if (i >= 0 || spent > LONG) {
        forward[runs] = middle - start;
        backward[runs] = y.isTracked() ? end - middle : 0;
        runs++;
      }
      if (spent > LONG) {
        break;
      }
    }
    return new Row(
        call.place(), call.layer().kind(), median(forward, runs), median(backward, runs));
  }

  /** The input as a variable where it had a gradient, so that as much is computed as in the net. */
  private static Tensor input(Tensor given) {
    return given.isTracked() ? Tensor.variable(given.value()) : Tensor.constant(given.value());
  }

  private static Tensor ones(Tensor y) {
    return Tensor.constant(NdArray.full(y.dtype(), y.shape(), 1));
  }

  private static double median(double[] all, int count) {
    double[] sorted = Arrays.copyOf(all, count);
    Arrays.sort(sorted);
    return sorted[count / 2];
  }

  // ---- the table -------------------------------------------------------------------------------

  private static String html(List<Row> rows, Examples.Sample sample) {
    double all = Math.max(1, rows.stream().mapToDouble(Row::both).sum());
    double most = Math.max(1, rows.stream().mapToDouble(Row::both).max().orElse(1));
    List<List<String>> cells = new ArrayList<>();
    for (Row row : rows) {
      String place = row.place.isEmpty() ? row.layer : row.place + ": " + row.layer;
      cells.add(
          List.of(
              Html.text(place),
              Figures.millis(row.forward),
              Figures.millis(row.backward),
              Figures.percent(row.both() / all),
              bar(row.forward / most, row.backward / most)));
    }
    cells.add(
        List.of(
            "in all",
            Figures.millis(rows.stream().mapToDouble(Row::forward).sum()),
            Figures.millis(rows.stream().mapToDouble(Row::backward).sum()),
            Figures.percent(rows.isEmpty() ? 0 : 1),
            ""));
    String note =
        "Each layer alone, on the input that it had in a training pass of %s: the median of %s runs"
            + " after %s to warm up, or of fewer where they take more than half a second. Forward"
            + " is blue; backward is orange: the gradients of the parameters that are not frozen,"
            + " and of the input where the net needs it. What a net does between its layers is not"
            + " counted.";
    return Html.note(
            note.formatted(Figures.count(sample.batch().size(), "example"), RUNS, WARM_UPS))
        + Html.table(List.of("layer", "forward ms", "backward ms", "share", ""), cells);
  }

  private static String bar(double forward, double backward) {
    return Html.in(
        "div class=\"bar\"",
        "<span class=\"b1\" style=\"width:%s%%\"></span>".formatted(width(forward))
            + "<span class=\"b2\" style=\"width:%s%%\"></span>".formatted(width(backward)));
  }

  private static String width(double share) {
    return String.format(Locale.ROOT, "%.1f", 100 * share);
  }
}
