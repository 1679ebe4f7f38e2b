package org.gradus.autograd.internal.graph;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What messages say of a tensor: no elements, of which there may be many. */
public final class Text {
  private static final Pattern WITHOUT_ELEMENTS =
      Pattern.compile("^.*? FLOAT(32|64) \\[[0-9, ]*\\]", Pattern.DOTALL);

  private Text() {}

  /**
   * Refuses an argument in these words, unless the condition holds.
   *
   * @param values what stands for each {@code %s}: tensors, of which only the beginning is told, or
   *     other words
   * @throws IllegalArgumentException if it does not hold
   */
  public static void require(boolean condition, String format, Object... values) {
    if (!condition) {
      throw new IllegalArgumentException(
          format.formatted(Stream.of(values).map(Text::of).toArray()));
    }
  }

  /** The beginning of a tensor's text, for example {@code variable FLOAT32 [2, 3]}. */
  static String of(Object tensor) {
    String text = tensor.toString();
    Matcher matcher = WITHOUT_ELEMENTS.matcher(text);
    return matcher.find() ? matcher.group() : text;
  }
}
