package org.gradus.layers.train;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of batches, one behind the other, each with one array for each metric. To add some
 * takes no time; they are joined when they are asked for, and then kept joined.
 */
final class Blocks {
  static final Blocks NONE = new Blocks(null, List.of());

  /** Those before; null if there are none, or they are in the numbers. */
  private @Nullable Blocks before;

  private List<double[]> numbers;

  private Blocks(@Nullable Blocks before, List<double[]> numbers) {
    this.before = before;
    this.numbers = numbers;
  }

  /** With others behind these; of no examples if the list is empty. */
  Blocks and(List<double[]> next) {
    return next.isEmpty() ? this : new Blocks(this, List.copyOf(next));
  }

  /** All numbers of each metric; none at all of no examples. */
  synchronized List<double[]> joined(List<Metric> metrics) {
    if (before == null) {
      return numbers;
    }
    Deque<List<double[]>> all = new ArrayDeque<>();
    all.push(numbers);
    for (Blocks each = before; each != null; each = each.pushTo(all)) {}
    List<double[]> joined = new ArrayList<>();
    for (int i = 0; i < metrics.size(); i++) {
      int number = i;
      joined.add(metrics.get(i).joined(all.stream().map(block -> block.get(number)).toList()));
    }
    numbers = List.copyOf(joined);
    before = null;
    return numbers;
  }

  private synchronized @Nullable Blocks pushTo(Deque<List<double[]>> all) {
    if (!numbers.isEmpty()) {
      all.push(numbers);
    }
    return before;
  }
}
