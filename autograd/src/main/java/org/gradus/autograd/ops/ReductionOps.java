package org.gradus.autograd.ops;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Indices;

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
   * The position of the first largest element of x along an axis, which is removed. It is constant
   * between ties, so it has no gradient. NaN counts as the largest of all; an empty axis is
   * refused.
   */
  public static Indices argMax(Tensor x, int axis) {
    return Extremes.of(
            "argMax", true, requireNonNull(x, "argMax: x is null").value(), List.of(axis))
        .places();
  }
}
