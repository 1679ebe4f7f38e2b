package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.ShapeException;

/**
 * A value that a training pass has seen, and the buffer that follows the mean of such values.
 *
 * @param buffer that is to change
 * @param share how far it goes to the value, from 0 to 1
 * @param value of the buffer's shape and element type
 * @see Pass#observe
 */
public record Observation(Parameter buffer, double share, NdArray value) {

  /**
   * Checks that they fit each other.
   *
   * @throws IllegalArgumentException if the share is out of its range, the value does not fit the
   *     buffer, or the parameter is no statistic
   */
  public Observation {
    Nulls.refuse("observation: buffer, value", buffer, value);
    if (!buffer.isStatistic()) {
      throw new IllegalArgumentException(
          "observation: %s is no statistic; declare it by statistic".formatted(buffer));
    }
    requireShare("observation", share, " of " + buffer.name());
    if (value.dtype() != buffer.dtype()) {
      throw new DTypeException(
          "observation", "the value is %s, but the buffer is %s".formatted(value.dtype(), buffer));
    }
    if (!value.shape().equals(buffer.shape())) {
      throw new ShapeException(
          "observation",
          "the value has shape %s, but the buffer is %s".formatted(value.shape(), buffer));
    }
    value = Tensor.constant(value).value(); // it is not taken back before it is put in place
  }

  static void requireShare(String function, double share, String of) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "%s: share %s%s, expected 0 to 1".formatted(function, share, of));
    }
  }

  /** The mean of this and another of the same buffer. */
  Observation and(Observation other, double part) {
    return new Observation(
        buffer, mean(share, other.share, part), value.zip(other.value, (a, b) -> mean(a, b, part)));
  }

  private static double mean(double a, double b, double part) {
    return (1 - part) * a + part * b;
  }

  /** Lets the buffer follow: to the value itself by a share of 1, and nowhere by one of 0. */
  void commit() {
    if (share == 1) {
      buffer.set(value);
    } else if (share > 0) {
      buffer.set(buffer.value().zip(value, (old, seen) -> (1 - share) * old + share * seen));
    }
  }
}
