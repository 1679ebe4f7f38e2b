package org.gradus.layers;

import java.util.regex.Pattern;

/** Layers and parameters as words. */
final class Names {
  /** Of one step in a place such as {@code layer1.0.conv1}: no dot. */
  private static final Pattern NAME = Pattern.compile("[\\w-]+");

  private Names() {}

  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** The place of a part within the place of the whole, which is empty for a net. */
  static String join(String place, String name) {
    return place.isEmpty() || name.isEmpty() ? place + name : place + "." + name;
  }

  /** A layer with its parts, each on a line of its own; without parts, with its parameters. */
  static String tree(Layer layer) {
    String type = layer.getClass().getSimpleName();
    if (layer.parts().isEmpty()) {
      return type + State.of(layer);
    }
    StringBuilder text = new StringBuilder(type).append("[");
    layer
        .parts()
        .forEach(
            (name, part) ->
                text.append("\n  ")
                    .append(name)
                    .append(": ")
                    .append(text(part).replace("\n", "\n  ")));
    return text.append("\n]").toString();
  }

  /** The class of a layer; a function has none worth reading, so its name stands for it. */
  static String type(Layer layer) {
    return layer.getClass().isHidden() ? layer.name() : layer.getClass().getSimpleName();
  }

  /** A lambda has no text of its own worth reading, so its name stands for it. */
  private static String text(Layer layer) {
    return layer.getClass().isHidden() ? layer.name() : layer.toString();
  }
}
