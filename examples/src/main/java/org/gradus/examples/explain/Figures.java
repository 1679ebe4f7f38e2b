package org.gradus.examples.explain;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as the page shows them. */
final class Figures {
  private static final double LARGE = 1e7;
  private static final double SMALL = 1e-4;
  private static final MathContext DIGITS = new MathContext(5);

  private Figures() {}

  /** At most six decimals, none that are zeros; of very large and small numbers, five digits. */
  static String text(double value) {
    double size = Math.abs(value);
    if (value == 0) {
      return "0";
    }
    if (size >= LARGE || size < SMALL) {
      return minus(new BigDecimal(value).round(DIGITS).stripTrailingZeros().toString());
    }
    String text = String.format(Locale.ROOT, "%.6f", value);
    return minus(text.contains(".") ? text.replaceAll("\\.?0+$", "") : text);
  }

  private static String minus(String text) {
    return text.replace('-', '\u2212');
  }

  /** As a factor: in brackets if it is below zero. */
  static String factor(String text) {
    return text.startsWith("\u2212") ? "(" + text + ")" : text;
  }
}
