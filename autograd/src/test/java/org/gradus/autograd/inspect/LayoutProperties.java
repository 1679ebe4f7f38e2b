package org.gradus.autograd.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.gradus.autograd.inspect.Layout.Box;
import org.gradus.autograd.inspect.Layout.Point;
import org.gradus.autograd.inspect.Layout.Route;
import org.gradus.autograd.inspect.Layout.Size;

/** What holds for the layout of every graph. */
class LayoutProperties {

  /** A graph of which each node has up to three inputs among all or the last few before it. */
  private static List<List<Integer>> graph(int size, int near, Random random) {
    List<List<Integer>> inputs = new ArrayList<>();
    for (int node = 0; node < size; node++) {
      List<Integer> own = new ArrayList<>();
      int count = node == 0 || random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(3);
      for (int i = 0; i < count; i++) {
        int back = random.nextInt(5) == 0 ? node : Math.min(node, near);
        own.add(node - 1 - random.nextInt(back));
      }
      inputs.add(own);
    }
    return inputs;
  }

  private static List<Size> sizes(int count, Random random) {
    List<Size> sizes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sizes.add(new Size(2 * (10 + random.nextInt(60)), 2 * (10 + random.nextInt(100))));
    }
    return sizes;
  }

  // ---- layers ----------------------------------------------------------------------------------

  @Property(tries = 100)
  void eachNodeIsInTheLayerBeforeItsFirstUser(
      @ForAll @IntRange(max = 60) int size,
      @ForAll @IntRange(min = 1, max = 60) int near,
      @ForAll long seed) {
    List<List<Integer>> inputs = graph(size, near, new Random(seed));
    Layers layers = new Layers(inputs);
    int[] depth = new int[size];
    for (int node = 0; node < size; node++) {
      for (int input : inputs.get(node)) {
        depth[node] = Math.max(depth[node], depth[input] + 1);
      }
    }
    assertEquals(Arrays.stream(depth).max().orElse(-1) + 1, layers.count());
    for (int node = 0; node < size; node++) {
      int first = Integer.MAX_VALUE;
      for (int user = 0; user < size; user++) {
        if (inputs.get(user).contains(node)) {
          first = Math.min(first, layers.layerOf(user));
        }
      }
      int expected = first == Integer.MAX_VALUE ? depth[node] : first - 1;
      assertEquals(expected, layers.layerOf(node), "node " + node + " of " + inputs);
    }
    for (int place = 0; place < layers.size(); place++) {
      for (int to : layers.next(place)) {
        assertEquals(layers.layerOf(place) + 1, layers.layerOf(to));
        assertTrue(layers.previous(to).contains(place));
      }
    }
  }

  @Property(tries = 30)
  void jointsAreLimited(@ForAll @IntRange(min = 500, max = 1500) int size, @ForAll long seed) {
    Layers layers = new Layers(graph(size, 2, new Random(seed)));
    assertTrue(layers.size() <= 11 * size + 1000, () -> layers.size() + " places");
  }

  // ---- order -----------------------------------------------------------------------------------

  /** Links that cross, counted one by one. */
  private static long crossings(Layers layers, int[][] order) {
    long count = 0;
    for (int[] layer : order) {
      for (int i = 0; i < layer.length; i++) {
        for (int j = i + 1; j < layer.length; j++) {
          for (int a : layers.next(layer[i])) {
            for (int b : layers.next(layer[j])) {
              int[] ends = order[layers.layerOf(a)];
              count += indexOf(a, ends) > indexOf(b, ends) ? 1 : 0;
            }
          }
        }
      }
    }
    return count;
  }

  private static int indexOf(int place, int[] layer) {
    return Arrays.stream(layer).boxed().toList().indexOf(place);
  }

  @Property(tries = 60)
  void crossingsAreCountedAndNoMoreThanAtFirst(
      @ForAll @IntRange(max = 30) int size,
      @ForAll @IntRange(min = 1, max = 30) int near,
      @ForAll long seed) {
    Layers layers = new Layers(graph(size, near, new Random(seed)));
    int[][] first = layers.inOrder();
    int[][] best = Order.of(layers);
    assertEquals(crossings(layers, first), Order.crossings(layers, first));
    assertEquals(crossings(layers, best), Order.crossings(layers, best));
    assertTrue(Order.crossings(layers, best) <= Order.crossings(layers, first));
    for (int i = 0; i < best.length; i++) {
      assertEquals(
          Arrays.stream(first[i]).boxed().sorted().toList(),
          Arrays.stream(best[i]).boxed().sorted().toList());
    }
  }

  /** Each node is used once, as in a formula: inputs are numbered before it, branch by branch. */
  private static int formula(int depth, Random random, List<List<Integer>> inputs) {
    List<Integer> own = new ArrayList<>();
    for (int i = depth == 0 ? 0 : random.nextInt(4); i > 0; i--) {
      own.add(formula(depth - 1, random, inputs));
    }
    inputs.add(own);
    return inputs.size() - 1;
  }

  @Property(tries = 60)
  void theTreeOfAFormulaHasNoCrossings(@ForAll long seed) {
    List<List<Integer>> inputs = new ArrayList<>();
    int unused = formula(6, new Random(seed), inputs);
    Layers layers = new Layers(inputs);
    assertEquals(0, crossings(layers, Order.of(layers)), inputs::toString);
  }

  /** Each node but the first has one input. */
  @Property(tries = 60)
  void theTreeOfOneInputHasNoCrossings(
      @ForAll @IntRange(min = 1, max = 60) int size, @ForAll long seed) {
    Random random = new Random(seed);
    List<List<Integer>> inputs = new ArrayList<>(List.of(List.of()));
    for (int node = 1; node < size; node++) {
      inputs.add(List.of(random.nextInt(node)));
    }
    Layers layers = new Layers(inputs);
    assertEquals(0, crossings(layers, Order.of(layers)), inputs::toString);
  }

  /** K(2, 2) cannot do with fewer than one; what is crossed in the order given is mended. */
  @Example
  void crossingsAreMended() {
    Layers crossed = new Layers(List.of(List.of(), List.of(), List.of(1), List.of(0)));
    assertEquals(1, Order.crossings(crossed, crossed.inOrder()));
    assertEquals(0, Order.crossings(crossed, Order.of(crossed)));
    Layers complete = new Layers(List.of(List.of(), List.of(), List.of(0, 1), List.of(0, 1)));
    assertEquals(1, Order.crossings(complete, Order.of(complete)));
  }

  // ---- boxes and routes ------------------------------------------------------------------------

  @Property(tries = 150)
  void boxesAndRoutesLeaveEachOtherAlone(
      @ForAll @IntRange(max = 60) int size,
      @ForAll @IntRange(min = 1, max = 60) int near,
      @ForAll long seed) {
    check(graph(size, near, new Random(seed)), new Random(seed));
  }

  /** A chain, and one back that takes all values of the first again, as for second derivatives. */
  private static List<List<Integer>> thereAndBack(int length) {
    List<List<Integer>> inputs = new ArrayList<>(List.of(List.of(), List.of()));
    for (int node = 2; node < 2 * length; node++) {
      int other = node < length ? node % 2 : 2 * length - 1 - node;
      inputs.add(List.of(node - 1, other));
    }
    return inputs;
  }

  @Example
  void graphsWithLanesLeaveRoomToo() {
    List<List<Integer>> inputs = thereAndBack(150);
    Layers layers = new Layers(inputs);
    assertEquals(299, layers.count());
    assertTrue(layers.size() <= 11 * 300 + 1000);
    assertTrue(layers.lanes().size() > 10, () -> layers.lanes().size() + " lanes");
    check(inputs, new Random(1));
  }

  private static void check(List<List<Integer>> inputs, Random random) {
    int size = inputs.size();
    List<Size> sizes = sizes(size, random);
    Layout layout = Layout.of(new Layers(inputs), sizes);
    assertEquals(layout, Layout.of(new Layers(inputs), sizes));
    List<Box> boxes = layout.boxes();
    assertEquals(sizes, boxes.stream().map(Box::size).toList());
    for (int a = 0; a < size; a++) {
      Box box = boxes.get(a);
      assertTrue(isWithin(layout, start(box)) && isWithin(layout, end(box)), box::toString);
      for (int b = 0; b < a; b++) {
        assertTrue(areApart(start(box), end(box), boxes.get(b)), box + " and " + boxes.get(b));
      }
    }
    Set<List<Integer>> edges = new HashSet<>();
    for (int node = 0; node < size; node++) {
      for (int input : inputs.get(node)) {
        edges.add(List.of(input, node));
      }
    }
    List<List<Integer>> drawn =
        layout.routes().stream().map(route -> List.of(route.from(), route.to())).toList();
    assertEquals(edges, new HashSet<>(drawn));
    assertEquals(edges.size(), drawn.size());
    layout.routes().forEach(route -> check(route, layout));
  }

  /** From box to box, forwards, and through no other: whatever way it takes between two points. */
  private static void check(Route route, Layout layout) {
    List<Point> points = route.points();
    Box from = layout.boxes().get(route.from());
    Box to = layout.boxes().get(route.to());
    Point first = points.get(0);
    assertTrue(from.end() < to.corner().along());
    assertEquals(new Point(to.corner().along(), to.middle()), points.get(points.size() - 1));
    assertTrue(!route.isWhole() || first.equals(new Point(from.end(), from.middle())));
    assertTrue(
        route.isWhole()
            || layout.routes().stream()
                .anyMatch(other -> other.from() == route.from() && isOn(other, first)),
        route::toString);
    for (int i = 1; i < points.size(); i++) {
      Point a = points.get(i - 1);
      Point b = points.get(i);
      assertTrue(a.along() < b.along() && isWithin(layout, a) && isWithin(layout, b));
      Point low = new Point(a.along(), Math.min(a.across(), b.across()));
      Point high = new Point(b.along(), Math.max(a.across(), b.across()));
      for (Box box : layout.boxes()) {
        assertTrue(areApart(low, high, box), () -> route + " and " + box);
      }
    }
  }

  private static boolean isOn(Route route, Point point) {
    for (int i = 1; route.isWhole() && i < route.points().size(); i++) {
      Point a = route.points().get(i - 1);
      Point b = route.points().get(i);
      boolean straight = a.across() == b.across() && a.across() == point.across();
      if (straight && a.along() <= point.along() && point.along() <= b.along()) {
        return true;
      }
    }
    return false;
  }

  private static Point start(Box box) {
    return box.corner();
  }

  private static Point end(Box box) {
    return new Point(box.end(), box.corner().across() + box.size().breadth());
  }

  /** Whether a rectangle and a box have no more than their borders in common. */
  private static boolean areApart(Point low, Point high, Box box) {
    return high.along() <= start(box).along()
        || end(box).along() <= low.along()
        || high.across() <= start(box).across()
        || end(box).across() <= low.across();
  }

  private static boolean isWithin(Layout layout, Point point) {
    return point.along() >= 0
        && point.across() >= 0
        && point.along() <= layout.along()
        && point.across() <= layout.across();
  }

  /** Of two edges in lanes, one of which begins later and ends sooner, that one is inside. */
  @Example
  void shortLanesAreInside() {
    List<List<Integer>> inputs = thereAndBack(150);
    Layers layers = new Layers(inputs);
    Layout layout = Layout.of(layers, sizes(inputs.size(), new Random(1)));
    int back = layout.boxes().stream().mapToInt(box -> end(box).across()).max().orElseThrow();
    List<List<Integer>> lanes = new ArrayList<>(); // across and length, where there is one user
    for (Layers.Lane lane : layers.lanes()) {
      int user = lane.users().get(0);
      Route route =
          layout.routes().stream()
              .filter(each -> each.from() == lane.from() && each.to() == user)
              .findFirst()
              .orElseThrow();
      int across = route.points().stream().mapToInt(Point::across).max().orElseThrow();
      assertTrue(across > back, route::toString);
      if (lane.users().size() == 1) {
        lanes.add(List.of(across, layers.layerOf(user) - layers.layerOf(lane.from())));
      }
    }
    for (List<Integer> a : lanes) {
      for (List<Integer> b : lanes) {
        assertEquals(Integer.signum(a.get(0) - b.get(0)), Integer.signum(a.get(1) - b.get(1)));
      }
    }
    assertTrue(lanes.size() > 10);
  }

  // ---- straight lines --------------------------------------------------------------------------

  /** Ten ops in a row, each with a weight: the ops stand in one line. */
  @Example
  void aChainIsStraight() {
    List<List<Integer>> inputs = new ArrayList<>(List.of(List.of()));
    List<Size> sizes = new ArrayList<>(List.of(new Size(20, 30)));
    for (int i = 0; i < 10; i++) {
      inputs.add(List.of());
      inputs.add(List.of(Math.max(0, 2 * i), 2 * i + 1));
      sizes.add(new Size(20, 40));
      sizes.add(new Size(20, 30 + 2 * i));
    }
    List<Box> boxes = Layout.of(new Layers(inputs), sizes).boxes();
    for (int i = 2; i < boxes.size(); i += 2) {
      assertEquals(boxes.get(0).middle(), boxes.get(i).middle());
    }
  }
}
