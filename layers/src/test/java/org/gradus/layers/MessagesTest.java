package org.gradus.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.ConvOptions;
import org.gradus.autograd.ops.PadMode;
import org.gradus.autograd.ops.PoolOptions;
import org.gradus.autograd.testkit.MessageContract;
import org.gradus.layers.init.Initializer;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.support.ReflectionSupport;

/** Every layer, made or called wrongly, says its own name first. */
class MessagesTest {
  private static final Random RANDOM = new Random(1);

  /** One of each kind. */
  private static List<Layer> layers() {
    Layer linear = new Linear(4, 4, RANDOM);
    return List.of(
        linear,
        new Conv2d(4, 4, 3, RANDOM),
        new BatchNorm1d(4),
        new BatchNorm2d(4),
        new LayerNorm(4),
        new GroupNorm(2, 4),
        new InstanceNorm2d(),
        new Dropout(0.5),
        new MaxPool2d(2),
        new AvgPool2d(2),
        new GlobalMaxPool2d(),
        new GlobalAvgPool2d(),
        new UpsampleNearest(2),
        new UpsampleBilinear(2),
        new Flatten(),
        new Unflatten(2, 2),
        new Relu(),
        new LeakyRelu(0.1),
        new Elu(1),
        new Sigmoid(),
        new Tanh(),
        new Softplus(),
        new Silu(),
        new Gelu(),
        new GeluTanh(),
        new HardSigmoid(),
        new HardSwish(),
        new Mish(),
        new Selu(),
        new Relu6(),
        new Softsign(),
        new Prelu(4),
        new Conv1d(4, 4, 3, RANDOM),
        new DepthwiseConv2d(4, 3, ConvOptions.valid(), RANDOM),
        new ConvTranspose2d(4, 4, 3, ConvOptions.valid(), RANDOM),
        new AdaptiveAvgPool2d(2, 2),
        new AdaptiveMaxPool2d(2, 2),
        new PixelShuffle(2),
        new Pad2d(1, PadMode.REFLECT),
        new Embedding(4, 3, RANDOM),
        new Softmax(1),
        new LogSoftmax(1),
        new Sequential(linear),
        new Residual(linear),
        new Branches(0, linear, linear));
  }

  private static Map<Class<?>, Object> byType() {
    Map<Class<?>, Object> good = new HashMap<>();
    good.put(Tensor.class, Tensor.constant(zeros(2, 4)));
    good.put(RandomGenerator.class, RANDOM);
    good.put(DType.class, DType.FLOAT32);
    good.put(Initializer.class, Initializer.heNormal());
    good.put(ConvOptions.class, ConvOptions.valid());
    good.put(PadMode.class, PadMode.REFLECT);
    good.put(PoolOptions.class, PoolOptions.window(2));
    good.put(Layer.class, new Relu());
    good.put(List.class, List.of(new Relu()));
    good.put(Layer[].class, new Layer[] {new Relu()});
    return good;
  }

  private static Map<String, Map<String, Object>> byName() {
    Tensor images = Tensor.constant(zeros(1, 4, 6, 6));
    Map<String, Map<String, Object>> good = new HashMap<>();
    good.put("linear", Map.of("in", 4, "out", 4, "weight", zeros(4, 4), "bias", zeros(4)));
    good.put(
        "conv2d",
        Map.of(
            "in",
            4,
            "out",
            4,
            "kernel",
            3,
            "weight",
            zeros(4, 4, 3, 3),
            "bias",
            zeros(4),
            "x",
            images));
    Tensor sequences = Tensor.constant(zeros(1, 4, 6));
    good.put(
        "conv1d",
        Map.of(
            "in",
            4,
            "out",
            4,
            "kernel",
            3,
            "weight",
            zeros(4, 4, 3),
            "bias",
            zeros(4),
            "x",
            sequences));
    good.put(
        "depthwiseConv2d",
        Map.of(
            "channels",
            4,
            "multiplier",
            1,
            "kernel",
            3,
            "height",
            3,
            "width",
            3,
            "weight",
            zeros(4, 1, 3, 3),
            "bias",
            zeros(4),
            "x",
            images));
    good.put(
        "convTranspose2d",
        Map.of(
            "in",
            4,
            "out",
            4,
            "kernel",
            3,
            "weight",
            zeros(4, 4, 3, 3),
            "bias",
            zeros(4),
            "x",
            images));
    for (String pool : List.of("adaptiveAvgPool2d", "adaptiveMaxPool2d")) {
      good.put(pool, Map.of("height", 2, "width", 2, "x", images));
    }
    good.put("pixelShuffle", Map.of("scale", 2, "x", images));
    good.put("pad2d", Map.of("top", 1, "bottom", 1, "left", 1, "right", 1, "all", 1, "x", images));
    good.put("embedding", Map.of("words", 4, "features", 3, "weight", zeros(4, 3)));
    good.put("prelu", Map.of("channels", 4, "slope", 0.25));
    good.put("batchNorm1d", Map.of("channels", 4, "epsilon", 1e-5, "momentum", 0.1));
    good.put("batchNorm2d", Map.of("channels", 4, "epsilon", 1e-5, "momentum", 0.1, "x", images));
    good.put("layerNorm", Map.of("extents", new int[] {4}, "epsilon", 1e-5));
    good.put("groupNorm", Map.of("groups", 2, "channels", 4, "epsilon", 1e-5));
    good.put("instanceNorm2d", Map.of("epsilon", 1e-5, "x", images));
    good.put("dropout", Map.of("rate", 0.5));
    good.put("upsampleNearest", Map.of("scale", 2, "x", images));
    good.put("upsampleBilinear", Map.of("scale", 2, "x", images));
    good.put("unflatten", Map.of("extents", new int[] {2, 2}));
    good.put("leakyRelu", Map.of("slope", 0.1));
    good.put("elu", Map.of("alpha", 1.0));
    good.put("softmax", Map.of("axis", 1));
    good.put("logSoftmax", Map.of("axis", 1));
    good.put("branches", Map.of("axis", 1));
    for (String pool : List.of("maxPool2d", "avgPool2d")) {
      good.put(pool, Map.of("size", 2, "x", images));
    }
    for (String pool : List.of("globalMaxPool2d", "globalAvgPool2d")) {
      good.put(pool, Map.of("x", images));
    }
    return good;
  }

  private static NdArray zeros(int... dims) {
    return NdArray.zeros(DType.FLOAT32, Shape.of(dims));
  }

  @Test
  void everyLayerSaysItsOwnName() throws ReflectiveOperationException {
    MessageContract contract = new MessageContract(byType(), byName());
    List<Layer> layers = layers();
    for (Layer layer : layers) {
      if (!isMadeOfAnySize(layer)) {
        for (Constructor<?> constructor : layer.getClass().getConstructors()) {
          contract.check(layer.name(), constructor);
        }
      }
      contract.check(speaker(layer), layer.getClass().getMethod("forward", Tensor.class), layer);
    }
    assertEquals("", String.join("\n", contract.faults()));
    assertTrue(contract.refusals() > 80, () -> contract.refusals() + " refusals");
  }

  /** A norm of 2^29 channels is made, if there is memory for it; rows say what is refused. */
  private static boolean isMadeOfAnySize(Layer layer) {
    return layer instanceof BatchNorm
        || layer instanceof LayerNorm
        || layer instanceof GroupNorm
        || layer instanceof Prelu
        || layer instanceof Embedding;
  }

  @Test
  void noLayerIsForgotten() {
    List<Class<?>> tried = new ArrayList<>();
    layers().forEach(layer -> tried.add(layer.getClass()));
    List<Class<?>> forgotten =
        ReflectionSupport.findAllClassesInPackage(
            "org.gradus.layers",
            type -> Layer.class.isAssignableFrom(type) && Modifier.isPublic(type.getModifiers()),
            name -> !tried.stream().map(Class::getName).toList().contains(name));
    assertEquals(Set.of(Layer.class, AbstractLayer.class), Set.copyOf(forgotten));
  }

  @Test
  void parametersAndInputsHaveOneElementType() {
    for (Layer layer : layers()) {
      if (!layer.parameters().isEmpty()) {
        Shape shape =
            layer instanceof BatchNorm1d || layer instanceof Conv1d
                ? Shape.of(1, 4, 6)
                : Shape.of(1, 4, 6, 4);
        Tensor x = Tensor.constant(NdArray.zeros(DType.FLOAT64, shape));
        DTypeException refusal = assertThrows(DTypeException.class, () -> layer.forward(x));
        assertTrue(refusal.getMessage().startsWith(speaker(layer) + ": "), refusal.getMessage());
      }
    }
  }

  /** A sequence passes its input on, and the place that refuses it is told first. */
  private static String speaker(Layer layer) {
    boolean passesOn = layer instanceof Sequential || layer instanceof Branches;
    return layer instanceof Residual ? "body" : passesOn ? "0" : layer.name();
  }
}
