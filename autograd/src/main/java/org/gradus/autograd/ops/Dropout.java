package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.dropout;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/**
 * The op of {@link Ops#dropout}, which says what it computes.
 *
 * <pre>
 *   VJP: the same elements of g, enlarged alike
 * </pre>
 */
record Dropout(double rate, long seed) implements UnaryOp {

  /**
   * Checks the rate.
   *
   * @throws IllegalArgumentException if it is not in [0, 1]
   */
  Dropout {
    if (!(rate >= 0 && rate <= 1)) {
      throw new IllegalArgumentException("dropout: rate %s, expected 0 to 1".formatted(rate));
    }
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    NdArray y = ArrayMath.result(x, x.shape());
    ArrayMath.kernels(x).dropout(rate, seed, ArrayMath.array(x), ArrayMath.array(y));
    return y;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return dropout(g, rate, seed);
  }
}
