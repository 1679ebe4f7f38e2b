package org.gradus.autograd.inspect;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The order of nodes and joints within each layer: one with few crossings of links, by the method
 * of barycentres.
 *
 * <p>A sweep goes through all layers and puts each in the order of the mean positions of what its
 * places are linked with in the layer that it comes from. Sweeps go to and fro, and the order with
 * the fewest crossings counts. The first is that in which the graph was made, which has none if
 * each tensor is used once.
 *
 * @see <a href="https://doi.org/10.1109/TSMC.1981.4308636">Sugiyama, Tagawa, Toda: Methods for
 *     Visual Understanding of Hierarchical System Structures, 1981</a>
 */
final class Order {
  private static final int SWEEPS = 12;

  private final Layers layers;
  private final int[][] order;
  private final int[] position;

  private Order(Layers layers) {
    this.layers = layers;
    this.order = layers.inOrder();
    this.position = new int[layers.size()];
    Arrays.stream(order).forEach(this::number);
  }

  /** The nodes and joints of each layer in an order with few crossings; always the same. */
  static int[][] of(Layers layers) {
    Order order = new Order(layers);
    int[][] best = order.copy();
    long fewest = order.crossings();
    for (int sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
      order.sweep(sweep % 2 == 0);
      long crossings = order.crossings();
      if (crossings < fewest) {
        fewest = crossings;
        best = order.copy();
      }
    }
    return best;
  }

  /** How often two links cross in this order. */
  static long crossings(Layers layers, int[][] order) {
    Order given = new Order(layers);
    for (int i = 0; i < order.length; i++) {
      given.order[i] = order[i].clone();
      given.number(order[i]);
    }
    return given.crossings();
  }

  private int[][] copy() {
    return Arrays.stream(order).map(int[]::clone).toArray(int[][]::new);
  }

  private void number(int[] layer) {
    for (int i = 0; i < layer.length; i++) {
      position[layer[i]] = i;
    }
  }

  // ---- sweeps ----------------------------------------------------------------------------------

  private void sweep(boolean forwards) {
    int count = order.length;
    for (int i = 1; i < count; i++) {
      arrange(order[forwards ? i : count - 1 - i], forwards);
    }
  }

  /** Places that are linked with nothing on that side stay where they are. */
  private void arrange(int[] layer, boolean byPrevious) {
    int[] slots =
        IntStream.range(0, layer.length).filter(i -> isLinked(layer[i], byPrevious)).toArray();
    double[] means = new double[layer.length];
    for (int i : slots) {
      means[i] = mean(byPrevious ? layers.previous(layer[i]) : layers.next(layer[i]));
    }
    int[] sorted =
        Arrays.stream(slots)
            .boxed()
            .sorted(Comparator.comparing((Integer i) -> means[i]))
            .mapToInt(i -> layer[i])
            .toArray();
    for (int i = 0; i < slots.length; i++) {
      layer[slots[i]] = sorted[i];
    }
    number(layer);
  }

  private boolean isLinked(int place, boolean byPrevious) {
    return !(byPrevious ? layers.previous(place) : layers.next(place)).isEmpty();
  }

  private double mean(List<Integer> places) {
    double sum = 0;
    for (int place : places) {
      sum += position[place];
    }
    return sum / places.size();
  }

  // ---- crossings -------------------------------------------------------------------------------

  private long crossings() {
    long crossings = 0;
    for (int i = 0; i + 1 < order.length; i++) {
      crossings += crossings(order[i], order[i + 1].length);
    }
    return crossings;
  }

  /**
   * Two links cross if one begins before the other and ends behind it. The ends so far are counted
   * in a tree of sums (Fenwick), so the time is that of sorting.
   */
  private long crossings(int[] layer, int nextLength) {
    int[] sums = new int[nextLength + 1];
    int ends = 0;
    long crossings = 0;
    for (int place : layer) {
      for (int to : layers.next(place)) {
        crossings += ends - upTo(sums, position[to] + 1);
      }
      for (int to : layers.next(place)) {
        ends++;
        for (int i = position[to] + 1; i < sums.length; i += i & -i) {
          sums[i]++;
        }
      }
    }
    return crossings;
  }

  private static int upTo(int[] sums, int end) {
    int sum = 0;
    for (int i = end; i > 0; i -= i & -i) {
      sum += sums[i];
    }
    return sum;
  }
}
