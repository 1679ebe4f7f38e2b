package org.gradus.autograd.functional;

import static org.gradus.autograd.Gradients.Mode.DIFFERENTIABLE;
import static org.gradus.autograd.Gradients.Mode.VALUES;
import static org.gradus.autograd.functional.Checkpoint.checkpoint;
import static org.gradus.autograd.functional.Derivatives.hessian;
import static org.gradus.autograd.functional.Derivatives.jvp;
import static org.gradus.autograd.functional.Derivatives.vjp;
import static org.gradus.autograd.functional.Numbers.assertExactly;
import static org.gradus.autograd.functional.Numbers.assertRefused;
import static org.gradus.autograd.functional.Numbers.assertWithin;
import static org.gradus.autograd.functional.Numbers.constant;
import static org.gradus.autograd.functional.Numbers.variable;
import static org.gradus.autograd.functional.Numbers.whole;
import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.bias;
import static org.gradus.autograd.ops.Ops.conv2d;
import static org.gradus.autograd.ops.Ops.exp;
import static org.gradus.autograd.ops.Ops.mean;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.pow;
import static org.gradus.autograd.ops.Ops.sum;
import static org.gradus.autograd.ops.Ops.tanh;
import static org.gradus.autograd.ops.Ops.zeros;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Functions that keep no intermediate values, beside the same functions that keep them. */
class CheckpointTest {

  /** A block of a network: x, w, b to tanh(conv2d(x, w) + b). */
  private static Tensor block(List<Tensor> in) {
    return tanh(bias(conv2d(in.get(0), in.get(1)), in.get(2)));
  }

  /** How a block is computed, from it and its inputs. */
  @FunctionalInterface
  private interface How {
    Tensor apply(Function<List<Tensor>, Tensor> f, List<Tensor> inputs);
  }

  /** Three blocks one after the other, and the mean square of what comes out. */
  private record Network(List<Tensor> parameters, Tensor loss) {
    static Network of(DType type, How how) {
      List<Tensor> parameters = new ArrayList<>();
      Tensor h = Tensor.variable(mul(whole(type, 1, 2, 2, 9, 9), 0.25).value());
      parameters.add(h);
      for (int i = 0; i < 3; i++) {
        Tensor w = Tensor.variable(mul(whole(type, 2 + i, 2, 2, 3, 3), 0.125).value());
        Tensor b = Tensor.variable(mul(whole(type, 5 + i, 2), 0.125).value());
        parameters.addAll(List.of(w, b));
        h = how.apply(CheckpointTest::block, List.of(h, w, b));
      }
      return new Network(parameters, mean(mul(h, h)));
    }
  }

  // ---- the same numbers ------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void valuesAndGradientsHaveTheSameBits(DType type) {
    Network plain = Network.of(type, Function::apply);
    Network thrifty = Network.of(type, Checkpoint::checkpoint);
    assertExactly(plain.loss, thrifty.loss);
    for (Mode mode : Mode.values()) {
      Gradients expected = Gradients.backward(plain.loss, mode);
      Gradients actual = Gradients.backward(thrifty.loss, mode);
      for (int i = 0; i < plain.parameters.size(); i++) {
        assertExactly(expected.of(plain.parameters.get(i)), actual.of(thrifty.parameters.get(i)));
      }
    }
  }

  @Test
  void soDoDerivativesOfDerivatives() {
    List<List<Tensor>> found = new ArrayList<>();
    for (How how : List.<How>of(Function::apply, Checkpoint::checkpoint)) {
      Network network = Network.of(DType.FLOAT64, how);
      Gradients first = Gradients.backward(network.loss, DIFFERENTIABLE);
      Tensor size = constant(0);
      for (Tensor parameter : network.parameters) {
        size = add(size, sum(pow(first.of(parameter), 2)));
      }
      Gradients second = Gradients.backward(size, DIFFERENTIABLE);
      Tensor w = network.parameters.get(1);
      Gradients third = Gradients.backward(sum(pow(second.of(w), 2)));
      List<Tensor> all = new ArrayList<>();
      network.parameters.forEach(p -> all.add(second.of(p)));
      network.parameters.forEach(p -> all.add(third.of(p)));
      found.add(all);
    }
    for (int i = 0; i < found.get(0).size(); i++) {
      assertWithin(1e-13, found.get(0).get(i), found.get(1).get(i));
    }
  }

  @Test
  void everyOrderOfAPower() {
    Tensor x = variable(0.5, -2);
    Tensor y = checkpoint(z -> mul(z, mul(z, mul(z, mul(z, z)))), x);
    double[] factors = {1, 5, 20, 60, 120, 120, 0};
    for (int order = 0; order < 7; order++) {
      double factor = factors[order];
      int exponent = 5 - order;
      NdArray expected = x.value().map(t -> factor == 0 ? 0 : factor * Math.pow(t, exponent));
      assertExactly(Tensor.constant(expected), y);
      y = Gradients.backward(sum(y), DIFFERENTIABLE, x).of(x);
    }
  }

  @Test
  void checkpointsNest() {
    Function<Tensor, Tensor> inner = z -> mul(tanh(z), z);
    Function<Tensor, Tensor> plain = z -> exp(inner.apply(inner.apply(z)));
    Function<Tensor, Tensor> nested =
        z -> checkpoint(u -> exp(checkpoint(inner, checkpoint(inner, u))), z);
    Tensor x = constant(0.3, -1.2);
    assertExactly(plain.apply(x), nested.apply(x));
    assertExactly(vjp(plain, x, x), vjp(nested, x, x));
    assertWithin(
        1e-14, hessian(z -> sum(plain.apply(z)), x), hessian(z -> sum(nested.apply(z)), x));
  }

  @Test
  void derivativesMayStandInsideAndAround() {
    Function<Tensor, Tensor> slope =
        z -> jvp(u -> pow(u, 3), z, constant(1, 1), DIFFERENTIABLE).tangent();
    Tensor x = variable(2, -3);
    Tensor v = constant(10, 100);
    Tensor y = checkpoint(slope, x);
    assertExactly(constant(12, 27), y);
    assertExactly(constant(12, -18), Gradients.backward(sum(y)).of(x));
    assertExactly(constant(120, -1800), jvp(z -> checkpoint(slope, z), x, v).tangent());
    assertExactly(constant(120, -1800), vjp(z -> checkpoint(slope, z), x, v));
  }

  // ---- the cost --------------------------------------------------------------------------------

  @Test
  void aWalkBackComputesTheFunctionOnceMore() {
    AtomicInteger calls = new AtomicInteger();
    Function<List<Tensor>, Tensor> counted =
        in -> {
          calls.incrementAndGet();
          return mul(mul(in.get(0), in.get(1)), in.get(2));
        };
    List<Tensor> x = List.of(variable(2), variable(3), variable(5));
    Tensor y = checkpoint(counted, x);
    assertEquals(1, calls.getAndSet(0));
    Gradients values = Gradients.backward(y);
    assertEquals(1, calls.getAndSet(0));
    Gradients first = Gradients.backward(y, DIFFERENTIABLE);
    assertEquals(1, calls.getAndSet(0));
    for (Gradients gradients : List.of(values, first)) {
      assertExactly(constant(15), gradients.of(x.get(0)));
      assertExactly(constant(10), gradients.of(x.get(1)));
      assertExactly(constant(6), gradients.of(x.get(2)));
    }
    Gradients second = Gradients.backward(first.of(x.get(0)));
    assertEquals(1, calls.getAndSet(0)); // the VJP by the inputs and by the cotangent
    assertExactly(constant(0), second.of(x.get(0)));
    assertExactly(constant(5), second.of(x.get(1)));
    assertExactly(constant(3), second.of(x.get(2)));
  }

  @Test
  void noIntermediateValueIsKept() {
    Network plain = Network.of(DType.FLOAT64, Function::apply);
    Network thrifty = Network.of(DType.FLOAT64, Checkpoint::checkpoint);
    int inputs = 2 * 2 * 9 * 9 + 3 * (2 * 2 * 9 + 2);
    int[] outputs = {2 * 2 * 7 * 7, 2 * 2 * 5 * 5, 2 * 2 * 3 * 3};
    int ends = outputs[2] + 1; // of the loss: the squares, and their mean
    // each block keeps what conv2d, bias and tanh make
    assertEquals(inputs + 3 * (outputs[0] + outputs[1] + outputs[2]) + ends, held(plain.loss));
    // each block keeps its inputs, packed, and what comes out
    int packed = inputs + outputs[0] + outputs[1];
    assertEquals(
        inputs + packed + (outputs[0] + outputs[1] + outputs[2]) + ends, held(thrifty.loss));
  }

  @Test
  void ofASingleInputNothingIsCopied() {
    Tensor x = Tensor.variable(whole(DType.FLOAT64, 1, 100).value());
    Function<Tensor, Tensor> f = z -> exp(tanh(mul(tanh(mul(z, 3)), 2)));
    assertEquals(600, held(f.apply(x)));
    Tensor y = checkpoint(f, x);
    assertEquals(200, held(y));
    assertEquals(List.of(x), y.inputs());
  }

  @Test
  void aDifferentiableGradientKeepsNoIntermediateValueEither() {
    Tensor x = Tensor.variable(mul(whole(DType.FLOAT64, 1, 100), 0.1).value());
    Tensor y = sum(checkpoint(z -> exp(tanh(mul(tanh(mul(z, 3)), 2))), x));
    Tensor slope = Gradients.backward(y, DIFFERENTIABLE).of(x);
    // x, and with the cotangent of ones packed; the slope
    assertEquals(100 + 100 + 200 + 100, held(slope));
    assertTrue(Gradients.backward(sum(slope)).reached(x));
  }

  @Test
  void anOrdinaryGradientKeepsNothing() {
    Tensor x = variable(2, 3);
    Tensor y = checkpoint(z -> mul(z, z), x);
    Tensor slope = Gradients.backward(sum(y)).of(x);
    assertFalse(slope.isTracked());
    assertEquals(List.of(), slope.inputs());
  }

  /** The number of elements in all arrays that are reachable from a tensor, each counted once. */
  private static int held(Tensor from) {
    Set<Object> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Tensor> open = new ArrayDeque<>(List.of(from));
    int elements = 0;
    while (!open.isEmpty()) {
      Tensor tensor = open.pop();
      if (seen.add(tensor)) {
        elements += arrays.add(tensor.value().storage()) ? tensor.value().size() : 0;
        tensor.inputs().forEach(open::push);
      }
    }
    return elements;
  }

  // ---- inputs ----------------------------------------------------------------------------------

  @Test
  void ofConstantsItIsAConstant() {
    Tensor y = checkpoint(in -> mul(in.get(0), in.get(1)), List.of(constant(2), constant(3)));
    assertExactly(constant(6), y);
    assertFalse(y.isTracked());
  }

  @Test
  void inputsMayBeConstantUnusedAndTheSame() {
    Tensor x = variable(2);
    Tensor unused = variable(7, 8);
    Tensor y =
        checkpoint(
            in -> mul(mul(in.get(0), in.get(1)), in.get(3)), List.of(x, x, unused, constant(5)));
    Gradients gradients = Gradients.backward(y);
    assertExactly(constant(20), y);
    assertExactly(constant(20), gradients.of(x));
    assertExactly(zeros(unused), gradients.of(unused));
    assertTrue(gradients.reached(unused));
  }

  @Test
  void theFunctionMayBeConstantOrTheIdentity() {
    Tensor x = variable(2, 3);
    assertExactly(constant(1), checkpoint(z -> constant(1), x));
    assertExactly(constant(0, 0), Gradients.backward(checkpoint(z -> constant(1), x)).of(x));
    Tensor same = checkpoint(z -> z, x);
    assertSame(x.value().storage(), same.value().storage());
    assertExactly(constant(1, 1), Gradients.backward(sum(same)).of(x));
  }

  @ParameterizedTest
  @EnumSource
  void ofNumbersAndOfNothing(DType type) {
    Tensor two = Tensor.variable(NdArray.scalar(type, 2));
    Tensor three = Tensor.variable(NdArray.full(type, Shape.of(1, 1), 3));
    Tensor nothing = Tensor.variable(NdArray.zeros(type, Shape.of(2, 0)));
    Tensor y =
        checkpoint(
            in -> mul(add(in.get(0), sum(in.get(1))), in.get(2)), List.of(two, nothing, three));
    assertExactly(Tensor.constant(NdArray.full(type, Shape.of(1, 1), 6)), y);
    Gradients gradients = Gradients.backward(y);
    assertExactly(Tensor.constant(NdArray.scalar(type, 3)), gradients.of(two));
    assertExactly(nothing, gradients.of(nothing));
    assertExactly(Tensor.constant(NdArray.full(type, Shape.of(1, 1), 2)), gradients.of(three));
    Tensor empty = checkpoint(z -> mul(z, z), nothing);
    assertExactly(nothing, empty);
    assertExactly(nothing, Gradients.backward(sum(empty)).of(nothing));
  }

  // ---- what is refused -------------------------------------------------------------------------

  @Test
  void functionsThatDependOnAVariableAroundThemAreRefused() {
    Tensor w = variable(3);
    String message =
        "checkpoint: the function depends on a variable that is not among its inputs; pass it as an"
            + " input";
    for (Tensor x : List.of(variable(2), constant(2))) {
      assertRefused(IllegalArgumentException.class, message, () -> checkpoint(z -> mul(z, w), x));
      assertRefused(
          IllegalArgumentException.class,
          message,
          () -> checkpoint(in -> mul(in.get(0), mul(w, w)), List.of(x, x)));
      assertRefused(
          IllegalArgumentException.class,
          message,
          () -> checkpoint(z -> vjp(u -> mul(u, w), z, z, DIFFERENTIABLE), x));
    }
    assertExactly(constant(6), checkpoint(z -> mul(z, w.detach()), variable(2)));
    assertExactly(constant(6), checkpoint(z -> vjp(u -> mul(u, w), z, z, VALUES), variable(2)));
  }

  @Test
  void wrongInputsAreRefused() {
    Tensor x = variable(1, 2);
    Tensor single = Tensor.constant(x.value().as(DType.FLOAT32));
    assertRefused(
        IllegalArgumentException.class,
        "checkpoint: 0 inputs, expected one or more",
        () -> checkpoint(in -> x, List.of()));
    assertRefused(
        IllegalArgumentException.class,
        "checkpoint: 0 inputs, expected one or more",
        () -> new Checkpoint(in -> x, List.of()));
    assertRefused(
        DTypeException.class,
        "checkpoint: input 2 is FLOAT32, but input 0 is FLOAT64; convert one with NdArray.as",
        () -> checkpoint(in -> in.get(0), List.of(x, x, single)));
    assertRefused(
        DTypeException.class,
        "checkpoint: the output is FLOAT32, but input 0 is FLOAT64; convert one with NdArray.as",
        () -> checkpoint(z -> single, x));
    assertRefused(
        ShapeException.class,
        "add: [2] and [3] do not broadcast: extents 2 and 3 differ and neither is 1 (axes are"
            + " aligned at the right)",
        () -> checkpoint(z -> add(z, constant(1, 2, 3)), x));
    Checkpoint ofOne = new Checkpoint(in -> in.get(0), List.of(Shape.of(1, 2)));
    assertRefused(
        ShapeException.class,
        "checkpoint: input [2] does not hold inputs of shapes [[1, 2]]",
        () -> Tensor.of(ofOne, x));
    assertRefused(
        IllegalArgumentException.class,
        "checkpoint: 2 inputs, expected 1",
        () -> Tensor.of(ofOne, x, x));
    Checkpoint ofTwo = new Checkpoint(in -> in.get(0), List.of(Shape.of(2), Shape.of()));
    assertRefused(
        ShapeException.class,
        "checkpoint: input [2] does not hold inputs of shapes [[2], []]",
        () -> Tensor.of(ofTwo, x));
    assertRefused(
        ShapeException.class,
        "checkpoint: input [1, 3] does not hold inputs of shapes [[2], []]",
        () -> Tensor.of(ofTwo, Tensor.constant(NdArray.zeros(DType.FLOAT64, Shape.of(1, 3)))));
    Shape half = Shape.of(1 << 30);
    Checkpoint ofMany =
        new Checkpoint(in -> in.get(0), List.of(half, half, half, half, Shape.of(2)));
    assertRefused( // though their number is 2 in an int
        ShapeException.class,
        "checkpoint: input [2] does not hold inputs of shapes [[1073741824], [1073741824],"
            + " [1073741824], [1073741824], [2]]",
        () -> Tensor.of(ofMany, x));
  }

  @Test
  void theShapesAreCopied() {
    List<Shape> shapes = new ArrayList<>(List.of(Shape.of(2)));
    Checkpoint op = new Checkpoint(in -> mul(in.get(0), in.get(0)), shapes);
    shapes.clear();
    assertEquals(List.of(Shape.of(2)), op.shapes());
    assertEquals(op, new Checkpoint(op.function(), List.of(Shape.of(2))));
  }
}
