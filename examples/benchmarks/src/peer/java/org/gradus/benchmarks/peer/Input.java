package org.gradus.benchmarks.peer;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.gradus.autograd.array.Shape;

/**
 * An array that an op takes, drawn evenly; the same for both sides.
 *
 * @param name in the peer's expression
 * @param kind what it is to the op
 * @param low the least number
 * @param high above all numbers
 * @param shape of the array
 */
record Input(String name, Kind kind, double low, double high, Shape shape) {

  /** What an input is to an op. */
  enum Kind {
    /** It has a gradient. */
    VARIABLE,
    /** It has none. */
    CONSTANT,
    /** Whole numbers, the classes of rows. */
    LABELS
  }

  /** Numbers from -1 to 1, which have a gradient. */
  static Input variable(String name, int... dims) {
    return new Input(name, Kind.VARIABLE, -1, 1, Shape.of(dims));
  }

  /** Numbers from -1 to 1, which have no gradient. */
  static Input constant(String name, int... dims) {
    return new Input(name, Kind.CONSTANT, -1, 1, Shape.of(dims));
  }

  /** A class for each of some rows. */
  static Input labels(int rows, int classes) {
    return new Input("labels", Kind.LABELS, 0, classes, Shape.of(rows));
  }

  /** In another range. */
  Input within(double least, double most) {
    return new Input(name, kind, least, most, shape);
  }

  float[] floats() {
    SplittableRandom random = new SplittableRandom(name.hashCode());
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(low, high);
    }
    return values;
  }

  int[] classes() {
    return new SplittableRandom(1).ints(shape.size(), (int) low, (int) high).toArray();
  }

  long[] longs() {
    return Arrays.stream(classes()).asLongStream().toArray();
  }
}
