package org.gradus.autograd.internal.kernel;

import java.util.List;
import java.util.Optional;

/**
 * The loops that do the work, on plain row-major arrays and sizes. Arguments are trusted: shapes
 * were checked where the graph was built. Results are written to the last array named, the only one
 * modified. It may hold anything before, except where it starts as zeros: {@link #scatterAdd},
 * {@link #takeInput}, {@link #maxPoolInput}, {@link #avgPoolInput} and {@link #resizeInput} add to
 * it, and {@link #copy} writes to a part of it. The same input gives the same bits whatever the
 * number of threads.
 *
 * @param <A> the type of array: {@code float[]} or {@code double[]}
 */
public interface Kernels<A> {

  /** The kernels for an array's own type. An array of another type must not be passed to them. */
  @SuppressWarnings("unchecked") // Object stands for float[] or double[], whichever the array is
  static Kernels<Object> of(Object array) {
    return (Kernels<Object>) KernelProvider.chosen().of(array);
  }

  /** How many elements a vector of these kernels holds; 1 if they leave vectors to the JIT. */
  int lanes();

  /** y = the value, rounded to the type of the elements. */
  void fill(double value, A y);

  /**
   * y = f(x), element by element; {@code c} is the function's constant where it has one. y is
   * another array: numbers that a formula does not cover are read again.
   */
  void unary(Unary f, double c, A x, A y);

  /**
   * y = f(a, b), element by element, with broadcasting.
   *
   * @param shape of y, at least one axis
   * @param stridesA what one step along each axis of y means in a; on the last axis 0 or 1
   * @param stridesB likewise in b
   */
  void binary(Binary f, int[] shape, A a, int[] stridesA, A b, int[] stridesB, A y);

  /**
   * y = a where the mask is not 0, otherwise b, element by element, with broadcasting.
   *
   * @param shape as for {@link #binary}, and so are the strides
   */
  void where(int[] shape, A mask, int[] stridesMask, A a, int[] stridesA, A b, int[] stridesB, A y);

  /**
   * y = c times the product of a function of each x, element by element, with broadcasting as for
   * {@link #binary}. Nothing overflows or is lost on the way to a product that is representable.
   */
  void product(double c, Factor[] factors, int[] shape, List<A> x, int[][] strides, A y);

  /** y = f(x), element by element, of several inputs, with broadcasting as for {@link #product}. */
  void pointwise(Pointwise f, int[] shape, List<A> x, int[][] strides, A y);

  /** y = c (x0 - x1) x2, element by element, with broadcasting as for {@link #product}. */
  void scaledDifference(double c, int[] shape, List<A> x, int[][] strides, A y);

  /** y = z + c * x, element by element; y may be z itself. */
  void axpy(double c, A x, A z, A y);

  /**
   * One step of an optimiser from p to y, element by element: see {@link Update}.
   *
   * @param kept as many arrays as the rule keeps, none of them another's; modified, too
   */
  void update(Update rule, A g, A p, List<A> kept, A y);

  /**
   * Copies between places that lie along strides: broadcasts where a stride of x is 0, permutes
   * where strides are exchanged, reverses where one is negative, and cuts out or fills in a part.
   *
   * @param shape of what is copied, at least one axis
   * @param offsetX where it begins in x
   * @param stridesX what one step along each axis means in x
   * @param offsetY where it begins in y
   * @param stridesY what one step along each axis means in y; no two steps lead to one place
   */
  void copy(int[] shape, A x, int offsetX, int[] stridesX, A y, int offsetY, int[] stridesY);

  /**
   * y is x with a margin of one value around it.
   *
   * @param shape of y, at least one axis
   * @param before how many indices of each axis of y come before those of x
   * @param extents of x, which {@code shape} has room for behind these
   * @param value rounded to the element type
   */
  void pad(int[] shape, int[] before, int[] extents, double value, A x, A y);

  /**
   * Takes elements by their positions along the middle axis: x is [before, axis, after], index and
   * y are [before, picks, after].
   */
  void gather(int before, int axis, int picks, int after, A x, int[] index, A y);

  /**
   * The adjoint of {@link #gather}: adds elements at their positions along the middle axis. x and
   * index are [before, picks, after], y is [before, axis, after].
   */
  void scatterAdd(int before, int picks, int axis, int after, A x, int[] index, A y);

  /**
   * Takes whole slabs by their positions along the middle axis: x is [before, axis, after], y is
   * [before, picks, after], and there are as many positions as picks.
   */
  void take(int before, int axis, int picks, int after, A x, int[] positions, A y);

  /**
   * The adjoint of {@link #take}: adds slabs at their positions along the middle axis. x is
   * [before, picks, after], y is [before, axis, after].
   */
  void takeInput(int before, int picks, int axis, int after, A x, int[] positions, A y);

  /**
   * y = x / (1 - rate) where a number in [0, 1), hashed of seed and place, reaches rate; else 0.
   */
  void dropout(double rate, long seed, A x, A y);

  /** Sums over the middle axis: x is [before, axis, after] and y is [before, after]. */
  void sum(int before, int axis, int after, A x, A y);

  /**
   * Sums over the marked axes, each divided by a number before it is rounded. Nothing overflows on
   * the way to a quotient that does not.
   */
  void sum(int[] extents, boolean[] summed, double divisor, A x, A y);

  /**
   * Sums of all elements up to each one along the middle axis of x and y, both [before, axis,
   * after].
   *
   * @param reversed whether they are added up from the end of the axis
   */
  void cumSum(boolean reversed, int before, int axis, int after, A x, A y);

  /** For each slice, the square root of the sum of squares. */
  void norm(Slices slices, A x, A y);

  /** y = x / norm in each slice; 0 where the norm is 0. */
  void direction(Slices slices, A x, A y);

  /**
   * The derivative of {@link #direction}, which is symmetric in each slice, times g: with u the
   * direction of x, (g - u times the sum of u g) / norm; 0 where the norm is 0.
   */
  void directionInput(Slices slices, A x, A g, A y);

  /**
   * For each slice, the derivative of the product of x along each of some directions, one after the
   * other: a sum over the ways to put an element of each direction in the place of one of x. Of no
   * direction, the product itself.
   */
  void products(Slices slices, A x, List<A> directions, A y);

  /**
   * For each element, what {@link #products} is of the others in its slice, times the slice's own
   * factor.
   */
  void productsOfOthers(Slices slices, A x, List<A> directions, A factors, A y);

  /**
   * y = (x - mean) / deviation in each slice, with the {@link #deviation}.
   *
   * @param known about x, here and below
   */
  void normalize(Slices slices, double epsilon, A x, Known known, A y);

  /**
   * The derivative of {@link #normalize}, which is symmetric in each slice, times g: with n the
   * normalized x, (g - mean of g - n times the mean of n g) / deviation.
   */
  void normalizeInput(Slices slices, double epsilon, A x, Known known, A g, A y);

  /**
   * y = gamma n + beta, where n is x normalized as by {@link #normalize}.
   *
   * @param channels which gamma and beta belongs to each element
   */
  void normalizeAffine(
      Slices slices, double epsilon, Channels channels, A x, Known known, A gamma, A beta, A y);

  /** {@link #normalizeInput} of gamma g. */
  void normalizeAffineInput(
      Slices slices,
      double epsilon,
      Channels channels,
      A x,
      Known known,
      A gamma,
      A g,
      Known knownOfG,
      A y);

  /**
   * For each channel, the sum over its elements of the products of g and the normalized x. Each
   * channel is a slice, or slices are runs of neighbours and the lengths of runs and of channels
   * divide one another.
   */
  void normalizedSums(
      Slices slices, double epsilon, Channels channels, A x, Known known, A g, Known knownOfG, A y);

  /**
   * y = gamma (x - mean) / sqrt(variance + epsilon) + beta, with numbers of channels: not given as
   * slices, but measured before.
   */
  void normalizeBy(
      double epsilon, Channels channels, A x, A mean, A variance, A gamma, A beta, A y);

  /** For each slice, the square root of the mean square distance from its mean plus epsilon. */
  void deviation(Slices slices, double epsilon, A x, A y);

  /** For each slice, the sum of square distances from its mean, divided by a number. */
  void variance(Slices slices, double divisor, A x, A y);

  /** The mean of each slice, and then, for each, the mean of square distances from its mean. */
  void moments(Slices slices, A x, Known known, A y);

  /** y = factor (x - mean) scale in each slice, which has a scale of its own. */
  void centre(Slices slices, double factor, A x, A scales, A y);

  /**
   * The sum of f(a, b) over all elements, divided by a number, in double precision.
   *
   * @param c the constant of f where it has one
   */
  double loss(Loss f, double c, double divisor, A a, A b);

  /**
   * y = factor times the derivative in a of the absolute value, Huber's loss or the binary
   * cross-entropy, element by element.
   *
   * @param c the constant of f where it has one
   */
  void lossInput(Loss f, double c, double factor, A a, A b, A y);

  /** Whether no element is NaN or infinite. */
  boolean isFinite(A x);

  /**
   * The square root of the sum of squares of all elements, in double precision. Nothing overflows
   * or is lost on the way.
   */
  double norm(A x);

  /** Whether all elements are from one number to another, and none is NaN. */
  boolean isBetween(double least, double most, A x);

  /** Whether the sizes of all elements are from one number to another, and none is NaN. */
  boolean isWithin(double least, double most, A x);

  /**
   * The position of the first largest or smallest element along the middle axis of x [before, axis,
   * after]; NaN is both. index is [before, after].
   *
   * @param axis at least 1
   */
  void argMax(boolean largest, int before, int axis, int after, A x, int[] index);

  /** The elements at the positions that {@link #argMax} finds: y is [before, after]. */
  void max(boolean largest, int before, int axis, int after, A x, A y);

  /**
   * The positions of the {@code count} largest elements along the middle axis of x [before, axis,
   * after], the largest first, and of equal ones the first; NaN is the largest. index is [before,
   * count, after].
   */
  void argTopK(int before, int axis, int count, int after, A x, int[] index);

  /** Softmax, or its logarithm, over the middle axis of x and y, both [before, axis, after]. */
  void softmax(boolean logarithm, int before, int axis, int after, A x, A y);

  /**
   * A linear function of g that depends on the softmax of x, along the middle axis of x, g and y,
   * all three [before, axis, after]. Lines of x that are -infinity throughout give 0.
   */
  void softmaxSlope(SoftmaxSlope f, int before, int axis, int after, A x, A g, A y);

  /**
   * ln sum e^x over the middle axis, which is not empty: x [before, axis, after], y [before,
   * after].
   */
  void logSumExp(int before, int axis, int after, A x, A y);

  /**
   * The sum over all elements of -t times the logarithm of the softmax of x over the middle axis,
   * divided by a number. Where t is 0, so is the product, unless x is NaN in the line.
   */
  double crossEntropy(int before, int axis, int after, double divisor, A x, A t);

  /**
   * The mean cross-entropy of rows x [rows, axis] and labels, one for each row, where a part of
   * each target, the smoothing, is shared by all places.
   *
   * @param divisor of the sum over the rows
   */
  double labelCrossEntropy(int axis, double smoothing, double divisor, A x, int[] labels);

  /** For each row, factor times the derivative of that of {@link #labelCrossEntropy}. */
  void labelCrossEntropyInput(int axis, double smoothing, double factor, A x, int[] labels, A y);

  /** Matrix products: c = op(a) op(b), for each pair of matrices. */
  void matmul(MatmulSizes sizes, A a, A b, A c);

  /** Which ways conv2d, conv2dInput and conv2dWeight go for some sizes. */
  default List<Way> ways(ConvSizes sizes) {
    return List.of(Way.IM2COL, Way.IM2COL, Way.IM2COL);
  }

  /** These kernels, with every convolution forced to one way where it applies; for tests. */
  default Kernels<A> forcedTo(Way way) {
    return this;
  }

  /**
   * Cross-correlation of x [batch, channels, height, width] with w [filters, channels / groups,
   * kernel], plus a bias for each filter:
   *
   * <pre>
   *   y[n, f, i, j] = b[f] + sum over c, a, d of w[f, c, a, d] x[n, c', rows.at(i, a), columns.at(j, d)]
   * </pre>
   *
   * <p>c' is channel c of the filter's group; x is 0 outside of the plane; {@code at} is that of
   * the window's {@link Axis}.
   *
   * @param b one number for each filter, or nothing
   */
  void conv2d(ConvSizes sizes, A x, A w, A b, A y);

  /** The adjoint of {@link #conv2d} in its input: each product goes to x, in place of y. */
  void conv2dInput(ConvSizes sizes, A w, A y, A x);

  /** The adjoint of {@link #conv2d} in its weights: each product goes to w, in place of y. */
  void conv2dWeight(ConvSizes sizes, A x, A y, A w);

  /** Kernels for images whose channels follow each other, if there are any that are fast. */
  default Optional<PixelKernels<A>> pixels() {
    return Optional.empty();
  }

  /** For each window of each plane, the element of h where x has its first maximum. */
  void maxPool(int planes, WindowSizes sizes, A x, A h, A y);

  /** The adjoint of {@link #maxPool} in h: adds each g to the place of x's first maximum. */
  void maxPoolInput(int planes, WindowSizes sizes, A x, A g, A h);

  /**
   * For each window of each plane, the mean of x.
   *
   * @param countPadding whether padding counts as elements that are zero, or not at all; what lies
   *     behind it never counts
   */
  void avgPool(int planes, WindowSizes sizes, boolean countPadding, A x, A y);

  /** The adjoint of {@link #avgPool}. */
  void avgPoolInput(int planes, WindowSizes sizes, boolean countPadding, A y, A x);

  /** Each plane of x in another size: each output is mixed of neighbours along both axes. */
  void resize(int planes, Interpolation rows, Interpolation columns, A x, A y);

  /** The adjoint of {@link #resize}: adds each element of y to what it was mixed of. */
  void resizeInput(int planes, Interpolation rows, Interpolation columns, A y, A x);
}
