package org.gradus.layers;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Layers and parameters as words. */
final class Names {
  /** What a name is made of, in words. */
  static final String EXPECTED = "ASCII letters, digits, _ and -";

  /** Between a name and the number of the call, from the second one on. */
  static final char AGAIN = '#';

  /** Of one step in a place such as {@code layer1.0.conv1}: no dot. */
  private static final Pattern NAME = Pattern.compile("[\\w-]+");

  private Names() {}

  /**
   * Orders places; numbers in them by their values, so that 2 is before 10, and calls again behind
   * the first with all that is in it: {@code block.norm} is before {@code block#2.norm}.
   */
  static int comparePlaces(String a, String b) {
    int same = 0;
    while (same < Math.min(a.length(), b.length()) && a.charAt(same) == b.charAt(same)) {
      same++;
    }
    int first = digits(a, same);
    int second = digits(b, same);
    boolean numbers = (first > 0 && second > 0) || (same > 0 && isDigit(a.charAt(same - 1)));
    if (numbers && first != second) {
      return first - second;
    }
    boolean isEnd = same == Math.min(a.length(), b.length());
    return isEnd ? a.length() - b.length() : order(a.charAt(same)) - order(b.charAt(same));
  }

  private static int order(char c) {
    return c == AGAIN ? Character.MAX_VALUE : c;
  }

  private static int digits(String place, int from) {
    int end = from;
    while (end < place.length() && isDigit(place.charAt(end))) {
      end++;
    }
    return end - from;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** The place of a part within the place of the whole, which is empty for a net. */
  static String join(String place, String name) {
    return place.isEmpty() || name.isEmpty() ? place + name : place + "." + name;
  }

  /** A layer with its own parameters and its parts, each on a line; without parts, on one line. */
  static String tree(Layer layer) {
    String kind = layer.kind();
    List<Parameter> own = own(layer);
    if (layer.parts().isEmpty()) {
      return kind + own;
    }
    StringBuilder text = new StringBuilder(kind).append("[");
    own.forEach(parameter -> text.append("\n  ").append(parameter));
    layer
        .parts()
        .forEach(
            (name, part) ->
                text.append("\n  %s: %s".formatted(name, text(part).replace("\n", "\n  "))));
    return text.append("\n]").toString();
  }

  /** The parameters and buffers of a layer that are not those of its parts. */
  static List<Parameter> own(Layer layer) {
    Set<Parameter> own = new LinkedHashSet<>(State.of(layer));
    layer.parts().values().forEach(part -> State.of(part).forEach(own::remove));
    return List.copyOf(own);
  }

  /** A layer as text; its kind where that is only the identity of an object, as of a lambda. */
  static String text(Layer layer) {
    String text = layer.toString();
    String identity = layer.getClass().getName() + "@" + Integer.toHexString(layer.hashCode());
    return layer.getClass().isHidden() || text.equals(identity) ? layer.kind() : text;
  }
}
