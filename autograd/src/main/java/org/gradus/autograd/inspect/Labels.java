package org.gradus.autograd.inspect;

/** Lines of text in a picture. */
final class Labels {
  private static final String NARROW = "ijlrftI|!.,:;'`-/ []()";
  private static final String WIDE = "mwMW@%";

  /** Beyond Latin, Greek and Cyrillic letters. */
  private static final int FOREIGN = 0x530;

  private Labels() {}

  /**
   * At least the width of a line at a size of 14, in the fonts that browsers have without serifs.
   * The widest of these, for ASCII, is DejaVu Sans.
   *
   * @param isBold as the first line of a label
   */
  static int width(String line, boolean isBold) {
    return line.codePoints().map(c -> width(c) + (isBold && c != ' ' ? 1 : 0)).sum();
  }

  private static int width(int c) {
    if (c >= 0x80) {
      return c < FOREIGN ? 14 : c <= Character.MAX_VALUE ? 18 : 24;
    }
    if (NARROW.indexOf(c) >= 0) {
      return 6;
    }
    if (WIDE.indexOf(c) >= 0) {
      return 15;
    }
    return (c >= 'A' && c <= 'Z') || "+=<>#~^&".indexOf(c) >= 0 ? 12 : 9;
  }

  /** The line for an XML text: characters that mean something there, or may not stand there. */
  static String escaped(String line) {
    StringBuilder escaped = new StringBuilder();
    line.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                default -> escaped.appendCodePoint(isText(c) ? c : ' ');
              }
            });
    return escaped.toString();
  }

  /** No control character, half of a pair, or code point that is none for ever. */
  private static boolean isText(int c) {
    return !Character.isISOControl(c)
        && Character.getType(c) != Character.SURROGATE
        && (c & 0xFFFE) != 0xFFFE;
  }
}
