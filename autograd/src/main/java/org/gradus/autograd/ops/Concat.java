package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.concat;
import static org.gradus.autograd.ops.Ops.reshape;
import static org.gradus.autograd.ops.Ops.slice;

import java.util.Arrays;
import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * Arrays, concatenated along an axis.
 *
 * <pre>
 *   y[..., s_k + i, ...] = x_k[..., i, ...],  s_k = the sum of the extents of x_0 to x_(k-1)
 *   VJP x_k: the slice of g from s_k to s_k + the extent of x_k
 * </pre>
 *
 * One input or more, of one shape but for the extent of that axis, which may be 0. Refuses an axis
 * that they do not have, extents that differ on another, and inputs that do not begin where the op
 * says.
 *
 * @param axis from 0, or negative to count from the end
 * @param starts where each input begins along the axis: s_0, s_1, ...; an attribute, so that no VJP
 *     needs to look at the inputs before its own
 */
public record Concat(int axis, List<Integer> starts) implements Op {
  /** Takes a copy of the list. */
  public Concat {
    starts = Nulls.list("concat: starts", starts);
  }

  /** The op for inputs of these shapes. */
  static Concat of(int axis, List<Shape> shapes) {
    Integer[] starts = new Integer[shapes.size()];
    long start = 0;
    for (int k = 0; k < starts.length; k++) {
      Shape shape = shapes.get(k);
      int index = axis < 0 ? axis + shape.rank() : axis;
      starts[k] = (int) Math.min(start, Integer.MAX_VALUE);
      start += index >= 0 && index < shape.rank() ? shape.dim(index) : 0; // or else it is refused
    }
    return new Concat(axis, List.of(starts));
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    Shape first = in.get(0).shape();
    int index = first.axis(name(), axis);
    long total = 0;
    for (int k = 0; k < in.size(); k++) {
      Shape shape = in.get(k).shape();
      if (shape.rank() != first.rank() || !shape.with(index, 0).equals(first.with(index, 0))) {
        throw new ShapeException(
            name(),
            "input %s has shape %s, but input 0 has %s: expected the same extents on all axes but %s"
                .formatted(k, shape, first, index));
      }
      total += shape.dim(index);
    }
    Shape result = Axes.with(name(), first, index, total);
    Concat expected = of(axis, in.stream().map(NdArray::shape).toList());
    if (!equals(expected)) {
      throw new ShapeException(
          name(), "inputs begin at %s, but starts says %s".formatted(expected.starts, starts));
    }
    NdArray y = ArrayMath.result(in.get(0), result);
    for (int k = 0; k < in.size(); k++) {
      NdArray x = in.get(k);
      StridedView.of(x)
          .copyTo(StridedView.of(y).range(index, starts.get(k), x.shape().dim(index), 1));
    }
    return y;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    int start = starts.get(input);
    return slice(g, axis, start, start + in.get(input).shape().dim(axis));
  }

  /** The inputs, all of one shape, one behind the other along a new axis. */
  static Tensor stack(int axis, Tensor... inputs) {
    Tensor[] slabs = Nulls.inputs("stack", 0, inputs).toArray(new Tensor[0]);
    for (int k = 0; k < inputs.length; k++) {
      Shape shape = inputs[k].shape();
      inputs[0].dtype().require("stack", "input " + k, inputs[k].dtype());
      if (!shape.equals(inputs[0].shape())) {
        throw new ShapeException(
            "stack",
            "input %s has shape %s, but input 0 has %s".formatted(k, shape, inputs[0].shape()));
      }
      int[] dims = Arrays.copyOf(shape.toArray(), shape.rank() + 1);
      dims[shape.rank()] = 1;
      int index = Shape.of(dims).axis("stack", axis);
      System.arraycopy(dims, index, dims, index + 1, shape.rank() - index);
      dims[index] = inputs.length;
      Shape.of("stack", dims); // refuses a result that no array holds
      dims[index] = 1;
      slabs[k] = reshape(inputs[k], dims);
    }
    return concat(axis, slabs);
  }
}
