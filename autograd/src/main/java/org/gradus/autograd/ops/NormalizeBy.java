package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sumTo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.Binary;
import org.gradus.autograd.internal.kernel.Factor;

/**
 * Normalisation by moments that are given, with a scale and a shift: batch normalisation in
 * inference.
 *
 * <pre>
 *   y = gamma n + beta, n = (x - mean) r, r = (variance + epsilon)^(-1/2)
 *   inputs x, gamma, beta, mean and variance; the last four of one shape, which broadcasts to x
 *   VJP x: g gamma r
 *   VJP mean: sumTo(-g gamma r)
 *   VJP variance: sumTo(-1/2 g n gamma r^2)
 *   VJP gamma: sumTo(g n)
 *   VJP beta: sumTo(g)
 * </pre>
 *
 * Computed in double precision and rounded once; the mean is subtracted first, so that it costs no
 * digits however large it is. Domain: variance + epsilon > 0. Refuses shapes that differ or do not
 * broadcast to x.
 *
 * @param epsilon added to the variance, at least 0
 */
record NormalizeBy(double epsilon) implements Op {
  private static final int GAMMA = 1;
  private static final int BETA = 2;
  private static final int MEAN = 3;
  private static final int VARIANCE = 4;

  @Override
  public int arity() {
    return 5;
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    Shape numbers = in.get(MEAN).shape();
    Losses.requireSameShape(name(), "mean", numbers, "variance", in.get(VARIANCE).shape());
    Losses.requireSameShape(name(), "mean", numbers, "gamma", in.get(GAMMA).shape());
    Losses.requireSameShape(name(), "mean", numbers, "beta", in.get(BETA).shape());
    ChannelSlicing slicing = new ChannelSlicing(name(), x.shape(), List.of(), numbers);
    if (!slicing.isDirect()) {
      NdArray root = new InverseRoot(epsilon).forward(List.of(in.get(VARIANCE)));
      NdArray normalized = ArrayMath.scaledDifference(1, x, in.get(MEAN), root, x.shape());
      NdArray scaled = ArrayMath.binary(name(), Binary.MUL, normalized, in.get(GAMMA));
      return ArrayMath.binary(name(), Binary.ADD, scaled, in.get(BETA));
    }
    NdArray y = ArrayMath.result(x, x.shape());
    ArrayMath.kernels(x)
        .normalizeBy(
            epsilon,
            slicing.channels(),
            ArrayMath.array(x),
            ArrayMath.array(in.get(MEAN)),
            ArrayMath.array(in.get(VARIANCE)),
            ArrayMath.array(in.get(GAMMA)),
            ArrayMath.array(in.get(BETA)),
            ArrayMath.array(y));
    return y;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    if (g.shape().size() == 0) { // of nothing, nothing: a root's slope would make it -0
      return zeros(in.get(input));
    }
    Tensor gamma = in.get(GAMMA);
    Tensor variance = in.get(VARIANCE);
    Tensor none = zeros(gamma);
    return switch (input) {
      case 0 -> Tensor.of(this, g, gamma, none, none, variance); // linear but for the shift
      case MEAN -> sumTo(product(-1, g, List.of(gamma), 1, variance), gamma.shape());
      case VARIANCE -> {
        List<Tensor> factors = List.of(normalized(in), gamma);
        yield sumTo(product(-0.5, g, factors, 2, variance), gamma.shape());
      }
      case GAMMA -> sumTo(mul(g, normalized(in)), gamma.shape());
      default -> sumTo(g, gamma.shape());
    };
  }

  /** c g r^power times some factors, which neither overflows nor loses digits on the way. */
  private Tensor product(double c, Tensor g, List<Tensor> others, int power, Tensor variance) {
    List<Tensor> inputs = new ArrayList<>(List.of(g));
    inputs.addAll(others);
    List<Factor> factors = new ArrayList<>(Collections.nCopies(inputs.size(), Factor.Power.one()));
    inputs.add(Tensor.of(new InverseRoot(epsilon), variance));
    factors.add(new Factor.Power(power));
    return Tensor.of(new Product(c, factors), inputs.toArray(new Tensor[0]));
  }

  /** n. */
  private Tensor normalized(List<Tensor> in) {
    Tensor root = Tensor.of(new InverseRoot(epsilon), in.get(VARIANCE));
    return Tensor.of(new ScaledDifference(1), in.get(0), in.get(MEAN), root);
  }

  private static Tensor zeros(Tensor like) {
    return Tensor.constant(NdArray.zeros(like.dtype(), like.shape()));
  }
}
