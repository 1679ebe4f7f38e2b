package org.gradus.autograd.testkit;

import org.gradus.autograd.array.DType;

/** How far a number may be from the one that is expected. */
enum Closeness {
  /** The same bits. */
  EXACT,
  /** Within 2 units in the last place; 0, infinities and NaN are themselves. */
  NEAR,
  /** Within a few roundings of 1, or of the number if it is larger. */
  ABOUT;

  boolean allows(double expected, double actual, DType type) {
    double unit = type == DType.FLOAT32 ? Math.ulp((float) expected) : Math.ulp(expected);
    double error = Math.abs(expected - actual);
    return Double.compare(expected, actual) == 0
        || switch (this) {
          case EXACT -> false;
          case NEAR -> expected != 0 && Double.isFinite(expected) && error <= 2 * unit;
          case ABOUT ->
              Double.isFinite(expected)
                  && error
                      <= (type == DType.FLOAT32 ? 0x1p-22 : 0x1p-50)
                          * Math.max(1, Math.abs(expected));
        };
  }
}
