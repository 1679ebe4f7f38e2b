package org.gradus.autograd.array;

import java.util.random.RandomGenerator;

/** Arrays made from other things than numbers in a row: nested arrays, ranges, generators. */
final class Making {
  private static final String NESTED = "array";

  private Making() {}

  // ---- nested arrays ---------------------------------------------------------------------------

  /** Arrays in arrays, of as many axes, whose innermost ones are of an element type. */
  static NdArray nested(DType dtype, int rank, Object[] values) {
    Nulls.refuse("array: values", (Object) values);
    int[] dims = new int[rank];
    Object first = values;
    for (int axis = 0; axis < rank && first != null; axis++) {
      dims[axis] = length(first);
      first = dims[axis] > 0 && first instanceof Object[] parts ? parts[0] : null;
    }
    Shape shape = Shape.of(NESTED, dims);
    NdArray result = NdArray.zeros(dtype, shape);
    fill(shape, 0, "values", values, result.storage(), 0);
    return result;
  }

  private static int length(Object array) {
    if (array instanceof Object[] parts) {
      return parts.length;
    }
    return array instanceof float[] floats ? floats.length : ((double[]) array).length;
  }

  /** Copies what lies at one place along the first axes; refuses another length than the first. */
  private static void fill(Shape shape, int axis, String name, Object from, Object to, int offset) {
    if (from == null) {
      throw new NullPointerException(NESTED + ": " + name + " is null");
    }
    int extent = shape.dim(axis);
    if (length(from) != extent) {
      throw new ShapeException(
          NESTED,
          "%s has %s elements, but values%s has %s"
              .formatted(name, length(from), "[0]".repeat(axis), extent));
    }
    if (from instanceof Object[] parts) {
      int size = shape.size(axis + 1, shape.rank());
      for (int i = 0; i < extent; i++) {
        fill(shape, axis + 1, name + "[" + i + "]", parts[i], to, offset + i * size);
      }
    } else {
      System.arraycopy(from, 0, to, offset, extent);
    }
  }

  // ---- whole numbers ---------------------------------------------------------------------------

  /** These values, if the element type has them. */
  static NdArray ofInts(DType dtype, int... values) {
    NdArray result = NdArray.generate(dtype, Shape.of(values.length), i -> values[i]);
    for (int i = 0; i < values.length; i++) {
      if (result.at(i) != values[i]) {
        throw new IllegalArgumentException(
            "array: value %s at %s is no %s: the nearest is %s"
                .formatted(values[i], i, dtype, (long) result.at(i)));
      }
    }
    return result;
  }

  // ---- ranges ----------------------------------------------------------------------------------

  /** As {@link NdArray#arange(DType, double, double, double)}. */
  static NdArray arange(DType dtype, double from, double to, double step) {
    double count = Math.max(0, Math.ceil((to - from) / step));
    if (!(step != 0 && Math.abs(from) + Math.abs(to) + Math.abs(step) <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "arange: from %s to %s by %s, expected finite numbers, and a step other than 0"
              .formatted(from, to, step));
    }
    if (count > Integer.MAX_VALUE) {
      throw new ShapeException(
          "arange",
          "from %s to %s by %s are %s elements, and an array holds at most %s"
              .formatted(from, to, step, count, Integer.MAX_VALUE));
    }
    return NdArray.generate(dtype, Shape.of("arange", (int) count), i -> from + i * step);
  }

  /** As {@link NdArray#linspace}. */
  static NdArray linspace(DType dtype, double from, double to, int count) {
    if (!(Math.abs(from) <= Double.MAX_VALUE && Math.abs(to) <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "linspace: from %s to %s, expected finite numbers".formatted(from, to));
    }
    double last = Math.max(1, count - 1);
    return NdArray.generate(
        dtype,
        Shape.of("linspace", count),
        i -> {
          double exact = from + (to - from) * i / last; // but that may overflow
          double mixed = from * (1 - i / last) + to * (i / last);
          return i == last ? to : Math.abs(exact) <= Double.MAX_VALUE ? exact : mixed;
        });
  }

  // ---- random numbers --------------------------------------------------------------------------

  /** As {@link NdArray#rand}. A double, rounded to a float, could be 1. */
  static NdArray rand(DType dtype, Shape shape, RandomGenerator random) {
    return NdArray.generate(
        dtype, shape, dtype == DType.FLOAT32 ? i -> random.nextFloat() : i -> random.nextDouble());
  }
}
