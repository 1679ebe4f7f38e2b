package org.gradus.autograd.internal.graph;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What messages say of a tensor: no elements, of which there may be many. */
public final class Text {
  private static final Pattern WITHOUT_ELEMENTS =
      Pattern.compile("^.*? FLOAT(32|64) \\[[0-9, ]*\\]", Pattern.DOTALL);

  private Text() {}

  /** The beginning of a tensor's text, for example {@code variable FLOAT32 [2, 3]}. */
  public static String of(Object tensor) {
    String text = tensor.toString();
    Matcher matcher = WITHOUT_ELEMENTS.matcher(text);
    return matcher.find() ? matcher.group() : text;
  }
}
