package org.gradus.onnx;

import static org.gradus.onnx.Judge.check;
import static org.gradus.onnx.Judge.draw;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.gradus.autograd.array.Shape;

/** Convolutions, pooling and margins of any attributes, as ONNX Runtime computes them. */
class WindowProperties {
  private final Random random = new Random();

  private int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  private int[] each(int count, int least, int most) {
    return random.ints(count, least, most + 1).toArray();
  }

  private static Object[] objects(int[] dims) {
    return Arrays.stream(dims).boxed().toArray();
  }

  private static int[] dims(int n, int c, int[] sizes) {
    int[] dims = new int[sizes.length + 2];
    dims[0] = n;
    dims[1] = c;
    System.arraycopy(sizes, 0, dims, 2, sizes.length);
    return dims;
  }

  /** Padding by numbers, or by a word. */
  private void pads(List<Object> attributes, int[] most) {
    switch (between(0, 3)) {
      case 0 -> attributes.addAll(List.of("auto_pad", "SAME_UPPER"));
      case 1 -> attributes.addAll(List.of("auto_pad", "SAME_LOWER"));
      default -> {
        int[] pads = new int[2 * most.length];
        for (int i = 0; i < pads.length; i++) {
          pads[i] = between(0, most[i % most.length]);
        }
        attributes.addAll(List.of("pads", pads));
      }
    }
  }

  @Property(tries = 60)
  void convolutions(@ForAll long seed) {
    random.setSeed(seed);
    int rank = between(1, 3);
    int groups = between(1, 2);
    int[] kernel = each(rank, 1, 3);
    int[] size = each(rank, 7, 9);
    int[] x = dims(between(1, 2), 2 * groups, size);
    int[] w = dims(3 * groups, 2, kernel);
    List<Object> attributes = new ArrayList<>(List.of("group", groups));
    attributes.addAll(List.of("strides", each(rank, 1, 3)));
    int[] dilations = each(rank, 1, 2);
    pads(attributes, kernel);
    if (attributes.contains("auto_pad")) {
      Arrays.fill(dilations, 1);
    }
    attributes.addAll(List.of("dilations", dilations));
    TestModel model = new TestModel(11).input("x", objects(x));
    model.initializer("w", draw(seed, w));
    String inputs = "x w";
    if (random.nextBoolean()) {
      model.initializer("b", draw(seed + 1, 3 * groups));
      inputs = "x w b";
    }
    check(
        model.node("Conv", inputs, "y", attributes.toArray()).outputs("y"),
        Map.of("x", draw(seed + 2, x)));
  }

  @Property(tries = 60)
  void transposedConvolutions(@ForAll long seed) {
    random.setSeed(seed);
    int rank = between(1, 3);
    int groups = between(1, 2);
    int[] kernel = each(rank, 2, 4);
    int[] x = dims(between(1, 2), 2 * groups, each(rank, 3, 5));
    int[] w = dims(2 * groups, 3, kernel);
    int[] strides = each(rank, 1, 3);
    int[] more = Arrays.stream(strides).map(stride -> between(0, stride - 1)).toArray();
    List<Object> attributes = new ArrayList<>(List.of("group", groups, "strides", strides));
    int[] pads = new int[2 * rank];
    for (int i = 0; i < pads.length; i++) {
      pads[i] = between(0, kernel[i % rank] / 2);
    }
    attributes.addAll(List.of("output_padding", more, "pads", pads));
    attributes.addAll(List.of("dilations", each(rank, 1, 2)));
    TestModel model = new TestModel(11).input("x", objects(x));
    model.initializer("w", draw(seed, w)).initializer("b", draw(seed + 1, 3 * groups));
    check(
        model.node("ConvTranspose", "x w b", "y", attributes.toArray()).outputs("y"),
        Map.of("x", draw(seed + 2, x)));
  }

  @Property(tries = 30)
  void transposedConvolutionsOfASize(@ForAll long seed) {
    random.setSeed(seed);
    int[] size = each(2, 3, 5);
    int[] strides = each(2, 1, 3);
    int[] x = dims(1, 2, size);
    List<Object> attributes = new ArrayList<>(List.of("strides", strides));
    String auto = random.nextBoolean() ? "SAME_UPPER" : "SAME_LOWER";
    attributes.addAll(List.of("auto_pad", auto));
    if (random.nextBoolean()) {
      int[] output = {size[0] * strides[0], size[1] * strides[1]};
      attributes.addAll(List.of("output_shape", output));
    }
    TestModel model = new TestModel(11).input("x", objects(x));
    model.initializer("w", draw(seed, dims(2, 2, each(2, 3, 4))));
    check(
        model.node("ConvTranspose", "x w", "y", attributes.toArray()).outputs("y"),
        Map.of("x", draw(seed + 2, x)));
  }

  @Property(tries = 100)
  void pooling(@ForAll long seed) {
    random.setSeed(seed);
    int rank = between(1, 3);
    int[] kernel = each(rank, 2, 3);
    int[] x = dims(between(1, 2), 2, each(rank, 6, 9));
    List<Object> attributes = new ArrayList<>(List.of("kernel_shape", kernel));
    attributes.addAll(List.of("strides", each(rank, 1, 3)));
    pads(attributes, Arrays.stream(kernel).map(extent -> extent - 1).toArray());
    boolean isAuto = attributes.contains("auto_pad");
    if (!isAuto) {
      attributes.addAll(List.of("ceil_mode", between(0, 1)));
    }
    String operator = List.of("MaxPool", "AveragePool", "LpPool").get(between(0, 2));
    switch (operator) {
      case "MaxPool" -> attributes.addAll(List.of("dilations", each(rank, 1, isAuto ? 1 : 2)));
      case "AveragePool" -> attributes.addAll(List.of("count_include_pad", between(0, 1)));
      default -> attributes.addAll(List.of("p", between(1, 3)));
    }
    TestModel model = new TestModel(18).input("x", objects(x));
    check(
        model.node(operator, "x", "y", attributes.toArray()).outputs("y"),
        Map.of("x", draw(seed, x)));
  }

  @Property(tries = 20)
  void poolingOfWholeImages(@ForAll long seed) {
    random.setSeed(seed);
    int[] x = dims(2, 3, each(between(1, 3), 1, 5));
    TestModel model = new TestModel(13).input("x", objects(x));
    check(
        model
            .node("GlobalAveragePool", "x", "mean")
            .node("GlobalMaxPool", "x", "most")
            .node("GlobalLpPool", "x", "norm")
            .outputs("mean", "most", "norm"),
        Map.of("x", draw(seed, x)));
  }

  @Property(tries = 80)
  void margins(@ForAll long seed) {
    random.setSeed(seed);
    int rank = between(1, 4);
    int[] x = each(rank, 3, 5);
    String mode = List.of("constant", "reflect", "edge", "wrap").get(between(0, 3));
    boolean isConstant = mode.equals("constant");
    long[] pads = random.longs(2L * rank, isConstant ? -1 : 0, 3).toArray();
    TestModel model = new TestModel(19).input("x", objects(x)).initializer("pads", pads);
    String inputs = "x pads";
    if (isConstant) {
      model.initializer("value", draw(seed));
      inputs = "x pads value";
    }
    check(
        model.node("Pad", inputs, "y", "mode", mode).outputs("y"),
        Map.of("x", draw(seed, Shape.of(x).toArray())));
  }
}
