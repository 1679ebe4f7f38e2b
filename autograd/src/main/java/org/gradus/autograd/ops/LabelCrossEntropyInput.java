package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sum;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.Factor;

/**
 * The derivative of {@link LabelCrossEntropy}, times a number g.
 *
 * <pre>
 *   x [N, K], g []; t[n, k] = s / K, and 1 - s more where k is the label of n
 *   y[n, k] = g/N (softmax(x[n])[k] - t[n, k])
 *   VJP x: g/N softmaxInput(x, h), of a cotangent h
 *   VJP g: sum(h labelCrossEntropyInput(x, 1))
 * </pre>
 *
 * At a label it is minus the sum of the other probabilities, which loses nothing where a prediction
 * is sure. A row of x that is -infinity throughout gives 0. Refuses logits that are not [N, K] for
 * N labels, a label that is negative or not below K, and a cotangent with axes.
 *
 * @param labels [N], each from 0 to K - 1
 * @param smoothing s, from 0 on and below 1
 */
record LabelCrossEntropyInput(Indices labels, double smoothing) implements BinaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    Losses.requireRows(name(), "logits", x.shape(), labels.storage());
    OneHot.requireLabels(name(), x.shape().dim(1), labels.storage());
    Losses.requireSameShape(name(), "cotangent", in.get(1).shape(), "a number", Shape.SCALAR);
    NdArray y = ArrayMath.result(x, x.shape());
    double factor = in.get(1).item() * share(x.shape());
    ArrayMath.kernels(x)
        .labelCrossEntropyInput(
            x.shape().dim(1),
            smoothing,
            factor,
            ArrayMath.array(x),
            labels.storage(),
            ArrayMath.array(y));
    return y;
  }

  @Override
  public Tensor vjp(int input, Tensor h, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    if (input == 0) {
      Tensor slope = Tensor.of(new SoftmaxInput(1), x, h);
      return Product.of(share(x.shape()), slope, Factor.Power.one(), in.get(1));
    }
    Tensor one = Tensor.constant(NdArray.scalar(x.dtype(), 1));
    return sum(mul(h, Tensor.of(this, x, one)));
  }

  /** 1/N; of no rows, the gradients are empty. */
  private static double share(Shape x) {
    return 1.0 / Math.max(1, x.dim(0));
  }
}
