package org.gradus.autograd.array;

import java.util.Arrays;

/**
 * The extents of an array's axes, outermost first. Immutable. Rank 0 is a scalar; an axis may have
 * extent 0, and the array is then empty.
 */
public final class Shape {
  /** The shape of a scalar, {@code []}. */
  public static final Shape SCALAR = new Shape("shape", new int[0]);

  /** The largest array that every Java virtual machine can be expected to allocate. */
  private static final int MAX_SIZE = Integer.MAX_VALUE - 8;

  private final int[] dims;
  private final int size;

  private Shape(String op, int[] dims) {
    this.dims = dims;
    this.size = checkedSize(op, dims);
  }

  /**
   * The shape with these extents, {@code dims}, of which there may be none.
   *
   * @throws ShapeException if an extent is negative, or if the number of elements exceeds what a
   *     Java array can hold
   */
  public static Shape of(int... dims) {
    return of("shape", dims);
  }

  /**
   * The shape with the extents {@code dims}, of something that an op makes.
   *
   * @param op named in the error
   * @throws ShapeException if an extent is negative, or if the number of elements exceeds what a
   *     Java array can hold
   */
  public static Shape of(String op, int... dims) {
    Nulls.refuse("shape: op, dims", op, dims);
    return dims.length == 0 ? SCALAR : new Shape(op, dims.clone());
  }

  /** The number of elements; extents of 0 are left out of the bound, so no product overflows. */
  private static int checkedSize(String op, int[] dims) {
    long bound = 1;
    boolean empty = false;
    for (int dim : dims) {
      if (dim < 0) {
        throw new ShapeException(op, Arrays.toString(dims) + " has the negative extent " + dim);
      }
    }
    for (int dim : dims) {
      empty |= dim == 0;
      bound *= Math.max(dim, 1);
      if (bound > MAX_SIZE) {
        boolean anyIsZero = Arrays.stream(dims).anyMatch(d -> d == 0);
        String what = anyIsZero ? "%s has, but for extents of 0, at least" : "%s has at least";
        throw new ShapeException(
            op,
            (what + " %s elements, and an array holds at most %s")
                .formatted(Arrays.toString(dims), bound, MAX_SIZE));
      }
    }
    return empty ? 0 : (int) bound;
  }

  /** The number of axes. */
  public int rank() {
    return dims.length;
  }

  /** The number of elements; 1 for a scalar. */
  public int size() {
    return size;
  }

  /**
   * The extent of an axis.
   *
   * @param axis from 0, or negative to count from the end (-1 is the last)
   * @throws ShapeException if there is no such axis
   */
  public int dim(int axis) {
    return dims[axis("dim", axis)];
  }

  /**
   * The axis as a number from 0 to rank - 1.
   *
   * @param op named in the error
   * @param axis from 0, or negative to count from the end
   * @throws ShapeException if there is no such axis
   */
  public int axis(String op, int axis) {
    int result = axis < 0 ? axis + dims.length : axis;
    if (op == null || result < 0 || result >= dims.length) { // asked for often, refused seldom
      Nulls.refuse("axis: op", op);
      throw new ShapeException(
          op, "there is no axis %s in %s, which has rank %s".formatted(axis, this, dims.length));
    }
    return result;
  }

  /** Refuses the number of an element that is not there. */
  void requireElement(String what, int flat) {
    if (flat < 0 || flat >= size) {
      throw new ShapeException(
          what, "there is no element %s in %s, which has %s".formatted(flat, this, size));
    }
  }

  /** The extents, as a new array. */
  public int[] toArray() {
    return dims.clone();
  }

  /**
   * The product of the extents of the axes {@code from} (included) to {@code to} (excluded).
   *
   * @throws ShapeException if it is not 0 &lt;= from &lt;= to &lt;= rank
   */
  public int size(int from, int to) {
    if (from < 0 || from > to || to > dims.length) {
      throw new ShapeException(
          "size",
          "from axis %s to %s is not within %s, which has rank %s"
              .formatted(from, to, this, dims.length));
    }
    int product = 1;
    for (int axis = from; axis < to; axis++) {
      product *= dims[axis];
    }
    return product;
  }

  /**
   * The shape of these extents, which holds as many elements as this one.
   *
   * @param op named in the error
   * @param newDims of which one may be -1, for whatever makes up the number of elements
   * @throws ShapeException if no such extents hold them
   */
  public Shape inferred(String op, int... newDims) {
    Nulls.refuse("inferred: op, newDims", op, newDims);
    int[] result = newDims.clone();
    int unknown = -1;
    long known = 1;
    for (int axis = 0; axis < newDims.length; axis++) {
      if (newDims[axis] == -1) {
        if (unknown >= 0) {
          throw new ShapeException(
              op,
              "%s has more than one -1, expected at most one".formatted(Arrays.toString(newDims)));
        }
        unknown = axis;
      } else {
        known *= newDims[axis];
      }
    }
    if (unknown >= 0) {
      if (known <= 0 || size % known != 0) {
        throw new ShapeException(
            op,
            "no single extent in place of -1 makes %s hold the %s elements of %s"
                .formatted(Arrays.toString(newDims), size, this));
      }
      result[unknown] = (int) (size / known);
    }
    Shape shape = of(op, result);
    if (shape.size != size) {
      throw new ShapeException(
          op, "%s has %s elements, but %s has %s".formatted(this, size, shape, shape.size));
    }
    return shape;
  }

  /** This shape with another extent on one axis. */
  public Shape with(int axis, int extent) {
    int[] changed = dims.clone();
    changed[axis("with", axis)] = extent;
    return of(changed);
  }

  /**
   * The shape of so many arrays of this one, stacked along a new axis 0: [4, 2, 3] of four [2, 3].
   *
   * @param op named in the error
   * @param count of the arrays, at least 0
   * @throws ShapeException if it is negative, or there are too many elements
   */
  public Shape stacked(String op, int count) {
    int[] stacked = new int[dims.length + 1];
    stacked[0] = count;
    System.arraycopy(dims, 0, stacked, 1, dims.length);
    return of(op, stacked);
  }

  /**
   * The shape that a and b broadcast to, by NumPy's rules: the shorter one is extended with 1 on
   * the left; then each pair of extents is equal, or one of them is 1 and is repeated.
   *
   * @param op named in the error
   * @throws ShapeException if a pair of extents is neither equal nor has a 1
   * @see <a href="https://numpy.org/doc/stable/user/basics.broadcasting.html">NumPy's rules</a>
   */
  public static Shape broadcast(String op, Shape a, Shape b) {
    Nulls.refuse("broadcast: op, a, b", op, a, b);
    int rank = Math.max(a.rank(), b.rank());
    int[] dims = new int[rank];
    for (int i = 1; i <= rank; i++) {
      int da = i <= a.rank() ? a.dims[a.rank() - i] : 1;
      int db = i <= b.rank() ? b.dims[b.rank() - i] : 1;
      if (da != db && da != 1 && db != 1) {
        throw new ShapeException(
            op,
            "%s and %s do not broadcast: extents %s and %s differ and neither is 1 (axes are aligned at the right)"
                .formatted(a, b, da, db));
      }
      dims[rank - i] = da == 1 ? db : da;
    }
    return of(op, dims);
  }

  /**
   * The distance between neighbours along each axis in a row-major array of this shape; 0 on an
   * axis of extent 1, so that a broadcast axis is repeated.
   */
  public int[] strides() {
    int[] strides = new int[dims.length];
    int stride = 1;
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      strides[axis] = dims[axis] == 1 ? 0 : stride;
      stride *= Math.max(dims[axis], 1);
    }
    return strides;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /** For example {@code [64, 3, 28, 28]}. */
  @Override
  public String toString() {
    return Arrays.toString(dims);
  }
}
