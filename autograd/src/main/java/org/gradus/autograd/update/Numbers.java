package org.gradus.autograd.update;

/** The numbers of methods, refused where they make no sense. */
final class Numbers {
  private Numbers() {}

  /** Refuses all but a number of at least 0 that is finite in each element type. */
  static void requireFinite(String method, String what, double value) {
    if (!(value >= 0 && value <= Float.MAX_VALUE)) {
      throw refused(method, what, value, "a finite number of at least 0" + inFloat(value));
    }
  }

  /** Refuses all but a number above 0 that is finite in each element type. */
  static void requirePositive(String method, String what, double value) {
    if (!(value > 0 && value <= Float.MAX_VALUE)) {
      throw refused(method, what, value, "a finite number above 0" + inFloat(value));
    }
  }

  private static String inFloat(double value) {
    return value > Float.MAX_VALUE && Double.isFinite(value) ? ", in FLOAT32, too" : "";
  }

  /** Refuses all but a share of the past, which must fade. */
  static void requireShare(String method, String what, double value) {
    if (!(value >= 0 && value < 1)) {
      throw refused(method, what, value, "at least 0 and below 1");
    }
  }

  private static IllegalArgumentException refused(
      String method, String what, double value, String expected) {
    return new IllegalArgumentException(
        "%s: %s %s, expected %s".formatted(method, what, value, expected));
  }

  /** Refuses all but a count from 1 on. */
  static void requireStep(String method, long step) {
    if (step < 1) {
      throw new IllegalArgumentException(
          "%s: step %s, expected at least 1".formatted(method, step));
    }
  }
}
