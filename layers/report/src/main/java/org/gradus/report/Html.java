package org.gradus.report;

import java.util.List;

/** Pieces of a page, well-formed as XML too. Nothing but {@link #text} takes what users write. */
final class Html {
  private Html() {}

  /**
   * A text as content or in the value of an attribute; what XML cannot hold becomes U+FFFD, and any
   * end of a line a line feed.
   */
  static String text(Object value) {
    StringBuilder escaped = new StringBuilder();
    String lines = String.valueOf(value).replace("\r\n", "\n").replace('\r', '\n');
    lines.codePoints().forEach(c -> escaped.append(escaped(c)));
    return escaped.toString();
  }

  private static String escaped(int c) {
    return switch (c) {
      case '&' -> "&amp;";
      case '<' -> "&lt;";
      case '>' -> "&gt;";
      case '"' -> "&quot;";
      case '\'' -> "&#39;";
      default -> Character.toString(isInXml(c) ? c : 0xFFFD);
    };
  }

  private static boolean isInXml(int c) {
    boolean isControl = c < ' ' && c != '\n' && c != '\t';
    boolean isHalf = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    return !isControl && !isHalf && c != 0xFFFE && c != 0xFFFF;
  }

  /**
   * An element.
   *
   * @param tag its name, and its attributes behind it
   * @param content as HTML
   */
  static String in(String tag, String content) {
    int space = tag.indexOf(' ');
    String name = space < 0 ? tag : tag.substring(0, space);
    return "<" + tag + ">" + content + "</" + name + ">\n";
  }

  /** A paragraph of a text. */
  static String note(String text) {
    return in("p class=\"note\"", text(text));
  }

  /** What is wider than the page scrolls in a box of its own. */
  static String scrolling(String content) {
    return in("div class=\"scroll\"", content);
  }

  /** What is seen after a click on a title. */
  static String folded(String title, String content) {
    return in("details", in("summary", text(title)) + content);
  }

  /** One thing beside the other, in as many rows as the page needs. */
  static String grid(String kind, List<String> cells) {
    return in("div class=\"" + kind + "\"", String.join("", cells));
  }

  /**
   * A table.
   *
   * @param head texts above the columns
   * @param rows cells as HTML; the first of each row is its head
   */
  static String table(List<String> head, List<List<String>> rows) {
    StringBuilder body = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder cells = new StringBuilder(in("th scope=\"row\"", row.get(0)));
      row.subList(1, row.size()).forEach(cell -> cells.append(in("td", cell)));
      body.append(in("tr", cells.toString()));
    }
    StringBuilder heads = new StringBuilder();
    head.forEach(text -> heads.append(in("th scope=\"col\"", text(text))));
    return scrolling(
        in("table", in("thead", in("tr", heads.toString())) + in("tbody", body.toString())));
  }

  /** A table of names and their values, both as texts. */
  static String pairs(List<List<String>> rows) {
    StringBuilder body = new StringBuilder();
    for (List<String> row : rows) {
      String name = in("th scope=\"row\"", text(row.get(0)));
      body.append(in("tr", name + in("td", text(row.get(1)))));
    }
    return in("table class=\"pairs\"", in("tbody", body.toString()));
  }
}
