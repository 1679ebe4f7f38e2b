package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.neg;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Factor;

/**
 * The derivative of {@link Normalize} in its input, a symmetric matrix for each slice, times v.
 *
 * <pre>
 *   x, v of one shape, n = normalize(x), s = {@link Deviation deviation}(x)
 *   y = (v - mean(v) - n mean(n v)) / s
 *   VJP x: -normalizeInput(x, (g mean(n v) + v mean(n g)) / s) - n mean(g y) / s
 *   VJP v: normalizeInput(x, g)
 * </pre>
 *
 * Each mean is taken over the axes. Computed as Normalize is, in double precision and rounded once.
 * Refuses shapes that differ, and axes that they do not have or that are named twice.
 *
 * @param axes each from 0, or negative to count from the end
 * @param epsilon added to the variance, at least 0
 */
record NormalizeInput(List<Integer> axes, double epsilon) implements BinaryOp {
  /** Takes a copy of the list. */
  NormalizeInput {
    axes = List.copyOf(axes);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    NdArray v = in.get(1);
    Losses.requireSameShape(name(), "input", x.shape(), "cotangent", v.shape());
    Slicing slicing = new Slicing(name(), x.shape(), axes);
    NdArray arranged = slicing.arranged(x);
    NdArray y = ArrayMath.result(x, arranged.shape());
    ArrayMath.kernels(x)
        .normalizeInput(
            slicing.slices(),
            epsilon,
            ArrayMath.array(arranged),
            ArrayMath.known(arranged),
            ArrayMath.array(slicing.arranged(v)),
            ArrayMath.array(y));
    return slicing.restored(y);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    if (input == 1) {
      return Tensor.of(this, x, g);
    }
    Tensor v = in.get(1);
    Tensor n = Tensor.of(new Normalize(axes, epsilon), x);
    Tensor s = Tensor.of(new Deviation(axes, epsilon), x);
    Tensor crossed = add(quotient(g, mean(mul(n, v)), s), quotient(v, mean(mul(n, g)), s));
    Tensor throughNormalized = Tensor.of(this, x, crossed);
    Tensor throughDeviation = quotient(n, mean(mul(g, y)), s);
    return neg(add(throughNormalized, throughDeviation));
  }

  /** a b / s, rounded once: the product may be too large for the element type. */
  static Tensor quotient(Tensor a, Tensor b, Tensor s) {
    Factor one = Factor.Power.one();
    return Tensor.of(new Product(1, List.of(one, one, new Factor.Power(-1))), a, b, s);
  }

  private Tensor mean(Tensor x) {
    return Tensor.of(new Mean(axes, true), x);
  }
}
