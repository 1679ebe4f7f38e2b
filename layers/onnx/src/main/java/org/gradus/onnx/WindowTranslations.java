package org.gradus.onnx;

import static org.gradus.onnx.BuiltIn.get;
import static org.gradus.onnx.BuiltIn.is;
import static org.gradus.onnx.BuiltIn.whole;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.ConvGeometry;
import org.gradus.autograd.ops.PoolGeometry;
import org.gradus.autograd.ops.Resampling;
import org.gradus.autograd.ops.Window;

/** Convolutions, pooling, resizing. */
final class WindowTranslations {
  private WindowTranslations() {}

  static void addTo(Map<String, BuiltIn> table) {
    table.put(
        "Conv2d",
        (a, to) -> to.node("Conv", convolution(geometry(a), 2), to.input(0), to.input(1)));
    table.put(
        "BiasedConv2d",
        (a, to) ->
            to.node("Conv", convolution(geometry(a), 2), to.input(0), to.input(1), to.input(2)));
    table.put(
        "Conv2dInput", // of weights and outputs
        (a, to) -> to.node("ConvTranspose", transposed(geometry(a), 2), to.input(1), to.input(0)));
    table.put(
        "MaxPool2d",
        (a, to) ->
            to.node("MaxPool", pool(get(a, "geometry", PoolGeometry.class), 2, true), to.input(0)));
    table.put(
        "AvgPool2d",
        (a, to) -> avgPool(to, get(a, "geometry", PoolGeometry.class), 2, is(a, "countPadding")));
    table.put("AdaptiveAvgPool2d", (a, to) -> adaptive(to, whole(a, "height"), whole(a, "width")));
    table.put(
        "Resize2d",
        (a, to) ->
            resize(to, get(a, "rows", Resampling.class), get(a, "columns", Resampling.class)));
  }

  private static ConvGeometry geometry(Map<String, Object> a) {
    return get(a, "geometry", ConvGeometry.class);
  }

  /** The attributes of a convolution over the last so many axes, 1 or 2. */
  static Map<String, Object> convolution(ConvGeometry geometry, int axes) {
    Map<String, Object> attributes = window(geometry.rows(), geometry.columns(), axes, true);
    attributes.put("dilations", each(geometry, axes, Window::dilation));
    attributes.put("group", geometry.groups());
    return attributes;
  }

  /** The attributes of a transposed convolution; a remainder of the stride is output padding. */
  static Map<String, Object> transposed(ConvGeometry geometry, int axes) {
    Map<String, Object> attributes = convolution(geometry, axes);
    List<Integer> remainders = each(geometry, axes, Window::remainder);
    if (remainders.stream().anyMatch(remainder -> remainder != 0)) {
      attributes.put("output_padding", remainders);
    }
    return attributes;
  }

  /** The windows along the last so many axes, 1 or 2. */
  private static Stream<Window> last(int axes, Window rows, Window columns) {
    return axes == 2 ? Stream.of(rows, columns) : Stream.of(columns);
  }

  private static List<Integer> each(ConvGeometry geometry, int axes, ToIntFunction<Window> number) {
    return last(axes, geometry.rows(), geometry.columns()).map(number::applyAsInt).toList();
  }

  /**
   * Kernel, strides and pads, with as many more behind as the last window hangs over.
   *
   * @param padded whether the input's padding is part of the pads
   */
  private static Map<String, Object> window(Window rows, Window columns, int axes, boolean padded) {
    List<Window> both = last(axes, rows, columns).toList();
    Stream<Integer> before = both.stream().map(w -> padded ? w.padBefore() : 0);
    Stream<Integer> after = both.stream().map(w -> (padded ? w.padAfter() : 0) + overhang(w));
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("kernel_shape", both.stream().map(Window::kernel).toList());
    attributes.put("strides", both.stream().map(Window::stride).toList());
    List<Integer> pads = Stream.concat(before, after).toList();
    if (pads.stream().anyMatch(pad -> pad != 0)) {
      attributes.put("pads", pads);
    }
    return attributes;
  }

  /** How far the last window reaches beyond the padded input. */
  private static int overhang(Window w) {
    long end = (w.output() - 1L) * w.stride() + w.dilation() * (w.kernel() - 1L) + 1;
    return (int) Math.max(0, end - w.input() - w.padBefore() - w.padAfter());
  }

  static Map<String, Object> pool(PoolGeometry geometry, int axes, boolean padded) {
    Map<String, Object> attributes = window(geometry.rows(), geometry.columns(), axes, padded);
    List<Integer> dilations =
        last(axes, geometry.rows(), geometry.columns()).map(Window::dilation).toList();
    if (dilations.stream().anyMatch(dilation -> dilation != 1)) {
      attributes.put("dilations", dilations);
    }
    return attributes;
  }

  /** Padding that counts is padded before; where a window hangs over, that does not count. */
  static String avgPool(NodeWriter to, PoolGeometry geometry, int axes, boolean countPadding) {
    Map<String, Object> whole = pool(geometry, axes, true);
    if (whole.containsKey("dilations") && to.opset() < 19) {
      throw new IllegalArgumentException(
          "AveragePool has dilations %s from opset 19 on, but the file is for %s"
              .formatted(whole.get("dilations"), to.opset()));
    }
    boolean padded = padding(geometry, axes).anyMatch(pad -> pad > 0);
    boolean hangsOver = overhang(geometry.rows()) + overhang(geometry.columns()) > 0;
    if (!countPadding || !padded) {
      return to.node("AveragePool", whole, to.input(0));
    }
    if (!hangsOver) {
      whole.put("count_include_pad", 1);
      return to.node("AveragePool", whole, to.input(0));
    }
    long[] pads = new long[2 * (axes + 2)];
    int[] own = padding(geometry, axes).mapToInt(pad -> pad).toArray();
    System.arraycopy(toLong(own), 0, pads, 2, axes);
    System.arraycopy(toLong(own), axes, pads, axes + 4, axes);
    String wide = to.node("Pad", to.input(0), to.wholes(pads), to.number(0));
    return to.node("AveragePool", pool(geometry, axes, false), wide);
  }

  private static long[] toLong(int[] numbers) {
    return Arrays.stream(numbers).asLongStream().toArray();
  }

  /** Those before all axes, then those after. */
  private static Stream<Integer> padding(PoolGeometry geometry, int axes) {
    List<Window> both = last(axes, geometry.rows(), geometry.columns()).toList();
    return Stream.concat(both.stream().map(Window::padBefore), both.stream().map(Window::padAfter));
  }

  /** Windows of one size where the output divides the input; else the mean of each, by itself. */
  private static String adaptive(NodeWriter to, int height, int width) {
    Shape x = to.shape(0);
    if (height == 1 && width == 1) {
      return to.node("GlobalAveragePool", to.input(0));
    }
    if (x.dim(2) % height == 0 && x.dim(3) % width == 0) {
      List<Integer> size = List.of(x.dim(2) / height, x.dim(3) / width);
      return to.node("AveragePool", Map.of("kernel_shape", size, "strides", size), to.input(0));
    }
    return means(to, means(to, to.input(0), 2, height), 3, width);
  }

  /** So many means of parts of an axis, which may share an element. */
  private static String means(NodeWriter to, String x, int axis, int outputs) {
    long inputs = to.shape(0).dim(axis);
    String[] means = new String[outputs];
    for (int o = 0; o < outputs; o++) {
      String from = to.wholes(o * inputs / outputs);
      String end = to.wholes(((o + 1) * inputs + outputs - 1) / outputs);
      String part = to.node("Slice", x, from, end, to.wholes(axis), to.wholes(1));
      means[o] = ReductionTranslations.reduce(to, "ReduceMean", part, List.of(axis), true);
    }
    return to.node("Concat", Map.of("axis", axis), means);
  }

  private static String resize(NodeWriter to, Resampling rows, Resampling columns) {
    if (rows.mode() != Resampling.Mode.NEAREST) {
      String coordinates =
          rows.mode() == Resampling.Mode.ALIGN_CORNERS ? "align_corners" : "half_pixel";
      return to.node(
          "Resize",
          Map.of("mode", "linear", "coordinate_transformation_mode", coordinates),
          to.input(0),
          "",
          "",
          to.wholes(to.outputShape().toArray()));
    }
    if (rows.output() % rows.input() != 0 || columns.output() % columns.input() != 0) {
      return nearest(to, nearest(to, to.input(0), 2, rows), 3, columns); // free of rounding
    }
    return to.node(
        "Resize",
        Map.of(
            "mode", "nearest",
            "coordinate_transformation_mode", "asymmetric",
            "nearest_mode", "floor"),
        to.input(0),
        "",
        "",
        to.wholes(to.outputShape().toArray()));
  }

  private static String nearest(NodeWriter to, String x, int axis, Resampling along) {
    int[] places = new int[along.output()];
    for (int i = 0; i < places.length; i++) {
      places[i] = (int) ((long) i * along.input() / along.output());
    }
    return to.node(
        "Gather", Map.of("axis", axis), x, to.positions(Indices.of(places, places.length)));
  }
}
