package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;

/**
 * Brings the mean over some axes to 0 and the variance to 1: what batch, layer and group
 * normalisation have in common.
 *
 * <pre>
 *   y = (x - mean(x)) / sigma,  sigma = (mean((x - mean(x))^2) + epsilon)^(1/2)
 *   VJP: (g - mean(g) - y mean(g y)) / sigma
 * </pre>
 *
 * Each mean is taken over the axes, at each place along the others. Any shape. The variance is the
 * sum of squared differences from the mean over n (not n - 1), so that a mean that is large beside
 * it costs no digits. Value and VJP are computed in double precision and rounded once, for elements
 * of any size: squares neither overflow nor vanish, and epsilon may be too small for the element
 * type. Parts of the VJP may cancel, as all do where there are two elements and epsilon is
 * negligible beside their variance: what is left is off by some 2^-52 of the largest g / sigma.
 * Where all elements are equal, or there is only one, y is 0 and epsilon keeps the derivative
 * finite; if epsilon is 0, both are NaN there. Refuses an axis that x does not have or that is
 * named twice.
 *
 * @param axes each from 0, or negative to count from the end
 * @param epsilon added to the variance, at least 0
 * @see <a href="https://arxiv.org/abs/1502.03167">Ioffe and Szegedy, Batch normalization</a>
 */
public record Normalize(List<Integer> axes, double epsilon) implements UnaryOp {

  /**
   * Takes a copy of the list.
   *
   * @throws IllegalArgumentException if epsilon is negative, infinite or NaN
   */
  public Normalize {
    axes = Nulls.list("normalize: axes", axes);
    requireEpsilon("normalize", epsilon);
  }

  static void requireEpsilon(String op, double epsilon) {
    if (!(epsilon >= 0 && epsilon < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "%s: epsilon %s, expected a finite number of at least 0".formatted(op, epsilon));
    }
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    Slicing slicing = new Slicing(name(), x.shape(), axes);
    NdArray arranged = slicing.arranged(x);
    NdArray y = ArrayMath.result(x, arranged.shape());
    ArrayMath.kernels(x)
        .normalize(
            slicing.slices(),
            epsilon,
            ArrayMath.array(arranged),
            ArrayMath.known(arranged),
            ArrayMath.array(y));
    return slicing.restored(y);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Tensor.of(new NormalizeInput(axes, epsilon), in.get(0), g);
  }
}
