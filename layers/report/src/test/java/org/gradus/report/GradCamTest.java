package org.gradus.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.ConvOptions;
import org.gradus.autograd.ops.Ops;
import org.gradus.layers.AbstractLayer;
import org.gradus.layers.Conv2d;
import org.gradus.layers.Dropout;
import org.gradus.layers.Flatten;
import org.gradus.layers.GlobalAvgPool2d;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.Pass;
import org.gradus.layers.Relu;
import org.gradus.layers.Sequential;
import org.junit.jupiter.api.Test;

/** Maps of what speaks for a class. */
class GradCamTest {
  /** Two features: the image, and minus twice the image. */
  private static final NdArray FEATURES = NdArray.of(new double[] {1, -2}, 2, 1, 1, 1);

  private static Layer net(double[] linear, int classes) {
    return new Sequential(
        new Conv2d(FEATURES, ConvOptions.valid()),
        new GlobalAvgPool2d(),
        new Flatten(),
        new Linear(NdArray.of(linear, classes, 2), NdArray.of(new double[classes])));
  }

  /**
   * The logit of class k is the mean over places of w[k, 0] x - 2 w[k, 1] x, so the class
   * activation map is (w[k, 0] - 2 w[k, 1]) x, and Grad-CAM is its positive part over the number of
   * places.
   */
  @Property(tries = 40)
  void isTheClassActivationMapBehindAMean(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 3) int count,
      @ForAll @IntRange(min = 1, max = 5) int height,
      @ForAll @IntRange(min = 2, max = 5) int width) {
    SplittableRandom random = new SplittableRandom(seed);
    NdArray x = NdArray.randn(DType.FLOAT64, Shape.of(count, 1, height, width), random);
    double[] w = random.doubles(6, -1, 1).toArray();
    int[] classes = random.ints(count, 0, 3).toArray();

    GradCam cam = GradCam.of(net(w, 3), x, classes).orElseThrow();

    assertEquals("0 (Conv2d)", cam.place());
    assertEquals(Shape.of(count, height, width), cam.maps().shape());
    int plane = height * width;
    for (int i = 0; i < x.size(); i++) {
      int k = classes[i / plane];
      double activation = (w[2 * k] - 2 * w[2 * k + 1]) * x.at(i);
      assertEquals(Math.max(0, activation) / plane, cam.maps().at(i), 1e-12);
      assertEquals(cam.maps().at(i), cam.map(i / plane).at(i % plane));
    }
  }

  @Test
  void ofOneLogitClass0IsMinusTheLogit() {
    NdArray x = NdArray.of(new double[] {1, -3, 1, -3}, 2, 1, 1, 2);
    GradCam cam = GradCam.of(net(new double[] {1, 0}, 1), x, 1, 0).orElseThrow();
    assertEquals(NdArray.of(new double[] {0.5, 0, 0, 1.5}, 2, 1, 2), cam.maps());
  }

  @Test
  void theLastImageIsLookedAtAndTheInnermostLayerNamed() {
    SplittableRandom random = new SplittableRandom(1);
    Layer net =
        new Sequential(
            new Sequential(new Conv2d(1, 2, 1, random), new Relu()),
            new GlobalAvgPool2d(),
            new Flatten(),
            new Linear(2, 2, random));
    assertEquals("0.1 (Relu)", GradCam.of(net, Pages.images(1, 1, 2, 2), 0).orElseThrow().place());
  }

  /** A layer that calls its parts in another order than it declares them. */
  private static final class Turned extends AbstractLayer {
    private final Layer second = part("second", new Conv2d(1, 1, 1, new SplittableRandom(1)));
    private final Layer first = part("first", new Conv2d(1, 1, 1, new SplittableRandom(2)));

    @Override
    protected Tensor compute(Tensor x, Pass pass) {
      Tensor y = Ops.relu(second.forward(first.forward(x, pass), pass));
      return Ops.reshape(Ops.sum(y, 2, 3), -1, 1);
    }
  }

  @Test
  void ofALayerOfOnesOwnTheLastPartIsLookedAt() {
    GradCam cam = GradCam.of(new Turned(), Pages.images(1, 1, 2, 2), 1).orElseThrow();
    assertEquals("second (Conv2d)", cam.place());
  }

  @Test
  void aFrozenNetHasMapsToo() {
    NdArray x = NdArray.of(new double[] {1, -3}, 1, 1, 1, 2);
    GradCam cam = GradCam.of(net(new double[] {1, 0}, 1).frozen(), x, 1).orElseThrow();
    assertEquals(NdArray.of(new double[] {0.5, 0}, 1, 1, 2), cam.maps());
  }

  @Test
  void withoutAnImageOfMorePlacesThereIsNone() {
    Layer net = new Sequential(new Flatten(), new Linear(4, 2, new SplittableRandom(1)));
    assertTrue(GradCam.of(net, Pages.images(1, 1, 2, 2), 0).isEmpty());
  }

  /** Where the map is 0 the grey image stays; the largest is yellow by three quarters. */
  @Test
  void theMapIsLaidOverTheGreyImage() {
    NdArray image = NdArray.of(new double[] {0.4, 0.4, 0.4, 0.4, 0.4, 0.4}, 3, 1, 2);
    NdArray laid = GradCamImages.laidOver(image, NdArray.of(new double[] {0, 5}, 1, 1, 2));
    double[] expected = {0.4, 0.85, 0.4, 0.85, 0.4, 0.1};
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], laid.at(i), 1e-12, "element " + i);
    }
    NdArray flat = GradCamImages.laidOver(image, NdArray.of(new double[] {0, 0}, 1, 1, 2));
    assertEquals(0.4, flat.at(5), 1e-12);
  }

  /** Dropout hands on its input in inference: it has made no image. */
  @Test
  void whatALayerHandsOnIsNotItsOwn() {
    SplittableRandom random = new SplittableRandom(1);
    NdArray x = Pages.images(1, 1, 2, 2);
    Layer dense =
        new Sequential(new Sequential(new Dropout(0.5)), new Flatten(), new Linear(4, 2, random));
    assertTrue(GradCam.of(dense, x, 0).isEmpty());
    Layer convolution =
        new Sequential(
            new Conv2d(1, 2, 1, random),
            new Dropout(0.5),
            new GlobalAvgPool2d(),
            new Flatten(),
            new Linear(2, 2, random));
    assertEquals("0 (Conv2d)", GradCam.of(convolution, x, 0).orElseThrow().place());
  }
}
