package org.gradus.autograd.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * Where the boxes and edges of a graph are drawn: along the direction of the edges, and across it.
 *
 * <p>Layers follow each other with gaps between. In a gap an edge may bend; in a layer it is
 * straight, and passes between the boxes. Edges without joints, see {@link Layers}, pass the layers
 * in lanes behind all boxes.
 *
 * @param along the size of the whole
 * @param across the size of the whole
 * @param boxes one for each node
 * @param routes one for each pair of nodes with an edge
 */
record Layout(int along, int across, List<Box> boxes, List<Route> routes) {
  private static final int GAP_ALONG = 48;
  private static final int GAP_ACROSS = 24;
  private static final int JOINT = 8;
  private static final int LANE = 16;

  /** The most that a gap between layers grows for edges that go far across. */
  private static final int SLANT = 96;

  /** The length is along the direction of the edges, the breadth across it; both are even. */
  record Size(int length, int breadth) {}

  record Point(int along, int across) {}

  /** A box with its foremost corner. */
  record Box(Point corner, Size size) {
    int middle() {
      return corner.across + size.breadth / 2;
    }

    int end() {
      return corner.along + size.length;
    }
  }

  /**
   * The line of an edge. Between two points it is straight, along the direction of the edges, or it
   * bends within a gap.
   *
   * @param isWhole whether it begins at the box, and not where it leaves the line of another edge
   *     from that box
   * @param points from the first box, or a point of that other line, to the second box
   */
  record Route(int from, int to, boolean isWhole, List<Point> points) {}

  /**
   * Lays out a graph; always in the same way.
   *
   * @param sizes of the nodes
   */
  static Layout of(Layers layers, List<Size> sizes) {
    int[][] order = Order.of(layers);
    int[] breadths = new int[layers.size()];
    Arrays.setAll(breadths, i -> layers.isJoint(i) ? JOINT : sizes.get(i).breadth);
    int[] middles = Positions.of(layers, order, breadths, GAP_ACROSS);
    int front =
        IntStream.range(0, middles.length).map(i -> middles[i] - breadths[i] / 2).min().orElse(0);
    Arrays.setAll(middles, i -> middles[i] - front);
    int back =
        IntStream.range(0, middles.length).map(i -> middles[i] + breadths[i] / 2).max().orElse(0);
    int[] lanes = lanes(layers, back + GAP_ACROSS);
    int across = Arrays.stream(lanes).map(lane -> lane + JOINT / 2).max().orElse(back);
    List<Band> bands = bands(layers, sizes, slants(layers, middles, lanes));
    List<Box> boxes = new ArrayList<>();
    for (int node = 0; node < sizes.size(); node++) {
      Size size = sizes.get(node);
      Band band = bands.get(layers.layerOf(node));
      int along = (band.start + band.end - size.length) / 2;
      boxes.add(new Box(new Point(along, middles[node] - size.breadth / 2), size));
    }
    List<Route> routes = new Routes(layers, bands, boxes, middles).all(lanes);
    int along = bands.stream().mapToInt(Band::end).max().orElse(0);
    return new Layout(along, across, List.copyOf(boxes), routes);
  }

  /** Across, where each lane is: those that go farthest outside, so that they do not cross. */
  private static int[] lanes(Layers layers, int first) {
    int[] numbers = lanes(layers);
    int[] longest = new int[Arrays.stream(numbers).max().orElse(-1) + 1];
    for (int i = 0; i < numbers.length; i++) {
      Layers.Lane lane = layers.lanes().get(i);
      int length = end(layers, lane) - layers.layerOf(lane.from());
      longest[numbers[i]] = Math.max(longest[numbers[i]], length);
    }
    List<Integer> shortestFirst =
        IntStream.range(0, longest.length)
            .boxed()
            .sorted(Comparator.comparing((Integer number) -> longest[number]))
            .toList();
    int[] places = new int[longest.length];
    for (int i = 0; i < places.length; i++) {
      places[shortestFirst.get(i)] = first + LANE * i;
    }
    return Arrays.stream(numbers).map(number -> places[number]).toArray();
  }

  /** Numbers of lanes; one is used again where the edges before have left it. */
  private static int[] lanes(Layers layers) {
    List<Layers.Lane> wanted = layers.lanes();
    List<Integer> byStart =
        IntStream.range(0, wanted.size())
            .boxed()
            .sorted(Comparator.comparing((Integer i) -> layers.layerOf(wanted.get(i).from())))
            .toList();
    record Taken(int end, int number) {}
    PriorityQueue<Taken> taken = new PriorityQueue<>(Comparator.comparing(Taken::end));
    PriorityQueue<Integer> free = new PriorityQueue<>();
    int[] numbers = new int[wanted.size()];
    int count = 0;
    for (int i : byStart) {
      int start = layers.layerOf(wanted.get(i).from());
      while (!taken.isEmpty() && taken.element().end <= start) {
        free.add(taken.remove().number);
      }
      numbers[i] = free.isEmpty() ? count++ : free.remove();
      taken.add(new Taken(end(layers, wanted.get(i)), numbers[i]));
    }
    return numbers;
  }

  private static int end(Layers layers, Layers.Lane lane) {
    return lane.users().stream().mapToInt(layers::layerOf).max().orElse(0);
  }

  /** How far across the edges go in the gap behind each layer. */
  private static int[] slants(Layers layers, int[] middles, int[] lanes) {
    int[] slants = new int[layers.count()];
    for (int i = 0; i < layers.size(); i++) {
      for (int to : layers.next(i)) {
        widen(slants, layers.layerOf(i), middles[to] - middles[i]);
      }
    }
    for (int i = 0; i < lanes.length; i++) {
      Layers.Lane lane = layers.lanes().get(i);
      widen(slants, layers.layerOf(lane.from()), lanes[i] - middles[lane.from()]);
      for (int user : lane.users()) {
        widen(slants, layers.layerOf(user) - 1, lanes[i] - middles[user]);
      }
    }
    return slants;
  }

  private static void widen(int[] slants, int layer, int distance) {
    slants[layer] = Math.max(slants[layer], Math.abs(distance));
  }

  /** Where a layer is, along the direction of the edges. */
  record Band(int start, int end) {}

  private static List<Band> bands(Layers layers, List<Size> sizes, int[] slants) {
    int[] lengths = new int[slants.length];
    for (int node = 0; node < sizes.size(); node++) {
      int layer = layers.layerOf(node);
      lengths[layer] = Math.max(lengths[layer], sizes.get(node).length);
    }
    List<Band> bands = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < lengths.length; i++) {
      int end = start + lengths[i];
      bands.add(new Band(start, end));
      start = end + GAP_ALONG + Math.min(SLANT, slants[i] / 8);
    }
    return bands;
  }
}
