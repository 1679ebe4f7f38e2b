package org.example;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sin;

import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/** An op of one's own: y = x + sin(a x)^2 / a, elementwise. */
record Snake(double a) implements Op {

  @Override
  public int arity() {
    return 1;
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    return in.get(0).map(x -> x + Math.pow(Math.sin(a * x), 2) / a);
  }

  /** dy/dx = 1 + sin(2 a x). */
  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return mul(g, add(sin(mul(in.get(0), 2 * a)), 1));
  }
}
