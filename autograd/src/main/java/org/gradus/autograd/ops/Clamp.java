package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.equal;
import static org.gradus.autograd.ops.Ops.gate;
import static org.gradus.autograd.ops.Ops.where;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The nearest number in an interval, element by element.
 *
 * <pre>
 *   y = min(max(x, least), most)
 *   VJP: g where y = x, otherwise 0; NaN where x is NaN
 * </pre>
 *
 * Any shape. The gradient passes inside of the interval and at its bounds, where the kinks are. NaN
 * stays NaN, in all derivatives. Refuses bounds that are NaN or in the wrong order.
 *
 * <p>A gradient of 0 is passed on to the op that made the input; if the derivative of that op is
 * infinite, the product is NaN. Where that may happen, choose a safe input of that op first: {@code
 * log(where(greater(x, 0), x, 1))}, for example, in place of {@code log(x)}.
 *
 * @param least the lower bound, rounded to the element type; -infinity for none
 * @param most the upper bound, rounded to the element type; infinity for none
 */
public record Clamp(double least, double most) implements UnaryOp {
  /** Refuses bounds that are NaN or in the wrong order. */
  public Clamp {
    if (!(least <= most)) {
      throw new IllegalArgumentException(
          "clamp: bounds %s and %s, expected the first at most the second".formatted(least, most));
    }
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray raised = ArrayMath.unary(Unary.AT_LEAST, least, in.get(0));
    return ArrayMath.unary(Unary.AT_MOST, most, raised);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    Tensor inside = equal(x, y);
    return x.read(v -> ArrayMath.isWithin(0, Double.POSITIVE_INFINITY, v))
        ? gate(inside, g)
        : where(inside, g, Tensor.of(new Flat(), x)); // there is a NaN
  }
}
