package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.equal;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.neg;
import static org.gradus.autograd.ops.Ops.where;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/**
 * The derivative of {@link Direction} in its input, a symmetric matrix for each slice, times v.
 *
 * <pre>
 *   x, v of one shape, u = direction(x), r = norm(x)
 *   y = (v - u sum(u v)) / r
 *   VJP x: -(u sum(g y) + z sum(u v) + y sum(u g)) / r,  z = directionInput(x, g)
 *   VJP v: directionInput(x, g)
 * </pre>
 *
 * Each sum is taken over the axes. Computed as the norm is, in double precision and rounded once;
 * what the difference leaves is off by some 2^-52 of the largest v / r. Where x = 0, y is 0, and so
 * are the gradients. Refuses shapes that differ, and axes that they do not have or that are named
 * twice.
 *
 * @param axes each from 0, or negative to count from the end
 */
record DirectionInput(List<Integer> axes) implements BinaryOp {
  /** Takes a copy of the list. */
  DirectionInput {
    axes = List.copyOf(axes);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    NdArray v = in.get(1);
    Losses.requireSameShape(name(), "input", x.shape(), "cotangent", v.shape());
    Slicing slicing = new Slicing(name(), x.shape(), axes);
    NdArray arranged = slicing.arranged(x);
    NdArray y = ArrayMath.result(x, arranged.shape());
    ArrayMath.kernels(x)
        .directionInput(
            slicing.slices(),
            ArrayMath.array(arranged),
            ArrayMath.array(slicing.arranged(v)),
            ArrayMath.array(y));
    return slicing.restored(y);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    Tensor z = Tensor.of(this, x, g);
    if (input == 1) {
      return z;
    }
    Tensor v = in.get(1);
    Tensor u = Tensor.of(new Direction(axes), x);
    Tensor norm = Tensor.of(new Norm(axes, true), x);
    Tensor r = where(equal(norm, 0), Double.POSITIVE_INFINITY, norm); // so that 0 / r is 0
    Tensor turned = add(quotient(z, u, v, r), quotient(y, u, g, r));
    return neg(add(quotient(u, g, y, r), turned));
  }

  /** a sum(b c) / r. */
  private Tensor quotient(Tensor a, Tensor b, Tensor c, Tensor r) {
    return NormalizeInput.quotient(a, Tensor.of(new Sum(axes, true), mul(b, c)), r);
  }
}
