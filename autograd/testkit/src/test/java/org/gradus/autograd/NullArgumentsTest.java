package org.gradus.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.check.GradientCheck;
import org.gradus.autograd.functional.PerExample;
import org.gradus.autograd.inspect.GraphView;
import org.gradus.autograd.ops.Add;
import org.gradus.autograd.ops.Axes;
import org.gradus.autograd.ops.CrossEntropyOptions;
import org.gradus.autograd.ops.Ops;
import org.gradus.autograd.ops.PadMode;
import org.gradus.autograd.ops.PoolOptions;
import org.gradus.autograd.ops.Reduction;
import org.gradus.autograd.ops.Square;
import org.gradus.autograd.ops.Window;
import org.gradus.autograd.plan.Plan;
import org.gradus.autograd.plan.Planner;
import org.gradus.autograd.testkit.NullContract;
import org.gradus.autograd.update.Adam;
import org.gradus.autograd.update.UpdateMethod;
import org.gradus.autograd.update.UpdateRule;
import org.gradus.autograd.update.UpdateState;
import org.junit.jupiter.api.Test;

/** Null is refused in words by every public function, wherever it stands. */
class NullArgumentsTest {
  /** The kernels and the engine's bookkeeping, which only the library calls; and the kit. */
  private static final String[] NOT_FOR_USERS = {
    "org.gradus.autograd.internal.",
    "org.gradus.autograd.array.Nulls",
    "org.gradus.autograd.Op$Companion",
    "org.gradus.autograd.testkit."
  };

  private static Map<Class<?>, Object> samples() {
    NdArray one = NdArray.full(DType.FLOAT64, Shape.of(1), 1);
    Tensor tensor = Tensor.variable(one);
    Map<Class<?>, Object> samples = new HashMap<>();
    samples.put(Tensor.class, tensor);
    samples.put(NdArray.class, one);
    samples.put(Shape.class, Shape.of(1));
    samples.put(DType.class, DType.FLOAT64);
    samples.put(Op.class, new Square());
    samples.put(List.class, List.of());
    samples.put(Map.class, Map.of());
    samples.put(String.class, "name");
    samples.put(Class.class, Square.class);
    samples.put(Gradients.Mode.class, Gradients.Mode.VALUES);
    samples.put(Gradients.class, Gradients.backward(tensor));
    samples.put(Indices.class, Indices.of(new int[] {0}, 1));
    samples.put(GradientCheck.class, GradientCheck.of(new Add()));
    samples.put(GraphView.class, GraphView.of(tensor));
    samples.put(FMatrixRMaj.class, new FMatrixRMaj(1, 1));
    samples.put(DMatrixRMaj.class, new DMatrixRMaj(1, 1));
    samples.put(Axes.class, Axes.axes(0));
    samples.put(PoolOptions.class, PoolOptions.window(1));
    samples.put(CrossEntropyOptions.class, CrossEntropyOptions.mean());
    samples.put(Reduction.class, Reduction.MEAN);
    samples.put(Optional.class, Optional.empty());
    samples.put(OptionalInt.class, OptionalInt.empty());
    samples.put(Window.class, new Window(1, 1, 1, 0, 0, 1));
    samples.put(Function.class, Function.identity());
    samples.put(Set.class, Set.of());
    samples.put(PerExample.class, PerExample.of(x -> Ops.mul(x, tensor), one));
    samples.put(UnaryOperator.class, UnaryOperator.identity());
    samples.put(BiFunction.class, (BiFunction<Tensor, Object, Tensor>) (x, other) -> x);
    samples.put(Object.class, tensor);
    samples.put(IntToDoubleFunction.class, (IntToDoubleFunction) i -> i);
    samples.put(DoubleUnaryOperator.class, DoubleUnaryOperator.identity());
    samples.put(DoubleBinaryOperator.class, (DoubleBinaryOperator) Double::sum);
    samples.put(PadMode.class, PadMode.EDGE);
    samples.put(BufferedImage.class, new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB));
    samples.put(RandomGenerator.class, new SplittableRandom(1));
    Planner planner = Planner.of(UnaryOperator.identity());
    samples.put(Planner.class, planner);
    samples.put(Plan.class, planner.plan(one));
    samples.put(UpdateState.class, UpdateState.zeros(1, DType.FLOAT64, Shape.of(1)));
    samples.put(UpdateMethod.class, new Adam(1));
    samples.put(UpdateRule.class, new Adam(1).rule(1, 1));
    return samples;
  }

  @Test
  void nullIsRefusedInWords() {
    NullContract contract = new NullContract(samples(), Set.of());
    List<String> faults = contract.faults("org.gradus.autograd", NOT_FOR_USERS);
    assertEquals("", String.join("\n", faults));
    assertTrue(contract.calls() > 300, () -> contract.calls() + " calls");
  }
}
