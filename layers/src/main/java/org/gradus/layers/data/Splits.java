package org.gradus.layers.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How data sets are split. */
final class Splits {
  private Splits() {}

  static void requireShare(String function, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "%s: share %s, expected 0 to 1".formatted(function, share));
    }
  }

  static Split stratified(Dataset data, double share, long seed) {
    int[] labels = data.labels();
    int[] order = Orders.shuffled(labels.length, seed);
    Map<Integer, Integer> counts = new LinkedHashMap<>(); // in the order of the shuffle
    for (int number : order) {
      counts.merge(labels[number], 1, Integer::sum);
    }
    Map<Integer, Integer> left = firsts(counts, share, Math.round(share * order.length));
    int[] first = new int[order.length];
    int[] second = new int[order.length];
    int firsts = 0;
    int seconds = 0;
    for (int number : order) {
      int more = left.getOrDefault(labels[number], 0);
      if (more > 0) {
        left.put(labels[number], more - 1);
        first[firsts++] = number;
      } else {
        second[seconds++] = number;
      }
    }
    return new Split(
        data.subset(Arrays.copyOf(first, firsts)), data.subset(Arrays.copyOf(second, seconds)));
  }

  /**
   * How many examples of each class are in the first part: its share, rounded down, and one more
   * for those that lose most by it, until the total is reached.
   *
   * @param counts of the examples of each class, in the order in which equal ones are served
   */
  private static Map<Integer, Integer> firsts(
      Map<Integer, Integer> counts, double share, long total) {
    Map<Integer, Integer> firsts = new LinkedHashMap<>();
    long given = 0;
    for (Map.Entry<Integer, Integer> entry : counts.entrySet()) {
      int down = (int) Math.floor(share * entry.getValue());
      firsts.put(entry.getKey(), down);
      given += down;
    }
    List<Integer> classes = new ArrayList<>(counts.keySet());
    classes.sort( // stable
        Comparator.comparingDouble(
            label -> firsts.getOrDefault(label, 0) - share * counts.getOrDefault(label, 0)));
    for (int i = 0; i < classes.size() && given < total; i++, given++) {
      firsts.merge(classes.get(i), 1, Integer::sum);
    }
    return firsts;
  }
}
