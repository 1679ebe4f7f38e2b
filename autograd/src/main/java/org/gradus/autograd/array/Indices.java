package org.gradus.autograd.array;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Whole numbers in a {@link Shape}, row-major: positions along an axis, such as classes or places
 * of maxima. They have no gradients; ops take them as attributes.
 *
 * <p>Immutable to those who use it as intended: {@code of} and {@code toArray} copy, {@code wrap}
 * and {@code storage} share, and what is shared must not be written to.
 */
public final class Indices {
  private static final int SHOWN = 16;

  private final int[] storage;
  private final Shape shape;

  private Indices(int[] storage, Shape shape) {
    Nulls.refuse("indices: storage, shape", storage, shape);
    if (storage.length != shape.size()) {
      throw new ShapeException(
          "indices",
          "%s values do not fill the shape %s, which has %s"
              .formatted(storage.length, shape, shape.size()));
    }
    this.storage = storage;
    this.shape = shape;
  }

  /**
   * A copy of these values, in row-major order, in the shape of extents {@code dims}.
   *
   * @throws ShapeException if their number is not that of the shape
   */
  public static Indices of(int[] values, int... dims) {
    Nulls.refuse("indices: values, dims", values, dims);
    return wrap(values.clone(), Shape.of(dims));
  }

  /**
   * These very numbers.
   *
   * @param storage shared: must not be modified afterwards
   * @throws ShapeException if its length is not that of the shape
   */
  public static Indices wrap(int[] storage, Shape shape) {
    return new Indices(storage, shape);
  }

  /** The extents of the axes. */
  public Shape shape() {
    return shape;
  }

  /** The number of elements. */
  public int size() {
    return storage.length;
  }

  /**
   * Element number {@code flat} in row-major order.
   *
   * @throws ShapeException if it is not from 0 to size - 1
   */
  public int at(int flat) {
    shape.requireElement("at", flat);
    return storage[flat];
  }

  /** The elements in row-major order, in a new array. */
  public int[] toArray() {
    return storage.clone();
  }

  /** The array itself, shared: must not be modified. */
  public int[] storage() {
    return storage;
  }

  /**
   * The same numbers in the shape of extents {@code dims}, without a copy.
   *
   * @throws ShapeException if the number of elements differs
   */
  public Indices reshape(int... dims) {
    return wrap(storage, Shape.of("reshape", Nulls.given("reshape: dims", dims)));
  }

  /** Whether the other has the same shape and the same numbers. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Indices indices
        && shape.equals(indices.shape)
        && Arrays.equals(storage, indices.storage);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(storage) + shape.hashCode();
  }

  /** For example {@code [2, 2] {0, 3, 1, 0}}; a long array is cut off. */
  @Override
  public String toString() {
    String shown =
        Arrays.stream(storage)
            .limit(SHOWN)
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(", "));
    return shape + " {" + shown + (storage.length > SHOWN ? ", ...}" : "}");
  }
}
