package org.gradus.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.ConvOptions;
import org.gradus.autograd.ops.Ops;
import org.gradus.autograd.ops.PoolOptions;
import org.gradus.autograd.testkit.NullContract;
import org.gradus.autograd.update.Adam;
import org.gradus.autograd.update.UpdateMethod;
import org.gradus.layers.data.LabelledImages;
import org.gradus.layers.init.Initializer;
import org.gradus.layers.optim.Optimizer;
import org.gradus.layers.optim.ParameterGradients;
import org.gradus.layers.optim.Plateau;
import org.gradus.layers.optim.RateCurve;
import org.gradus.layers.optim.Schedule;
import org.gradus.layers.optim.WeightAverage;
import org.junit.jupiter.api.Test;

/** Null is refused in words by every public function, wherever it stands. */
class NullArgumentsTest {
  private static Map<Class<?>, Object> samples() {
    Random random = new Random(1);
    NdArray one = NdArray.full(DType.FLOAT32, Shape.of(1, 1, 1, 1), 1);
    Tensor tensor = Tensor.variable(one);
    Linear linear = new Linear(1, 1, random);
    Optimizer optimizer = new Optimizer(linear.parameters(), new Adam(0.1));
    Tensor loss =
        Ops.sum(linear.forward(Tensor.constant(NdArray.zeros(DType.FLOAT32, Shape.of(1)))));
    Map<Class<?>, Object> samples = new HashMap<>();
    samples.put(Tensor.class, tensor);
    samples.put(NdArray.class, one);
    samples.put(Shape.class, Shape.of(1));
    samples.put(Gradients.class, Gradients.backward(tensor));
    samples.put(RandomGenerator.class, random);
    samples.put(List.class, List.of());
    samples.put(String.class, "name");
    samples.put(Path.class, Path.of("nothing"));
    samples.put(InputStream.class, InputStream.nullInputStream());
    samples.put(Class.class, NullArgumentsTest.class);
    samples.put(Parameter.class, linear.weight());
    samples.put(Layer.class, linear);
    samples.put(AbstractLayer.class, linear);
    samples.put(Pass.class, Pass.training(1, 1));
    samples.put(Map.class, Map.of());
    samples.put(Linear.class, linear);
    samples.put(Conv2d.class, new Conv2d(1, 1, 1, random));
    samples.put(Sequential.class, new Sequential());
    samples.put(ConvOptions.class, ConvOptions.valid());
    samples.put(ConvTranspose2d.class, new ConvTranspose2d(1, 1, 1, ConvOptions.valid(), random));
    samples.put(Unflatten.class, new Unflatten(1));
    samples.put(PoolOptions.class, PoolOptions.window(1));
    samples.put(Initializer.class, Initializer.heNormal());
    samples.put(Optimizer.class, optimizer);
    samples.put(UpdateMethod.class, new Adam(0.1));
    samples.put(ParameterGradients.class, ParameterGradients.of(loss, linear.parameters()));
    samples.put(Schedule.class, Schedule.constant());
    samples.put(Plateau.class, new Plateau());
    samples.put(RateCurve.class, new RateCurve(List.of()));
    samples.put(WeightAverage.class, WeightAverage.of(List.of()));
    samples.put(Map.class, Map.of());
    samples.put(Supplier.class, (Supplier<Object>) () -> loss);
    samples.put(UnaryOperator.class, UnaryOperator.identity());
    samples.put(BiFunction.class, (BiFunction<Object, Object, Object>) (a, b) -> b);
    samples.put(LabelledImages.class, new LabelledImages(one, new int[1], 1));
    return samples;
  }

  @Test
  void nullIsRefusedInWords() {
    NullContract contract = new NullContract(samples(), Set.of());
    List<String> faults = contract.faults("org.gradus.layers", Nets.class.getName());
    assertEquals("", String.join("\n", faults));
    assertTrue(contract.calls() > 50, () -> contract.calls() + " calls");
  }
}
