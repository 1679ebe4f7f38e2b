package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;

/**
 * The {@link CrossEntropy} of labels, without targets as an array.
 *
 * <pre>
 *   x [N, K], N labels; t[n, k] = s / K, and 1 - s more where k is the label of n
 *   y = -1/N sum over n, k of t[n, k] ln softmax(x[n])[k]
 *   VJP: labelCrossEntropyInput(x, g)
 * </pre>
 *
 * As there, but that all targets are above 0 if s is. Refuses logits that are not [N, K] for N
 * labels, and a label that is negative or not below K.
 *
 * @param labels [N], each from 0 to K - 1
 * @param smoothing s, from 0 on and below 1
 */
record LabelCrossEntropy(Indices labels, double smoothing) implements UnaryOp {
  /** Refuses a smoothing below 0, or not below 1. */
  LabelCrossEntropy {
    if (!(smoothing >= 0 && smoothing < 1)) {
      throw new IllegalArgumentException(
          "crossEntropy: smoothing %s, expected at least 0 and less than 1".formatted(smoothing));
    }
  }

  /** That of the function which is called. */
  @Override
  public String name() {
    return "crossEntropy";
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    Losses.requireRows(name(), "logits", x.shape(), labels.storage());
    OneHot.requireLabels(name(), x.shape().dim(1), labels.storage());
    int rows = x.shape().dim(0);
    double mean =
        ArrayMath.kernels(x)
            .labelCrossEntropy(
                x.shape().dim(1), smoothing, rows, ArrayMath.array(x), labels.storage());
    return NdArray.scalar(x.dtype(), mean);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Tensor.of(new LabelCrossEntropyInput(labels, smoothing), in.get(0), g);
  }
}
