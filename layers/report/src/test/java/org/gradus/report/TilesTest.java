package org.gradus.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.ConvOptions;
import org.gradus.layers.AbstractLayer;
import org.gradus.layers.Conv2d;
import org.gradus.layers.ConvTranspose2d;
import org.gradus.layers.DepthwiseConv2d;
import org.gradus.layers.Layer;
import org.gradus.layers.Pass;
import org.gradus.layers.Relu;
import org.gradus.layers.Sequential;
import org.gradus.layers.data.Batch;
import org.gradus.layers.train.Loss;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** Arrays as images in the page. */
class TilesTest {

  private static void assertPixels(double[] expected, NdArray found) {
    assertEquals(expected.length, found.size());
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], found.at(i), 0.5 / 255 + 1e-9, "pixel " + i);
    }
  }

  @Test
  void pixelsAreTheNumbersOfTheImage() {
    NdArray grey = NdArray.of(new double[] {0, 0.25, -1, 2, Double.NaN, 0.75}, 1, 2, 3);
    assertPixels(new double[] {0, 0.25, 0, 1, 0, 0.75}, onePlane(Pages.pixels(Tiles.png(grey))));
    NdArray colours = NdArray.of(new double[] {0, 0.1, 0.2, 0.3, 0.4, 1}, 3, 1, 2);
    assertPixels(new double[] {0, 0.1, 0.2, 0.3, 0.4, 1}, Pages.pixels(Tiles.png(colours)));
  }

  private static NdArray onePlane(NdArray image) {
    Shape shape = image.shape();
    return NdArray.generate(
        DType.FLOAT64, Shape.of(1, shape.dim(1), shape.dim(2)), i -> image.at(i));
  }

  @Test
  void largeImagesAreMadeSmaller() {
    Shape shape =
        Pages.pixels(Tiles.png(NdArray.zeros(DType.FLOAT32, Shape.of(3, 10, 1000)))).shape();
    assertEquals(Shape.of(3, 2, 256), shape);
  }

  @Test
  void imagesOutOfTheirRangeAreScaled() {
    NdArray image = NdArray.of(new double[] {-1, 0, 3}, 1, 1, 3);
    assertPixels(new double[] {0, 0.25, 1}, Tiles.shown(image));
    NdArray within = NdArray.of(new double[] {0.2, 0.5, 0.6}, 1, 1, 3);
    assertEquals(within, Tiles.shown(within));
  }

  @Test
  void ofOtherChannelsTheMeanIsGrey() {
    NdArray image = NdArray.of(new double[] {0, 1, 0.5, 0}, 2, 1, 2);
    assertEquals(NdArray.of(new double[] {0.25, 0.5}, 1, 1, 2), Tiles.shown(image));
  }

  @Test
  void equalNumbersAreInTheMiddle() {
    assertEquals(
        NdArray.of(new double[] {0.5, 0.5}, 1, 1, 2),
        Tiles.scaled(NdArray.of(new double[] {7, 7}, 1, 1, 2)));
  }

  @Test
  void anImageIsShownWithoutItsSidesChangingTheirProportion() {
    Element image =
        Pages.elements(Pages.parsed(Tiles.image(Pages.images(1, 3, 7), 112, "a \"b\"")), "img")
            .get(0);
    assertEquals("112", image.getAttribute("width"));
    assertEquals("48", image.getAttribute("height"));
    assertEquals("a \"b\"", image.getAttribute("alt"));
  }

  // ---- filters ---------------------------------------------------------------------------------

  private static Optional<String> html(Layer net) {
    return Filters.html(net, Optional.empty());
  }

  @Test
  void filtersOfThreeChannelsAreColours() {
    NdArray weight = NdArray.of(new double[] {0, 1, 2, 4, 4, 4, 5, 5, 5}, 3, 3, 1, 1);
    List<NdArray> tiles = Filters.tiles(weight, 64);
    assertEquals(3, tiles.size());
    assertEquals(NdArray.of(new double[] {0, 0.5, 1}, 3, 1, 1), tiles.get(0));
    assertEquals(NdArray.of(new double[] {0.5, 0.5, 0.5}, 3, 1, 1), tiles.get(1));
  }

  @Test
  void filtersOfOtherChannelsAreATileForEach() {
    NdArray weight = NdArray.of(new double[] {-1, 1, 0, 8, 2, 4, 3, 3}, 2, 2, 1, 2);
    var page =
        Pages.parsed(
            Html.in(
                "div",
                html(new Sequential(new Relu(), new Conv2d(weight, ConvOptions.valid())))
                    .orElseThrow()));
    List<Element> images = Pages.elements(page, "img");
    assertEquals(4, images.size());
    assertEquals("filter 1, 0", images.get(2).getAttribute("alt"));
    assertPixels(new double[] {0, 1}, onePlane(Pages.pixels(images.get(2).getAttribute("src"))));
    assertEquals(
        "2 filters of 1 x 2 of the layer 1, whose weight is [2, 2, 1, 2]."
            + " Each channel of each is a tile, from its least number to its largest.",
        Pages.elements(page, "p").get(0).getTextContent());
  }

  @Test
  void manyTilesAreLimited() {
    NdArray weight = NdArray.zeros(DType.FLOAT32, Shape.of(70, 1, 2, 2));
    String html = html(new Conv2d(weight, ConvOptions.valid())).orElseThrow();
    assertEquals(64, Pages.elements(Pages.parsed(Html.in("div", html)), "img").size());
    assertTrue(html.contains("The first 64 of 70 tiles."));
  }

  @Test
  void withoutAConvolutionThereAreNoFilters() {
    assertTrue(html(new Sequential(new Relu())).isEmpty());
  }

  @Test
  void noMoreTilesAreMadeThanShown() {
    assertEquals(2, Filters.tiles(NdArray.zeros(DType.FLOAT32, Shape.of(70, 3, 2, 2)), 2).size());
    assertEquals(6, Filters.tiles(NdArray.zeros(DType.FLOAT32, Shape.of(3, 2, 1, 1)), 7).size());
  }

  /** A layer that calls its parts in another order than it declares them. */
  private static final class Turned extends AbstractLayer {
    private final Layer late = part("late", new Conv2d(2, 1, 1, new SplittableRandom(1)));
    private final Layer early;

    Turned(Layer early) {
      this.early = part("early", early);
    }

    @Override
    protected Tensor compute(Tensor x, Pass pass) {
      return late.forward(early.forward(x, pass), pass);
    }
  }

  /** With a sample the filters are those of the convolution that sees the image. */
  @Test
  void theFirstConvolutionIsTheOneThatIsCalledFirst() {
    SplittableRandom random = new SplittableRandom(1);
    Layer dense = new Conv2d(2, 2, 3, random);
    Layer depthwise = new DepthwiseConv2d(2, 3, ConvOptions.valid(), random);
    Batch batch = new Batch(Pages.images(2, 2, 4, 4), 0, 1);
    var sample = Optional.of(new Examples.Sample(batch, Loss.crossEntropy()));
    for (Layer early : List.of(dense, depthwise)) {
      for (Layer net :
          List.of(new Turned(early), new Turned(early.frozen()), new Turned(early).frozen())) {
        String called = Filters.html(net, sample).orElseThrow();
        assertTrue(called.contains("of 3 x 3 of the layer early,"), called);
        String declared = html(net).orElseThrow();
        assertTrue(declared.contains("of 1 x 1 of the layer late,"), declared);
      }
    }
  }

  @Test
  void aFrozenConvolutionIsDeclaredToo() {
    SplittableRandom random = new SplittableRandom(1);
    Layer net =
        new Sequential(
            new ConvTranspose2d(1, 2, 2, ConvOptions.valid(), random).frozen(),
            new DepthwiseConv2d(2, 3, ConvOptions.valid(), random).frozen(),
            new Conv2d(2, 2, 1, random));
    assertTrue(html(net).orElseThrow().contains("of 3 x 3 of the layer 1,"));
    assertTrue(html(net.frozen()).orElseThrow().contains("of 3 x 3 of the layer 1,"));
  }
}
