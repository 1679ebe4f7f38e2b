package org.gradus.onnx;

/** Numbers of 16 bits: the binary16 of IEEE 754, and the upper half of a float. */
final class Half {
  private Half() {}

  /** The value of a binary16. */
  static float toFloat(short bits) {
    int exponent = (bits >> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    float size;
    if (exponent == 0x1f) {
      size = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else if (exponent == 0) {
      size = fraction * 0x1p-24f;
    } else {
      size = Math.scalb(1 + fraction / 1024f, exponent - 15);
    }
    return bits < 0 ? -size : size;
  }

  /** The nearest value that a binary16 has, of two the even one. */
  static double round(double x) {
    double size = Math.abs(x);
    if (size >= 65520) {
      return x < 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    double step = size < 0x1p-14 ? 0x1p-24 : Math.scalb(1.0, Math.getExponent(size) - 10);
    return Double.isNaN(x) ? x : Math.rint(x / step) * step;
  }

  /** The nearest value that the upper half of a float has, of two the even one. */
  static double roundUpper(double x) {
    int bits = Float.floatToIntBits((float) x);
    if (Double.isNaN(x)) {
      return x;
    }
    int rounded = bits + 0x7fff + ((bits >> 16) & 1);
    return Float.intBitsToFloat(rounded & 0xffff0000);
  }
}
