package org.gradus.onnx;

import static org.gradus.onnx.BuiltIn.axes;
import static org.gradus.onnx.BuiltIn.axis;
import static org.gradus.onnx.BuiltIn.get;
import static org.gradus.onnx.BuiltIn.is;
import static org.gradus.onnx.BuiltIn.number;
import static org.gradus.onnx.BuiltIn.whole;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.Shape;

/** Ops over some axes: sums, extremes, moments, softmax, losses. */
final class ReductionTranslations {
  private ReductionTranslations() {}

  static void addTo(Map<String, BuiltIn> table) {
    Map.of(
            "Sum", "ReduceSum",
            "Max", "ReduceMax",
            "Min", "ReduceMin",
            "Prod", "ReduceProd",
            "Norm", "ReduceL2",
            "LogSumExp", "ReduceLogSumExp")
        .forEach((op, type) -> table.put(op, (a, to) -> reduce(to, type, a)));
    table.put("Mean", (a, to) -> mean(to, to.input(0), axes(a, to), is(a, "keepDims")));
    table.put("Variance", (a, to) -> variance(to, a));
    table.put("Std", (a, to) -> to.node("Sqrt", variance(to, a)));
    table.put("Normalize", (a, to) -> normalize(to, axes(a, to), number(a, "epsilon")));
    table.put("NormalizeAffine", (a, to) -> affine(to, axes(a, to), number(a, "epsilon")));
    table.put("NormalizeBy", (a, to) -> normalizeBy(to, number(a, "epsilon")));
    table.put("Softmax", (a, to) -> along(to, "Softmax", axis(a, to)));
    table.put("LogSoftmax", (a, to) -> along(to, "LogSoftmax", axis(a, to)));
    table.put("CumSum", (a, to) -> cumSum(to, axis(a, to), is(a, "reversed")));
    table.put("Mse", (a, to) -> mean(to, squaredError(to)));
    table.put("L1", (a, to) -> mean(to, to.node("Abs", difference(to))));
    table.put("Huber", (a, to) -> mean(to, huber(to, number(a, "delta"))));
    table.put(
        "HalfSquaredError",
        (a, to) -> to.node("Mul", all(to, "ReduceSum", squaredError(to)), to.number(0.5)));
    table.put("CrossEntropy", (a, to) -> crossEntropy(to));
    table.put(
        "LabelCrossEntropy",
        (a, to) -> labelCrossEntropy(to, get(a, "labels", Indices.class), number(a, "smoothing")));
    table.put("KlDivergence", (a, to) -> klDivergence(to));
    table.put("BinaryCrossEntropyWithLogits", (a, to) -> binaryCrossEntropy(to));
  }

  private static String reduce(NodeWriter to, String type, Map<String, Object> a) {
    return reduce(to, type, to.input(0), axes(a, to), is(a, "keepDims"));
  }

  /** Over the pixels of images it has an operator of its own. */
  private static String mean(NodeWriter to, String x, List<Integer> axes, boolean kept) {
    boolean ofImages = to.shape(0).rank() == 4 && axes.equals(List.of(2, 3));
    return ofImages && kept
        ? to.node("GlobalAveragePool", x)
        : reduce(to, "ReduceMean", x, axes, kept);
  }

  /** Over axes of the first input's rank; over none, nothing is done. */
  static String reduce(NodeWriter to, String type, String x, List<Integer> axes, boolean kept) {
    if (axes.isEmpty()) {
      return to.node(type.equals("ReduceL2") ? "Abs" : "Identity", x);
    }
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("keepdims", kept ? 1 : 0);
    if (to.opset() >= (type.equals("ReduceSum") ? 13 : 18)) {
      long[] numbers = axes.stream().mapToLong(axis -> axis).toArray();
      return to.node(type, attributes, x, to.wholes(numbers));
    }
    attributes.put("axes", axes);
    return to.node(type, attributes, x);
  }

  private static String along(NodeWriter to, String type, int axis) {
    return to.node(type, Map.of("axis", axis), to.input(0));
  }

  private static String cumSum(NodeWriter to, int axis, boolean reversed) {
    String number = to.positions(Indices.of(new int[] {axis}));
    return to.node("CumSum", Map.of("reverse", reversed ? 1 : 0), to.input(0), number);
  }

  /** The mean of squared differences from the mean, or their sum over one less. */
  private static String variance(NodeWriter to, Map<String, Object> a) {
    List<Integer> axes = axes(a, to);
    int correction = whole(a, "correction");
    String mean = mean(to, to.input(0), axes, true);
    String apart = to.node("Sub", to.input(0), mean);
    String squares = to.node("Mul", apart, apart);
    String variance = mean(to, squares, axes, is(a, "keepDims"));
    if (correction == 0) {
      return variance;
    }
    double count = 1;
    for (int axis : axes) {
      count *= to.shape(0).dim(axis);
    }
    return to.node("Mul", variance, to.number(count / (count - correction)));
  }

  /** (x - mean) / (variance + epsilon)^(1/2). */
  private static String normalize(NodeWriter to, List<Integer> axes, double epsilon) {
    String mean = mean(to, to.input(0), axes, true);
    String apart = to.node("Sub", to.input(0), mean);
    String variance = mean(to, to.node("Mul", apart, apart), axes, true);
    String root = to.node("Sqrt", to.node("Add", variance, to.number(epsilon)));
    return to.node("Div", apart, root);
  }

  private static String affine(NodeWriter to, List<Integer> axes, double epsilon) {
    String scaled = to.node("Mul", normalize(to, axes, epsilon), to.input(1));
    return to.node("Add", scaled, to.input(2));
  }

  private static String normalizeBy(NodeWriter to, double epsilon) {
    String root = to.node("Sqrt", to.node("Add", to.input(4), to.number(epsilon)));
    String normalized = to.node("Div", to.node("Sub", to.input(0), to.input(3)), root);
    return to.node("Add", to.node("Mul", normalized, to.input(1)), to.input(2));
  }

  private static String difference(NodeWriter to) {
    return to.node("Sub", to.input(0), to.input(1));
  }

  private static String squaredError(NodeWriter to) {
    String difference = difference(to);
    return to.node("Mul", difference, difference);
  }

  private static String mean(NodeWriter to, String x) {
    return all(to, "ReduceMean", x);
  }

  private static String all(NodeWriter to, String type, String x) {
    Shape shape = to.shape(0);
    List<Integer> every = IntStream.range(0, shape.rank()).boxed().toList();
    return reduce(to, type, x, every, false);
  }

  /** d^2/2 if |d| is up to delta, otherwise delta (|d| - delta/2). */
  private static String huber(NodeWriter to, double delta) {
    String size = to.node("Abs", difference(to));
    String near = to.node("Min", size, to.number(delta)); // m (|d| - m/2) for m = min(|d|, delta)
    String half = to.node("Mul", near, to.number(0.5));
    return to.node("Mul", near, to.node("Sub", size, half));
  }

  /** The mean, over all but the classes, of -t ln softmax(x); 0 ln 0 is 0. */
  private static String crossEntropy(NodeWriter to) {
    String logs = to.node("LogSoftmax", Map.of("axis", 1), to.input(0));
    String given = to.node("Greater", to.input(1), to.number(0));
    String products = to.node("Where", given, to.node("Mul", to.input(1), logs), to.number(0));
    String sums = reduce(to, "ReduceSum", products, List.of(1), true);
    return to.node("Neg", mean(to, sums));
  }

  /** The mean of -ln softmax(x) at the labels, and of a part of it at all classes. */
  private static String labelCrossEntropy(NodeWriter to, Indices labels, double smoothing) {
    String logs = to.node("LogSoftmax", Map.of("axis", 1), to.input(0));
    String places = to.positions(labels.reshape(labels.size(), 1));
    String loss = mean(to, to.node("GatherElements", Map.of("axis", 1), logs, places));
    if (smoothing > 0) {
      String own = to.node("Mul", loss, to.number(1 - smoothing));
      loss = to.node("Add", own, to.node("Mul", mean(to, logs), to.number(smoothing)));
    }
    return to.node("Neg", loss);
  }

  /** The mean, over the batch, of the sum of t (ln t - l); 0 ln 0 is 0. */
  private static String klDivergence(NodeWriter to) {
    String t = to.input(1);
    String apart = to.node("Sub", to.node("Log", t), to.input(0));
    String given = to.node("Greater", t, to.number(0));
    String products = to.node("Where", given, to.node("Mul", t, apart), to.number(0));
    List<Integer> others = IntStream.range(1, to.shape(0).rank()).boxed().toList();
    String sums = reduce(to, "ReduceSum", products, others, false);
    return reduce(to, "ReduceMean", sums, List.of(0), false);
  }

  /** The mean of t softplus(-x) + (1 - t) softplus(x). */
  private static String binaryCrossEntropy(NodeWriter to) {
    String x = to.input(0);
    String t = to.input(1);
    String yes = to.node("Mul", t, to.node("Softplus", to.node("Neg", x)));
    String rest = to.node("Sub", to.number(1), t);
    String no = to.node("Mul", rest, to.node("Softplus", x));
    return mean(to, to.node("Add", yes, no));
  }
}
