package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/**
 * The vector of length 1 with the direction of x, over some axes: the gradient of a {@link Norm}.
 *
 * <pre>
 *   y = x / norm(x)
 *   VJP: (g - y sum(g y)) / norm(x)
 * </pre>
 *
 * Each sum is taken over the axes. Computed as the norm is, in double precision and rounded once.
 * Where x = 0 there is no direction: y is 0, and so is the gradient. Refuses an axis that x does
 * not have or that is named twice.
 *
 * @param axes each from 0, or negative to count from the end
 */
record Direction(List<Integer> axes) implements UnaryOp {
  /** Takes a copy of the list. */
  Direction {
    axes = List.copyOf(axes);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    Slicing slicing = new Slicing(name(), x.shape(), axes);
    NdArray arranged = slicing.arranged(x);
    NdArray y = ArrayMath.result(x, arranged.shape());
    ArrayMath.kernels(x).direction(slicing.slices(), ArrayMath.array(arranged), ArrayMath.array(y));
    return slicing.restored(y);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Tensor.of(new DirectionInput(axes), in.get(0), g);
  }
}
