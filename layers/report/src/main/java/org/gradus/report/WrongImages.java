package org.gradus.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gradus.autograd.array.NdArray;

/** The section of images that the net was sure of, and wrong. */
final class WrongImages {
  private WrongImages() {}

  /** Empty if the inputs are no images, or nothing is wrong. */
  static Optional<String> html(Judged judged, Examples.Classified examples) {
    if (!judged.hasImages() || judged.wrong().isEmpty()) {
      return Optional.empty();
    }
    List<String> figures = new ArrayList<>();
    for (Judged.Judgement wrong : judged.wrong()) {
      String is = examples.name(wrong.label());
      String said = examples.name(wrong.predicted());
      String words = "example %s, class %s".formatted(wrong.number(), is);
      String caption =
          Html.in("span", "is " + Html.in("b", Html.text(is)))
              + Html.in("span", "said " + Html.in("b class=\"bad\"", Html.text(said)))
              + Html.in("span class=\"soft\"", Figures.percent(wrong.probability()));
      NdArray image = Tiles.shown(Tiles.one(examples.select(wrong.number()), 0));
      figures.add(Tiles.figure(Tiles.image(image, 112, words), caption));
    }
    String note =
        "The %s wrong examples that the net gave the highest probability, the highest first. %s"
            .formatted(figures.size(), pixels(judged));
    return Optional.of(Html.note(note) + Html.grid("tiles", figures));
  }

  /** What is said of how images are shown. */
  static String pixels(Judged judged) {
    int channels = judged.input().dim(0);
    String grey =
        channels == 1 || channels == 3
            ? ""
            : "Grey is the mean of the %s channels. ".formatted(channels);
    return grey + "Images of numbers out of 0 to 1 are scaled to their own range.";
  }
}
