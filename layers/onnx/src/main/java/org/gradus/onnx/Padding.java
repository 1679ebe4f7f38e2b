package org.gradus.onnx;

import java.util.List;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;
import org.gradus.autograd.ops.PadMode;

/** Margins around tensors. */
final class Padding {
  private Padding() {}

  static List<Operator> operators() {
    return List.of(
        Operator.of(
                "Pad",
                1,
                1,
                4,
                "mode:string=constant|reflect|edge|wrap pads:ints@-10! value:float@-10",
                Padding::pad)
            .with(Operator.Role.CONSTANT, 1, 2, 3));
  }

  private static Value pad(Call call) {
    Shape shape = call.shape(0);
    int rank = shape.rank();
    int[] pads = call.list("pads", 1).orElseThrow(() -> call.refused("pads are left out"));
    int[] axes = call.has(3) ? call.ints(3) : IntStream.range(0, rank).toArray();
    if (pads.length != 2 * axes.length) {
      throw call.refused(
          "%s pads for %s axes, expected two for each".formatted(pads.length, axes.length));
    }
    int[] before = new int[rank];
    int[] after = new int[rank];
    long[] dims = new long[rank];
    for (int i = 0; i < axes.length; i++) {
      int axis = call.axis(axes[i], rank);
      before[axis] = pads[i];
      after[axis] = pads[axes.length + i];
    }
    for (int i = 0; i < rank; i++) {
      dims[i] = (long) shape.dim(i) + before[i] + after[i];
    }
    call.made(dims);
    String mode = call.node().text("mode", "constant");
    double value = call.number(2, call.node().number("value", 0));
    return call.moved(x -> padded(call, x, before, after, mode, value));
  }

  /** Negative margins are cut off first. */
  private static Tensor padded(
      Call call, Tensor x, int[] before, int[] after, String mode, double value) {
    Tensor y = x;
    int[] first = before.clone();
    int[] last = after.clone();
    for (int axis = 0; axis < first.length; axis++) {
      if (first[axis] < 0 || last[axis] < 0) {
        int from = Math.max(0, -first[axis]);
        int to = y.shape().dim(axis) - Math.max(0, -last[axis]);
        if (from > to) {
          throw call.refused("pads cut off more of axis %s than it has".formatted(axis));
        }
        y = Ops.slice(y, axis, from, to);
        first[axis] = Math.max(0, first[axis]);
        last[axis] = Math.max(0, last[axis]);
      }
    }
    return switch (mode) {
      case "constant" -> Ops.pad(y, first, last, value);
      case "edge" -> Ops.pad(y, first, last, PadMode.EDGE);
      case "reflect" -> Ops.pad(y, first, last, PadMode.REFLECT);
      default -> wrapped(call, y, first, last);
    };
  }

  private static Tensor wrapped(Call call, Tensor x, int[] before, int[] after) {
    Tensor y = x;
    for (int i = 0; i < before.length; i++) {
      int axis = i;
      int extent = y.shape().dim(axis);
      if (before[axis] + after[axis] > 0) {
        if (extent == 0) {
          throw call.refused("axis %s is empty, expected something to repeat".formatted(axis));
        }
        int[] places =
            IntStream.range(-before[axis], extent + after[axis])
                .map(place -> Math.floorMod(place, extent))
                .toArray();
        y = Ops.take(y, axis, places);
      }
    }
    return y;
  }
}
