package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.sumTo;

import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.Factor;

/**
 * A difference times a scale, element by element: squared errors have such gradients, and
 * normalisation by moments that are known is one.
 *
 * <pre>
 *   y = c (a - b) s
 *   VJP a: sumTo(c g s, a)
 *   VJP b: sumTo(-c g s, b)
 *   VJP s: sumTo(c (a - b) g, s)
 * </pre>
 *
 * Shapes broadcast by NumPy's rules, all three together; the VJPs sum over what was repeated.
 * Within 2 units in the last place: the difference is not rounded by itself in float32, and in
 * neither type too large to be multiplied by a scale that is small. Refuses shapes that do not
 * broadcast.
 *
 * @param factor c
 */
record ScaledDifference(double factor) implements Op {
  @Override
  public int arity() {
    return 3;
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray a = in.get(0);
    NdArray b = in.get(1);
    NdArray s = in.get(2);
    Shape shape = Shape.broadcast(name(), Shape.broadcast(name(), a.shape(), b.shape()), s.shape());
    return ArrayMath.scaledDifference(factor, a, b, s, shape);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor product =
        switch (input) {
          case 0 -> Product.of(factor, g, Factor.Power.one(), in.get(2));
          case 1 -> Product.of(-factor, g, Factor.Power.one(), in.get(2));
          default -> Tensor.of(this, in.get(0), in.get(1), g);
        };
    return sumTo(product, in.get(input).shape());
  }
}
