package org.gradus.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.Layer;
import org.gradus.layers.files.Images;

/** The section of where the net sees what it says. */
final class GradCamImages {
  private static final int MOST_WRONG = 4;

  private GradCamImages() {}

  /** Empty if the inputs are no images, or no layer's output is one. */
  static Optional<String> html(Layer net, Judged judged, Examples.Classified examples) {
    List<Judged.Judgement> chosen =
        Stream.concat(judged.right().stream(), judged.wrong().stream().limit(MOST_WRONG)).toList();
    if (!judged.hasImages() || chosen.isEmpty()) {
      return Optional.empty();
    }
    List<String> figures = new ArrayList<>();
    String place = "";
    for (Judged.Judgement one : chosen) {
      NdArray image = examples.select(one.number());
      Optional<GradCam> map = GradCam.of(net, image, one.predicted());
      if (map.isPresent()) {
        place = map.get().place();
        figures.add(figure(one, Tiles.one(image, 0), map.get(), examples));
      }
    }
    String note =
        "Grad-CAM: what speaks for the class that the net says, in the output of the layer %s, the"
            + " last one of more than one place. Yellow is most, red is less, each map in its own"
            + " range.";
    return figures.isEmpty()
        ? Optional.empty()
        : Optional.of(Html.note(note.formatted(place)) + Html.grid("tiles wide", figures));
  }

  private static String figure(
      Judged.Judgement one, NdArray pixels, GradCam map, Examples.Classified examples) {
    boolean isRight = one.label() == one.predicted();
    String is = examples.name(one.label());
    String said = examples.name(one.predicted());
    String caption =
        Html.in("span", "said " + Html.in(isRight ? "b" : "b class=\"bad\"", Html.text(said)))
            + Html.in("span class=\"soft\"", isRight ? "which is right" : "is " + Html.text(is));
    NdArray image = Tiles.shown(pixels);
    NdArray laid = laidOver(image, map.map(0));
    String words = "example " + one.number();
    return Tiles.figure(
        Tiles.image(image, 112, words)
            + Tiles.image(laid, 112, words + " with the map of class " + said),
        caption);
  }

  /**
   * The map over the image in grey, [3, H, W]: red where it is small, yellow where it is large, and
   * the image where it is 0.
   *
   * @param image [1 or 3, H, W] from 0 to 1
   * @param map [1, h, w] of at least 0
   */
  static NdArray laidOver(NdArray image, NdArray map) {
    int height = image.shape().dim(1);
    int width = image.shape().dim(2);
    NdArray heat = Images.resized(map, height, width);
    double most = 0;
    for (int i = 0; i < heat.size(); i++) {
      most = Math.max(most, heat.at(i));
    }
    double largest = most > 0 && Double.isFinite(most) ? most : 1;
    int plane = height * width;
    int channels = image.shape().dim(0);
    return NdArray.generate(
        DType.FLOAT64,
        Shape.of(3, height, width),
        i -> {
          double grey = 0;
          for (int c = 0; c < channels; c++) {
            grey += image.at(c * plane + i % plane) / channels;
          }
          double hot = Math.min(1, heat.at(i % plane) / largest);
          double colour = i / plane == 0 ? 1 : i / plane == 1 ? hot : 0;
          double cover = 0.75 * Math.sqrt(hot);
          return (1 - cover) * grey + cover * colour;
        });
  }
}
