package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.greater;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.where;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The op of {@link Ops#leakyRelu}, which says what it computes.
 *
 * <pre>
 *   VJP: g where x > 0, otherwise slope g
 * </pre>
 */
record LeakyRelu(double slope) implements UnaryOp {

  /**
   * Checks the slope.
   *
   * @throws IllegalArgumentException if it is NaN or infinite
   */
  LeakyRelu {
    requireFinite("leakyRelu: slope", slope);
  }

  static void requireFinite(String what, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("%s %s, expected a finite number".formatted(what, value));
    }
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.unary(Unary.LEAKY_RELU, slope, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return where(greater(in.get(0), 0), g, mul(g, slope));
  }
}
