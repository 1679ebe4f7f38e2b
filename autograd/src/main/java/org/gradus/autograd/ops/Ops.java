package org.gradus.autograd.ops;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * The catalogue of ops, to be imported statically: those on tensors of any kind are declared here,
 * those that make one number of many in {@link ReductionOps}, those that take parts or put parts
 * together in {@link PartOps}, those of neural networks in {@link NetworkOps} and {@link NormOps},
 * those with windows in {@link WindowOps}, and all are called as members of this class. Formulas,
 * shapes and errors are described here, or at the public record that a function names.
 *
 * <pre>{@code
 * Tensor y = relu(add(matmul(x, w), b));  // [N, K] by [K, M], and [M] added to each row
 * Tensor same = x.then(Ops::matmul, w).then(Ops::add, b).then(Ops::relu);
 * }</pre>
 *
 * <p>All inputs of an op have one element type. A number in place of a tensor is rounded to that of
 * the other; sums, products and quotients do without, if it is too small or too large for that. An
 * op refuses what does not fit when it is called, with an {@link IllegalArgumentException} (mostly
 * a {@link ShapeException}) that names the op and both values. Null is refused with a {@link
 * NullPointerException} that names the op and the argument.
 */
public final class Ops extends ReductionOps {
  private Ops() {}

  // ---- element by element, broadcasting --------------------------------------------------------

  /** a + b; see {@link Add}. */
  public static Tensor add(Tensor a, Tensor b) {
    return Tensor.of(new Add(), a, b);
  }

  /** a + b; see {@link AddScalar}. */
  public static Tensor add(Tensor a, double b) {
    return Tensor.of(new AddScalar(b), requireNonNull(a, "add: a is null"));
  }

  /** a + b; see {@link AddScalar}. */
  public static Tensor add(double a, Tensor b) {
    return add(requireNonNull(b, "add: b is null"), a);
  }

  /** a - b; see {@link Sub}. */
  public static Tensor sub(Tensor a, Tensor b) {
    return Tensor.of(new Sub(), a, b);
  }

  /** a - b; see {@link AddScalar}. */
  public static Tensor sub(Tensor a, double b) {
    return add(requireNonNull(a, "sub: a is null"), -b);
  }

  /** a - b; see {@link AddScalar}. */
  public static Tensor sub(double a, Tensor b) {
    return add(neg(requireNonNull(b, "sub: b is null")), a);
  }

  /** a b, element by element; see {@link Mul}. */
  public static Tensor mul(Tensor a, Tensor b) {
    return Tensor.of(new Mul(), a, b);
  }

  /** a b; see {@link MulScalar}. */
  public static Tensor mul(Tensor a, double b) {
    return Tensor.of(new MulScalar(b), requireNonNull(a, "mul: a is null"));
  }

  /** a b; see {@link MulScalar}. */
  public static Tensor mul(double a, Tensor b) {
    return mul(requireNonNull(b, "mul: b is null"), a);
  }

  /** a / b, element by element; see {@link Div}. */
  public static Tensor div(Tensor a, Tensor b) {
    return Tensor.of(new Div(), a, b);
  }

  /** a / b; see {@link Div}. */
  public static Tensor div(Tensor a, double b) {
    return Div.by(requireNonNull(a, "div: a is null"), b);
  }

  /** a / b; see {@link Div}. */
  public static Tensor div(double a, Tensor b) {
    return Div.of(a, requireNonNull(b, "div: b is null"));
  }

  /** -x; see {@link Neg}. */
  public static Tensor neg(Tensor x) {
    return Tensor.of(new Neg(), x);
  }

  /** The larger of a and b, element by element; see {@link Maximum}. */
  public static Tensor maximum(Tensor a, Tensor b) {
    return Tensor.of(new Maximum(), a, b);
  }

  /** The larger of a and b; see {@link Maximum}. */
  public static Tensor maximum(Tensor a, double b) {
    return maximum(a, scalar("maximum: a", a, b));
  }

  /** The smaller of a and b, element by element; see {@link Minimum}. */
  public static Tensor minimum(Tensor a, Tensor b) {
    return Tensor.of(new Minimum(), a, b);
  }

  /** The smaller of a and b; see {@link Minimum}. */
  public static Tensor minimum(Tensor a, double b) {
    return minimum(a, scalar("minimum: a", a, b));
  }

  // ---- masks, choices ---------------------------------------------------------------------------

  /** 1 where a > b, otherwise 0; no gradient flows. See {@link Compare}. */
  public static Tensor greater(Tensor a, Tensor b) {
    return compare(Compare.Relation.GREATER, a, b);
  }

  /** 1 where a > b, otherwise 0; see {@link Compare}. */
  public static Tensor greater(Tensor a, double b) {
    return greater(a, scalar("greater: a", a, b));
  }

  /** 1 where a >= b, otherwise 0; no gradient flows. See {@link Compare}. */
  public static Tensor greaterEqual(Tensor a, Tensor b) {
    return compare(Compare.Relation.GREATER_EQUAL, a, b);
  }

  /** 1 where a >= b, otherwise 0; see {@link Compare}. */
  public static Tensor greaterEqual(Tensor a, double b) {
    return greaterEqual(a, scalar("greaterEqual: a", a, b));
  }

  /** 1 where a &lt; b, otherwise 0; no gradient flows. See {@link Compare}. */
  public static Tensor less(Tensor a, Tensor b) {
    return compare(Compare.Relation.LESS, a, b);
  }

  /** 1 where a &lt; b, otherwise 0; see {@link Compare}. */
  public static Tensor less(Tensor a, double b) {
    return less(a, scalar("less: a", a, b));
  }

  /** 1 where a &lt;= b, otherwise 0; no gradient flows. See {@link Compare}. */
  public static Tensor lessEqual(Tensor a, Tensor b) {
    return compare(Compare.Relation.LESS_EQUAL, a, b);
  }

  /** 1 where a &lt;= b, otherwise 0; see {@link Compare}. */
  public static Tensor lessEqual(Tensor a, double b) {
    return lessEqual(a, scalar("lessEqual: a", a, b));
  }

  /** 1 where a = b, otherwise 0; no gradient flows. See {@link Compare}. */
  public static Tensor equal(Tensor a, Tensor b) {
    return compare(Compare.Relation.EQUAL, a, b);
  }

  /** 1 where a = b, otherwise 0; see {@link Compare}. */
  public static Tensor equal(Tensor a, double b) {
    return equal(a, scalar("equal: a", a, b));
  }

  /** 1 where a and b differ, otherwise 0; no gradient flows. See {@link Compare}. */
  public static Tensor notEqual(Tensor a, Tensor b) {
    return compare(Compare.Relation.NOT_EQUAL, a, b);
  }

  /** 1 where a and b differ, otherwise 0; see {@link Compare}. */
  public static Tensor notEqual(Tensor a, double b) {
    return notEqual(a, scalar("notEqual: a", a, b));
  }

  private static Tensor compare(Compare.Relation relation, Tensor a, Tensor b) {
    Compare op = new Compare(relation);
    Nulls.refuse(op.name() + ": a, b", a, b);
    return Tensor.of(op, a.detach(), b.detach());
  }

  /** a where the mask is not 0, otherwise b; see {@link Where}. No gradient flows to the mask. */
  public static Tensor where(Tensor mask, Tensor a, Tensor b) {
    return Tensor.of(new Where(), requireNonNull(mask, "where: mask is null").detach(), a, b);
  }

  /** a where the mask is not 0, otherwise b; see {@link Where}. */
  public static Tensor where(Tensor mask, Tensor a, double b) {
    return where(mask, a, scalar("where: a", a, b));
  }

  /** a where the mask is not 0, otherwise b; see {@link Where}. */
  public static Tensor where(Tensor mask, double a, Tensor b) {
    return where(mask, scalar("where: b", b, a), b);
  }

  /** b where a is positive, otherwise 0; see {@link Gate}. No gradient flows to a. */
  public static Tensor gate(Tensor a, Tensor b) {
    return Tensor.of(new Gate(), requireNonNull(a, "gate: a is null").detach(), b);
  }

  // ---- functions of each element ---------------------------------------------------------------

  /** |x|; see {@link Abs}. */
  public static Tensor abs(Tensor x) {
    return Tensor.of(new Abs(), x);
  }

  /** -1, 0 or 1, as x is below, at or above 0; see {@link Sign}. No gradient flows. */
  public static Tensor sign(Tensor x) {
    return Tensor.of(new Sign(), requireNonNull(x, "sign: x is null").detach());
  }

  /** The nearest number from least to most; see {@link Clamp}. */
  public static Tensor clamp(Tensor x, double least, double most) {
    return Tensor.of(new Clamp(least, most), x);
  }

  /** The largest whole number up to x; see {@link Floor}. No gradient flows. */
  public static Tensor floor(Tensor x) {
    return Tensor.of(new Floor(), requireNonNull(x, "floor: x is null").detach());
  }

  /** The nearest whole number, of two the even one; see {@link Round}. No gradient flows. */
  public static Tensor round(Tensor x) {
    return Tensor.of(new Round(), requireNonNull(x, "round: x is null").detach());
  }

  /** x^2; see {@link Square}. */
  public static Tensor square(Tensor x) {
    return Tensor.of(new Square(), x);
  }

  /** 1 / x; see {@link Reciprocal}. */
  public static Tensor reciprocal(Tensor x) {
    return Tensor.of(new Reciprocal(), x);
  }

  /** e^x; see {@link Exp}. */
  public static Tensor exp(Tensor x) {
    return Tensor.of(new Exp(), x);
  }

  /** ln x; see {@link Log}. */
  public static Tensor log(Tensor x) {
    return Tensor.of(new Log(), x);
  }

  /** ln(1 + x); see {@link Log1p}. */
  public static Tensor log1p(Tensor x) {
    return Tensor.of(new Log1p(), x);
  }

  /** e^x - 1; see {@link Expm1}. */
  public static Tensor expm1(Tensor x) {
    return Tensor.of(new Expm1(), x);
  }

  /** The square root of x; see {@link Sqrt}. */
  public static Tensor sqrt(Tensor x) {
    return Tensor.of(new Sqrt(), x);
  }

  /** x to the power of a number; see {@link Pow}. */
  public static Tensor pow(Tensor x, double exponent) {
    return Tensor.of(new Pow(exponent), x);
  }

  /** x to the power of each exponent, element by element; see {@link Power}. */
  public static Tensor pow(Tensor x, Tensor exponent) {
    return Tensor.of(new Power(), x, exponent);
  }

  /** A number to the power of each exponent; see {@link Power}. */
  public static Tensor pow(double x, Tensor exponent) {
    return pow(scalar("pow: exponent", exponent, x), exponent);
  }

  /**
   * The hyperbolic tangent, element by element.
   *
   * <pre>
   *   y = tanh x
   * </pre>
   *
   * Any shape. Within 2 units in the last place. Saturates at -1 and 1; the derivative is computed
   * from x, and so is as accurate there as elsewhere.
   */
  public static Tensor tanh(Tensor x) {
    return Tensor.of(new Tanh(), x);
  }

  /** The sine; see {@link Sin}. */
  public static Tensor sin(Tensor x) {
    return Tensor.of(new Sin(), x);
  }

  /** The cosine; see {@link Cos}. */
  public static Tensor cos(Tensor x) {
    return Tensor.of(new Cos(), x);
  }

  /** The error function; see {@link Erf}. */
  public static Tensor erf(Tensor x) {
    return Tensor.of(new Erf(), x);
  }

  // ---- shapes ----------------------------------------------------------------------------------

  /**
   * The same elements in another shape; see {@link Reshape}.
   *
   * @param dims of which one may be -1, for whatever makes up the number of elements
   */
  public static Tensor reshape(Tensor x, int... dims) {
    Nulls.refuse("reshape: x, dims", x, dims);
    return Tensor.of(new Reshape(x.shape().inferred("reshape", dims)), x);
  }

  /** [N, ...] as [N, the product of the rest]; see {@link Reshape}. */
  public static Tensor flatten(Tensor x) {
    Shape shape = requireNonNull(x, "flatten: x is null").shape();
    if (shape.rank() == 0) {
      throw new ShapeException("flatten", "[] has rank 0, expected 1 or higher");
    }
    return Tensor.of(new Reshape(Shape.of(shape.dim(0), shape.size(1, shape.rank()))), x);
  }

  /**
   * The same elements with one more axis, of extent 1; see {@link Reshape}.
   *
   * @param axis its place in the result, from 0, or negative to count from the end
   */
  public static Tensor expandDims(Tensor x, int axis) {
    Nulls.refuse("expandDims: x", x);
    return Tensor.of(new Reshape(Reshape.expanded("expandDims", x.shape(), axis)), x);
  }

  /**
   * The same elements without these axes, whose extents are 1; without all such axes if none are
   * given; see {@link Reshape}. Refuses an axis of another extent.
   */
  public static Tensor squeeze(Tensor x, int... axes) {
    Nulls.refuse("squeeze: x, axes", x, axes);
    return Tensor.of(new Reshape(Reshape.squeezed("squeeze", x.shape(), axes)), x);
  }

  /** The axes in another order; see {@link Permute}. */
  public static Tensor permute(Tensor x, int... axes) {
    return Tensor.of(
        new Permute(Arrays.stream(requireNonNull(axes, "permute: axes is null")).boxed().toList()),
        x);
  }

  /** The last two axes exchanged; see {@link Permute}. */
  public static Tensor transpose(Tensor x) {
    int rank = requireNonNull(x, "transpose: x is null").shape().rank();
    if (rank < 2) {
      throw new ShapeException(
          "transpose", "%s has rank %s, expected 2 or higher".formatted(x.shape(), rank));
    }
    int[] axes = IntStream.range(0, rank).toArray();
    axes[rank - 2] = rank - 1;
    axes[rank - 1] = rank - 2;
    return permute(x, axes);
  }

  /** x repeated to a shape, by NumPy's rules; see {@link BroadcastTo}. */
  public static Tensor broadcastTo(Tensor x, Shape shape) {
    Nulls.refuse("broadcastTo: x, shape", x, shape);
    return x.shape().equals(shape) ? x : Tensor.of(new BroadcastTo(shape), x);
  }

  /** The reverse of broadcasting; see {@link SumTo}. */
  public static Tensor sumTo(Tensor x, Shape shape) {
    Nulls.refuse("sumTo: x, shape", x, shape);
    return x.shape().equals(shape) ? x : Tensor.of(new SumTo(shape), x);
  }

  // ---- products --------------------------------------------------------------------------------

  /** The matrix product, batched over leading axes; see {@link MatMul}. */
  public static Tensor matmul(Tensor a, Tensor b) {
    return matmul(a, b, false, false);
  }

  /** The matrix product of factors that are transposed first, or not; see {@link MatMul}. */
  public static Tensor matmul(Tensor a, Tensor b, boolean transposeA, boolean transposeB) {
    return Tensor.of(new MatMul(transposeA, transposeB), a, b);
  }

  // ---- constants -------------------------------------------------------------------------------

  /** x as a constant: for what a loss uses but must not change, such as a target it computed. */
  public static Tensor stopGradient(Tensor x) {
    return requireNonNull(x, "stopGradient: x is null").detach();
  }

  /** Zeros of the shape and element type of x, as a constant. */
  public static Tensor zeros(Tensor x) {
    Nulls.refuse("zeros: x", x);
    return Tensor.constant(NdArray.zeros(x.dtype(), x.shape()));
  }

  /** A number as a constant of the element type of a tensor, which must not be null. */
  private static Tensor scalar(String what, Tensor x, double value) {
    return scalar(Nulls.given(what, x), value);
  }

  /** A number as a constant of the element type of x. */
  static Tensor scalar(Tensor x, double value) {
    return Tensor.constant(NdArray.scalar(x.dtype(), value));
  }

  /** Rows [N, classes] of a dtype with a 1 at each of N labels, the rest 0; a constant. */
  public static Tensor oneHot(DType dtype, int classes, int... labels) {
    Nulls.refuse("oneHot: dtype, labels", dtype, labels);
    return Tensor.constant(OneHot.of("oneHot", dtype, classes, labels));
  }
}
