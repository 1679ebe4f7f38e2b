package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.neg;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Loss;

/**
 * Squares for small errors, absolute values for large ones, so that an outlier pulls no harder than
 * delta.
 *
 * <pre>
 *   y, t of one shape with n elements, d = y - t
 *   E = 1/n sum of  d^2 / 2 if |d| &lt;= delta, otherwise delta (|d| - delta/2)
 *   VJP y: g/n d, held within delta g/n to either side
 *   VJP t: the same, negated
 * </pre>
 *
 * Added up in double precision and divided before it is rounded. Refuses shapes that differ,
 * nothing is broadcast, and a delta that is not more than 0. The mean of nothing is NaN.
 *
 * @param delta the error above which the loss is linear
 * @see <a href="https://doi.org/10.1214/aoms/1177703732">Huber, Robust estimation of a location
 *     parameter</a>
 */
public record Huber(double delta) implements BinaryOp {
  /** Refuses a delta that is not more than 0. */
  public Huber {
    if (!(delta > 0)) {
      throw new IllegalArgumentException("huber: delta %s, expected more than 0".formatted(delta));
    }
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray prediction = in.get(0);
    NdArray target = in.get(1);
    Losses.requireSameShape(name(), "prediction", prediction.shape(), "target", target.shape());
    return ArrayMath.loss(Loss.HUBER, delta, target.size(), prediction, target);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor e, List<Tensor> in) {
    Tensor slope = Tensor.of(new LossInput(Loss.HUBER, delta), in.get(0), in.get(1), g);
    return input == 0 ? slope : neg(slope);
  }
}
