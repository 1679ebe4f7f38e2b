package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Factor;

/**
 * One divided by the square root, element by element, with epsilon added first: what normalisation
 * by a given variance multiplies by.
 *
 * <pre>
 *   y = (x + epsilon)^(-1/2)
 *   VJP: -g y^3 / 2
 * </pre>
 *
 * Any shape. Domain: x + epsilon > 0; at 0 the value is infinite, below it NaN. Computed in double
 * precision and rounded once; epsilon may be too small for the element type.
 *
 * @param epsilon at least 0
 */
record InverseRoot(double epsilon) implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return in.get(0).map(x -> 1 / Math.sqrt(x + epsilon));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Product.of(-0.5, g, new Factor.Power(3), y);
  }
}
