package org.gradus.examples;

import static org.gradus.autograd.ops.Ops.conv2d;
import static org.gradus.autograd.ops.Ops.mse;
import static org.gradus.autograd.ops.Ops.relu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.inspect.GraphView;

/**
 * Draws the picture of the README: a graph with its gradients, as SVG, from the text that {@link
 * GraphView#dot} writes for Graphviz. Values flow to the right, gradients come back in red.
 *
 * <p>Ops stand in columns by their longest way from an input, leaves beside the first op that takes
 * them. That is enough for the graphs of examples; Graphviz avoids crossings in larger ones.
 */
public final class GraphPicture {
  private static final Pattern NODE =
      Pattern.compile("  (n\\d+) \\[label=\"(.*)\", shape=(\\w+)(.*)];");
  private static final Pattern EDGE = Pattern.compile("  (n\\d+) -> (n\\d+)(?: \\[.*])?;");

  private static final int CHARACTER = 8;
  private static final int LINE = 18;
  private static final int GAP = 56;
  private static final int MARGIN = 16;

  /** A node, and its place once it has one: {@code x} and {@code y} are its upper left corner. */
  private static final class Node {
    final String name;
    final String style;
    final List<String> lines;
    final List<Node> inputs = new ArrayList<>();
    int column;
    int x;
    int y;
    int width;

    Node(String name, String style, List<String> lines) {
      this.name = name;
      this.style = style;
      this.lines = lines;
    }

    boolean isLeaf() {
      return inputs.isEmpty();
    }

    boolean hasGradient() {
      return lines.stream().anyMatch(line -> line.startsWith("|gradient|"));
    }

    int widthOfText() {
      int longest = lines.stream().mapToInt(String::length).max().orElse(0);
      return CHARACTER * longest + 2 * MARGIN;
    }

    int height() {
      return LINE * lines.size() + MARGIN;
    }

    int middle() {
      return y + height() / 2;
    }
  }

  private GraphPicture() {}

  /**
   * Writes the picture of the README.
   *
   * @param args the file to write; {@code graph.svg} if there is none
   * @throws IOException if it cannot be written
   */
  public static void main(String[] args) throws IOException {
    Files.writeString(Path.of(args.length > 0 ? args[0] : "graph.svg"), svg(loss().dot()));
  }

  /** The graph that the README shows, by the README's own lines. */
  static GraphView loss() {
    Tensor x = Tensor.constant(NdArray.of(new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8}, 1, 1, 3, 3));
    Tensor w = Tensor.variable(NdArray.of(new float[] {-1, 1, -1, 1}, 1, 1, 2, 2));
    Tensor t = Tensor.constant(NdArray.of(new float[] {0, 1, 2, 3}, 1, 1, 2, 2));
    Tensor loss = mse(relu(conv2d(x, w)), t);
    GraphView view = GraphView.of(loss).names(Map.of(x, "x", w, "w", t, "t"));
    Gradients gradients = Gradients.backward(loss, view.tracked());
    return view.gradients(gradients);
  }

  /** The picture of what {@link GraphView#dot} wrote. */
  static String svg(String dot) {
    List<Node> nodes = nodes(dot);
    place(nodes);
    int width = MARGIN + nodes.stream().mapToInt(n -> n.x + n.width).max().orElse(0);
    int height = MARGIN + nodes.stream().mapToInt(n -> n.y + n.height()).max().orElse(0);
    StringBuilder svg =
        new StringBuilder(
            """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" height="%s" \
            font-family="Helvetica, Arial, sans-serif" font-size="14" text-anchor="middle">
            <defs>
            <marker id="value" markerWidth="9" markerHeight="8" refX="8" refY="4" orient="auto">\
            <path d="M0 0L9 4L0 8z" fill="#333"/></marker>
            <marker id="gradient" markerWidth="9" markerHeight="8" refX="8" refY="4" orient="auto">\
            <path d="M0 0L9 4L0 8z" fill="#c22"/></marker>
            </defs>
            <rect width="%s" height="%s" rx="8" fill="#fff"/>
            """
                .formatted(width, height, width, height, width, height));
    nodes.forEach(node -> node.inputs.forEach(input -> svg.append(arrows(input, node))));
    nodes.forEach(node -> svg.append(drawn(node)));
    return svg.append("</svg>\n").toString();
  }

  // ---- reading ---------------------------------------------------------------------------------

  /** The nodes of the text, which has inputs before outputs. */
  private static List<Node> nodes(String dot) {
    List<Node> nodes = new ArrayList<>();
    for (String line : dot.lines().toList()) {
      Matcher node = NODE.matcher(line);
      Matcher edge = EDGE.matcher(line);
      if (node.matches()) {
        List<String> lines = List.of(node.group(2).replace("\\\"", "\"").split("\\\\n"));
        nodes.add(new Node(node.group(1), node.group(3) + node.group(4), lines));
      } else if (edge.matches()) {
        named(edge.group(2), nodes).inputs.add(named(edge.group(1), nodes));
      }
    }
    return nodes;
  }

  private static Node named(String name, List<Node> nodes) {
    return nodes.stream().filter(node -> node.name.equals(name)).findFirst().orElseThrow();
  }

  // ---- places ----------------------------------------------------------------------------------

  private static void place(List<Node> nodes) {
    for (Node node : nodes) {
      node.column = node.inputs.stream().mapToInt(input -> input.column + 1).max().orElse(0);
    }
    for (Node leaf : nodes) {
      if (leaf.isLeaf()) {
        nodes.stream()
            .filter(user -> user.inputs.contains(leaf))
            .mapToInt(user -> user.column - 1)
            .min()
            .ifPresent(column -> leaf.column = column);
      }
    }
    List<List<Node>> grid = grid(nodes);
    int x = MARGIN;
    for (List<Node> column : grid) {
      int width = column.stream().mapToInt(Node::widthOfText).max().orElse(0);
      int y = MARGIN;
      for (int row = 0; row < column.size(); row++) {
        Node node = column.get(row);
        int tallest = tallest(grid, row);
        node.x = x;
        node.y = y + (tallest - node.height()) / 2;
        node.width = width;
        y += tallest + GAP / 2;
      }
      x += width + GAP;
    }
  }

  /** The nodes of each column, ops above leaves. */
  private static List<List<Node>> grid(List<Node> nodes) {
    int columns = nodes.stream().mapToInt(node -> node.column + 1).max().orElse(0);
    List<List<Node>> grid = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      int column = i;
      grid.add(
          nodes.stream()
              .filter(node -> node.column == column)
              .sorted(Comparator.comparing(Node::isLeaf))
              .toList());
    }
    return grid;
  }

  private static int tallest(List<List<Node>> grid, int row) {
    return grid.stream()
        .filter(column -> row < column.size())
        .mapToInt(column -> column.get(row).height())
        .max()
        .orElse(0);
  }

  // ---- drawing ---------------------------------------------------------------------------------

  private static String arrows(Node from, Node to) {
    int right = from.x + from.width;
    String there = curve(right, from.middle() - 5, to.x - 1, to.middle() - 5, "#333", "value");
    return from.hasGradient()
        ? there + curve(to.x, to.middle() + 5, right + 1, from.middle() + 5, "#c22", "gradient")
        : there;
  }

  private static String curve(int x1, int y1, int x2, int y2, String color, String head) {
    int bend = (x1 + x2) / 2;
    return """
    <path d="M%s %sC%s %s %s %s %s %s" fill="none" stroke="%s" marker-end="url(#%s)"/>
    """
        .formatted(x1, y1, bend, y1, bend, y2, x2, y2, color, head);
  }

  private static String drawn(Node box) {
    boolean isLeaf = box.style.startsWith("ellipse");
    String dash = box.style.contains("dashed") ? " stroke-dasharray=\"5 3\"" : "";
    StringBuilder text = new StringBuilder();
    text.append(
        """
        <rect x="%s" y="%s" width="%s" height="%s" rx="%s" fill="%s" stroke="#333"%s/>
        """
            .formatted(
                box.x,
                box.y,
                box.width,
                box.height(),
                isLeaf ? box.height() / 2 : 4,
                isLeaf ? "#f4f4f4" : "#e4eefb",
                dash));
    for (int i = 0; i < box.lines.size(); i++) {
      String line = box.lines.get(i);
      String weight = i == 0 ? " font-weight=\"bold\"" : "";
      String color = line.startsWith("|gradient|") ? "#c22" : "#111";
      text.append(
          """
          <text x="%s" y="%s" fill="%s"%s>%s</text>
          """
              .formatted(
                  box.x + box.width / 2,
                  box.y + LINE * (i + 1) + 3,
                  color,
                  weight,
                  line.replace("<", "&lt;")));
    }
    return text.toString();
  }
}
