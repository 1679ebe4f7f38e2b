package org.gradus.autograd.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.internal.memory.Buffers;
import org.gradus.autograd.ops.Ops;
import org.gradus.autograd.update.Adam;
import org.gradus.autograd.update.UpdateState;
import org.junit.jupiter.api.Test;

class MemoryTest {
  private static final int LARGE = 1000; // short arrays are not used again

  private static final Tensor X = Tensor.constant(NdArray.full(DType.FLOAT32, Shape.of(LARGE), 3));

  private static double[] full(double value) {
    double[] all = new double[LARGE];
    Arrays.fill(all, value);
    return all;
  }

  private static void assertGone(Tensor tensor) {
    String message = assertThrows(IllegalStateException.class, tensor::value).getMessage();
    assertTrue(message.contains("tidy"), message);
  }

  @Test
  void whatNobodyHasReadIsTakenBack() {
    Tensor gone = Memory.tidy(() -> Ops.square(X));
    assertGone(gone);
    assertEquals(
        "relu: " + assertThrows(IllegalStateException.class, gone::value).getMessage().substring(7),
        assertThrows(IllegalStateException.class, () -> Ops.relu(gone)).getMessage());
    assertArrayEquals(full(3), X.value().toDoubleArray());
  }

  @Test
  void whatWasReadStays() {
    List<Tensor> made = new ArrayList<>();
    NdArray y =
        Memory.tidy(
            () -> {
              made.add(Ops.square(X));
              made.add(Ops.mul(made.get(0), 2));
              return made.get(1).value();
            });
    Memory.tidy(() -> Ops.square(Ops.add(X, 1))); // might overwrite it
    assertArrayEquals(full(18), y.toDoubleArray());
    assertArrayEquals(full(18), made.get(1).value().toDoubleArray());
    assertGone(made.get(0));
    assertEquals(9, Memory.tidy(() -> Ops.max(Ops.square(X)).item()));
  }

  @Test
  void viewsOfWhatWasReadStay() {
    Tensor view = Memory.tidy(() -> seen(Ops.reshape(Ops.square(X), 10, 100)));
    assertArrayEquals(full(9), view.value().toDoubleArray());
  }

  private static Tensor seen(Tensor tensor) {
    tensor.value();
    return tensor;
  }

  @Test
  void memoryIsUsedAgain() {
    Tensor x = Tensor.constant(NdArray.full(DType.FLOAT64, Shape.of(7919), 1)); // no other's length
    List<Object> seen = new ArrayList<>();
    Supplier<Tensor> memory = () -> Tensor.of(new Spy(seen), Ops.exp(x));
    Memory.tidy(memory);
    Memory.tidy(memory);
    assertSame(seen.get(0), seen.get(1));
    Tensor kept = memory.get();
    assertSame(seen.get(0), seen.get(2));
    memory.get().value();
    assertNotSame(seen.get(0), seen.get(3));
    assertEquals(Math.E, kept.value().toDoubleArray()[7918], 1e-15);
  }

  /** The identity, which looks at the memory of its input. */
  record Spy(List<Object> seen) implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      seen.add(Buffers.of(in.get(0)).array());
      return in.get(0);
    }

    @Override
    public Tensor vjp(int input, Tensor cotangent, Tensor output, List<Tensor> inputs) {
      return cotangent;
    }
  }

  @Test
  void callsNest() {
    List<Tensor> made = new ArrayList<>();
    NdArray y =
        Memory.tidy(
            () -> {
              Tensor outer = Ops.square(X);
              NdArray inner =
                  Memory.tidy(
                      () -> {
                        made.add(Ops.mul(outer, 2));
                        return Ops.add(made.get(0), outer).value();
                      });
              assertGone(made.get(0));
              made.add(outer);
              return Ops.mul(Tensor.constant(inner), outer).value();
            });
    assertArrayEquals(full(27 * 9), y.toDoubleArray());
    assertGone(made.get(1));
  }

  @Test
  void whatFailsTakesNothingBack() {
    List<Tensor> made = new ArrayList<>();
    assertThrows(
        UnsupportedOperationException.class,
        () ->
            Memory.tidy(
                () -> {
                  made.add(Ops.square(X));
                  throw new UnsupportedOperationException();
                }));
    assertArrayEquals(full(9), made.get(0).value().toDoubleArray());
    Tensor after = Ops.square(X);
    assertArrayEquals(full(9), after.value().toDoubleArray());
  }

  @Test
  void whatOtherThreadsMakeIsTheirs() {
    Tensor other = Memory.tidy(() -> CompletableFuture.supplyAsync(() -> Ops.square(X)).join());
    assertArrayEquals(full(9), other.value().toDoubleArray());
  }

  @Test
  void gradientsAreTakenBackToo() {
    for (Mode mode : Mode.values()) {
      Tensor x = Tensor.variable(NdArray.full(DType.FLOAT32, Shape.of(LARGE), 3));
      List<Tensor> made = new ArrayList<>();
      double[] slope =
          Memory.tidy(
              () -> {
                Tensor y = Ops.square(Ops.mul(x, 2));
                Gradients gradients = Gradients.pullback(y, X, mode, x);
                made.add(gradients.of(x));
                return Ops.mul(made.get(0), 1).value().toDoubleArray();
              });
      assertArrayEquals(full(3 * 8 * 3), slope);
      assertGone(made.get(0));
      assertArrayEquals(full(3), x.value().toDoubleArray());
    }
  }

  @Test
  void whatAnOptimiserKeepsStays() {
    NdArray value = X.value();
    UpdateState alone = UpdateState.zeros(2, DType.FLOAT32, Shape.of(LARGE));
    NdArray expected = value;
    for (int step = 1; step <= 3; step++) {
      expected = alone.step(new Adam(0.1).rule(0.1, step), expected, value);
    }
    UpdateState tidied = Memory.tidy(() -> UpdateState.zeros(2, DType.FLOAT32, Shape.of(LARGE)));
    NdArray found = value;
    for (int step = 1; step <= 3; step++) {
      int number = step;
      NdArray before = found;
      found =
          Memory.tidy(
              () -> {
                NdArray next = tidied.step(new Adam(0.1).rule(0.1, number), before, value);
                tidied.restore(tidied.kept());
                return next;
              });
    }
    assertArrayEquals(expected.toDoubleArray(), found.toDoubleArray());
    Memory.tidy(() -> Ops.square(X));
    for (int k = 0; k < 2; k++) {
      assertArrayEquals(alone.kept().get(k).toDoubleArray(), tidied.kept().get(k).toDoubleArray());
    }
  }

  @Test
  void nothingIsAResultToo() {
    assertNull(Memory.tidy(() -> null));
    assertEquals(
        "tidy: body is null",
        assertThrows(NullPointerException.class, () -> Memory.tidy(null)).getMessage());
  }
}
