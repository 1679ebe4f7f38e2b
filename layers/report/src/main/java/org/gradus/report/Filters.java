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
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;
import org.gradus.layers.Trace;

/** The section of the filters of the first convolution. */
final class Filters {
  private static final int MOST = 64;

  private Filters() {}

  /** A convolution, its place in the net, and its weight [F, C / groups, KH, KW]. */
  private record Convolution(String place, NdArray weight) {}

  /**
   * Of the first convolution that is called with a sample. Where there is no sample, or the net
   * refuses it, as the section of its layers tells, of the first that it declares. Empty if there
   * is none of images.
   */
  static Optional<String> html(Layer net, Optional<Examples.Sample> sample) {
    return calls(net, sample)
        .map(Filters::called)
        .orElseGet(() -> declared(net, ""))
        .map(Filters::html);
  }

  private static Optional<List<Trace.Call>> calls(Layer net, Optional<Examples.Sample> sample) {
    Pass pass = Pass.inference().withoutGradients();
    try {
      return sample.map(one -> Trace.of(net, one.batch().inputs(), pass).calls());
    } catch (RuntimeException refused) {
      return Optional.empty();
    }
  }

  private static Optional<Convolution> called(List<Trace.Call> calls) {
    return calls.stream()
        .flatMap(call -> weight(call.layer()).stream().map(w -> new Convolution(call.place(), w)))
        .findFirst();
  }

  private static Optional<Convolution> declared(Layer layer, String place) {
    Optional<NdArray> weight = weight(layer);
    if (weight.isPresent()) {
      return Optional.of(new Convolution(place, weight.get()));
    }
    for (Map.Entry<String, Layer> part : layer.parts().entrySet()) {
      String within = place.isEmpty() ? part.getKey() : place + "." + part.getKey();
      Optional<Convolution> found = declared(part.getValue(), within);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** The weight of a convolution; one that is frozen has its name, and its weight as a buffer. */
  private static Optional<NdArray> weight(Layer layer) {
    if (layer instanceof Conv2d convolution) {
      return Optional.of(convolution.weight().value());
    }
    if (layer instanceof DepthwiseConv2d convolution) {
      return Optional.of(convolution.weight().value());
    }
    boolean isConvolution = List.of("conv2d", "depthwiseConv2d").contains(layer.name());
    return layer.buffers().stream()
        .filter(buffer -> isConvolution && buffer.name().equals("weight"))
        .map(Parameter::value)
        .filter(weight -> weight.shape().rank() == 4)
        .findFirst();
  }

  private static String html(Convolution convolution) {
    Shape shape = convolution.weight.shape();
    boolean inColours = shape.dim(1) == 3;
    List<NdArray> tiles = tiles(convolution.weight, MOST);
    int all = inColours ? shape.dim(0) : shape.dim(0) * shape.dim(1);
    List<String> figures = new ArrayList<>();
    for (int i = 0; i < tiles.size(); i++) {
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
                all > tiles.size()
                    ? " The first %s of %s tiles.".formatted(tiles.size(), Figures.count(all))
                    : "");
    return Html.note(note) + Html.grid("tiles small", figures);
  }

  /**
   * Filters [3, KH, KW], or else their channels [1, KH, KW], each scaled to its own range.
   *
   * @param most how many, the first of them
   */
  static List<NdArray> tiles(NdArray weight, int most) {
    Shape shape = weight.shape();
    int channels = shape.dim(1) == 3 ? 3 : 1;
    int size = channels * shape.size(2, 4);
    List<NdArray> tiles = new ArrayList<>();
    for (int number = 0; number < Math.min(most, weight.size() / size); number++) {
      int start = number * size;
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
