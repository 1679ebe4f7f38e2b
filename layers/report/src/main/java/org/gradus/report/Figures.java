package org.gradus.report;

import java.util.Locale;

/** Numbers as people read them, with a point wherever the program runs. */
final class Figures {
  private Figures() {}

  /** Four digits, without zeros at the end: {@code 0.0312}, {@code 3e-07}, {@code NaN}. */
  static String value(double number) {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return String.valueOf(number);
    }
    double size = Math.abs(number);
    if (number == Math.rint(number) && size < 1e6) {
      return String.format(Locale.ROOT, "%.0f", number + 0.0);
    }
    if (size >= 1e-4 && size < 1e6) {
      int digits = Math.max(0, 3 - (int) Math.floor(StrictMath.log10(size)));
      return trimmed(String.format(Locale.ROOT, "%." + digits + "f", number));
    }
    String text = String.format(Locale.ROOT, "%.3e", number);
    int e = text.indexOf('e');
    return trimmed(text.substring(0, e)) + text.substring(e);
  }

  private static String trimmed(String decimal) {
    return decimal.indexOf('.') < 0 ? decimal : decimal.replaceAll("\\.?0+$", "");
  }

  /** A count, with commas between thousands. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** A count of things: {@code 1 epoch}, {@code 2,000 epochs}. */
  static String count(long number, String thing) {
    return count(number) + " " + thing + (number == 1 ? "" : "s");
  }

  /** A share of one in hundredths: {@code 98.2 %}; only all of it is {@code 100.0 %}. */
  static String percent(double share) {
    return String.format(
        Locale.ROOT, "%.1f %%", share < 1 ? Math.min(99.9, 100 * share) : 100 * share);
  }

  /** A share of one with three decimals; only all of it is {@code 1.000}. */
  static String share(double share) {
    return String.format(Locale.ROOT, "%.3f", share < 1 ? Math.min(0.999, share) : share);
  }

  /** Nanoseconds as milliseconds. */
  static String millis(double nanos) {
    return String.format(Locale.ROOT, "%.3f", nanos / 1e6);
  }

  /** Seconds as {@code 8.4 s}, {@code 3 min 20 s} or {@code 2 h 5 min}. */
  static String duration(double seconds) {
    if (!(seconds >= 60) || Double.isInfinite(seconds)) {
      return Double.isFinite(seconds) ? String.format(Locale.ROOT, "%.1f s", seconds) : "?";
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? "%s min %s s".formatted(whole / 60, whole % 60)
        : "%s h %s min".formatted(whole / 3600, whole % 3600 / 60);
  }
}
