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
import java.util.random.RandomGenerator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.ConvOptions;
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
    Layer conv = new Conv2d(4, 4, 3, RANDOM);
    return List.of(
        linear, conv, new Flatten(), new MaxPool2d(2), new Relu(), new Sequential(linear));
  }

  private static Map<Class<?>, Object> byType() {
    Map<Class<?>, Object> good = new HashMap<>();
    good.put(Tensor.class, Tensor.constant(zeros(2, 4)));
    good.put(RandomGenerator.class, RANDOM);
    good.put(DType.class, DType.FLOAT32);
    good.put(Initializer.class, Initializer.heNormal());
    good.put(ConvOptions.class, ConvOptions.valid());
    good.put(PoolOptions.class, PoolOptions.window(2));
    good.put(List.class, List.of(new Relu()));
    good.put(Layer[].class, new Layer[] {new Relu()});
    return good;
  }

  private static Map<String, Map<String, Object>> byName() {
    Tensor images = Tensor.constant(zeros(1, 4, 6, 6));
    return Map.of(
        "linear",
        Map.of("in", 4, "out", 4, "weight", zeros(4, 4), "bias", zeros(4)),
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
            images),
        "maxPool2d",
        Map.of("size", 2, "x", images));
  }

  private static NdArray zeros(int... dims) {
    return NdArray.zeros(DType.FLOAT32, Shape.of(dims));
  }

  @Test
  void everyLayerSaysItsOwnName() throws ReflectiveOperationException {
    MessageContract contract = new MessageContract(byType(), byName());
    List<Layer> layers = layers();
    for (Layer layer : layers) {
      for (Constructor<?> constructor : layer.getClass().getConstructors()) {
        contract.check(layer.name(), constructor);
      }
      contract.check(speaker(layer), layer.getClass().getMethod("forward", Tensor.class), layer);
    }
    assertEquals("", String.join("\n", contract.faults()));
    assertTrue(contract.refusals() > 80, () -> contract.refusals() + " refusals");
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
    assertEquals(List.of(Layer.class), forgotten);
  }

  @Test
  void parametersAndInputsHaveOneElementType() {
    for (Layer layer : layers()) {
      if (!layer.parameters().isEmpty()) {
        Tensor x = Tensor.constant(NdArray.zeros(DType.FLOAT64, Shape.of(1, 4, 6, 4)));
        DTypeException refusal = assertThrows(DTypeException.class, () -> layer.forward(x));
        assertTrue(refusal.getMessage().startsWith(speaker(layer) + ": "), refusal.getMessage());
      }
    }
  }

  /** A sequence passes its input on, and the layer that refuses it says so. */
  private static String speaker(Layer layer) {
    return layer instanceof Sequential sequence ? sequence.layers().get(0).name() : layer.name();
  }
}
