package org.gradus.autograd.functional;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.concat;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.reshape;
import static org.gradus.autograd.ops.Ops.sum;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.inspect.Nodes;
import org.gradus.autograd.ops.Reshape;

/**
 * Derivatives of functions y = f(x) that are made of ops, with J the Jacobian dy/dx:
 *
 * <pre>
 *   vjp       J^T g               one walk back: the slopes of one output by all inputs
 *   jvp       J v                 the slopes of all outputs along one direction
 *   jacobian  J                   a walk back for each element of y
 *   hessianVectorProduct  H v     for a scalar y with the Hessian H, which is never formed
 *   hessian   H                   a walk back for each element of x
 * </pre>
 *
 * <pre>{@code
 * Tensor slopes = jacobian(z -> mul(z, z), x);
 * Tensor along = jvp(Ops::tanh, x, w).tangent();
 * Tensor curvature = hessianVectorProduct(z -> sum(pow(z, 3)), x, w);
 * }</pre>
 *
 * Inputs may be constants, variables, or computed; f is given tensors of their values that stand
 * for them, and depends on these, and on constants or variables around it, which are held fixed. An
 * input that f does not depend on, or a constant y, gives zeros.
 *
 * <p>In {@link Mode#VALUES}, the default, results are constants. In {@link Mode#DIFFERENTIABLE}
 * they are part of the graph if they depend on a variable. Nested calls, in a function or around
 * it, give derivatives of any order.
 */
public final class Derivatives {
  private Derivatives() {}

  // ---- products with a Jacobian ----------------------------------------------------------------

  /** J^T g as a constant; see {@link #vjp(Function, Tensor, Tensor, Mode)}. */
  public static Tensor vjp(Function<Tensor, Tensor> f, Tensor x, Tensor cotangent) {
    return vjp(f, x, cotangent, Mode.VALUES);
  }

  /**
   * The vector-Jacobian product J^T g.
   *
   * @param f gives y for x, made of ops
   * @param cotangent g, of the shape and element type of y
   * @param mode whether the product can be differentiated again
   * @return a tensor of the shape of x
   * @throws IllegalArgumentException if the cotangent does not fit
   */
  public static Tensor vjp(Function<Tensor, Tensor> f, Tensor x, Tensor cotangent, Mode mode) {
    Nulls.refuse("vjp: f, x, cotangent, mode", f, x, cotangent, mode);
    return vjp(in -> f.apply(in.get(0)), List.of(x), cotangent, mode).get(0);
  }

  /** As {@link #vjp(Function, Tensor, Tensor, Mode)}, by each of several inputs. */
  public static List<Tensor> vjp(
      Function<List<Tensor>, Tensor> f, List<Tensor> inputs, Tensor cotangent, Mode mode) {
    Nulls.refuse("vjp: f, inputs, cotangent, mode", f, inputs, cotangent, mode);
    Evaluation at = Evaluation.of("vjp", f, inputs, mode, List.of(cotangent));
    Gradients products = at.pullback(cotangent, at.mode);
    return at.x.stream().map(products::of).toList();
  }

  /**
   * The value of a function, and its derivative along a direction.
   *
   * @param value y
   * @param tangent the derivative J v along a direction, of the shape of y
   */
  public record Jvp(Tensor value, Tensor tangent) {
    /** Refuses null. */
    public Jvp {
      Nulls.refuse("jvp: value, tangent", value, tangent);
    }
  }

  /** y and J v as constants; see {@link #jvp(Function, List, List, Mode)}. */
  public static Jvp jvp(Function<Tensor, Tensor> f, Tensor x, Tensor tangent) {
    return jvp(f, x, tangent, Mode.VALUES);
  }

  /** As {@link #jvp(Function, List, List, Mode)}, for one input. */
  public static Jvp jvp(Function<Tensor, Tensor> f, Tensor x, Tensor tangent, Mode mode) {
    Nulls.refuse("jvp: f, x, tangent, mode", f, x, tangent, mode);
    return jvp(in -> f.apply(in.get(0)), List.of(x), List.of(tangent), mode);
  }

  /**
   * The Jacobian-vector product J v, summed over the inputs: the rate at which y changes as each
   * input moves along its tangent v. Since J^T g is linear in g, its own VJP by g, of the cotangent
   * v, is J v; so no op needs a second rule, and the cost is that of two walks back.
   *
   * @param f gives y for the inputs, made of ops
   * @param tangents one for each input, of its shape and element type
   * @param mode whether the tangent of y can be differentiated again
   * @throws IllegalArgumentException if a tangent does not fit, or their number
   */
  public static Jvp jvp(
      Function<List<Tensor>, Tensor> f, List<Tensor> inputs, List<Tensor> tangents, Mode mode) {
    Nulls.refuse("jvp: f, inputs, tangents, mode", f, inputs, tangents, mode);
    if (tangents.size() != inputs.size()) {
      throw new IllegalArgumentException(
          "jvp: %s tangents for %s inputs, expected one for each"
              .formatted(tangents.size(), inputs.size()));
    }
    for (int i = 0; i < inputs.size(); i++) {
      requireLike("jvp: tangent " + i, tangents.get(i), "input " + i, inputs.get(i));
    }
    Evaluation at = Evaluation.of("jvp", f, inputs, mode, tangents);
    Tensor y = at.y;
    Tensor g = Tensor.variable(NdArray.zeros(y.dtype(), y.shape())); // J v is the same for any g
    Gradients products = at.pullback(g, Mode.DIFFERENTIABLE);
    Tensor along = Tensor.constant(NdArray.scalar(y.dtype(), 0));
    for (int i = 0; i < inputs.size(); i++) {
      along = add(along, sum(mul(products.of(at.x.get(i)), tangents.get(i))));
    }
    Tensor tangent = Gradients.backward(along, at.mode, g).of(g);
    return new Jvp(at.mode == Mode.VALUES ? y.detach() : y, tangent);
  }

  // ---- second derivatives ----------------------------------------------------------------------

  /** H v as a constant; see {@link #hessianVectorProduct(Function, Tensor, Tensor, Mode)}. */
  public static Tensor hessianVectorProduct(Function<Tensor, Tensor> f, Tensor x, Tensor v) {
    return hessianVectorProduct(f, x, v, Mode.VALUES);
  }

  /**
   * The product of the Hessian of a scalar function with a vector, by two walks back: it is the
   * gradient of the slope along v.
   *
   * @param v of the shape and element type of x
   * @param mode whether the product can be differentiated again
   * @return a tensor of the shape of x
   * @throws ShapeException if f gives more or fewer than one element
   * @throws IllegalArgumentException if v does not fit
   */
  public static Tensor hessianVectorProduct(
      Function<Tensor, Tensor> f, Tensor x, Tensor v, Mode mode) {
    String name = "hessianVectorProduct";
    Nulls.refuse("hessianVectorProduct: f, x, v, mode", f, x, v, mode);
    requireLike(name + ": the vector", v, "the input", x);
    Evaluation at = Evaluation.of(name, in -> f.apply(in.get(0)), List.of(x), mode, List.of(v));
    Tensor z = at.x.get(0);
    Tensor gradient = gradient(name, at.y, z);
    return Gradients.pullback(gradient, v, at.mode, z).of(z);
  }

  /** H as a constant; see {@link #hessian(Function, Tensor, Mode)}. */
  public static Tensor hessian(Function<Tensor, Tensor> f, Tensor x) {
    return hessian(f, x, Mode.VALUES);
  }

  /**
   * All second derivatives of a scalar function, for x of few elements.
   *
   * <pre>
   *   x [n, m], H [n, m, n, m]: H[i, j, k, l] = d2y / dx[i, j] dx[k, l]
   * </pre>
   *
   * @param mode whether the derivatives can be differentiated again
   * @return a tensor whose shape is that of x, twice
   * @throws ShapeException if f gives more or fewer than one element
   */
  public static Tensor hessian(Function<Tensor, Tensor> f, Tensor x, Mode mode) {
    Nulls.refuse("hessian: f, x, mode", f, x, mode);
    return jacobian("hessian", z -> gradient("hessian", f.apply(z), z), x, mode);
  }

  private static Tensor gradient(String name, Tensor y, Tensor x) {
    if (Nulls.given(name + ": the output of f", y).shape().size() != 1) {
      throw new ShapeException(
          name, "the function gives %s, expected one element".formatted(y.shape()));
    }
    return Gradients.backward(y, Mode.DIFFERENTIABLE, x).of(x);
  }

  // ---- whole Jacobians -------------------------------------------------------------------------

  /** J as a constant; see {@link #jacobian(Function, Tensor, Mode)}. */
  public static Tensor jacobian(Function<Tensor, Tensor> f, Tensor x) {
    return jacobian(f, x, Mode.VALUES);
  }

  /**
   * All first derivatives, for x and y of few elements.
   *
   * <pre>
   *   x [n], y [m, k], J [m, k, n]: J[i, j, l] = dy[i, j] / dx[l]
   * </pre>
   *
   * @param f gives y for x, made of ops
   * @param mode whether the derivatives can be differentiated again
   * @return a tensor whose shape is that of y, followed by that of x
   */
  public static Tensor jacobian(Function<Tensor, Tensor> f, Tensor x, Mode mode) {
    Nulls.refuse("jacobian: f, x, mode", f, x, mode);
    return jacobian("jacobian", f, x, mode);
  }

  private static Tensor jacobian(String name, Function<Tensor, Tensor> f, Tensor x, Mode mode) {
    Evaluation at = Evaluation.of(name, in -> f.apply(in.get(0)), List.of(x), mode, List.of());
    Tensor z = at.x.get(0);
    Shape shape = at.y.shape();
    int[] dims = Arrays.copyOf(shape.toArray(), shape.rank() + x.shape().rank());
    System.arraycopy(x.shape().toArray(), 0, dims, shape.rank(), x.shape().rank());
    Shape both = Shape.of(name, dims);
    if (both.size() == 0) {
      return Tensor.constant(NdArray.zeros(x.dtype(), both));
    }
    Tensor[] rows = new Tensor[shape.size()];
    for (int row = 0; row < rows.length; row++) {
      int chosen = row;
      NdArray oneHot = NdArray.generate(at.y.dtype(), shape, i -> i == chosen ? 1 : 0);
      rows[row] = reshape(at.pullback(Tensor.constant(oneHot), at.mode).of(z), -1);
    }
    return reshape(concat(0, rows), dims);
  }

  // ---- what they share -------------------------------------------------------------------------

  /**
   * A function at inputs that nothing else depends on: what it captures is not one of them, even if
   * both are the same tensor or come from it.
   *
   * @param x the inputs that f was given
   * @param mode as asked for, but VALUES where there is no variable to differentiate by
   */
  private record Evaluation(List<Tensor> x, Tensor y, Mode mode) {

    /** Applies f; {@code given} are the other tensors that the derivative depends on. */
    static Evaluation of(
        String name,
        Function<List<Tensor>, Tensor> f,
        List<Tensor> inputs,
        Mode mode,
        List<Tensor> given) {
      if (inputs.isEmpty()) {
        throw new IllegalArgumentException(name + ": 0 inputs, expected one or more");
      }
      List<Tensor> x = inputs.stream().map(Evaluation::fresh).toList();
      Tensor y = Nulls.given(name + ": the output of f", f.apply(x));
      boolean record =
          mode == Mode.DIFFERENTIABLE
              && (given.stream().anyMatch(Tensor::isTracked) || hasVariable(y, Set.copyOf(x)));
      return new Evaluation(x, y, record ? Mode.DIFFERENTIABLE : Mode.VALUES);
    }

    private static Tensor fresh(Tensor input) {
      return input.isTracked()
          ? Tensor.of(new Reshape(input.shape()), input)
          : Tensor.variable(input.value());
    }

    /** Whether a tensor depends on a variable that is none of these. */
    private static boolean hasVariable(Tensor y, Set<Tensor> own) {
      return Nodes.of(y).stream().anyMatch(node -> node.isVariable() && !own.contains(node));
    }

    Gradients pullback(Tensor cotangent, Mode as) {
      return Gradients.pullback(y, cotangent, as, x.toArray(Tensor[]::new));
    }
  }

  private static void requireLike(String what, Tensor actual, String like, Tensor expected) {
    if (!actual.shape().equals(expected.shape()) || actual.dtype() != expected.dtype()) {
      throw new IllegalArgumentException(
          "%s is %s, but %s is %s".formatted(what, kind(actual), like, kind(expected)));
    }
  }

  /** A tensor without its elements, of which there may be many. */
  private static String kind(Tensor x) {
    String origin = x.op().map(Op::name).orElse(x.isTracked() ? "variable" : "constant");
    return "%s %s %s".formatted(origin, x.dtype(), x.shape());
  }
}
