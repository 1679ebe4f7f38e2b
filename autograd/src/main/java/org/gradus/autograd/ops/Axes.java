package org.gradus.autograd.ops;

import java.util.List;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * Which axes a reduction is over, and whether they stay. Start with {@link #axes} and add to it:
 *
 * <pre>{@code
 * sum(x, axes(1, 2).keepDims())
 * }</pre>
 *
 * <p>An op refuses an axis that its input does not have, or that is named twice.
 *
 * @param numbers of the axes, each from 0, or negative to count from the end; none means all axes
 * @param kept whether these axes stay in the result, with extent 1, or are removed
 */
public record Axes(List<Integer> numbers, boolean kept) {
  /** Takes a copy of the list. */
  public Axes {
    numbers = Nulls.list("axes: numbers", numbers);
  }

  /** The axes of these numbers, or all axes if none are given; the reduction removes them. */
  public static Axes axes(int... numbers) {
    Nulls.refuse("axes: numbers", numbers);
    return new Axes(IntStream.of(numbers).boxed().toList(), false);
  }

  /**
   * The same axes, kept with extent 1: the result then broadcasts against the input, as in {@code
   * sub(x, mean(x, axes(1).keepDims()))}.
   */
  public Axes keepDims() {
    return new Axes(numbers, true);
  }

  /** The axes of these numbers, of the input of an op; refuses null. */
  static Axes of(String op, Tensor x, int... axes) {
    Nulls.refuse(op + ": x, axes", x, axes);
    return axes(axes);
  }

  /** Their numbers in the input of an op; refuses null. */
  static List<Integer> in(String op, Tensor x, Axes axes) {
    Nulls.refuse(op + ": x, axes", x, axes);
    return axes.in(x.shape());
  }

  /** Their numbers in a shape: all that it has, if none were given. */
  List<Integer> in(Shape shape) {
    return numbers.isEmpty() ? IntStream.range(0, shape.rank()).boxed().toList() : numbers;
  }

  // ---- what ops do with the axes that they are over --------------------------------------------

  /** For each axis of the shape, whether it is in the list; refuses one that is named twice. */
  static boolean[] marked(String op, Shape shape, List<Integer> axes) {
    boolean[] marked = new boolean[shape.rank()];
    for (int axis : axes) {
      int index = shape.axis(op, axis);
      if (marked[index]) {
        throw new ShapeException(op, "axis %s is named twice in %s".formatted(index, axes));
      }
      marked[index] = true;
    }
    return marked;
  }

  /** The shape with extent 1 on each marked axis. */
  static Shape kept(Shape shape, boolean[] marked) {
    Shape kept = shape;
    for (int axis = 0; axis < marked.length; axis++) {
      kept = marked[axis] ? kept.with(axis, 1) : kept;
    }
    return kept;
  }

  /** The shape with the marked axes kept at extent 1, or removed. */
  static Shape result(Shape shape, boolean[] marked, boolean keepDims) {
    return keepDims
        ? kept(shape, marked)
        : Shape.of(indices(marked, false).map(shape::dim).toArray());
  }

  /** Those axes whose mark is this one. */
  static IntStream indices(boolean[] marked, boolean mark) {
    return IntStream.range(0, marked.length).filter(axis -> marked[axis] == mark);
  }

  /** The sum over the axes, with those axes kept at extent 1, or removed. */
  static NdArray sum(String op, NdArray x, List<Integer> axes, boolean keepDims) {
    return sum(op, x, axes, keepDims, 1);
  }

  /** The same, divided by a number before it is rounded. */
  static NdArray sum(String op, NdArray x, List<Integer> axes, boolean keepDims, double divisor) {
    boolean[] marked = marked(op, x.shape(), axes);
    return ArrayMath.sum(x, marked, divisor, result(x.shape(), marked, keepDims));
  }

  /** The number of elements that each sum adds up. */
  static int count(String op, Shape shape, List<Integer> axes) {
    boolean[] marked = marked(op, shape, axes);
    return indices(marked, true).map(shape::dim).reduce(1, (a, b) -> a * b);
  }

  /** The shape with another extent on an axis; refuses one that no array has. */
  static Shape with(String op, Shape shape, int axis, long extent) {
    if (extent > Integer.MAX_VALUE) {
      throw new ShapeException(
          op, "axis %s would have an extent of %s, which no array holds".formatted(axis, extent));
    }
    int[] dims = shape.toArray();
    dims[axis] = (int) extent;
    return Shape.of(op, dims);
  }
}
