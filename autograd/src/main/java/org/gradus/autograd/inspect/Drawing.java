package org.gradus.autograd.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.gradus.autograd.inspect.GraphView.Node;
import org.gradus.autograd.inspect.Layout.Box;
import org.gradus.autograd.inspect.Layout.Point;
import org.gradus.autograd.inspect.Layout.Route;
import org.gradus.autograd.inspect.Layout.Size;

/**
 * A graph as the text of a picture in SVG. It needs no other file, and has no identifiers, so one
 * page can have many.
 *
 * @see <a href="https://www.w3.org/TR/SVG2/">Scalable Vector Graphics</a>
 */
final class Drawing {
  /** A graph of more layers goes down and not to the right. */
  private static final int WIDE = 6;

  private static final int LINE = 18;
  private static final int PADDING = 16;
  private static final int MARGIN = 16;
  private static final int ROUND = 35;
  private static final int SQUARE = 5;

  /** Between the two lines around an output. */
  private static final int DOUBLE = 3;

  /** How far values and gradients are from the line between two boxes. */
  private static final int ASIDE = 5;

  private static final int HEAD = 9;

  /** How many outputs the title names. */
  private static final int NAMED = 3;

  private static final String VALUE = "#333";
  private static final String GRADIENT = "#c22";

  private final List<Node> nodes;
  private final boolean isDown;
  private final Layout layout;
  private final boolean hasGradients;
  private final StringBuilder text = new StringBuilder();

  private Drawing(List<Node> nodes) {
    this.nodes = nodes;
    Layers layers = new Layers(nodes.stream().map(Node::inputs).toList());
    isDown = layers.count() > WIDE;
    List<Size> sizes = nodes.stream().map(node -> size(node.held(), isDown)).toList();
    layout = Layout.of(layers, sizes);
    hasGradients = nodes.stream().anyMatch(node -> node.hasGradient() || node.hasRoom());
  }

  /** The picture of some nodes, inputs first. */
  static String svg(List<Node> nodes) {
    return new Drawing(nodes).drawn();
  }

  private static Size size(List<String> lines, boolean isDown) {
    int width = 2 * PADDING;
    for (int i = 0; i < lines.size(); i++) {
      width = Math.max(width, 2 * PADDING + Labels.width(lines.get(i), i == 0));
    }
    int evenWidth = width + width % 2;
    int height = LINE * lines.size() + PADDING;
    return isDown ? new Size(height, evenWidth) : new Size(evenWidth, height);
  }

  // ---- the whole -------------------------------------------------------------------------------

  private String drawn() {
    int width = 2 * MARGIN + (isDown ? layout.across() : layout.along());
    int height = 2 * MARGIN + (isDown ? layout.along() : layout.across());
    text.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" height="%s" \
        style="max-width:100%%;height:auto" role="img" \
        font-family="Helvetica, Arial, sans-serif" font-size="14" text-anchor="middle">
        <title>%s</title>
        <rect width="%s" height="%s" rx="8" fill="#fff"/>
        """
            .formatted(width, height, width, height, title(), width, height));
    lines(VALUE, layout.routes());
    lines(GRADIENT, layout.routes().stream().filter(this::hasGradient).toList());
    for (int i = 0; i < nodes.size(); i++) {
      box(nodes.get(i), layout.boxes().get(i));
    }
    return text.append("</svg>\n").toString();
  }

  /** What a reader of the screen says of the picture. */
  private String title() {
    List<Node> outputs = nodes.stream().filter(Node::isOutput).toList();
    String named =
        outputs.stream()
            .limit(NAMED)
            .map(node -> Labels.escaped(node.lines().get(0)))
            .collect(Collectors.joining(", "));
    return "The graph of %s%s: %s tensors%s"
        .formatted(
            named,
            outputs.size() > NAMED ? " and " + (outputs.size() - NAMED) + " more" : "",
            nodes.size(),
            hasGradients ? ", gradients in red" : "");
  }

  private boolean hasGradient(Route route) {
    return nodes.get(route.from()).hasGradient();
  }

  // ---- edges -----------------------------------------------------------------------------------

  /** The lines of one colour, and their heads: at users for values, at inputs for gradients. */
  private void lines(String color, List<Route> routes) {
    if (routes.isEmpty()) {
      return;
    }
    boolean isBack = color.equals(GRADIENT);
    int aside = !hasGradients ? 0 : isBack ? ASIDE : -ASIDE;
    StringBuilder heads = new StringBuilder();
    text.append("<g fill=\"none\" stroke=\"").append(color).append("\">\n");
    for (Route route : routes) {
      List<Point> points = new ArrayList<>();
      route.points().forEach(p -> points.add(new Point(p.along(), p.across() + aside)));
      int end = isBack ? 0 : points.size() - 1;
      if (!isBack || route.isWhole()) {
        Point tip = points.get(end);
        int inside = isBack ? tip.along() + HEAD / 2 : tip.along() - HEAD / 2;
        points.set(end, new Point(inside, tip.across()));
        heads.append(head(tip, isBack ? HEAD : -HEAD));
      }
      text.append("<path d=\"").append(path(points)).append("\"/>\n");
    }
    text.append("</g>\n<path fill=\"").append(color).append("\" d=\"");
    text.append(heads).append("\"/>\n");
  }

  private String path(List<Point> points) {
    StringBuilder path = new StringBuilder("M").append(place(points.get(0)));
    for (int i = 1; i < points.size(); i++) {
      Point from = points.get(i - 1);
      Point to = points.get(i);
      if (from.across() == to.across()) {
        path.append("L");
      } else {
        int bend = (from.along() + to.along()) / 2;
        path.append("C").append(place(new Point(bend, from.across()))).append(" ");
        path.append(place(new Point(bend, to.across()))).append(" ");
      }
      path.append(place(to));
    }
    return path.toString();
  }

  /** A triangle. */
  private String head(Point tip, int back) {
    String sides = isDown ? "l-4 %sh8z" : "l%s -4v8z";
    return "M" + place(tip) + sides.formatted(back);
  }

  private String place(Point point) {
    int along = MARGIN + point.along();
    int across = MARGIN + point.across();
    return isDown ? across + " " + along : along + " " + across;
  }

  // ---- boxes -----------------------------------------------------------------------------------

  private void box(Node node, Box box) {
    int left = MARGIN + (isDown ? box.corner().across() : box.corner().along());
    int top = MARGIN + (isDown ? box.corner().along() : box.corner().across());
    int width = isDown ? box.size().breadth() : box.size().length();
    int height = isDown ? box.size().length() : box.size().breadth();
    boolean isLeaf = node.tensor().op().isEmpty();
    int round = isLeaf ? Math.min(ROUND, height / 2) : SQUARE;
    String style = " fill=\"%s\" stroke=\"#333\"".formatted(isLeaf ? "#f4f4f4" : "#e4eefb");
    style += isLeaf && !node.tensor().isTracked() ? " stroke-dasharray=\"5 3\"" : "";
    rect(left, top, width, height, round, style);
    if (node.isOutput()) {
      int inside = 2 * DOUBLE;
      rect(left + DOUBLE, top + DOUBLE, width - inside, height - inside, round - DOUBLE, style);
    }
    for (int i = 0; i < node.lines().size(); i++) {
      boolean isGradient = node.hasGradient() && i == node.lines().size() - 1;
      text.append(
          """
          <text x="%s" y="%s" fill="%s"%s>%s</text>
          """
              .formatted(
                  left + width / 2,
                  top + LINE * (i + 1) + 3,
                  isGradient ? GRADIENT : "#111",
                  i == 0 ? " font-weight=\"bold\"" : "",
                  Labels.escaped(node.lines().get(i))));
    }
  }

  private void rect(int left, int top, int width, int height, int round, String style) {
    text.append(
        """
        <rect x="%s" y="%s" width="%s" height="%s" rx="%s"%s/>
        """
            .formatted(left, top, width, height, round, style));
  }
}
