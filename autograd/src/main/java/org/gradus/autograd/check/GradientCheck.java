package org.gradus.autograd.check;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.functional.Derivatives;

/**
 * Checks the vector-Jacobian products of an op, or of any function made of ops, against central
 * differences, and the laws that every op keeps. One line does it:
 *
 * <pre>{@code
 * GradientCheck.of(new Snake(2)).check(NdArray.of(new double[] {-1.5, 0.3, 2.0}, 3));
 * }</pre>
 *
 * <p>At order 1, for y = f(x) and each element of each input,
 *
 * <pre>
 *   (f(x + h e_j) - f(x - h e_j)) / 2h
 * </pre>
 *
 * is a column of the Jacobian, up to an error of the order of h^2. Its product with a random
 * cotangent is compared with the VJP of that cotangent, which is never uniform (softmax has a zero
 * gradient for a cotangent of ones). If the output has at most 256 elements, each entry of the
 * Jacobian is compared too, by one-hot cotangents. At order 2 the products are compared for each
 * (x, g) -> vjp(x, g), in x and in g, and so on for higher orders.
 *
 * <p>Also checked, exactly: a gradient has the shape and type of its input; a zero cotangent gives
 * zero, and four times a cotangent, or 2^40 or 2^-40 times, as many times the gradient; the same
 * pullback twice gives the same bits, and so do all modes; neither the value nor a gradient depends
 * on which inputs are tracked; inputs, cotangents, and what was computed before are not modified.
 * Up to rounding: the gradients of a cotangent and of one of ones add up, as do those of two uses
 * of the function, and one tensor given as two inputs has the sum of the gradients of two tensors
 * with the same numbers. {@link #checkLaws} checks this alone.
 *
 * <p>The step is taken relative to an element that is larger than 1. Errors below the tolerance in
 * absolute terms are not seen, so let derivatives be of the order of 1. Where outputs are so large
 * that the differences are lost in their rounding, the check fails and says so.
 *
 * <p>A kink or a jump within reach of the differences makes them meaningless. It is told from a
 * wrong VJP by the third and fourth differences, which are small where the function is smooth, and
 * smaller steps are tried; what stays rough is reported as not differentiable, not counted as
 * wrong.
 *
 * <p>Immutable: each setting returns a new check. All numbers are float64, but for {@link
 * #checkLaws}.
 */
public final class GradientCheck {
  /** Outputs up to which the Jacobian is compared row by row. */
  private static final int FULL_JACOBIAN = 256;

  private final String name;
  private final Function<List<Tensor>, Tensor> function;
  private final Settings settings;

  private record Settings(double step, double tolerance, int orders, int projections, long seed) {}

  private GradientCheck(String name, Function<List<Tensor>, Tensor> function, Settings settings) {
    this.name = name;
    this.function = function;
    this.settings = settings;
  }

  /** A check of an op, of orders 1 and 2. */
  public static GradientCheck of(Op op) {
    return of(
        Nulls.given("gradient check: op", op).toString(),
        in -> Tensor.of(op, in.toArray(new Tensor[0])));
  }

  /**
   * A check of a function made of ops, of orders 1 and 2.
   *
   * @param name stands in messages
   * @param function depends on its arguments alone
   */
  public static GradientCheck of(String name, Function<List<Tensor>, Tensor> function) {
    Nulls.refuse("gradient check: name, function", name, function);
    Function<List<Tensor>, Tensor> given =
        in -> Nulls.given("gradient check: the output of " + name, function.apply(in));
    return new GradientCheck(name, given, new Settings(1e-5, 1e-6, 2, 0, 1));
  }

  /** With this step h of the differences; 1e-5 unless said otherwise. */
  public GradientCheck step(double step) {
    require(
        step > 0 && step <= Double.MAX_VALUE,
        "step %s, expected a finite number, more than 0",
        step);
    Settings s = settings;
    return with(new Settings(step, s.tolerance, s.orders, s.projections, s.seed));
  }

  /** With this largest allowed error, as {@link Report} defines it; 1e-6 unless said otherwise. */
  public GradientCheck tolerance(double tolerance) {
    boolean finite = tolerance <= Double.MAX_VALUE;
    require(
        tolerance >= 0 && finite, "tolerance %s, expected a finite number, 0 or more", tolerance);
    Settings s = settings;
    return with(new Settings(s.step, tolerance, s.orders, s.projections, s.seed));
  }

  /**
   * For a function that is linear in each of its inputs: differences are then exact for any step,
   * so the step is 1 and the tolerance 1e-12.
   */
  public GradientCheck linear() {
    return step(1).tolerance(1e-12);
  }

  /** Checks derivatives of all orders from 1 to this one; 2 unless said otherwise. */
  public GradientCheck orders(int orders) {
    require(orders >= 1, "orders %s, expected at least 1", orders);
    Settings s = settings;
    return with(new Settings(s.step, s.tolerance, orders, s.projections, s.seed));
  }

  /**
   * With as many random projections in place of each element by itself: for functions of many
   * elements, such as whole networks. Use 3 or more; 0 means each element.
   */
  public GradientCheck projections(int projections) {
    require(projections >= 0, "projections %s, expected 0 or more", projections);
    Settings s = settings;
    return with(new Settings(s.step, s.tolerance, s.orders, projections, s.seed));
  }

  /** With this seed of the random cotangents and directions; 1 unless said otherwise. */
  public GradientCheck seed(long seed) {
    Settings s = settings;
    return with(new Settings(s.step, s.tolerance, s.orders, s.projections, seed));
  }

  private GradientCheck with(Settings changed) {
    return new GradientCheck(name, function, changed);
  }

  private static void require(boolean holds, String message, Object value) {
    if (!holds) {
      throw new IllegalArgumentException("gradient check: " + message.formatted(value));
    }
  }

  /**
   * Checks at these inputs.
   *
   * @return what was compared, and where the function is not differentiable
   * @throws GradientCheckError if a derivative is wrong or a law is broken; the message names the
   *     function, shapes, input, index, both values, their ratio, and the seed
   * @throws IllegalArgumentException if a VJP is not of the shape of its input
   * @throws DTypeException if an input is not float64
   */
  public Report check(NdArray... inputs) {
    requireFinite(inputs);
    for (NdArray input : inputs) {
      if (input.dtype() != DType.FLOAT64) {
        throw new DTypeException(
            "gradient check", "an input is %s, expected FLOAT64".formatted(input.dtype()));
      }
    }
    return check(1, name, function, List.of(inputs), new SplittableRandom(settings.seed));
  }

  /**
   * Checks at these inputs what needs no differences, up to the order of this check: in float32 as
   * well as in float64.
   *
   * @param inputs of one element type
   * @throws GradientCheckError if a law is broken
   */
  public void checkLaws(NdArray... inputs) {
    requireFinite(inputs);
    checkLaws(1, name, function, List.of(inputs), new SplittableRandom(settings.seed));
  }

  /** Inputs must be finite: no difference means anything at infinities and NaN. */
  private static void requireFinite(NdArray... inputs) {
    Nulls.refuse("gradient check: inputs", (Object) inputs);
    require(inputs.length > 0, "%s inputs, expected one or more", inputs.length);
    for (NdArray input : inputs) {
      for (int i = 0; i < input.size(); i++) {
        require(
            Double.isFinite(input.at(i)), "an input has %s, expected finite numbers", input.at(i));
      }
    }
  }

  private void checkLaws(
      int order,
      String what,
      Function<List<Tensor>, Tensor> f,
      List<NdArray> inputs,
      SplittableRandom random) {
    NdArray cotangent = Draws.numbers(f.apply(constants(inputs)).value(), random);
    Laws.check(where(order, what, inputs), f, inputs, cotangent);
    for (int i = 0; order < settings.orders && i < inputs.size(); i++) {
      checkLaws(order + 1, ofVjp(i, what), vjp(f, i), and(inputs, cotangent), random);
    }
  }

  private String where(int order, String what, List<NdArray> inputs) {
    String type = inputs.get(0).dtype() == DType.FLOAT32 ? " of FLOAT32" : "";
    List<Shape> shapes = inputs.stream().map(NdArray::shape).toList();
    return "%s, order %s, inputs %s%s, seed %s".formatted(what, order, shapes, type, settings.seed);
  }

  private static String ofVjp(int input, String what) {
    return "the VJP of input %s of %s".formatted(input, what);
  }

  private static List<NdArray> and(List<NdArray> inputs, NdArray cotangent) {
    List<NdArray> both = new ArrayList<>(inputs);
    both.add(cotangent);
    return both;
  }

  private Report check(
      int order,
      String what,
      Function<List<Tensor>, Tensor> f,
      List<NdArray> inputs,
      SplittableRandom random) {
    NdArray cotangent = Draws.numbers(f.apply(constants(inputs)).value(), random);
    String where = where(order, what, inputs);
    Laws.check(where, f, inputs, cotangent);
    Comparison comparison =
        new Comparison(where, f, inputs, cotangent, settings.step, settings.tolerance);
    if (settings.projections > 0) {
      boolean canMove = inputs.stream().anyMatch(input -> input.size() > 0);
      for (int i = 0; canMove && i < settings.projections; i++) {
        comparison.compareAlongRandomDirection(i, random);
      }
    } else {
      boolean wholeJacobian = order == 1 && cotangent.size() <= FULL_JACOBIAN;
      comparison.compareEachElement(wholeJacobian);
    }
    Report report = comparison.report();
    if (order < settings.orders) {
      for (int i = 0; i < inputs.size(); i++) {
        List<NdArray> withCotangent = and(inputs, cotangent);
        report = report.and(check(order + 1, ofVjp(i, what), vjp(f, i), withCotangent, random));
      }
    }
    return report;
  }

  /** The function (x, g) -> vjp(x, g) with respect to one input of f; x and g are its inputs. */
  private static Function<List<Tensor>, Tensor> vjp(Function<List<Tensor>, Tensor> f, int input) {
    return in -> {
      List<Tensor> x = in.subList(0, in.size() - 1);
      Tensor g = in.get(in.size() - 1);
      Function<Tensor, Tensor> ofOne =
          moved -> {
            List<Tensor> all = new ArrayList<>(x);
            all.set(input, moved);
            return f.apply(all);
          };
      return Derivatives.vjp(ofOne, x.get(input), g, Mode.DIFFERENTIABLE);
    };
  }

  static List<Tensor> constants(List<NdArray> inputs) {
    return inputs.stream().map(Tensor::constant).toList();
  }

  static List<Tensor> variables(List<NdArray> inputs) {
    return inputs.stream().map(Tensor::variable).toList();
  }
}
