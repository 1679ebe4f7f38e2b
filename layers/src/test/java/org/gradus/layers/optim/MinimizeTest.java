package org.gradus.layers.optim;

import static org.gradus.autograd.ops.Ops.crossEntropy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.update.Sgd;
import org.gradus.layers.Linear;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a training step takes back, and what it leaves, at every size of batch. */
class MinimizeTest {
  private static final String TAKEN_BACK =
      ": these values were taken back by minimize, by a backward pass in mode CONSUMING, or at the"
          + " end of Memory.tidy; read them before it, or call"
          + " step(Gradients.backward(loss)), which takes nothing back";

  private final Linear net = new Linear(4, 10, new SplittableRandom(1));
  private final Optimizer optimizer = new Optimizer(net.parameters(), new Sgd(0.1).momentum(0.9));

  private static Tensor images(int n) {
    return Tensor.constant(NdArray.generate(DType.FLOAT32, Shape.of(n, 4), i -> Math.sin(i)));
  }

  private static void assertRefused(String what, Supplier<Object> call) {
    IllegalStateException refusal = assertThrows(IllegalStateException.class, call::get);
    assertEquals(what + TAKEN_BACK, refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 128, 1000})
  void whatWasNotAskedForIsRefusedByNameOfTheCall(int n) {
    Tensor logits = net.forward(images(n));
    Tensor loss = crossEntropy(logits, new int[n]);
    double value = optimizer.minimize(loss);
    assertTrue(value > 0);
    assertEquals(value, loss.item());
    assertRefused("value", logits::value);
    assertRefused("value", logits::detach);
    assertRefused("crossEntropy", () -> crossEntropy(logits, new int[n]));
    Tensor fresh = crossEntropy(net.forward(images(n)), new int[n]);
    Gradients.backward(fresh, Gradients.Mode.CONSUMING);
    assertRefused("gradients", () -> optimizer.minimize(fresh));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 128, 1000})
  void whatWasAskedForStays(int n) {
    Tensor logits = net.forward(images(n));
    NdArray before = logits.value().map(v -> v);
    Tensor carried = net.forward(images(n)).detach();
    optimizer.minimize(crossEntropy(logits, new int[n]));
    for (int i = 0; i < 5; i++) {
      optimizer.minimize(crossEntropy(net.forward(images(n)), new int[n]));
    }
    assertEquals(before, logits.value());
    assertEquals(before, carried.value());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 128, 1000})
  void stepTakesNothingBack(int n) {
    Tensor logits = net.forward(images(n));
    Tensor loss = crossEntropy(logits, new int[n]);
    optimizer.step(Gradients.backward(loss));
    assertEquals(Shape.of(n, 10), logits.value().shape());
    assertEquals(Gradients.backward(loss).of(logitsBias(loss)).shape(), Shape.of(10));
  }

  private static Tensor logitsBias(Tensor loss) {
    Tensor logits = loss.inputs().get(0);
    return logits.inputs().get(1);
  }
}
