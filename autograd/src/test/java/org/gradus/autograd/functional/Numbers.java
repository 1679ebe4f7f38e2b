package org.gradus.autograd.functional;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.function.Executable;

/** Small tensors and what is asserted of them. */
final class Numbers {
  private Numbers() {}

  /** A float64 variable of rank 1. */
  static Tensor variable(double... values) {
    return Tensor.variable(NdArray.of(values, values.length));
  }

  /** A float64 constant of rank 1. */
  static Tensor constant(double... values) {
    return Tensor.constant(NdArray.of(values, values.length));
  }

  static Tensor scalar(double value) {
    return Tensor.constant(NdArray.scalar(DType.FLOAT64, value));
  }

  /** A constant of whole numbers from -4 to 4: sums of their products are exact. */
  static Tensor whole(DType type, long seed, int... dims) {
    SplittableRandom random = new SplittableRandom(seed);
    return Tensor.constant(NdArray.generate(type, Shape.of(dims), i -> random.nextInt(-4, 5)));
  }

  static double dot(Tensor a, Tensor b) {
    double total = 0;
    for (int i = 0; i < a.value().size(); i++) {
      total += a.value().at(i) * b.value().at(i);
    }
    return total;
  }

  /** The same type, shape and bits. */
  static void assertExactly(Tensor expected, Tensor actual) {
    assertEquals(expected.value(), actual.value());
  }

  /** The same type and shape, and values that differ by no more than this, or this part of them. */
  static void assertWithin(double tolerance, Tensor expected, Tensor actual) {
    assertEquals(expected.dtype(), actual.dtype());
    assertEquals(expected.shape(), actual.shape());
    for (int i = 0; i < expected.value().size(); i++) {
      double e = expected.value().at(i);
      double a = actual.value().at(i);
      assertTrue(
          Math.abs(e - a) <= tolerance * Math.max(1, Math.abs(e)),
          () -> "expected %s, was %s".formatted(expected.value(), actual.value()));
    }
  }

  static void assertRefused(
      Class<? extends IllegalArgumentException> type, String message, Executable call) {
    IllegalArgumentException error = assertThrows(type, call);
    assertEquals(type, error.getClass());
    assertEquals(message, error.getMessage());
  }
}
