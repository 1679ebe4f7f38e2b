package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.sumTo;

import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.Factor;

/**
 * A product of functions of single numbers, element by element: what most VJPs of elementwise ops
 * are, a cotangent times a slope. A family that differentiation does not leave.
 *
 * <pre>
 *   y = c f1(x1) f2(x2) ... fn(xn)
 *   VJP xi: sumTo(c g fi'(xi) times the other factors, xi)
 * </pre>
 *
 * Shapes broadcast by NumPy's rules, all of them together; the VJPs sum over what was repeated. It
 * is computed in double precision, with exponents beyond those of a double where they are needed,
 * and rounded at the end: a factor that is too large or too small for the element type does no harm
 * to a product that is not. So a cotangent of 0 times a finite slope is 0, however large the slope;
 * where the slope is infinite, as at a pole, it is NaN. Within 2 units in the last place for powers
 * that are whole numbers, a few more for other functions in float64. Refuses shapes that do not
 * broadcast, and another number of inputs than of factors.
 *
 * @param coefficient c
 * @param factors f1 to fn
 */
record Product(double coefficient, List<Factor> factors) implements Op {
  /** Takes a copy of the list. */
  Product {
    factors = List.copyOf(factors);
  }

  /** A cotangent times c f(x). */
  static Tensor of(double c, Tensor g, Factor f, Tensor x) {
    return Tensor.of(new Product(c, List.of(Factor.Power.one(), f)), g, x);
  }

  /** A cotangent times c f(x) and another tensor. */
  static Tensor of(double c, Tensor g, Factor f, Tensor x, Tensor other) {
    List<Factor> factors = List.of(Factor.Power.one(), f, Factor.Power.one());
    return Tensor.of(new Product(c, factors), g, x, other);
  }

  @Override
  public int arity() {
    return factors.size();
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    Shape shape = in.get(0).shape();
    for (NdArray x : in) {
      shape = Shape.broadcast(name(), shape, x.shape());
    }
    return ArrayMath.product(coefficient, factors, in, shape);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(input);
    return factors.get(input).derivative().stream()
        .map(term -> sumTo(times(g, term, input, in), x.shape()))
        .reduce((a, b) -> add(a, b))
        .orElseThrow(); // no factor is constant
  }

  /** The cotangent times all factors, of which one is replaced by a term of its derivative. */
  private Tensor times(Tensor g, Factor.Term term, int input, List<Tensor> in) {
    List<Factor> product = new ArrayList<>(factors);
    List<Tensor> arguments = new ArrayList<>(in);
    product.set(input, term.factor());
    if (term.factor().equals(new Factor.Power(0))) { // 1, and so not there
      product.remove(input);
      arguments.remove(input);
    }
    product.add(0, Factor.Power.one());
    arguments.add(0, g);
    Product op = new Product(coefficient * term.coefficient(), product);
    return Tensor.of(op, arguments.toArray(new Tensor[0]));
  }
}
