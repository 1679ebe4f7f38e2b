package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.gate;
import static org.gradus.autograd.ops.Ops.sumTo;
import static org.gradus.autograd.ops.Ops.zeros;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Binary;

/**
 * Lets b through where a is positive: the VJP of {@link Ops#relu}, and linear in b.
 *
 * <pre>
 *   y = b where a > 0 (or NaN), otherwise 0
 *   VJP a: 0, since y is constant in a on both sides of the kink
 *   VJP b: sumTo(gate(a, g), b)
 * </pre>
 *
 * Shapes broadcast by NumPy's rules. At a = 0 the gate is closed.
 *
 * <p>A gradient of 0 is passed on to the op that made the input; if the derivative of that op is
 * infinite, the product is NaN. Where that may happen, choose a safe input of that op first: {@code
 * log(where(greater(x, 0), x, 1))}, for example, in place of {@code log(x)}.
 */
public record Gate() implements BinaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.binary(name(), Binary.GATE, in.get(0), in.get(1));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor a = in.get(0);
    return input == 0 ? zeros(a) : sumTo(gate(a, g), in.get(1).shape());
  }
}
