package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.ConvOptions.valid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.inspect.GraphView;
import org.gradus.autograd.testkit.MessageContract;
import org.junit.jupiter.api.Test;

/** Every function of the catalogue, called wrongly, says its own name first. */
class MessagesTest {

  private static Map<Class<?>, Object> byType() {
    Map<Class<?>, Object> good = new HashMap<>();
    good.put(Tensor.class, half(4, 5));
    good.put(Tensor[].class, new Tensor[] {half(4, 5), half(4, 5), half(4, 5)});
    good.put(int[].class, new int[] {1});
    good.put(DType.class, DType.FLOAT64);
    good.put(PadMode.class, PadMode.EDGE);
    good.put(ConvOptions.class, valid());
    good.put(Axes.class, Axes.axes(1));
    good.put(Indices.class, Indices.of(new int[] {0, 1, 2, 3}, 4));
    good.put(CrossEntropyOptions.class, CrossEntropyOptions.mean());
    good.put(PoolOptions.class, PoolOptions.window(2));
    good.put(ConvGeometry.class, valid().geometry(Shape.of(1, 2, 6, 6), Shape.of(4, 2, 3, 3)));
    return good;
  }

  private static Map<String, Map<String, Object>> byName() {
    Map<String, Map<String, Object>> good = new HashMap<>();
    good.put("permute", Map.of("axes", new int[] {1, 0}));
    good.put("reshape", Map.of("dims", new int[] {5, -1}));
    good.put("broadcastTo", Map.of("shape", Shape.of(3, 4, 5)));
    good.put("sumTo", Map.of("shape", Shape.of(1, 5)));
    good.put("slice", Map.of("from", 1, "to", 3));
    good.put("pad", Map.of("before", new int[] {1, 0}, "after", new int[] {0, 2}));
    good.put("tile", Map.of("repetitions", new int[] {2, 3}));
    Indices places = Indices.of(new int[20], 4, 5);
    good.put("gather", Map.of("index", places));
    good.put("scatterAdd", Map.of("index", places));
    good.put(
        "take",
        Map.of(
            "indices",
            new int[] {3, 0},
            "index",
            Indices.of(new int[] {3, 0}, 2),
            "positions",
            Ops.zeros(half(2))));
    good.put("depthToSpace", Map.of("x", half(1, 8, 2, 3), "block", 2));
    good.put("spaceToDepth", Map.of("x", half(1, 2, 4, 6), "block", 2));
    good.put("matmul", Map.of("b", half(5, 4)));
    good.put("oneHot", Map.of("classes", 5, "labels", new int[] {0, 1, 2, 3}));
    good.put("clamp", Map.of("least", 0.25));
    good.put("bias", Map.of("b", half(5)));

    Tensor x = half(1, 2, 6, 6);
    Tensor w = half(4, 2, 3, 3);
    Tensor y = half(1, 4, 4, 4);
    good.put("conv2d", Map.of("x", x, "w", w, "b", half(4)));
    good.put("conv2dInput", Map.of("w", w, "y", y));
    good.put("conv2dWeight", Map.of("x", x, "y", y));
    good.put("conv1d", Map.of("x", half(1, 2, 6), "w", half(4, 2, 3), "b", half(4)));
    good.put("depthwiseConv2d", Map.of("x", x, "w", half(4, 1, 3, 3)));
    Map<String, Object> transposed =
        Map.of("x", y, "w", w, "b", half(2), "moreRows", 0, "moreColumns", 0);
    good.put("convTranspose2d", transposed);
    good.put(
        "convTranspose1d",
        Map.of("x", half(1, 4, 12), "w", half(4, 2, 3), "b", half(2), "more", 0));
    good.put("maxPool1d", Map.of("x", half(1, 2, 6), "size", 2));
    good.put("avgPool1d", Map.of("x", half(1, 2, 6), "size", 2));
    good.put("adaptiveAvgPool2d", Map.of("x", x, "height", 4, "width", 9));
    good.put("adaptiveMaxPool2d", Map.of("x", x, "height", 4, "width", 9));
    good.put("maxPool2d", Map.of("x", x, "size", 2));
    good.put("avgPool2d", Map.of("x", x, "size", 2));
    good.put("globalMaxPool2d", Map.of("x", x));
    good.put("globalAvgPool2d", Map.of("x", x));
    good.put(
        "upsampleNearest",
        Map.of("x", half(1, 2, 2, 2), "scale", 2, "rowScale", 2, "columnScale", 2));
    good.put("upsampleBilinear", Map.of("x", x, "height", 5, "width", 9));

    Tensor five = half(5);
    good.put("batchNorm", Map.of("gamma", five, "beta", five, "mean", five, "variance", five));
    good.put("instanceNorm", Map.of("x", half(2, 4, 3), "gamma", half(4), "beta", half(4)));
    good.put("layerNorm", Map.of("gamma", five, "beta", five));
    good.put(
        "groupNorm", Map.of("x", half(2, 4, 3), "groups", 2, "gamma", half(4), "beta", half(4)));
    good.put("prelu", Map.of("slope", five));
    good.put("squeeze", Map.of("x", half(4, 1)));
    good.put(
        "binaryCrossEntropyWithLogits",
        Map.of("logits", half(4), "targets", half(4), "labels", new int[] {0, 1, 1, 0}));
    good.put("crossEntropy", Map.of("labels", new int[] {0, 1, 2, 3}));
    good.put("nllLoss", Map.of("labels", new int[] {0, 1, 2, 3}));
    return good;
  }

  private static Tensor half(int... dims) {
    return Tensor.variable(NdArray.full(DType.FLOAT64, Shape.of(dims), 0.5));
  }

  @Test
  void everyFunctionSaysItsOwnName() {
    MessageContract contract = new MessageContract(byType(), byName());
    List<Method> functions =
        Arrays.stream(Ops.class.getMethods())
            .filter(method -> Modifier.isStatic(method.getModifiers()))
            .sorted(Comparator.comparing(Method::toString))
            .toList();
    functions.forEach(function -> contract.check(function.getName(), function));
    assertEquals("", String.join("\n", contract.faults()));
    assertTrue(functions.size() > 90, () -> functions.size() + " functions");
    assertTrue(contract.refusals() > 800, () -> contract.refusals() + " refusals");
  }

  @Test
  void aGraphShowsTheNameThatWasCalled() {
    Tensor x = half(1, 2, 6, 6);
    Tensor w = half(4, 2, 3, 3);
    assertShows("conv2d", Ops.conv2d(x, w, valid()));
    assertShows("conv2d", Ops.conv2d(x, w, half(4), valid()));
    assertShows("add", Ops.add(x, 2));
    assertShows("mul", Ops.mul(x, 2));
    assertShows("upsampleNearest", Ops.upsampleNearest(x, 2));
    assertShows("upsampleBilinear", Ops.upsampleBilinear(x, 3, 3, true));
    assertShows("upsampleBilinear", Ops.upsampleBilinear(x, 3, 3, false));
  }

  private static void assertShows(String name, Tensor called) {
    String graph = GraphView.of(called).dot();
    assertTrue(graph.contains("label=\"" + name + "\\n"), graph);
  }
}
