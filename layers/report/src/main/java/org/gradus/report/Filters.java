package org.gradus.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.Conv2d;
import org.gradus.layers.DepthwiseConv2d;
import org.gradus.layers.Layer;

/** The section of the filters of the first convolution. */
final class Filters {
  private static final int MOST = 64;

  private Filters() {}

  /** A convolution, its place in the net, and its weight [F, C / groups, KH, KW]. */
  private record Convolution(String place, NdArray weight) {}

  /** Empty if the net has no convolution of images. */
  static Optional<String> html(Layer net) {
    return first(net, "").map(Filters::html);
  }

  private static Optional<Convolution> first(Layer layer, String place) {
    if (layer instanceof Conv2d convolution) {
      return Optional.of(new Convolution(place, convolution.weight().value()));
    }
    if (layer instanceof DepthwiseConv2d convolution) {
      return Optional.of(new Convolution(place, convolution.weight().value()));
    }
    for (Map.Entry<String, Layer> part : layer.parts().entrySet()) {
      String within = place.isEmpty() ? part.getKey() : place + "." + part.getKey();
      Optional<Convolution> found = first(part.getValue(), within);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static String html(Convolution convolution) {
    Shape shape = convolution.weight.shape();
    boolean inColours = shape.dim(1) == 3;
    List<NdArray> tiles = tiles(convolution.weight);
    List<String> figures = new ArrayList<>();
    for (int i = 0; i < Math.min(MOST, tiles.size()); i++) {
      int filter = inColours ? i : i / shape.dim(1);
      String channel = inColours || shape.dim(1) == 1 ? "" : ", " + i % shape.dim(1);
      String words = "filter " + filter + channel;
      figures.add(
          Tiles.figure(
              Tiles.image(tiles.get(i), 64, words),
              Html.in("span class=\"soft\"", filter + channel)));
    }
    String each =
        inColours
            ? "Each is shown in red, green and blue"
            : shape.dim(1) == 1 ? "Each is shown in grey" : "Each channel of each is a tile";
    String note =
        "%s of %s x %s of %s, whose weight is %s. %s, from its least number to its largest.%s"
            .formatted(
                Figures.count(shape.dim(0), "filter"),
                shape.dim(2),
                shape.dim(3),
                convolution.place.isEmpty() ? "the net" : "the layer " + convolution.place,
                shape,
                each,
                tiles.size() > MOST
                    ? " The first %s of %s tiles.".formatted(MOST, tiles.size())
                    : "");
    return Html.note(note) + Html.grid("tiles small", figures);
  }

  /** Filters [3, KH, KW], or else their channels [1, KH, KW], each scaled to its own range. */
  static List<NdArray> tiles(NdArray weight) {
    Shape shape = weight.shape();
    int channels = shape.dim(1) == 3 ? 3 : 1;
    int size = channels * shape.size(2, 4);
    List<NdArray> tiles = new ArrayList<>();
    for (int from = 0; from < weight.size(); from += size) {
      int start = from;
      NdArray tile =
          NdArray.generate(
              weight.dtype(),
              Shape.of(channels, shape.dim(2), shape.dim(3)),
              i -> weight.at(start + i));
      tiles.add(Tiles.scaled(tile));
    }
    return tiles;
  }
}
