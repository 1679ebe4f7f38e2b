package org.gradus.autograd.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/** Small tensors typed in as numbers, and assertions that look at every element. */
final class Values {
  static final double INF = Double.POSITIVE_INFINITY;

  private Values() {}

  static Shape shape(int... dims) {
    return Shape.of(dims);
  }

  /** A float64 constant of zeros. */
  static Tensor zeros(int... dims) {
    return Tensor.constant(NdArray.zeros(DType.FLOAT64, Shape.of(dims)));
  }

  /** A constant with these values in row-major order. */
  static Tensor tensor(DType type, Shape shape, double... values) {
    return Tensor.constant(NdArray.wrap(values.clone(), shape).as(type));
  }

  /** A float64 variable with these values in row-major order. */
  static Tensor variable(Shape shape, double... values) {
    return Tensor.variable(NdArray.of(values, shape.toArray()));
  }

  /** A constant whose elements are first, first + 1, ... in row-major order. */
  static Tensor range(DType type, Shape shape, int first) {
    return Tensor.constant(NdArray.generate(type, shape, i -> first + i));
  }

  /** The array of 1, 2, ... in row-major order. */
  static NdArray count(int... dims) {
    return NdArray.generate(DType.FLOAT64, Shape.of(dims), i -> i + 1);
  }

  /** The same type, shape and bits. */
  static void assertExactly(Tensor expected, Tensor actual) {
    assertEquals(expected.value(), actual.value());
  }

  /** The same type and shape, and values that differ by a few roundings at most. */
  static void assertClose(Tensor expected, Tensor actual) {
    double tolerance = expected.dtype() == DType.FLOAT32 ? 0x1p-22 : 0x1p-50;
    assertWithin(tolerance, expected, actual);
  }

  /** The same type and shape, and values that differ by no more than this, or this part of them. */
  static void assertWithin(double tolerance, Tensor expected, Tensor actual) {
    assertEquals(expected.dtype(), actual.dtype());
    assertEquals(expected.shape(), actual.shape());
    for (int i = 0; i < expected.value().size(); i++) {
      double value = expected.value().at(i);
      double allowed = Double.isFinite(value) ? tolerance * Math.max(1, Math.abs(value)) : 0;
      int element = i;
      assertEquals(
          value,
          actual.value().at(i),
          allowed > 0 ? allowed : Double.MIN_VALUE,
          () ->
              "element %d of %s, expected %s".formatted(element, actual.value(), expected.value()));
    }
  }

  /** The gradient of a scalar, or of the sum of all elements, in a float64 variable. */
  static Tensor gradient(Tensor output, Tensor variable) {
    return Gradients.backward(Ops.sum(output), variable).of(variable);
  }

  /** The product of a cotangent, typed in as numbers, with the Jacobian of the output. */
  static Tensor gradient(Tensor output, double[] cotangent, Tensor variable) {
    Tensor g = tensor(output.dtype(), output.shape(), cotangent);
    return Gradients.pullback(output, g, Mode.VALUES, variable).of(variable);
  }

  static double[] values(double... values) {
    return values;
  }

  /** As NumPy's linspace: so many numbers from first to last, both included. */
  static Tensor linspace(double first, double last, Shape shape) {
    double step = (last - first) / (shape.size() - 1);
    double[] values = IntStream.range(0, shape.size()).mapToDouble(i -> first + i * step).toArray();
    return tensor(DType.FLOAT64, shape, values);
  }
}
