package org.gradus.autograd.internal.number;

/** Choices made of bits: unlike a comparison, never a branch that may be guessed wrong. */
public final class Bits {
  private Bits() {}

  /** 1 if the number is below 0 or is -0.0, otherwise 0; of NaN, one of both. */
  public static int negative(double number) {
    return (int) (Double.doubleToRawLongBits(number) >>> 63);
  }

  /** As for a double. */
  public static int negative(float number) {
    return Float.floatToRawIntBits(number) >>> 31;
  }

  /** The value where the number is positive or NaN, otherwise 0. */
  public static double ifPositive(double number, double value) {
    long bits = Double.doubleToRawLongBits(Math.max(number, 0)); // 0 for no other
    long mask = (bits | -bits) >> 63;
    return Double.longBitsToDouble(Double.doubleToRawLongBits(value) & mask);
  }

  /** As for doubles. */
  public static float ifPositive(float number, float value) {
    int bits = Float.floatToRawIntBits(Math.max(number, 0));
    int mask = (bits | -bits) >> 31;
    return Float.intBitsToFloat(Float.floatToRawIntBits(value) & mask);
  }

  /** Bit i is 0 where element i of n, at most 64, is 0 or -0, otherwise 1. */
  public static long notZero(double[] x, int at, int n) {
    long result = 0;
    for (int i = 0; i < n; i++) {
      long bits = Double.doubleToRawLongBits(x[at + i]) << 1;
      result |= (bits | -bits) >>> 63 << i;
    }
    return result;
  }

  /** As for doubles. */
  public static long notZero(float[] x, int at, int n) {
    long result = 0;
    for (int i = 0; i < n; i++) {
      long bits = (long) Float.floatToRawIntBits(x[at + i]) << 33;
      result |= (bits | -bits) >>> 63 << i;
    }
    return result;
  }
}
