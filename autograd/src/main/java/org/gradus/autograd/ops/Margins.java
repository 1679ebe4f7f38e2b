package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.take;

import java.util.Arrays;
import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/** Margins that continue a tensor: made of its own elements, which {@link Take} takes. */
final class Margins {
  private static final String OP = "pad";

  private Margins() {}

  /** As {@link Ops#pad(Tensor, int[], int[], PadMode)}, of a mode that is not constant. */
  static Tensor pad(Tensor x, int[] before, int[] after, PadMode mode) {
    Pad margins = new Pad(list(before), list(after), 0);
    Shape padded = margins.padded(x.shape());
    for (int axis = 0; axis < padded.rank(); axis++) {
      requireSource(x.shape(), axis, before[axis], after[axis], mode);
    }
    if (padded.size() == 0) { // of any extents, so that no position is to be listed
      return Tensor.of(margins, x);
    }
    Tensor y = x;
    for (int axis = padded.rank() - 1; axis >= 0; axis--) { // the outer ones then copy long runs
      if (before[axis] + after[axis] > 0) {
        y = take(y, axis, positions(padded.dim(axis), x.shape().dim(axis), before[axis], mode));
      }
    }
    return y;
  }

  private static List<Integer> list(int[] margins) {
    return Arrays.stream(margins).boxed().toList();
  }

  private static void requireSource(Shape x, int axis, int before, int after, PadMode mode) {
    int extent = x.dim(axis);
    int margin = Math.max(before, after);
    if (mode == PadMode.REFLECT && margin > Math.max(0, extent - 1)) {
      throw new ShapeException(
          OP,
          "margins %s before and %s after axis %s of %s, expected at most %s: a reflection leaves out the end of %s elements"
              .formatted(before, after, axis, x, Math.max(0, extent - 1), extent));
    }
    if (margin > 0 && extent == 0) {
      throw new ShapeException(
          OP,
          "margins %s before and %s after axis %s of %s, expected 0: there is no edge of %s elements"
              .formatted(before, after, axis, x, extent));
    }
  }

  /** Where each element of the padded axis is taken from. */
  private static int[] positions(int padded, int extent, int before, PadMode mode) {
    int last = extent - 1;
    int[] positions = new int[padded];
    for (int i = 0; i < padded; i++) {
      int place = i - before;
      positions[i] =
          mode == PadMode.EDGE
              ? Math.min(Math.max(place, 0), last)
              : last - Math.abs(last - Math.abs(place));
    }
    return positions;
  }
}
