package org.gradus.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;

/** Images in other sizes. Each axis is resized by itself. */
final class Resizing {
  private static final String PLACES =
      "coordinate_transformation_mode:string=half_pixel|half_pixel_symmetric|pytorch_half_pixel"
          + "|align_corners|asymmetric|tf_half_pixel_for_nn|tf_crop_and_resize@11-";
  private static final String ROUNDING =
      "nearest_mode:string=round_prefer_floor|round_prefer_ceil|floor|ceil@11-";
  private static final String POLICY =
      "keep_aspect_ratio_policy:string=stretch|not_larger|not_smaller@18-";

  private Resizing() {}

  static List<Operator> operators() {
    return List.of(
        Operator.of(
                "Resize",
                10,
                1,
                4,
                "mode:string=nearest|linear|cubic cubic_coeff_a:float@11- exclude_outside:int@11-"
                    + " extrapolation_value:float@11- antialias:int@18- axes:ints@18- "
                    + String.join(" ", PLACES, ROUNDING, POLICY),
                Resizing::resize)
            .with(Operator.Role.CONSTANT, 1, 2, 3),
        Operator.of(
                "Upsample",
                1,
                1,
                2,
                "mode:string=nearest|linear scales:floats@-8!",
                Resizing::resize)
            .with(Operator.Role.CONSTANT, 1)
            .until(9));
  }

  /**
   * How one axis is resized.
   *
   * @param from its extent
   * @param to its new extent
   * @param scale of the two, or as the model says it
   * @param start of the part that is cut out, as a share of the axis
   * @param end of that part
   */
  private record Axis(int number, int from, int to, float scale, double start, double end) {

    /** The new extent before it is rounded down. */
    float length() {
      float exact = from * scale;
      return Math.abs(exact - to) < 1e-3f ? to : exact;
    }
  }

  private static Value resize(Call call) {
    Axis[] axes = axes(call);
    int rank = call.shape(0).rank();
    long[] dims = new long[rank];
    for (int i = 0; i < rank; i++) {
      dims[i] = axes[i].to;
    }
    call.made(dims);
    return call.moved(x -> resized(call, x, axes));
  }

  private static Tensor resized(Call call, Tensor x, Axis[] axes) {
    boolean isPlain = axes.length == 4 && axes[0].to == axes[0].from && axes[1].to == axes[1].from;
    if (isPlain && axes[2].from > 0 && axes[3].from > 0 && x.shape().size() > 0) {
      if (isRepeated(call, axes[2]) && isRepeated(call, axes[3])) {
        return Ops.upsampleNearest(x, axes[2].to / axes[2].from, axes[3].to / axes[3].from);
      }
      String places = places(call);
      boolean isAligned = places.equals("align_corners");
      if ((isAligned || places.endsWith("half_pixel"))
          && isBilinear(call, axes[2])
          && isBilinear(call, axes[3])) {
        return Ops.upsampleBilinear(x, axes[2].to, axes[3].to, isAligned);
      }
    }
    Tensor y = x;
    for (Axis axis : axes) {
      boolean isCut = places(call).equals("tf_crop_and_resize");
      if (axis.from != axis.to || axis.scale != 1 || isCut) {
        y = resized(call, y, axis);
      }
    }
    return y;
  }

  /** Whether each element is there as often as any other, one after another. */
  private static boolean isRepeated(Call call, Axis axis) {
    if (!mode(call).equals("nearest") || axis.to % axis.from != 0) {
      return false;
    }
    int times = axis.to / axis.from;
    int[] nearest = nearest(call, axis, at(call, axis));
    return IntStream.range(0, axis.to).allMatch(i -> nearest[i] == i / times);
  }

  /** Whether the catalogue's own interpolation is the one that is meant. */
  private static boolean isBilinear(Call call, Axis axis) {
    return mode(call).equals("linear")
        && axis.to > 1
        && axis.scale == (float) axis.to / axis.from
        && !call.node().flag("antialias", false);
  }

  private static String mode(Call call) {
    return call.node().text("mode", "nearest");
  }

  private static boolean isOld(Call call) {
    return call.version() < 11;
  }

  private static String places(Call call) {
    return isOld(call)
        ? "asymmetric"
        : call.node().text("coordinate_transformation_mode", "half_pixel");
  }

  // ---- sizes -----------------------------------------------------------------------------------

  private static Axis[] axes(Call call) {
    Shape shape = call.shape(0);
    int rank = shape.rank();
    long[] given = call.node().wholes("axes");
    int[] chosen = given == null ? IntStream.range(0, rank).toArray() : Call.ints(given);
    int scalesAt = isOld(call) ? 1 : 2;
    double[] scales =
        call.has(scalesAt)
            ? call.value(scalesAt).tensor(DType.FLOAT64).value().toDoubleArray()
            : call.node().numbers("scales");
    long[] sizes = call.has(3) ? call.wholes(3) : new long[0];
    boolean byScale = sizes.length == 0;
    if ((byScale ? scales.length : sizes.length) != chosen.length) {
      throw call.refused(
          "%s scales and %s sizes for %s axes, expected as many of one of them"
              .formatted(scales.length, sizes.length, chosen.length));
    }
    double[] roi =
        !isOld(call) && call.has(1)
            ? call.value(1).tensor(DType.FLOAT64).value().toDoubleArray()
            : new double[0];
    boolean hasRoi = roi.length == 2 * chosen.length;
    Axis[] axes = new Axis[rank];
    for (int i = 0; i < rank; i++) {
      axes[i] = new Axis(i, shape.dim(i), shape.dim(i), 1, 0, 1);
    }
    float common = common(call, shape, chosen, sizes);
    for (int i = 0; i < chosen.length; i++) {
      int axis = call.axis(chosen[i], rank);
      int from = shape.dim(axis);
      float scale = byScale ? (float) scales[i] : common > 0 ? common : (float) sizes[i] / from;
      long to =
          byScale
              ? (long) Math.floor(from * scale)
              : common > 0 ? (long) Math.floor(common * from + 0.5f) : sizes[i];
      if (!(scale > 0) && from > 0 && to != 0) {
        throw call.refused("scale %s, expected more than 0".formatted(scale));
      }
      call.made(to);
      axes[axis] =
          new Axis(
              axis,
              from,
              (int) to,
              scale,
              hasRoi ? roi[i] : 0,
              hasRoi ? roi[chosen.length + i] : 1);
    }
    return axes;
  }

  /** The scale of all axes, where they are to keep their ratio; otherwise 0. */
  private static float common(Call call, Shape shape, int[] chosen, long[] sizes) {
    String policy = call.node().text("keep_aspect_ratio_policy", "stretch");
    if (policy.equals("stretch") || sizes.length == 0) {
      return 0;
    }
    boolean isLeast = policy.equals("not_larger");
    float common = isLeast ? Float.MAX_VALUE : 0;
    for (int i = 0; i < chosen.length; i++) {
      float scale = (float) sizes[i] / shape.dim(chosen[i]);
      common = isLeast ? Math.min(common, scale) : Math.max(common, scale);
    }
    return common;
  }

  // ---- one axis --------------------------------------------------------------------------------

  private static Tensor resized(Call call, Tensor x, Axis axis) {
    if (axis.from == 0 && axis.to > 0) {
      throw call.refused("axis %s is empty, expected elements".formatted(axis.number));
    }
    double[] at = at(call, axis);
    String mode = mode(call);
    Tensor y;
    if (mode.equals("nearest")) {
      y = Ops.take(x, axis.number, nearest(call, axis, at));
    } else {
      boolean excludes = call.node().flag("exclude_outside", false);
      boolean isWider = call.node().flag("antialias", false) && axis.scale < 1;
      double a = call.node().number("cubic_coeff_a", -0.75);
      Taps taps =
          mode.equals("linear")
              ? Taps.of(at, axis.from, 1, isWider ? axis.scale : 1, Taps::linear, excludes)
              : Taps.of(
                  at, axis.from, 2, isWider ? axis.scale : 1, d -> Taps.cubic(d, a), excludes);
      y = taps.apply(x, axis.number);
    }
    boolean isCut = places(call).equals("tf_crop_and_resize");
    return isCut ? extrapolated(call, y, axis, at) : y;
  }

  /** For each output, where it lies among the inputs; in single precision, as the format has it. */
  private static double[] at(Call call, Axis axis) {
    double[] at = new double[axis.to];
    for (int i = 0; i < axis.to; i++) {
      at[i] = at(places(call), axis, i);
    }
    return at;
  }

  private static double at(String places, Axis axis, int i) {
    float s = axis.scale;
    return switch (places) {
      case "asymmetric" -> i / s;
      case "align_corners" -> axis.to == 1 ? 0 : i * (axis.from - 1) / (axis.length() - 1);
      case "pytorch_half_pixel" -> axis.to > 1 ? (i + 0.5f) / s - 0.5f : 0;
      case "tf_half_pixel_for_nn" -> (i + 0.5f) / s;
      case "half_pixel_symmetric" -> {
        float adjustment = axis.to / (s * axis.from);
        yield axis.from / 2f * (1 - adjustment) + (i + 0.5f) / s - 0.5f;
      }
      case "tf_crop_and_resize" ->
          axis.to > 1
              ? axis.start * (axis.from - 1)
                  + i * (axis.end - axis.start) * (axis.from - 1) / (axis.to - 1)
              : 0.5 * (axis.start + axis.end) * (axis.from - 1);
      default -> (i + 0.5f) / s - 0.5f;
    };
  }

  private static int[] nearest(Call call, Axis axis, double[] at) {
    String older = call.version() == 10 && axis.scale < 1 ? "ceil" : "floor";
    String rounding = isOld(call) ? older : call.node().text("nearest_mode", "round_prefer_floor");
    return Arrays.stream(at)
        .map(
            place ->
                switch (rounding) {
                  case "floor" -> Math.floor(place);
                  case "ceil" -> Math.ceil(place);
                  case "round_prefer_ceil" -> Math.floor(place + 0.5);
                  default -> Math.ceil(place - 0.5);
                })
        .mapToInt(place -> (int) Math.max(0, Math.min(axis.from - 1.0, place)))
        .toArray();
  }

  private static Tensor extrapolated(Call call, Tensor x, Axis axis, double[] at) {
    int[] dims = new int[x.shape().rank()];
    Arrays.fill(dims, 1);
    dims[axis.number] = axis.to;
    NdArray inside =
        NdArray.generate(
            x.dtype(), Shape.of(dims), i -> at[i] >= 0 && at[i] <= axis.from - 1 ? 1 : 0);
    double value = call.node().number("extrapolation_value", 0);
    return Ops.where(Tensor.constant(inside), x, value);
  }
}
