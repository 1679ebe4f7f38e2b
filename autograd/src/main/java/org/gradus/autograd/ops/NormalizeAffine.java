package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.sumTo;

import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.Binary;

/**
 * {@link Normalize} with a scale and a shift: what batch, layer, group and instance normalisation
 * are.
 *
 * <pre>
 *   y = gamma normalize(x) + beta
 *   gamma and beta of one shape, which broadcasts to that of x
 *   VJP x: {@link NormalizeAffineInput normalizeAffineInput}(x, gamma, g)
 *   VJP gamma: {@link NormalizedSums normalizedSums}(x, g)
 *   VJP beta: sumTo(g)
 * </pre>
 *
 * Computed as Normalize is, in double precision and rounded once. Refuses a gamma and a beta that
 * differ in shape or do not broadcast to x, and an axis that x does not have or that is named
 * twice.
 *
 * @param axes each from 0, or negative to count from the end
 * @param epsilon added to the variance, at least 0
 */
record NormalizeAffine(List<Integer> axes, double epsilon) implements Op {
  /** Takes a copy of the list. */
  NormalizeAffine {
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
    NdArray beta = in.get(2);
    Losses.requireSameShape(name(), "gamma", gamma.shape(), "beta", beta.shape());
    Shape shape = x.shape();
    ChannelSlicing slicing = new ChannelSlicing(name(), shape, axes, gamma.shape());
    if (!slicing.isDirect()) {
      NdArray normalized = new Normalize(axes, epsilon).forward(List.of(x));
      NdArray scaled = ArrayMath.binary(name(), Binary.MUL, normalized, gamma);
      return ArrayMath.binary(name(), Binary.ADD, scaled, beta);
    }
    NdArray y = ArrayMath.result(x, shape);
    ArrayMath.kernels(x)
        .normalizeAffine(
            slicing.slices(),
            epsilon,
            slicing.channels(),
            ArrayMath.array(x),
            ArrayMath.known(x),
            ArrayMath.array(gamma),
            ArrayMath.array(beta),
            ArrayMath.array(y));
    return y;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    Tensor gamma = in.get(1);
    return switch (input) {
      case 0 -> Tensor.of(new NormalizeAffineInput(axes, epsilon), x, gamma, g);
      case 1 -> Tensor.of(new NormalizedSums(axes, epsilon, gamma.shape()), x, g);
      default -> sumTo(g, in.get(2).shape());
    };
  }
}
