package org.gradus.onnx;

import java.util.function.LongBinaryOperator;
import org.gradus.autograd.array.Shape;

/** Arithmetic of whole numbers that are no tensors: those of shapes. */
final class HostMath {
  private HostMath() {}

  /**
   * A function of pairs of numbers, which broadcast.
   *
   * @param op named in errors
   * @param type of the result, to which it is narrowed
   */
  static Value.Host binary(
      String op, Value.Host a, Value.Host b, Element type, LongBinaryOperator function) {
    Shape shape = Shape.broadcast(op, a.shape(), b.shape());
    int[] left = places(a.shape(), shape);
    int[] right = places(b.shape(), shape);
    long[] values = new long[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = type.narrow(function.applyAsLong(a.values()[left[i]], b.values()[right[i]]));
    }
    return new Value.Host(type, values, shape);
  }

  /** The same numbers repeated to a shape. */
  static Value.Host broadcast(String op, Value.Host a, Shape to) {
    Shape shape = Shape.broadcast(op, a.shape(), to);
    int[] places = places(a.shape(), shape);
    long[] values = new long[places.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = a.values()[places[i]];
    }
    return new Value.Host(a.type(), values, shape);
  }

  /** For each element of the larger shape, that of the smaller one which is repeated there. */
  private static int[] places(Shape small, Shape large) {
    int[] places = new int[large.size()];
    int missing = large.rank() - small.rank();
    int period = places.length;
    int width = small.size();
    for (int axis = 0; axis < large.rank() && places.length > 0; axis++) {
      int extent = large.dim(axis);
      period /= extent;
      int own = axis < missing ? 1 : small.dim(axis - missing);
      width /= own;
      if (own > 1) {
        for (int i = 0; i < places.length; i++) {
          places[i] += i / period % extent * width;
        }
      }
    }
    return places;
  }
}
