package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.dropout;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/**
 * Sets a share of the elements to 0, drawn at random, and enlarges the others so that the expected
 * sum stays.
 *
 * <pre>
 *   y_i = x_i / (1 - rate) if u_i >= rate, otherwise 0
 *   u_i in [0, 1) is a hash of (seed, i); i is the place in row-major order
 *   VJP: the same elements of g, enlarged alike
 * </pre>
 *
 * Linear; any shape. What is dropped is 0 even where x is infinite or NaN. The seed is an
 * attribute, so the op is a function like any other: the same seed drops the same elements, and
 * each training step wants another one.
 *
 * <p>A gradient of 0 goes on to the op that made the input, and times an infinite derivative it is
 * NaN there. Where that may happen, choose a safe input of that op first: for example {@code
 * log(where(greater(x, 0), x, 1))} in place of {@code log(x)}.
 *
 * @param rate the share that is dropped, from 0 to 1; at 1 all is dropped, and y and its VJP are 0
 * @param seed any number; the elements kept by two seeds have nothing to do with each other
 * @see <a href="https://jmlr.org/papers/v15/srivastava14a.html">Srivastava et al., Dropout</a>
 */
public record Dropout(double rate, long seed) implements UnaryOp {

  /**
   * Checks the rate.
   *
   * @throws IllegalArgumentException if it is not in [0, 1]
   */
  public Dropout {
    if (!(rate >= 0 && rate <= 1)) {
      throw new IllegalArgumentException("dropout: rate %s, expected 0 to 1".formatted(rate));
    }
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    NdArray y = Compute.result(x, x.shape());
    Compute.kernels(x).dropout(rate, seed, Compute.array(x), Compute.array(y));
    return y;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return dropout(g, rate, seed);
  }
}
