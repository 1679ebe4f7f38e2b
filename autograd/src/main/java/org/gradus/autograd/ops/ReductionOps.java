package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.gather;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.Nulls;

/**
 * The part of the catalogue that makes one number of many: functions over some axes, or along one.
 * Users call them as members of {@link Ops}.
 *
 * <p>A reduction is over all axes, {@code sum(x)}, or over those that {@link Axes} name, {@code
 * sum(x, axes(1, 2).keepDims())}. Most take the numbers of the axes by themselves, too: {@code
 * sum(x, 1, 2)}. {@code max} and {@code min} do not, since {@code max(x, 0)} would read as the
 * larger of two numbers, which is {@link Ops#maximum}.
 */
abstract class ReductionOps extends NetworkOps {
  ReductionOps() {}

  // ---- sums and moments ------------------------------------------------------------------------

  /** The sum over these axes (none means all), which are removed; see {@link Sum}. */
  public static Tensor sum(Tensor x, int... axes) {
    return sum(x, Axes.of("sum", x, axes));
  }

  /** The sum over these axes; see {@link Sum}. */
  public static Tensor sum(Tensor x, Axes axes) {
    List<Integer> numbers = Axes.in("sum", x, axes);
    return Tensor.of(new Sum(numbers, axes.kept()), x);
  }

  /** The mean over these axes (none means all), which are removed; see {@link Mean}. */
  public static Tensor mean(Tensor x, int... axes) {
    return mean(x, Axes.of("mean", x, axes));
  }

  /** The mean over these axes; see {@link Mean}. */
  public static Tensor mean(Tensor x, Axes axes) {
    List<Integer> numbers = Axes.in("mean", x, axes);
    return Tensor.of(new Mean(numbers, axes.kept()), x);
  }

  /**
   * The variance over these axes (none means all), which are removed: the mean square distance from
   * the mean; see {@link Variance}.
   */
  public static Tensor variance(Tensor x, int... axes) {
    return variance(x, Axes.of("variance", x, axes));
  }

  /** The variance over these axes: the mean square distance from the mean; see {@link Variance}. */
  public static Tensor variance(Tensor x, Axes axes) {
    return variance(x, axes, 0);
  }

  /**
   * The variance over these axes; see {@link Variance}.
   *
   * @param correction 0 where the elements are all there is, 1 where they are a sample of more
   */
  public static Tensor variance(Tensor x, Axes axes, int correction) {
    List<Integer> numbers = Axes.in("variance", x, axes);
    return Tensor.of(new Variance(numbers, correction, axes.kept()), x);
  }

  /**
   * The standard deviation over these axes (none means all), which are removed: the square root of
   * the variance; see {@link Std}.
   */
  public static Tensor std(Tensor x, int... axes) {
    return std(x, Axes.of("std", x, axes));
  }

  /** The standard deviation over these axes: the square root of the variance; see {@link Std}. */
  public static Tensor std(Tensor x, Axes axes) {
    return std(x, axes, 0);
  }

  /**
   * The standard deviation over these axes; see {@link Std}.
   *
   * @param correction 0 where the elements are all there is, 1 where they are a sample of more
   */
  public static Tensor std(Tensor x, Axes axes, int correction) {
    List<Integer> numbers = Axes.in("std", x, axes);
    return Tensor.of(new Std(numbers, correction, axes.kept()), x);
  }

  /** The Euclidean norm over these axes (none means all), which are removed; see {@link Norm}. */
  public static Tensor norm(Tensor x, int... axes) {
    return norm(x, Axes.of("norm", x, axes));
  }

  /** The Euclidean norm over these axes; see {@link Norm}. */
  public static Tensor norm(Tensor x, Axes axes) {
    List<Integer> numbers = Axes.in("norm", x, axes);
    return Tensor.of(new Norm(numbers, axes.kept()), x);
  }

  /** The product over these axes (none means all), which are removed; see {@link Prod}. */
  public static Tensor prod(Tensor x, int... axes) {
    return prod(x, Axes.of("prod", x, axes));
  }

  /** The product over these axes; see {@link Prod}. */
  public static Tensor prod(Tensor x, Axes axes) {
    List<Integer> numbers = Axes.in("prod", x, axes);
    return Tensor.of(new Prod(numbers, axes.kept()), x);
  }

  /** ln sum e^x over these axes (none means all), which are removed; see {@link LogSumExp}. */
  public static Tensor logSumExp(Tensor x, int... axes) {
    return logSumExp(x, Axes.of("logSumExp", x, axes));
  }

  /** ln sum e^x over these axes; see {@link LogSumExp}. */
  public static Tensor logSumExp(Tensor x, Axes axes) {
    List<Integer> numbers = Axes.in("logSumExp", x, axes);
    return Tensor.of(new LogSumExp(numbers, axes.kept()), x);
  }

  // ---- extremes --------------------------------------------------------------------------------

  /**
   * The largest of all elements of x; see {@link Max}. The larger of x and a number, element by
   * element, is {@link Ops#maximum}.
   */
  public static Tensor max(Tensor x) {
    return max(x, Axes.of("max", x));
  }

  /** The largest over these axes, as in {@code max(x, axes(0))}; see {@link Max}. */
  public static Tensor max(Tensor x, Axes axes) {
    List<Integer> numbers = Axes.in("max", x, axes);
    return Tensor.of(new Max(numbers, axes.kept()), x);
  }

  /**
   * The largest of a number and the elements over these axes; of no elements it is the number.
   *
   * <pre>
   *   y = maximum(max(x, axes), initial)
   *   VJP: g at the place of the first largest element, if that is at least the number
   *        0 elsewhere
   * </pre>
   *
   * Any shape; an axis may be empty. The kinks are where elements tie, and where one ties with the
   * number: the first element in row-major order gets the gradient, and the number has none. NaN
   * among the elements gives NaN.
   *
   * @param axes none means all; each must be one of x, and not be named twice
   * @param initial the number, rounded to the element type of x; NaN is refused
   * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.max.html">NumPy's max, and
   *     its initial</a>
   */
  public static Tensor max(Tensor x, Axes axes, double initial) {
    return Extremes.from(true, x, axes, initial);
  }

  /**
   * The smallest of all elements of x; see {@link Min}. The smaller of x and a number, element by
   * element, is {@link Ops#minimum}.
   */
  public static Tensor min(Tensor x) {
    return min(x, Axes.of("min", x));
  }

  /** The smallest over these axes, as in {@code min(x, axes(0))}; see {@link Min}. */
  public static Tensor min(Tensor x, Axes axes) {
    List<Integer> numbers = Axes.in("min", x, axes);
    return Tensor.of(new Min(numbers, axes.kept()), x);
  }

  /**
   * The smallest of a number and the elements over these axes; of no elements it is the number.
   *
   * <pre>
   *   y = minimum(min(x, axes), initial)
   *   VJP: g at the place of the first smallest element, if that is at most the number
   *        0 elsewhere
   * </pre>
   *
   * Any shape; an axis may be empty. The kinks are where elements tie, and where one ties with the
   * number: the first element in row-major order gets the gradient, and the number has none. NaN
   * among the elements gives NaN.
   *
   * @param axes none means all; each must be one of x, and not be named twice
   * @param initial the number, rounded to the element type of x; NaN is refused
   * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.min.html">NumPy's min, and
   *     its initial</a>
   */
  public static Tensor min(Tensor x, Axes axes, double initial) {
    return Extremes.from(false, x, axes, initial);
  }

  /**
   * The position of the first largest element of x along an axis, which is removed. It is constant
   * between ties, so it has no gradient. NaN counts as the largest of all; an empty axis is
   * refused.
   */
  public static Indices argMax(Tensor x, int axis) {
    Nulls.refuse("argMax: x", x);
    return x.read(v -> Extremes.of("argMax", true, v, List.of(axis)).places());
  }

  // ---- along an axis ---------------------------------------------------------------------------

  /** The sums of all elements up to each one, along an axis; see {@link CumSum}. */
  public static Tensor cumSum(Tensor x, int axis) {
    return Tensor.of(new CumSum(axis, false), x);
  }

  /**
   * The k largest elements of x along an axis, the largest first.
   *
   * <pre>
   *   y[..., i, ...] = x[..., argTopK(x, axis, k)[..., i, ...], ...]
   *   VJP: g at the places of the chosen, 0 elsewhere
   * </pre>
   *
   * Any shape of rank 1 or higher. The kinks are where elements tie, 0 and -0 too: the first comes
   * first, and is chosen first. NaN counts as the largest of all. The k smallest are {@code
   * neg(topK(neg(x), axis, k))}. Refuses an axis that x does not have, and more elements than the
   * axis has.
   *
   * @param axis from 0, or negative to count from the end
   * @param k from 0 to the extent of the axis; it is the extent of that axis of y
   */
  public static Tensor topK(Tensor x, int axis, int k) {
    Nulls.refuse("topK: x", x);
    return gather(x, axis, x.read(v -> Extremes.topK("topK", v, axis, k)));
  }

  /**
   * The positions of the {@link #topK} along an axis. They are constant between ties, so they have
   * no gradient.
   *
   * @param axis from 0, or negative to count from the end
   * @param k from 0 to the extent of the axis; it is the extent of that axis of the result
   */
  public static Indices argTopK(Tensor x, int axis, int k) {
    Nulls.refuse("argTopK: x", x);
    return x.read(v -> Extremes.topK("argTopK", v, axis, k));
  }
}
