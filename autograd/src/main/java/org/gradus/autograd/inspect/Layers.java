package org.gradus.autograd.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A graph in layers, for a drawing: each node that has no users behind all its inputs, by its
 * longest way from a leaf, and each other node in the layer before its first user. So a weight, and
 * what is computed from it alone, is beside the op that takes it.
 *
 * <p>Links lead from one layer to the next. An edge that spans several layers has a joint in each
 * layer between, and the edges of one node share their joints, as branches of one line. Nodes and
 * joints are numbered together: first the nodes, as they were given, inputs first.
 *
 * <p>Joints are limited to some times the count of nodes, so that the time to lay out a graph is
 * about proportional to its size. Where there would be more, the longest edges have none: they run
 * beside the layers, in a lane.
 */
final class Layers {
  /** An edge over at most so many layers always has its joints. */
  private static final int SHORT = 8;

  private static final int JOINTS_PER_NODE = 10;
  private static final int JOINTS = 1000;

  /** The edges of one node that run beside the layers. */
  record Lane(int from, List<Integer> users) {}

  private final int nodes;
  private final List<List<Integer>> inputs;
  private final List<List<Integer>> users = new ArrayList<>();
  private final int[] layerOfNode;

  /** How far the joints of each node go: over so many layers. */
  private final int[] reach;

  /** The first joint of each node. */
  private final int[] firstJoint;

  private final int[] layerOf;
  private final List<List<Integer>> previous = new ArrayList<>();
  private final List<List<Integer>> next = new ArrayList<>();
  private final List<Lane> lanes = new ArrayList<>();

  /**
   * The layers of a graph.
   *
   * @param inputs of each node: numbers of nodes before it
   */
  Layers(List<List<Integer>> inputs) {
    this.inputs = inputs;
    nodes = inputs.size();
    layerOfNode = new int[nodes];
    reach = new int[nodes];
    firstJoint = new int[nodes];
    for (int i = 0; i < nodes; i++) {
      users.add(new ArrayList<>());
    }
    for (int node = 0; node < nodes; node++) {
      for (int input : inputs.get(node).stream().distinct().toList()) {
        users.get(input).add(node);
        layerOfNode[node] = Math.max(layerOfNode[node], layerOfNode[input] + 1);
      }
    }
    for (int node = nodes - 1; node >= 0; node--) {
      IntStream layers = users.get(node).stream().mapToInt(user -> layerOfNode[user]);
      layerOfNode[node] = layers.min().orElse(layerOfNode[node] + 1) - 1;
    }
    int joints = countJoints();
    layerOf = Arrays.copyOf(layerOfNode, nodes + joints);
    for (int i = 0; i < nodes + joints; i++) {
      previous.add(new ArrayList<>());
      next.add(new ArrayList<>());
    }
    for (int node = 0; node < nodes; node++) {
      link(node);
    }
  }

  // ---- building --------------------------------------------------------------------------------

  private int countJoints() {
    int joints = 0;
    int[] longest = new int[nodes];
    for (int node = 0; node < nodes; node++) {
      for (int user : users.get(node)) {
        int span = span(node, user);
        longest[node] = Math.max(longest[node], span);
        reach[node] = Math.max(reach[node], span <= SHORT ? span : 0);
      }
      joints += Math.max(0, reach[node] - 1);
    }
    int limit = JOINTS_PER_NODE * nodes + JOINTS;
    List<Integer> shortestFirst =
        IntStream.range(0, nodes)
            .boxed()
            .sorted(Comparator.comparing((Integer node) -> longest[node]))
            .toList();
    for (int node : shortestFirst) {
      int more = longest[node] - Math.max(1, reach[node]);
      if (more > 0 && joints + more <= limit) {
        reach[node] = longest[node];
        joints += more;
      }
    }
    int first = nodes;
    for (int node = 0; node < nodes; node++) {
      firstJoint[node] = first;
      first += Math.max(0, reach[node] - 1);
    }
    return joints;
  }

  private void link(int node) {
    int last = node;
    for (int i = 0; i < reach[node] - 1; i++) {
      int joint = firstJoint[node] + i;
      layerOf[joint] = layerOf[last] + 1;
      connect(last, joint);
      last = joint;
    }
    List<Integer> far = new ArrayList<>();
    for (int user : users.get(node)) {
      int span = span(node, user);
      if (span <= reach[node]) {
        connect(span == 1 ? node : firstJoint[node] + span - 2, user);
      } else {
        far.add(user);
      }
    }
    if (!far.isEmpty()) {
      lanes.add(new Lane(node, far));
    }
  }

  private void connect(int from, int to) {
    next.get(from).add(to);
    previous.get(to).add(from);
  }

  private int span(int node, int user) {
    return layerOfNode[user] - layerOfNode[node];
  }

  // ---- what there is ---------------------------------------------------------------------------

  /** The number of layers. */
  int count() {
    return Arrays.stream(layerOfNode).max().orElse(-1) + 1;
  }

  /** The number of nodes and joints together. */
  int size() {
    return layerOf.length;
  }

  /** Whether this is no node, but where an edge passes through a layer. */
  boolean isJoint(int place) {
    return place >= nodes;
  }

  /** Whether this is a node without inputs. */
  boolean isLeaf(int place) {
    return !isJoint(place) && inputs.get(place).isEmpty();
  }

  int layerOf(int place) {
    return layerOf[place];
  }

  /** What is linked with a node or joint, in the layer before. */
  List<Integer> previous(int place) {
    return previous.get(place);
  }

  /** What is linked with a node or joint, in the layer behind. */
  List<Integer> next(int place) {
    return next.get(place);
  }

  List<Lane> lanes() {
    return lanes;
  }

  /** The nodes and joints of each layer, those of nodes with lower numbers first. */
  int[][] inOrder() {
    int[] lengths = new int[count()];
    for (int layer : layerOf) {
      lengths[layer]++;
    }
    int[][] order = new int[lengths.length][];
    Arrays.setAll(order, layer -> new int[lengths[layer]]);
    int[] ends = new int[lengths.length];
    for (int node = 0; node < nodes; node++) {
      order[layerOf[node]][ends[layerOf[node]]++] = node;
      for (int i = 0; i < reach[node] - 1; i++) {
        int joint = firstJoint[node] + i;
        order[layerOf[joint]][ends[layerOf[joint]]++] = joint;
      }
    }
    return order;
  }
}
