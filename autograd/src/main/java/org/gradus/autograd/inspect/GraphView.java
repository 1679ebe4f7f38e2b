package org.gradus.autograd.inspect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.jspecify.annotations.Nullable;

/**
 * The graph that led to some tensors, as a picture, or as text that Graphviz or Mermaid draws:
 *
 * <pre>{@code
 * GraphView view = GraphView.of(loss).names(Map.of(x, "x", w, "w"));
 * String picture = view.gradients(Gradients.backward(loss, view.tracked())).svg();
 * }</pre>
 *
 * <p>Each tensor is one node: the name it was given, its op with the attributes that differ from
 * the usual, its element type and shape, its value if that is one number, and the norm of its
 * gradient. Variables are round, constants dashed or, in Mermaid, parallelograms, outputs of ops
 * are boxes, and the tensors that the view is of have a double line. Edges lead from inputs to
 * outputs, and have the input's position where there is more than one. What depends on no variable
 * is a constant, whose op and inputs are not recorded.
 *
 * <p>The same graph gives the same text. Nodes are numbered with inputs first, so a text begins
 * with leaves and ends with what was asked for.
 *
 * <p>Immutable: each setting returns a new view.
 */
public final class GraphView {
  private static final String GRADIENT = "|gradient| = ";
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private final List<Tensor> outputs;
  private final Map<Tensor, String> names;
  private final @Nullable Gradients gradients;
  private final boolean hasRoom; // for gradients that are not shown yet

  private GraphView(
      List<Tensor> outputs,
      Map<Tensor, String> names,
      @Nullable Gradients gradients,
      boolean hasRoom) {
    this.outputs = outputs;
    this.names = names;
    this.gradients = gradients;
    this.hasRoom = hasRoom;
  }

  /**
   * The graph of one or more outputs: of all tensors that they were made from.
   *
   * @throws IllegalArgumentException if none is given
   */
  public static GraphView of(Tensor... outputs) {
    Nulls.refuse("graph view: outputs", (Object) outputs);
    if (outputs.length == 0) {
      throw new IllegalArgumentException("graph view: 0 tensors, expected one or more");
    }
    return new GraphView(List.of(outputs), Map.of(), null, false);
  }

  /**
   * This view with names for tensors, added to those it has. Names of tensors that are not in the
   * graph are ignored, so those of all the parameters of a model may be given.
   *
   * @param more a name for each tensor; for one that has a name, the new one counts
   */
  public GraphView names(Map<Tensor, String> more) {
    Nulls.refuse("graph view: more", more);
    Nulls.refuse("graph view: tensors of names, names", more.keySet(), more.values());
    Map<Tensor, String> all = new HashMap<>(names);
    all.putAll(more);
    return new GraphView(outputs, Map.copyOf(all), gradients, hasRoom);
  }

  /**
   * This view with the Euclidean norm of each gradient that was asked for and reached; {@link
   * #tracked} is what to ask for to see all.
   *
   * @param shown of a walk over this graph
   */
  public GraphView gradients(Gradients shown) {
    return new GraphView(outputs, names, Nulls.given("graph view: shown", shown), hasRoom);
  }

  /**
   * This view with room for the gradients of all {@link #tracked} tensors. So pictures of one walk,
   * which show more and more of them, have all else in the same places.
   */
  public GraphView roomForGradients() {
    return new GraphView(outputs, names, gradients, true);
  }

  /** The tensors of the graph that have gradients, inputs first. */
  public Tensor[] tracked() {
    return Nodes.of(outputs).stream().filter(Tensor::isTracked).toArray(Tensor[]::new);
  }

  /**
   * The graph in the language of Graphviz.
   *
   * @see <a href="https://graphviz.org/doc/info/lang.html">The DOT language</a>
   */
  public String dot() {
    StringBuilder text = new StringBuilder("digraph {\n");
    for (Node node : nodes()) {
      String leaf = node.tensor.isTracked() ? "ellipse" : "ellipse, style=dashed";
      String shape = node.tensor.op().isPresent() ? "box" : leaf;
      String line = node.isOutput ? ", peripheries=2" : "";
      String label = label(node.lines, GraphView::escapedForDot, "\\n");
      text.append("  %s [label=\"%s\", shape=%s%s];\n".formatted(node.name(), label, shape, line));
      for (int i = 0; i < node.inputs.size(); i++) {
        String position = node.inputs.size() > 1 ? " [label=\"" + i + "\"]" : "";
        text.append(
            "  %s -> %s%s;\n".formatted(Node.name(node.inputs.get(i)), node.name(), position));
      }
    }
    return text.append("}\n").toString();
  }

  /**
   * The graph in the language of Mermaid, which GitHub draws in a code block of that name. Drawers
   * of Mermaid refuse a graph of more than some hundred edges.
   *
   * @see <a href="https://mermaid.js.org/syntax/flowchart.html">Mermaid's flowcharts</a>
   */
  public String mermaid() {
    StringBuilder text = new StringBuilder("flowchart TD\n");
    for (Node node : nodes()) {
      String leaf = node.tensor.isTracked() ? "([\"%s\"])" : "[/\"%s\"/]";
      String box = node.isOutput ? "[[\"%s\"]]" : node.tensor.op().isPresent() ? "[\"%s\"]" : leaf;
      String label = label(node.lines, GraphView::escapedForMermaid, "<br/>");
      text.append("  ").append(node.name()).append(box.formatted(label)).append("\n");
      for (int i = 0; i < node.inputs.size(); i++) {
        String position = node.inputs.size() > 1 ? "|" + i + "|" : "";
        text.append(
            "  %s -->%s %s\n".formatted(Node.name(node.inputs.get(i)), position, node.name()));
      }
    }
    return text.toString();
  }

  /**
   * The graph as a picture in SVG: the text of a file, or of an element in an HTML page, which may
   * have many such pictures.
   *
   * <p>Edges of values are dark, and those of gradients, from the tensors whose gradients are
   * shown, are red. Boxes stand in layers, inputs first, in an order with few crossings, and edges
   * lead around boxes. A graph of up to six layers goes from left to right, a deeper one from top
   * to bottom. The time is about proportional to the number of tensors and edges. Edges that pass
   * very many layers run beside all boxes where there are many such edges.
   *
   * @see <a href="https://www.w3.org/TR/SVG2/">Scalable Vector Graphics</a>
   */
  public String svg() {
    return Drawing.svg(nodes());
  }

  // ---- nodes -----------------------------------------------------------------------------------

  /**
   * A tensor as it is drawn.
   *
   * @param number in the list of nodes, as of the inputs
   * @param hasGradient whether the last line tells its gradient
   * @param hasRoom whether there is room for one more line, of its gradient
   */
  record Node(
      int number,
      Tensor tensor,
      boolean isOutput,
      boolean hasGradient,
      boolean hasRoom,
      List<String> lines,
      List<Integer> inputs) {

    /** What the box is to hold: where there is room for a gradient, the longest one. */
    List<String> held() {
      Stream<String> others = lines.stream().limit(lines.size() - (hasGradient ? 1 : 0));
      return hasRoom ? Stream.concat(others, Stream.of(GRADIENT + "-1.23e-45")).toList() : lines;
    }

    String name() {
      return name(number);
    }

    static String name(int number) {
      return "n" + number;
    }
  }

  private List<Node> nodes() {
    Set<Tensor> asked = new HashSet<>(outputs);
    Map<Tensor, Integer> numbers = new HashMap<>();
    List<Node> nodes = new ArrayList<>();
    for (Tensor tensor : Nodes.of(outputs)) {
      int number = nodes.size();
      numbers.put(tensor, number);
      List<Integer> inputs = tensor.inputs().stream().map(numbers::get).toList();
      boolean isOutput = asked.contains(tensor);
      boolean isRoomy = hasRoom && tensor.isTracked();
      nodes.add(
          new Node(number, tensor, isOutput, hasGradient(tensor), isRoomy, lines(tensor), inputs));
    }
    return nodes;
  }

  private boolean hasGradient(Tensor tensor) {
    return gradients != null && gradients.reached(tensor);
  }

  private List<String> lines(Tensor tensor) {
    String kind = tensor.isVariable() ? "variable" : "constant";
    String attributes = "";
    if (tensor.op().isPresent()) {
      Op op = Watched.bare(tensor.op().get());
      kind = op.name();
      attributes = Attributes.of(op, tensor.shape());
    }
    String name = names.get(tensor);
    String value =
        tensor.value().size() == 1 ? " = " + Survey.number(tensor.value(), tensor.item()) : "";
    String gradient =
        gradients != null && hasGradient(tensor)
            ? GRADIENT + norm(gradients.of(tensor).value())
            : "";
    return Stream.of(
            name == null ? kind : name + ": " + kind,
            attributes,
            tensor.dtype() + " " + tensor.shape() + value,
            gradient)
        .filter(line -> !line.isEmpty())
        .toList();
  }

  /** Three digits, since a reader compares orders of magnitude. */
  private static String norm(NdArray gradient) {
    double squares = 0;
    for (int i = 0; i < gradient.size(); i++) {
      squares += gradient.at(i) * gradient.at(i);
    }
    return String.format(Locale.ROOT, "%.3g", Math.sqrt(squares));
  }

  // ---- text ------------------------------------------------------------------------------------

  private static String label(List<String> lines, UnaryOperator<String> escaped, String newLine) {
    return lines.stream()
        .map(line -> escaped.apply(CONTROL.matcher(line).replaceAll(" ")))
        .collect(Collectors.joining(newLine));
  }

  /** In a quoted string a backslash and an ampersand begin an escape. */
  private static String escapedForDot(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("&", "&amp;");
  }

  /** All but the plainest characters as codes: Mermaid has many notations, more in each version. */
  private static String escapedForMermaid(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (Character.isLetterOrDigit(c) || " .,:=+-_|[]()".indexOf(c) >= 0) {
                escaped.appendCodePoint(c);
              } else {
                escaped.append('#').append(c).append(';');
              }
            });
    return escaped.toString();
  }
}
