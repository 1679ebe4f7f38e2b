package org.gradus.layers.files;

/**
 * How a CSV file is written.
 *
 * <pre>{@code
 * CsvOptions.standard().separatedBy(';').withoutHeader()
 * }</pre>
 *
 * @param separator between the cells of a row; no quote and no line break, nor what is no character
 *     of a text: a mark of byte order, half a surrogate pair, U+FFFF
 * @param header whether the first row has the names of the columns
 */
public record CsvOptions(char separator, boolean header) {

  /**
   * Checks the separator.
   *
   * @throws IllegalArgumentException if it cannot be one
   */
  public CsvOptions {
    if (separator == '"' || separator == '\n' || separator == '\r') {
      throw new IllegalArgumentException(
          "csv options: the separator is character %s, expected no quote and no line break"
              .formatted((int) separator));
    }
    if (separator == '\uFEFF' || separator == '\uFFFF' || Character.isSurrogate(separator)) {
      throw new IllegalArgumentException(
          "csv options: the separator is U+%04X, expected a character of a text"
              .formatted((int) separator));
    }
  }

  /** Commas, and names in the first row. */
  public static CsvOptions standard() {
    return new CsvOptions(',', true);
  }

  /**
   * These options with another separator.
   *
   * @param other such as a semicolon or a tab
   * @throws IllegalArgumentException if it cannot be one
   */
  public CsvOptions separatedBy(char other) {
    return new CsvOptions(other, header);
  }

  /** These options for a file without names, whose columns are called "0", "1" and so on. */
  public CsvOptions withoutHeader() {
    return new CsvOptions(separator, false);
  }
}
