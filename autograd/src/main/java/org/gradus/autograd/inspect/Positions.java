package org.gradus.autograd.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where nodes and joints stand across the direction of the edges, given their order in each layer.
 *
 * <p>Links that are to be straight make blocks of places with one position: at most one link on
 * either side of each place, and none that crosses another. Lines of joints come first, then links
 * from op to op, so that the way through a net is a straight line. Blocks are put as far to the
 * front as there is room; then each moves, in a few sweeps, towards the median of what it is linked
 * with, as far as its neighbours let it.
 *
 * @see <a href="https://doi.org/10.1007/3-540-45848-4_3">Brandes, Köpf: Fast and Simple Horizontal
 *     Coordinate Assignment, 2001</a>, whose idea the blocks are
 */
final class Positions {
  private static final int SWEEPS = 8;

  private final Layers layers;
  private final int[][] order;

  /** The position of each place in the order of its layer. */
  private final int[] rank;

  /** The place in the layer before that a place is straight behind; -1 if there is none. */
  private final int[] before;

  private final int[] blockOf;
  private final List<List<Integer>> blocks = new ArrayList<>();
  private final List<List<Distance>> inFront = new ArrayList<>();
  private final List<List<Distance>> behind = new ArrayList<>();

  /** The middle of each block. */
  private final int[] middle;

  /** The least distance of a block from another that is beside it in some layer. */
  private record Distance(int block, int least) {}

  private Positions(Layers layers, int[][] order) {
    this.layers = layers;
    this.order = order;
    rank = new int[layers.size()];
    for (int[] layer : order) {
      for (int i = 0; i < layer.length; i++) {
        rank[layer[i]] = i;
      }
    }
    before = new int[layers.size()];
    Arrays.fill(before, -1);
    for (int[] layer : order) {
      align(layer);
    }
    blockOf = new int[layers.size()];
    for (int[] layer : order) {
      for (int place : layer) {
        join(place);
      }
    }
    middle = new int[blocks.size()];
  }

  /**
   * The middle of each node and joint, so that all have room; always the same.
   *
   * @param breadths of nodes and joints, even numbers
   * @param gap between neighbours
   */
  static int[] of(Layers layers, int[][] order, int[] breadths, int gap) {
    Positions positions = new Positions(layers, order);
    positions.keepApart(breadths, gap);
    positions.move();
    return Arrays.stream(positions.blockOf).map(block -> positions.middle[block]).toArray();
  }

  // ---- blocks ----------------------------------------------------------------------------------

  /**
   * A link that may become straight.
   *
   * @param urgency the lower, the sooner it is chosen
   */
  private record Link(int from, int to, int urgency) {}

  /** Chooses the links behind a layer that are to be straight. */
  private void align(int[] layer) {
    List<Link> links = new ArrayList<>();
    for (int from : layer) {
      for (int to : layers.next(from)) {
        links.add(new Link(from, to, urgency(from, to)));
      }
    }
    links.sort(Comparator.comparing(Link::urgency));
    TreeMap<Integer, Integer> chosen = new TreeMap<>();
    for (Link link : links) {
      Map.Entry<Integer, Integer> lower = chosen.floorEntry(rank[link.from]);
      Map.Entry<Integer, Integer> higher = chosen.ceilingEntry(rank[link.from]);
      boolean fits =
          (lower == null || (lower.getKey() < rank[link.from] && lower.getValue() < rank[link.to]))
              && (higher == null || higher.getValue() > rank[link.to]);
      if (fits) {
        chosen.put(rank[link.from], rank[link.to]);
        before[link.to] = link.from;
      }
    }
  }

  private int urgency(int from, int to) {
    boolean joints = layers.isJoint(from) && layers.isJoint(to);
    boolean ops = !layers.isJoint(from) && !layers.isJoint(to) && !layers.isLeaf(from);
    return joints ? 0 : ops ? 1 : layers.isLeaf(from) ? 3 : 2;
  }

  private void join(int place) {
    if (before[place] < 0) {
      blockOf[place] = blocks.size();
      blocks.add(new ArrayList<>());
      inFront.add(new ArrayList<>());
      behind.add(new ArrayList<>());
    } else {
      blockOf[place] = blockOf[before[place]];
    }
    blocks.get(blockOf[place]).add(place);
  }

  private void keepApart(int[] breadths, int gap) {
    for (int[] layer : order) {
      for (int i = 1; i < layer.length; i++) {
        int front = blockOf[layer[i - 1]];
        int back = blockOf[layer[i]];
        int least = (breadths[layer[i - 1]] + breadths[layer[i]]) / 2 + gap;
        behind.get(front).add(new Distance(back, least));
        inFront.get(back).add(new Distance(front, least));
      }
    }
  }

  // ---- moving ----------------------------------------------------------------------------------

  private void move() {
    List<Integer> frontFirst = frontFirst();
    for (int block : frontFirst) {
      middle[block] = foremost(block);
    }
    List<Integer> backFirst = new ArrayList<>(frontFirst);
    Collections.reverse(backFirst);
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      for (int block : sweep % 2 == 0 ? backFirst : frontFirst) {
        int wanted = wanted(block);
        middle[block] = Math.max(foremost(block), Math.min(backmost(block), wanted));
      }
    }
  }

  /** Each block behind those that are in front of it; blocks do not cross, so there is an order. */
  private List<Integer> frontFirst() {
    int[] waitsFor = inFront.stream().mapToInt(List::size).toArray();
    List<Integer> sorted = new ArrayList<>();
    for (int block = 0; block < waitsFor.length; block++) {
      if (waitsFor[block] == 0) {
        sorted.add(block);
      }
    }
    for (int i = 0; i < sorted.size(); i++) {
      for (Distance distance : behind.get(sorted.get(i))) {
        waitsFor[distance.block]--;
        if (waitsFor[distance.block] == 0) {
          sorted.add(distance.block);
        }
      }
    }
    return sorted;
  }

  private int foremost(int block) {
    int least = 0;
    for (Distance distance : inFront.get(block)) {
      least = Math.max(least, middle[distance.block] + distance.least);
    }
    return least;
  }

  private int backmost(int block) {
    int most = Integer.MAX_VALUE;
    for (Distance distance : behind.get(block)) {
      most = Math.min(most, middle[distance.block] - distance.least);
    }
    return most;
  }

  /** The median of the blocks that this one is linked with; where it is, if there are none. */
  private int wanted(int block) {
    List<Integer> linked = new ArrayList<>();
    for (int place : blocks.get(block)) {
      layers.previous(place).forEach(other -> addOther(block, other, linked));
      layers.next(place).forEach(other -> addOther(block, other, linked));
    }
    if (linked.isEmpty()) {
      return middle[block];
    }
    Collections.sort(linked);
    int half = linked.size() / 2;
    return linked.size() % 2 == 1
        ? linked.get(half)
        : (linked.get(half - 1) + linked.get(half)) / 2;
  }

  private void addOther(int block, int place, List<Integer> linked) {
    if (blockOf[place] != block) {
      linked.add(middle[blockOf[place]]);
    }
  }
}
