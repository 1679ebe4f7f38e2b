package org.gradus.autograd.internal.kernel;

/**
 * Products and sums of floats that are rounded once. Where the processor has no instruction for
 * that, they are computed in double precision, to the same bits.
 */
public final class FusedFloats {
  private static final boolean HAS_INSTRUCTION = FusedProbe.isFast();

  private FusedFloats() {}

  /** a b + c. */
  public static float multiplyAdd(float a, float b, float c) {
    return HAS_INSTRUCTION ? Math.fma(a, b, c) : inDoubles(a, b, c);
  }

  /**
   * The product of two floats is a double. What rounding takes from the sum decides its last bit: a
   * double that is odd lies between all floats and their midpoints, and rounds as the whole sum
   * does.
   */
  static float inDoubles(float a, float b, float c) {
    double product = (double) a * b;
    double sum = product + c;
    double added = sum - product;
    double rest = (product - (sum - added)) + (c - added);
    long bits = Double.doubleToRawLongBits(sum);
    if (Math.abs(rest) > 0 && (bits & 1) == 0) { // a NaN is not above 0
      bits += rest > 0 == sum > 0 ? 1 : -1;
    }
    return (float) Double.longBitsToDouble(bits);
  }
}
