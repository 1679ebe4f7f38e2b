package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.neg;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Loss;

/**
 * The mean absolute error over all elements.
 *
 * <pre>
 *   y, t of one shape with n elements
 *   E = 1/n sum of |y - t|
 *   VJP y: g/n sign(y - t)
 *   VJP t: -g/n sign(y - t)
 * </pre>
 *
 * Where y and t are equal, the derivative is 0. Added up in double precision and divided before it
 * is rounded. Refuses shapes that differ; nothing is broadcast. The mean of nothing is NaN.
 */
public record L1() implements BinaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray prediction = in.get(0);
    NdArray target = in.get(1);
    Losses.requireSameShape(name(), "prediction", prediction.shape(), "target", target.shape());
    return ArrayMath.loss(Loss.ABSOLUTE, 0, target.size(), prediction, target);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor e, List<Tensor> in) {
    Tensor slope = Tensor.of(new LossInput(Loss.ABSOLUTE, 0), in.get(0), in.get(1), g);
    return input == 0 ? slope : neg(slope);
  }
}
