package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.neg;
import static org.gradus.autograd.ops.Ops.sub;
import static org.gradus.autograd.ops.Ops.sum;

import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.Loss;

/**
 * The derivative of the mean loss of n pairs in their first numbers, times a number g.
 *
 * <pre>
 *   a, b of one shape with n elements, g []
 *   y = g/n s(a, b), of
 *     {@link L1}                            s = sign(a - b)
 *     {@link Huber}                         s = a - b, held within delta to either side
 *     {@link BinaryCrossEntropyWithLogits}  s = (1 - b) sigmoid(a) - b sigmoid(-a)
 *   VJP a: g/n h times the derivative of s: 0; 1 within delta; 1 / (4 cosh(a / 2)^2)
 *   VJP b: its negative; -g/n h of the third
 *   VJP g: sum(h lossInput(a, b, 1))
 * </pre>
 *
 * Computed in double precision and rounded once. Where a and b are equal, the sign is 0. Refuses
 * shapes that differ, nothing is broadcast, and a cotangent with axes.
 *
 * @param loss one of those three
 * @param delta that of Huber's
 */
record LossInput(Loss loss, double delta) implements Op {
  @Override
  public int arity() {
    return 3;
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray a = in.get(0);
    NdArray b = in.get(1);
    Losses.requireSameShape(name(), "prediction", a.shape(), "target", b.shape());
    Losses.requireSameShape(name(), "cotangent", in.get(2).shape(), "a number", Shape.SCALAR);
    NdArray y = ArrayMath.result(a, a.shape());
    double factor = in.get(2).item() * share(a.shape());
    ArrayMath.kernels(a)
        .lossInput(loss, delta, factor, ArrayMath.array(a), ArrayMath.array(b), ArrayMath.array(y));
    return y;
  }

  @Override
  public Tensor vjp(int input, Tensor h, Tensor y, List<Tensor> in) {
    Tensor a = in.get(0);
    Tensor b = in.get(1);
    Tensor g = in.get(2);
    if (input == 2) {
      Tensor one = Tensor.constant(NdArray.scalar(a.dtype(), 1));
      return sum(mul(h, Tensor.of(this, a, b, one)));
    }
    double share = share(a.shape());
    if (loss == Loss.BINARY_CROSS_ENTROPY) {
      return input == 0
          ? Product.of(share * 0.25, h, new Factor.Hyperbolic(0.5, 0, 2), a, g)
          : Product.of(-share, h, Factor.Power.one(), g);
    }
    Tensor difference = sub(a, b);
    Tensor slope =
        loss == Loss.ABSOLUTE
            ? Tensor.of(new Flat(), difference)
            : new Clamp(-delta, delta)
                .vjp(
                    0,
                    Product.of(share, h, Factor.Power.one(), g),
                    Tensor.of(new Clamp(-delta, delta), difference),
                    List.of(difference));
    return input == 0 ? slope : neg(slope);
  }

  /** 1/n; of nothing, the gradients are empty. */
  private static double share(Shape shape) {
    return 1.0 / Math.max(1, shape.size());
  }
}
