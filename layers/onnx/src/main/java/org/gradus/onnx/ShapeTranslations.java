package org.gradus.onnx;

import static org.gradus.onnx.BuiltIn.axes;
import static org.gradus.onnx.BuiltIn.axis;
import static org.gradus.onnx.BuiltIn.get;
import static org.gradus.onnx.BuiltIn.is;
import static org.gradus.onnx.BuiltIn.number;
import static org.gradus.onnx.BuiltIn.whole;
import static org.gradus.onnx.BuiltIn.wholes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.Shape;

/** Ops that move elements, and products of matrices. */
final class ShapeTranslations {
  private ShapeTranslations() {}

  static void addTo(Map<String, BuiltIn> table) {
    table.put("Reshape", (a, to) -> reshaped(to, to.input(0), get(a, "shape", Shape.class)));
    table.put(
        "BroadcastTo",
        (a, to) ->
            to.node("Expand", to.input(0), to.wholes(get(a, "shape", Shape.class).toArray())));
    table.put("SumTo", (a, to) -> sumTo(to, get(a, "shape", Shape.class)));
    table.put("Permute", (a, to) -> permuted(to, to.input(0), axes(a, to)));
    table.put("Concat", (a, to) -> concat(to, axis(a, to)));
    table.put("Slice", (a, to) -> slice(to, a));
    table.put("Flip", (a, to) -> flip(to, axes(a, to)));
    table.put("Pad", (a, to) -> pad(to, a));
    table.put(
        "Take",
        (a, to) ->
            to.node(
                "Gather",
                Map.of("axis", axis(a, to)),
                to.input(0),
                to.positions(get(a, "index", Indices.class))));
    table.put(
        "Gather",
        (a, to) ->
            to.node(
                "GatherElements",
                Map.of("axis", axis(a, to)),
                to.input(0),
                to.positions(get(a, "index", Indices.class))));
    table.put(
        "TakeAt",
        (a, to) ->
            to.node("Gather", Map.of("axis", axis(a, to)), to.input(0), to.asWholes(to.input(1))));
    table.put("ScatterAdd", (a, to) -> scatterAdd(to, a));
    table.put("MatMul", (a, to) -> matMul(to, is(a, "transposeA"), is(a, "transposeB")));
    table.put("Bias", (a, to) -> to.node("Add", to.input(0), perChannel(to, to.input(1))));
  }

  static String reshaped(NodeWriter to, String x, Shape shape) {
    return to.reshaped(x, to.shape(0), shape.toArray());
  }

  static String permuted(NodeWriter to, String x, List<Integer> axes) {
    return to.node("Transpose", Map.of("perm", axes), x);
  }

  /** One number for each channel, axis 1, in a shape that broadcasts to the first input's. */
  static String perChannel(NodeWriter to, String numbers) {
    int channels = to.shape(0).dim(1);
    int[] dims = new int[to.shape(0).rank() - 1];
    Arrays.fill(dims, 1);
    dims[0] = channels;
    return to.reshaped(numbers, Shape.of(channels), dims);
  }

  /** Sums over the axes that were repeated, of which those on the left go. */
  private static String sumTo(NodeWriter to, Shape shape) {
    Shape x = to.shape(0);
    int more = x.rank() - shape.rank();
    List<Integer> left = IntStream.range(0, more).boxed().toList();
    List<Integer> repeated =
        IntStream.range(0, shape.rank())
            .filter(axis -> shape.dim(axis) == 1 && x.dim(axis + more) != 1)
            .boxed()
            .toList();
    String y = to.input(0);
    if (!left.isEmpty()) {
      y = ReductionTranslations.reduce(to, "ReduceSum", y, left, false);
    }
    return repeated.isEmpty() && !left.isEmpty()
        ? y
        : ReductionTranslations.reduce(to, "ReduceSum", y, repeated, true);
  }

  private static String concat(NodeWriter to, int axis) {
    String[] all = IntStream.range(0, to.inputs()).mapToObj(to::input).toArray(String[]::new);
    return to.node("Concat", Map.of("axis", axis), all);
  }

  private static String slice(NodeWriter to, Map<String, Object> a) {
    int axis = axis(a, to);
    int extent = to.shape(0).dim(axis);
    int from = whole(a, "from");
    int end = whole(a, "to");
    return to.node(
        "Slice",
        to.input(0),
        to.wholes(from < 0 ? from + extent : from),
        to.wholes(end < 0 ? end + extent : end),
        to.wholes(axis),
        to.wholes(whole(a, "step")));
  }

  private static String flip(NodeWriter to, List<Integer> axes) {
    if (axes.isEmpty()) {
      return to.node("Identity", to.input(0));
    }
    long[] last = new long[axes.size()];
    Arrays.fill(last, -1);
    long[] before = new long[axes.size()];
    Arrays.fill(before, Integer.MIN_VALUE);
    return to.node(
        "Slice",
        to.input(0),
        to.wholes(last),
        to.wholes(before),
        to.wholes(axes.stream().mapToLong(axis -> axis).toArray()),
        to.wholes(last));
  }

  private static String pad(NodeWriter to, Map<String, Object> a) {
    List<Integer> margins = new ArrayList<>(wholes(a, "before"));
    margins.addAll(wholes(a, "after"));
    if (margins.isEmpty()) {
      return to.node("Identity", to.input(0));
    }
    String pads = to.wholes(margins.stream().mapToLong(margin -> margin).toArray());
    return to.node("Pad", to.input(0), pads, to.number(number(a, "value")));
  }

  private static String scatterAdd(NodeWriter to, Map<String, Object> a) {
    if (to.opset() < 16) {
      throw new IllegalArgumentException(
          "ScatterElements adds from opset 16 on, but the file is for " + to.opset());
    }
    String zeros = to.node("Expand", to.number(0), to.wholes(to.outputShape().toArray()));
    return to.node(
        "ScatterElements",
        Map.of("axis", axis(a, to), "reduction", "add"),
        zeros,
        to.positions(get(a, "index", Indices.class)),
        to.input(0));
  }

  private static String matMul(NodeWriter to, boolean transposeA, boolean transposeB) {
    String a = transposeA ? exchanged(to, to.input(0), to.shape(0).rank()) : to.input(0);
    String b = transposeB ? exchanged(to, to.input(1), to.shape(1).rank()) : to.input(1);
    return to.node("MatMul", a, b);
  }

  /** The last two axes exchanged. */
  private static String exchanged(NodeWriter to, String x, int rank) {
    List<Integer> axes = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
    Collections.swap(axes, rank - 2, rank - 1);
    return permuted(to, x, axes);
  }
}
