package org.gradus.onnx;

import static org.gradus.onnx.Judge.check;
import static org.gradus.onnx.Judge.draw;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.gradus.autograd.array.NdArray;
import org.junit.jupiter.api.Test;

/** Resized images, as ONNX Runtime computes them. */
class ResizeProperties {
  private static final List<String> PLACES =
      List.of("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric");
  private static final List<String> ROUNDING =
      List.of("round_prefer_floor", "round_prefer_ceil", "floor", "ceil");

  private final Random random = new Random();

  private <T> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  @Property(tries = 150)
  void imagesOfAnySize(@ForAll long seed) {
    random.setSeed(seed);
    int h = 2 + random.nextInt(5);
    int w = 2 + random.nextInt(5);
    String mode = any(List.of("nearest", "linear", "cubic"));
    List<Object> attributes = new ArrayList<>(List.of("mode", mode));
    attributes.addAll(List.of("coordinate_transformation_mode", any(PLACES)));
    switch (mode) {
      case "nearest" -> attributes.addAll(List.of("nearest_mode", any(ROUNDING)));
      case "cubic" ->
          attributes.addAll(
              List.of(
                  "cubic_coeff_a",
                  any(List.of(-0.5f, -0.75f)),
                  "exclude_outside",
                  random.nextInt(2)));
      default -> {}
    }
    TestModel model = new TestModel(13).input("x", 1, 2, h, w);
    boolean bySize = random.nextBoolean();
    if (bySize) {
      model.initializer("sizes", 1, 2, 1 + random.nextInt(9), 1 + random.nextInt(9));
    } else {
      List<Float> scales = List.of(0.5f, 1f, 2f, 3f, 1.5f);
      model.initializer("scales", NdArray.of(1f, 1f, any(scales), any(scales)));
    }
    model.node("Resize", bySize ? "x - - sizes" : "x - scales", "y", attributes.toArray());
    boolean isFractional = !bySize && attributes.contains("align_corners");
    if (!isFractional) { // where the two differ, the format's own cases are followed
      check(model.outputs("y"), Map.of("x", draw(seed, 1, 2, h, w)));
    }
  }

  @Property(tries = 30)
  void wideFilters(@ForAll long seed) {
    random.setSeed(seed);
    TestModel model = new TestModel(18).input("x", 1, 2, 9, 8);
    model.initializer("sizes", 1, 2, 2 + random.nextInt(7), 2 + random.nextInt(6));
    String mode = any(List.of("linear", "cubic"));
    model.node("Resize", "x - - sizes", "y", "mode", mode, "antialias", 1);
    check(model.outputs("y"), Map.of("x", draw(seed, 1, 2, 9, 8)), 1e-3);
  }

  @Test
  void someAxesAndRatiosThatAreKept() {
    NdArray x = draw(1, 1, 2, 4, 6);
    for (String policy : List.of("stretch", "not_larger", "not_smaller")) {
      check(
          new TestModel(18)
              .input("x", 1, 2, 4, 6)
              .initializer("sizes", 7, 8)
              .node(
                  "Resize",
                  "x - - sizes",
                  "y",
                  "mode",
                  "linear",
                  "axes",
                  new int[] {2, 3},
                  "keep_aspect_ratio_policy",
                  policy)
              .outputs("y"),
          Map.of("x", x));
    }
  }

  @Test
  void partsThatAreCutOut() {
    check(
        new TestModel(13)
            .input("x", 1, 1, 5, 4)
            .initializer("roi", NdArray.of(0f, 0f, 0.2f, -0.1f, 1f, 1f, 0.9f, 1.2f))
            .initializer("sizes", 1, 1, 4, 7)
            .node(
                "Resize",
                "x roi - sizes",
                "y",
                "mode",
                "linear",
                "coordinate_transformation_mode",
                "tf_crop_and_resize",
                "extrapolation_value",
                5f)
            .outputs("y"),
        Map.of("x", draw(2, 1, 1, 5, 4)));
  }

  @Test
  void oldVersions() {
    NdArray x = draw(1, 1, 2, 3, 4);
    for (String mode : List.of("nearest", "linear")) {
      TestModel nine = new TestModel(9).input("x", 1, 2, 3, 4);
      nine.initializer("scales", NdArray.of(1f, 1f, 2f, 3f));
      check(nine.node("Upsample", "x scales", "y", "mode", mode).outputs("y"), Map.of("x", x));
      TestModel ten = new TestModel(10).input("x", 1, 2, 3, 4);
      ten.initializer("scales", NdArray.of(1f, 1f, 1.5f, 2f));
      check(ten.node("Resize", "x scales", "y", "mode", mode).outputs("y"), Map.of("x", x));
    }
    check(
        new TestModel(8)
            .input("x", 1, 2, 3, 4)
            .node("Upsample", "x", "y", "scales", new float[] {1, 1, 2, 2})
            .outputs("y"),
        Map.of("x", x));
  }
}
