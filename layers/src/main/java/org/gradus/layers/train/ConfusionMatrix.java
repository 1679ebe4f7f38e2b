package org.gradus.layers.train;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.layers.Layer;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Dataset;

/**
 * How often examples of each class were taken for each class. For outputs see {@link Metric}.
 *
 * @param counts for each class its examples by the class that was predicted, and behind them those
 *     of which none was, since an output was NaN
 */
public record ConfusionMatrix(List<List<Long>> counts) {
  /** The counts of so many fit into an array. */
  private static final int MOST_CLASSES = 46_340;

  /**
   * Takes a copy.
   *
   * @throws IllegalArgumentException if a row has not one count for each class and one more, or a
   *     count is negative
   */
  public ConfusionMatrix {
    counts =
        Nulls.list("confusionMatrix: counts", counts).stream()
            .map(row -> Nulls.<Long>list("confusionMatrix: counts", row))
            .toList();
    for (List<Long> row : counts) {
      if (row.size() != counts.size() + 1 || row.stream().anyMatch(count -> count < 0)) {
        throw new IllegalArgumentException(
            "confusionMatrix: a row %s of %s classes, expected %s counts of at least 0"
                .formatted(row, counts.size(), counts.size() + 1));
      }
    }
  }

  /**
   * That of a net over a data set, which goes through it in batches.
   *
   * @param net from inputs to logits, in inference
   * @param data with classes; one example or more
   * @param batchSize at least 1; bounds the memory needed
   * @throws IllegalArgumentException if the batch size is below 1, there is no example, or the net
   *     does not fit
   */
  public static ConfusionMatrix of(Layer net, Dataset data, int batchSize) {
    Nulls.refuse("of: net, data", net, data);
    if (data.size() == 0) {
      throw new IllegalArgumentException("confusionMatrix: no examples, expected one or more");
    }
    Measures measures = new Measures(List.of(Metric.f1())).over(net, data, batchSize);
    return of(measures.numbers().get(0));
  }

  /** From the numbers of a metric, row by row. */
  static ConfusionMatrix of(double... numbers) {
    int classes = (int) Math.sqrt(numbers.length);
    if (classes * (classes + 1) != numbers.length) {
      throw new IllegalArgumentException(
          "confusionMatrix: %s numbers, expected K (K + 1)".formatted(numbers.length));
    }
    List<List<Long>> counts = new ArrayList<>();
    for (int k = 0; k < classes; k++) {
      int from = k * (classes + 1);
      counts.add(
          IntStream.rangeClosed(from, from + classes).mapToObj(i -> (long) numbers[i]).toList());
    }
    return new ConfusionMatrix(counts);
  }

  static double[] numbers(String metric, NdArray outputs, Batch batch) {
    int classes = Outputs.classes(metric, outputs, batch);
    int[] labels = Outputs.labels(metric, classes, batch);
    double[][] rows = Outputs.rows(outputs, classes);
    if (classes > MOST_CLASSES) {
      throw new IllegalArgumentException(
          "%s: %s classes, expected at most %s".formatted(metric, classes, MOST_CLASSES));
    }
    double[] counts = new double[classes * (classes + 1)];
    for (int i = 0; i < labels.length; i++) {
      counts[labels[i] * (classes + 1) + Outputs.largest(rows[i])]++;
    }
    return counts;
  }

  /** How many classes there are. */
  public int classes() {
    return counts.size();
  }

  /**
   * How many examples of one class were taken for another.
   *
   * @param label the class that they are of
   * @param predicted the class that they were taken for; the number of classes for none
   * @throws IllegalArgumentException if there is no such class
   */
  public long count(int label, int predicted) {
    requireClass("count", label);
    if (predicted != classes()) { // which stands for none
      requireClass("count", predicted);
    }
    return counts.get(label).get(predicted);
  }

  private void requireClass(String function, int k) {
    if (k < 0 || k >= classes()) {
      throw new IllegalArgumentException(
          "%s: there is no class %s among %s".formatted(function, k, classes()));
    }
  }

  private long labelled(int k) {
    return counts.get(k).stream().mapToLong(count -> count).sum();
  }

  private long predicted(int k) {
    return counts.stream().mapToLong(row -> row.get(k)).sum();
  }

  /** Whether a class is a label or a prediction at all. */
  boolean occurs(int k) {
    return labelled(k) + predicted(k) > 0;
  }

  /** The fraction of all examples that is right. */
  public double accuracy() {
    long right = 0;
    long all = 0;
    for (int k = 0; k < classes(); k++) {
      right += count(k, k);
      all += labelled(k);
    }
    return (double) right / all;
  }

  /**
   * Of the examples that are said to be of a class, the fraction that is; 0 if there are none.
   *
   * @param k the class
   * @throws IllegalArgumentException if there is no such class
   */
  public double precision(int k) {
    requireClass("precision", k);
    return predicted(k) == 0 ? 0 : (double) count(k, k) / predicted(k);
  }

  /**
   * Of the examples of a class, the fraction that is found; 0 if there are none.
   *
   * @param k the class
   * @throws IllegalArgumentException if there is no such class
   */
  public double recall(int k) {
    requireClass("recall", k);
    return labelled(k) == 0 ? 0 : (double) count(k, k) / labelled(k);
  }

  /**
   * The harmonic mean of precision and recall of a class; 0 if there is nothing of it.
   *
   * @param k the class
   * @throws IllegalArgumentException if there is no such class
   */
  public double f1(int k) {
    requireClass("f1", k);
    long both = labelled(k) + predicted(k);
    return both == 0 ? 0 : 2.0 * count(k, k) / both;
  }

  /** A table: a row for each class, a column for each prediction. */
  @Override
  public String toString() {
    int width =
        counts.stream().flatMap(List::stream).mapToInt(c -> c.toString().length()).max().orElse(1);
    return counts.stream()
        .map(
            row ->
                row.stream()
                    .map(count -> " ".repeat(width - count.toString().length()) + count)
                    .collect(Collectors.joining(" ")))
        .collect(Collectors.joining("\n"));
  }
}
