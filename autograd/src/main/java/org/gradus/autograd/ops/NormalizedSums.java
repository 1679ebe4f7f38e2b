package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.mul;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.Binary;

/**
 * The derivative of {@link NormalizeAffine} in its scale, times v.
 *
 * <pre>
 *   y = sumTo(v normalize(x)), for x and v of one shape
 *   VJP x: {@link NormalizeAffineInput normalizeAffineInput}(x, g, v)
 *   VJP v: normalize(x) g
 * </pre>
 *
 * Computed as Normalize is, in double precision; sums are as accurate as those of {@link Sum}, and
 * rounded once. Refuses an x and a v that differ in shape, a shape that does not broadcast to
 * theirs, and axes that they do not have or that are named twice.
 *
 * @param axes each from 0, or negative to count from the end
 * @param epsilon added to the variance, at least 0
 * @param shape of the output
 */
record NormalizedSums(List<Integer> axes, double epsilon, Shape shape) implements BinaryOp {
  /** Takes a copy of the list. */
  NormalizedSums {
    axes = List.copyOf(axes);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    NdArray v = in.get(1);
    Losses.requireSameShape(name(), "input", x.shape(), "cotangent", v.shape());
    ChannelSlicing slicing = new ChannelSlicing(name(), x.shape(), axes, shape);
    if (!slicing.isSummable()) {
      NdArray normalized = new Normalize(axes, epsilon).forward(List.of(x));
      NdArray products = ArrayMath.binary(name(), Binary.MUL, normalized, v);
      return new SumTo(shape).forward(List.of(products));
    }
    NdArray y = ArrayMath.result(x, shape);
    ArrayMath.kernels(x)
        .normalizedSums(
            slicing.slices(),
            epsilon,
            slicing.channels(),
            ArrayMath.array(x),
            ArrayMath.known(x),
            ArrayMath.array(v),
            ArrayMath.known(v),
            ArrayMath.array(y));
    return y;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    return input == 0
        ? Tensor.of(new NormalizeAffineInput(axes, epsilon), x, g, in.get(1))
        : mul(Tensor.of(new Normalize(axes, epsilon), x), g);
  }
}
