package org.gradus.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gradus.autograd.array.Shape;

/** The section of images that were given, in the order in which they were. */
final class Pictures {
  private static final int MOST = 64;

  private Pictures() {}

  static Optional<String> html(List<Examples.Images> all) {
    StringBuilder html = new StringBuilder();
    all.forEach(images -> html.append(html(images)));
    return all.isEmpty() ? Optional.empty() : Optional.of(html.toString());
  }

  private static String html(Examples.Images images) {
    Shape shape = images.all().shape();
    int count = Math.min(MOST, shape.dim(0));
    List<String> figures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String words = "%s, %s of %s".formatted(images.caption(), i + 1, shape.dim(0));
      figures.add(Tiles.figure(Tiles.image(Tiles.one(images.all(), i), 112, words), ""));
    }
    String most =
        shape.dim(0) > MOST ? Html.note("The first %s of %s.".formatted(MOST, shape.dim(0))) : "";
    return Html.in("h3", Html.text(images.caption())) + most + Html.grid("tiles", figures);
  }
}
