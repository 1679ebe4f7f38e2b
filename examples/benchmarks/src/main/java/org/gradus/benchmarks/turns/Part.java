package org.gradus.benchmarks.turns;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of some equal parts of a list, for those who cannot wait for all of it at once.
 *
 * @param number of the part, from 1
 * @param count of all parts
 */
public record Part(int number, int count) {
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,4})/([0-9]{1,4})");

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if the number is not from 1 to the count
   */
  public Part {
    if (number < 1 || number > count) {
      throw new IllegalArgumentException(
          "part: %s/%s, expected a number from 1 to the count of parts".formatted(number, count));
    }
  }

  /**
   * The part that a text such as {@code 2/5} means: the second of five.
   *
   * @throws IllegalArgumentException if it means none
   */
  public static Part of(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "part: '%s', expected a number, a slash and a count".formatted(text));
    }
    return new Part(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  /** The elements of this part, in their order; what remains is spread over the parts. */
  public <T> List<T> of(List<T> all) {
    int from = Math.toIntExact((long) all.size() * (number - 1) / count);
    int to = Math.toIntExact((long) all.size() * number / count);
    return new ArrayList<>(all.subList(from, to));
  }
}
