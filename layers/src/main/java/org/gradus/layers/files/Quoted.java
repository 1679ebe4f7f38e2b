package org.gradus.layers.files;

/** Texts from files in messages, however long and strange they are. */
final class Quoted {
  private static final int MOST = 100;

  private Quoted() {}

  /** A text without control characters and halves of characters, cut if it is long. */
  static String of(String text) {
    String start = text.length() > MOST ? text.substring(0, MOST) + "..." : text;
    return start.isEmpty() ? "\"\"" : start.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?");
  }
}
