package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.sumTo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.Factor;

/**
 * A derivative of the power x^p, times some factors: what the VJPs of {@link Power} are. A family
 * that differentiation does not leave.
 *
 * <pre>
 *   y = (d/dx)^a (d/dp)^b x^p times all factors m1, m2, ...
 *     = x^(p-a) (d/dp + ln x)^b [p (p-1) ... (p-a+1)] times them
 *   VJP x: the same with a + 1, and g as one more factor, summed to x
 *   VJP p: the same with b + 1, and g as one more factor, summed to p
 *   VJP m: the same with g in the place of m, summed to m
 * </pre>
 *
 * Shapes broadcast by NumPy's rules, all of them together. Computed in double precision, with
 * exponents beyond those of a double where they are needed, and rounded at the end. The domain is
 * that of Power. Refuses shapes that do not broadcast.
 *
 * @param a the order in x
 * @param b the order in p
 */
record PowerSlope(int a, int b) implements Op {
  private static final double LEAST = 0x1p-250; // products of four such are normal
  private static final double MOST = 0x1p250;

  @Override
  public NdArray forward(List<NdArray> in) {
    requireBoth(in.size());
    Shape shape = in.get(0).shape();
    for (NdArray x : in) {
      shape = Shape.broadcast(name(), shape, x.shape());
    }
    return ArrayMath.pointwise(this::product, in, shape);
  }

  private void requireBoth(int inputs) {
    if (inputs < 2) {
      throw new IllegalArgumentException(
          "%s: %s inputs, expected two or more".formatted(name(), inputs));
    }
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return switch (input) {
      case 0 -> new PowerSlope(a + 1, b).times(g, in, input);
      case 1 -> new PowerSlope(a, b + 1).times(g, in, input);
      default -> {
        List<Tensor> others = new ArrayList<>(in);
        others.remove(input);
        yield sumTo(applied(g, others), in.get(input).shape());
      }
    };
  }

  /** With the inputs of another, and one more factor, summed to the shape of one of them. */
  Tensor times(Tensor g, List<Tensor> in, int input) {
    return sumTo(applied(g, in), in.get(input).shape());
  }

  private Tensor applied(Tensor g, List<Tensor> in) {
    List<Tensor> all = new ArrayList<>(in);
    all.add(g);
    return Tensor.of(this, all.toArray(new Tensor[0]));
  }

  // ---- of one element --------------------------------------------------------------------------

  /** Of the numbers x, p, m1, m2, ... */
  private double product(double[] in) {
    double x = in[0];
    double p = in[1];
    double coefficient = coefficient(x, p);
    double q = p - a;
    boolean vanishes = x == 0 ? q > 0 : x == Double.POSITIVE_INFINITY && q < 0;
    boolean isZero = coefficient == 0 || (vanishes && b > 0); // a logarithm is less than a power
    Factor power = q == 0 || isZero ? new Factor.Power(0) : new Factor.Power(q, rest(p, q));
    double product = (isZero ? 0 : coefficient) * (isZero ? 1 : power.at(x));
    boolean usual = isUsual(product) && (isZero || isUsual(coefficient));
    for (int i = 2; i < in.length; i++) {
      usual &= isUsual(in[i]);
      product *= in[i];
      usual &= isUsual(product);
    }
    return usual || isZero ? product : careful(coefficient, power, in);
  }

  private static double careful(double coefficient, Factor power, double[] in) {
    Factor[] factors = new Factor[in.length - 1];
    Arrays.fill(factors, Factor.Power.one());
    factors[0] = power;
    double[] numbers = Arrays.copyOfRange(in, 1, in.length);
    numbers[0] = in[0];
    return Factor.product(coefficient, factors, numbers);
  }

  /** What rounding has taken from q = p - a, found as Knuth does it, without a branch. */
  private double rest(double p, double q) {
    double taken = p - q;
    double rest = (p - (q + taken)) + (taken - a);
    return Double.isFinite(p) ? rest : 0;
  }

  /**
   * (d/dp + ln x)^b of p (p-1) ... (p-a+1): with the coefficients c of that polynomial at p + t, b!
   * times the sum of c[j] (ln x)^(b-j) / (b-j)!. What is multiplied by 0 is left out, since there
   * may be no logarithm.
   */
  private double coefficient(double x, double p) {
    double[] c = new double[b + 1];
    c[0] = 1;
    for (int i = 0; i < a; i++) {
      for (int j = b; j >= 0; j--) {
        c[j] = c[j] * (p - i) + (j > 0 ? c[j - 1] : 0);
      }
    }
    if (a == 0 && b > 0 && x == 0 && p == 0) {
      return 0; // where the power jumps
    }
    double sum = 0;
    double logarithms = 1; // (ln x)^(b-j)
    for (int j = b; j >= 0; j--) {
      double falling = 1;
      for (int i = 0; i < j; i++) {
        falling *= b - i;
      }
      sum += c[j] == 0 ? 0 : c[j] * falling * logarithms;
      logarithms *= StrictMath.log(x);
    }
    return sum;
  }

  private static boolean isUsual(double x) {
    return Math.abs(x) >= LEAST && Math.abs(x) <= MOST;
  }
}
