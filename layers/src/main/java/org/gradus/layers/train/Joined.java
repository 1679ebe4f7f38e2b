package org.gradus.layers.train;

import java.util.Arrays;
import java.util.List;
import org.gradus.autograd.array.Nulls;

/** How numbers of batches are joined. */
final class Joined {
  private Joined() {}

  /** The numbers of a metric, which are to be so many. */
  static double[] numbers(String metric, int count, double... numbers) {
    Nulls.refuse("value: numbers", numbers);
    if (numbers.length != count) {
      throw new IllegalArgumentException(
          "%s: %s numbers, expected %s".formatted(metric, numbers.length, count));
    }
    return numbers;
  }

  static double[] sums(String metric, double[] first, double[] next) {
    Nulls.refuse("joined: first, next", first, next);
    if (first.length != next.length) {
      throw new IllegalArgumentException(
          "%s: %s numbers joined with %s, expected as many"
              .formatted(metric, first.length, next.length));
    }
    double[] sums = new double[first.length];
    Arrays.setAll(sums, i -> first[i] + next[i]);
    return sums;
  }

  static double[] inOrder(Metric metric, List<double[]> all) {
    List<double[]> parts = Nulls.list("joined: all", all);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException(
          metric.name() + ": no numbers to join, expected those of one batch or more");
    }
    double[] joined = parts.get(0);
    for (double[] next : parts.subList(1, parts.size())) {
      joined = metric.joined(joined, next);
    }
    return joined;
  }

  static double[] oneBehindTheOther(double[] first, double[] next) {
    Nulls.refuse("joined: first, next", first, next);
    double[] all = Arrays.copyOf(first, first.length + next.length);
    System.arraycopy(next, 0, all, first.length, next.length);
    return all;
  }
}
