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
   * An error of these words.
   *
   * @param values what stands for each {@code %s}: tensors, of which only the beginning is told, or
   *     other words
   */
  public static IllegalArgumentException illegal(String format, Object... values) {
    return new IllegalArgumentException(
        format.formatted(Stream.of(values).map(Text::of).toArray()));
  }

  /** The beginning of a tensor's text, for example {@code variable FLOAT32 [2, 3]}. */
  static String of(Object tensor) {
    String text = tensor.toString();
    Matcher matcher = WITHOUT_ELEMENTS.matcher(text);
    return matcher.find() ? matcher.group() : text;
  }
}
