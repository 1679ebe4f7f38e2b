package org.gradus.autograd.inspect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.gradus.autograd.inspect.Layout.Band;
import org.gradus.autograd.inspect.Layout.Box;
import org.gradus.autograd.inspect.Layout.Point;
import org.gradus.autograd.inspect.Layout.Route;

/** The lines of edges from box to box. */
final class Routes {
  private final Layers layers;
  private final List<Band> bands;
  private final List<Box> boxes;

  /** Of nodes and joints, across the direction of the edges. */
  private final int[] middles;

  Routes(Layers layers, List<Band> bands, List<Box> boxes, int[] middles) {
    this.layers = layers;
    this.bands = bands;
    this.boxes = boxes;
    this.middles = middles;
  }

  /** All lines, given where each lane is. */
  List<Route> all(int[] lanes) {
    List<Route> routes = new ArrayList<>();
    for (int node = 0; node < boxes.size(); node++) {
      byJoints(node, routes);
    }
    for (int i = 0; i < lanes.length; i++) {
      byLane(layers.lanes().get(i), lanes[i], routes);
    }
    return List.copyOf(routes);
  }

  /** One line from joint to joint, as far as the last user, with branches to the others. */
  private void byJoints(int node, List<Route> routes) {
    List<Point> line = new ArrayList<>();
    line.add(new Point(boxes.get(node).end(), middles[node]));
    for (int place = node; place >= 0; ) {
      int layer = layers.layerOf(place);
      List<Integer> users = layers.next(place).stream().filter(to -> !layers.isJoint(to)).toList();
      int farther = layers.next(place).stream().filter(layers::isJoint).findFirst().orElse(-1);
      for (int i = 0; i < users.size(); i++) {
        boolean isWhole = place == node || (farther < 0 && i == users.size() - 1);
        Point joint = new Point(bands.get(layer).end(), middles[place]);
        List<Point> points = new ArrayList<>(isWhole ? line : List.of(joint));
        end(points, users.get(i));
        routes.add(new Route(node, users.get(i), isWhole, List.copyOf(points)));
      }
      if (farther >= 0) {
        bend(line, layer, middles[farther]);
      }
      place = farther;
    }
  }

  /** One line in the lane, as far as the last user, with branches to the others. */
  private void byLane(Layers.Lane lane, int across, List<Route> routes) {
    int layer = layers.layerOf(lane.from());
    List<Point> line = new ArrayList<>();
    line.add(new Point(boxes.get(lane.from()).end(), middles[lane.from()]));
    bend(line, layer, across);
    int last = lane.users().stream().max(Comparator.comparing(layers::layerOf)).orElseThrow();
    for (int user : lane.users()) {
      boolean isWhole = user == last;
      Point turn = new Point(bands.get(layer + 1).start(), across);
      List<Point> points = new ArrayList<>(isWhole ? line : List.of(turn));
      end(points, user);
      routes.add(new Route(lane.from(), user, isWhole, List.copyOf(points)));
    }
  }

  /** From the layer before a user to its box. */
  private void end(List<Point> line, int user) {
    bend(line, layers.layerOf(user) - 1, middles[user]);
    add(line, new Point(boxes.get(user).corner().along(), middles[user]));
  }

  /** Through a layer, and to another place across in the gap behind it. */
  private void bend(List<Point> line, int layer, int across) {
    add(line, new Point(bands.get(layer).end(), line.get(line.size() - 1).across()));
    add(line, new Point(bands.get(layer + 1).start(), across));
  }

  /** A point that goes on straight takes the place of the last. */
  private static void add(List<Point> line, Point point) {
    int size = line.size();
    boolean straight =
        size > 1
            && line.get(size - 1).across() == point.across()
            && line.get(size - 2).across() == point.across();
    if (straight) {
      line.set(size - 1, point);
    } else if (!line.get(size - 1).equals(point)) {
      line.add(point);
    }
  }
}
