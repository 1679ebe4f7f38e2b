package org.example.digits;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sigmoid;

import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/**
 * y = x s with s = sigmoid(b x).
 *
 * @param b how steep the step is
 */
public record Swish(double b) implements Op {
  @Override
  public int arity() {
    return 1;
  }

  @Override
  public NdArray forward(List<NdArray> inputs) {
    return inputs.get(0).map(x -> x / (1 + Math.exp(-b * x)));
  }

  /** g (s + b y (1 - s)). */
  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> inputs) {
    Tensor s = sigmoid(mul(inputs.get(0), b));
    return mul(g, add(s, mul(mul(y, b), add(mul(s, -1), 1))));
  }
}
