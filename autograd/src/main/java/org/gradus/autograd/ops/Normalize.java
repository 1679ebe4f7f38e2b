package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.div;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sqrt;
import static org.gradus.autograd.ops.Ops.sub;

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
 * Each mean is taken over the axes, at each place along the others. Any shape. The variance is that
 * of the elements that are there (over n, not n - 1), from their differences to the mean, so that a
 * mean that is large beside it costs no digits. Where all elements are equal, or there is only one,
 * y is 0 and epsilon keeps the derivative finite; if epsilon is 0, both are NaN there. Refuses an
 * axis that x does not have or that is named twice.
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
    Axes.marked(name(), in.get(0).shape(), axes);
    Tensor centred = centred(Tensor.constant(in.get(0)));
    return div(centred, sigma(centred)).value();
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor along = mul(y, mean(mul(g, y)));
    return div(sub(sub(g, mean(g)), along), sigma(centred(in.get(0))));
  }

  /** The mean is subtracted twice, since the first one is rounded, and may be large. */
  private Tensor centred(Tensor x) {
    Tensor nearly = sub(x, mean(x));
    return sub(nearly, mean(nearly));
  }

  private Tensor sigma(Tensor centred) {
    return sqrt(add(mean(mul(centred, centred)), epsilon));
  }

  private Tensor mean(Tensor x) {
    return Tensor.of(new Mean(axes, true), x);
  }
}
