package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.Channels;
import org.gradus.autograd.internal.kernel.Slices;

/**
 * An array cut into slices, and numbers that broadcast to it, for kernels that go over both at
 * once. Not all shapes lie so that they can.
 */
final class ChannelSlicing {
  private final Slicing slicing;
  private final Channels channels;
  private final boolean isDirect;

  /**
   * Refuses axes that the shape does not have, or that are named twice, and numbers that do not
   * broadcast to it.
   */
  ChannelSlicing(String op, Shape shape, List<Integer> axes, Shape numbers) {
    BroadcastTo.check(op, numbers, shape);
    slicing = new Slicing(op, shape, axes);
    int before = shape.rank() - numbers.rank();
    int repeat = 1;
    int count = 1;
    boolean isRepeated = false; // along axes before those of the numbers
    boolean areNeighbours = true;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      int extent = shape.dim(axis);
      boolean has = axis >= before && numbers.dim(axis - before) != 1;
      if (has) {
        areNeighbours &= !isRepeated;
        count *= extent;
      } else if (count == 1) {
        repeat *= extent;
      } else {
        isRepeated |= extent != 1;
      }
    }
    isDirect = areNeighbours && slicing.isDirect() && shape.size() > 0;
    channels = new Channels(Math.max(1, count), Math.max(1, repeat));
  }

  /** Whether a kernel can go over both; otherwise ops compute one after the other. */
  boolean isDirect() {
    return isDirect;
  }

  /** Whether a kernel can also add up what belongs to each number. */
  boolean isSummable() {
    if (!isDirect) {
      return false;
    }
    Slices s = slices();
    boolean isSlice =
        s.outer() == 1 && s.inner() == channels.count() && s.length() == channels.repeat();
    return isSlice || s.rows() == 1; // of two products of the last extents, one divides the other
  }

  Slices slices() {
    return slicing.slices();
  }

  Channels channels() {
    return channels;
  }
}
