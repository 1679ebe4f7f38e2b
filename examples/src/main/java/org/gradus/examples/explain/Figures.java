package org.gradus.examples.explain;

import java.util.Locale;

/** Numbers as the page shows them. */
final class Figures {
  private static final double LARGE = 1e7;
  private static final double SMALL = 1e-4;

  private Figures() {}

  /** At most six decimals, none where there are only zeros; very large and small ones by powers. */
  static String text(double value) {
    double size = Math.abs(value);
    if (value == 0) {
      return "0";
    }
    if (size >= LARGE || size < SMALL) {
      return minus(String.format(Locale.ROOT, "%.4e", value));
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
