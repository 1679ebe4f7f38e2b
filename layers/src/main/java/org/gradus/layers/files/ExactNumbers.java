package org.gradus.layers.files;

/** Numbers of types that arrays do not have, as those that they have hold them exactly. */
final class ExactNumbers {
  private ExactNumbers() {}

  /** The number of a half-precision pattern: 1 bit of sign, 5 of exponent, 10 of mantissa. */
  static float half(short bits) {
    int exponent = bits >> 10 & 0x1f;
    int mantissa = bits & 0x3ff;
    float size;
    if (exponent == 0x1f) {
      size = mantissa == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else {
      size =
          exponent == 0
              ? mantissa * 0x1p-24f
              : Math.scalb((float) (mantissa | 0x400), exponent - 25);
    }
    return bits < 0 ? -size : size;
  }

  /** The number of a bfloat16 pattern, the upper half of a float's. */
  static float brain(short bits) {
    return Float.intBitsToFloat(bits << Short.SIZE);
  }

  /** A whole number in double precision; NaN if it is not held exactly. */
  static double signed(long bits) {
    double held = bits;
    return held >= 0x1p63 || (long) held != bits ? Double.NaN : held;
  }

  /** As {@link #signed}, of a number without a sign. */
  static double unsigned(long bits) {
    int zeros = Long.numberOfTrailingZeros(bits);
    int length = Long.SIZE - Long.numberOfLeadingZeros(bits);
    if (length - zeros > 53) {
      return Double.NaN;
    }
    return bits >= 0 ? bits : (bits >>> 11) * 0x1p11; // whose last 11 bits are 0
  }

  /** What is wrong with a number that {@link #signed} or {@link #unsigned} does not hold. */
  static String fault(String number) {
    return "is %s, expected a number that float64 holds exactly".formatted(number);
  }

  /**
   * A number without a sign, rounded once.
   *
   * @param isSingle whether to single precision
   */
  static double nearestUnsigned(long bits, boolean isSingle) {
    if (bits >= 0) {
      return isSingle ? (float) bits : (double) bits;
    }
    long half = bits >>> 1 | (bits & 1); // the last bit still tells which of two is nearer
    return 2 * (isSingle ? (float) half : (double) half);
  }

  /** A truth value as 0 or 1; NaN of any other byte. */
  static double bool(byte bits) {
    return bits == 0 || bits == 1 ? bits : Double.NaN;
  }
}
