package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.neg;
import static org.gradus.autograd.ops.Ops.sumTo;

import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Binary;
import org.gradus.autograd.internal.kernel.Factor;

/**
 * The derivative of {@link NormalizeAffine} in its input, times v.
 *
 * <pre>
 *   y = normalizeInput(x, gamma v), for x and v of one shape, to which gamma broadcasts
 *   VJP x: that of {@link NormalizeInput}
 *   VJP gamma: sumTo(v normalizeInput(x, g))
 *   VJP v: gamma normalizeInput(x, g)
 * </pre>
 *
 * Computed as Normalize is, in double precision and rounded once; the products of gamma and v are
 * not rounded by themselves. Refuses an x and a v that differ in shape, a gamma that does not
 * broadcast to them, and axes that they do not have or that are named twice.
 *
 * @param axes each from 0, or negative to count from the end
 * @param epsilon added to the variance, at least 0
 */
record NormalizeAffineInput(List<Integer> axes, double epsilon) implements Op {
  /** Takes a copy of the list. */
  NormalizeAffineInput {
    axes = List.copyOf(axes);
  }

  @Override
  public int arity() {
    return 3;
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    NdArray gamma = in.get(1);
    NdArray v = in.get(2);
    Losses.requireSameShape(name(), "input", x.shape(), "cotangent", v.shape());
    ChannelSlicing slicing = new ChannelSlicing(name(), x.shape(), axes, gamma.shape());
    if (!slicing.isDirect()) {
      NdArray scaled = ArrayMath.binary(name(), Binary.MUL, v, gamma);
      return new NormalizeInput(axes, epsilon).forward(List.of(x, scaled));
    }
    NdArray y = ArrayMath.result(x, x.shape());
    ArrayMath.kernels(x)
        .normalizeAffineInput(
            slicing.slices(),
            epsilon,
            slicing.channels(),
            ArrayMath.array(x),
            ArrayMath.known(x),
            ArrayMath.array(gamma),
            ArrayMath.array(v),
            ArrayMath.known(v),
            ArrayMath.array(y));
    return y;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    Tensor gamma = in.get(1);
    Tensor v = in.get(2);
    NormalizeInput plain = new NormalizeInput(axes, epsilon);
    return switch (input) {
      case 0 -> ofInput(g, y, x, gamma, v);
      case 1 -> sumTo(mul(v, Tensor.of(plain, x, g)), gamma.shape());
      default -> mul(Tensor.of(plain, x, g), gamma);
    };
  }

  /** As {@link NormalizeInput} has it; products of gamma and v may be too large by themselves. */
  private Tensor ofInput(Tensor g, Tensor y, Tensor x, Tensor gamma, Tensor v) {
    Tensor n = Tensor.of(new Normalize(axes, epsilon), x);
    Tensor s = Tensor.of(new Deviation(axes, epsilon), x);
    Factor one = Factor.Power.one();
    Product quotient = new Product(1, List.of(one, one, one, new Factor.Power(-1)));
    Tensor along = mean(Tensor.of(quotient, n, gamma, v, s));
    Tensor across = Tensor.of(quotient, v, gamma, mean(mul(n, g)), s);
    Tensor throughNormalized =
        Tensor.of(new NormalizeInput(axes, epsilon), x, add(mul(g, along), across));
    Tensor throughDeviation = NormalizeInput.quotient(n, mean(mul(g, y)), s);
    return neg(add(throughNormalized, throughDeviation));
  }

  private Tensor mean(Tensor x) {
    return Tensor.of(new Mean(axes, true), x);
  }
}
