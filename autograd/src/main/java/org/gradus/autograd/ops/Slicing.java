package org.gradus.autograd.ops;

import java.util.List;
import java.util.stream.IntStream;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.Slices;

/**
 * An array cut into slices, each with all elements along some axes, for kernels that work on each
 * slice by itself. Where those axes do not leave runs at one distance, they are brought to the end
 * first.
 */
final class Slicing {
  private final Shape shape;
  private final boolean[] marked;
  private final boolean direct;
  private final Slices slices;

  /** Refuses axes that the shape does not have, or that are named twice. */
  Slicing(String op, Shape shape, List<Integer> axes) {
    this.shape = shape;
    this.marked = Axes.marked(op, shape, axes);
    int[] extents = {1, 1, 1, 1}; // of what is kept, sliced, kept, and sliced
    int part = 0;
    for (int axis = 0; axis < marked.length; axis++) {
      if (shape.dim(axis) != 1) {
        part += marked[axis] == (part % 2 == 1) ? 0 : 1;
        extents[Math.min(part, 3)] *= shape.dim(axis);
      }
    }
    this.direct = part < 4;
    this.slices = direct ? Slices.of(extents) : new Slices(count(false), 1, 1, count(true));
  }

  private int count(boolean mark) {
    return Axes.indices(marked, mark).map(shape::dim).reduce(1, (a, b) -> a * b);
  }

  /** Whether the slices lie in the array as it is. */
  boolean isDirect() {
    return direct;
  }

  Slices slices() {
    return slices;
  }

  /** The number of elements of each slice. */
  int size() {
    return count(true);
  }

  /** The shape with extent 1 on the axes that are sliced. */
  Shape kept() {
    return Axes.kept(shape, marked);
  }

  /** An array of the shape, as the slices lie. */
  NdArray arranged(NdArray x) {
    return direct ? x : StridedView.of(x).permute(order()).copy();
  }

  /** What is arranged so, as the shape has it. */
  NdArray restored(NdArray y) {
    if (direct) {
      return y.reshape(shape);
    }
    int[] order = order();
    int[] inverse = new int[order.length];
    for (int axis = 0; axis < order.length; axis++) {
      inverse[order[axis]] = axis;
    }
    return StridedView.of(y).permute(inverse).copy();
  }

  /** The axes, with those that are sliced at the end. */
  private int[] order() {
    return IntStream.concat(Axes.indices(marked, false), Axes.indices(marked, true)).toArray();
  }
}
