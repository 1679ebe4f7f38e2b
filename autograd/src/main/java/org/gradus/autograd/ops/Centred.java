package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.mul;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/**
 * What elements are above their mean over some axes, times a scale.
 *
 * <pre>
 *   y = c s (x - mean(x)); s has extent 1 on the axes
 *   VJP x: c s (g - mean(g))
 *   VJP s: sum over the axes of c (x - mean(x)) g
 * </pre>
 *
 * The gradient of a {@link Variance}. Computed in double precision and rounded once. Refuses an s
 * of another shape, and an axis that x does not have or that is named twice.
 *
 * @param axes each from 0, or negative to count from the end
 * @param factor c
 */
record Centred(List<Integer> axes, double factor) implements BinaryOp {
  /** Takes a copy of the list. */
  Centred {
    axes = List.copyOf(axes);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    NdArray s = in.get(1);
    Slicing slicing = new Slicing(name(), x.shape(), axes);
    Losses.requireSameShape(name(), "the means", slicing.kept(), "the scale", s.shape());
    NdArray arranged = slicing.arranged(x);
    NdArray y = ArrayMath.result(x, arranged.shape());
    ArrayMath.kernels(x)
        .centre(
            slicing.slices(),
            factor,
            ArrayMath.array(arranged),
            ArrayMath.array(s),
            ArrayMath.array(y));
    return slicing.restored(y);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    Tensor s = in.get(1);
    if (input == 0) {
      return Tensor.of(this, g, s);
    }
    Tensor one = Tensor.constant(NdArray.full(s.dtype(), s.shape(), 1));
    return Tensor.of(new Sum(axes, true), mul(Tensor.of(this, x, one), g));
  }
}
