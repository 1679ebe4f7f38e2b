package org.gradus.autograd;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.exp;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Walks in mode CONSUMING beside other users of one graph: each is right, or refused in words. */
class ConsumingThreadsTest {
  private static final String REFUSED = "taken back";

  private final ExecutorService threads = Executors.newFixedThreadPool(3);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  /** Runs all at once; the results, in order, with a null for what was refused in words. */
  private <T> List<T> together(List<Callable<T>> tasks) throws Exception {
    CyclicBarrier start = new CyclicBarrier(tasks.size());
    List<Future<T>> futures = new ArrayList<>();
    for (Callable<T> task : tasks) {
      futures.add(
          threads.submit(
              () -> {
                start.await();
                try {
                  return task.call();
                } catch (IllegalStateException e) {
                  assertTrue(e.getMessage().contains(REFUSED), e.getMessage());
                  return null;
                }
              }));
    }
    List<T> results = new ArrayList<>();
    for (Future<T> future : futures) {
      results.add(future.get());
    }
    return results;
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void ofTwoWalksOneConsumesAndNoArrayIsHandedOutTwice(DType dtype) throws Exception {
    Shape shape = Shape.of(1031);
    NdArray ones = NdArray.full(dtype, shape, 1);
    for (int trial = 0; trial < 40; trial++) {
      Tensor x = Tensor.variable(ones);
      Tensor y = x;
      for (int i = 0; i < 1000; i++) {
        y = mul(y, 1.0);
      }
      Tensor loss = sum(y);
      Callable<NdArray> walk = () -> Gradients.backward(loss, Mode.CONSUMING).of(x).value();
      List<NdArray> gradients = together(List.of(walk, walk));
      assertEquals(1, gradients.stream().filter(ones::equals).count(), "trial " + trial);
      assertEquals(1, gradients.stream().filter(g -> g == null).count(), "trial " + trial);
      assertEquals(1031, loss.item());
      List<Tensor> later = new ArrayList<>();
      for (int i = 0; i < 700; i++) {
        later.add(add(Tensor.constant(ones), i + 0.5));
      }
      for (int i = 0; i < later.size(); i++) {
        assertEquals(NdArray.full(dtype, shape, i + 1.5), later.get(i).value());
      }
    }
  }

  /** What somebody may do with the middle of a graph that another thread consumes. */
  private static List<Function<Tensor, NdArray>> readings() {
    return List.of(
        y -> NdArray.wrap(y.value().toFloatArray(), y.shape()),
        y -> y.value().map(v -> v),
        y -> y.value().as(DType.FLOAT64).as(DType.FLOAT32),
        y -> y.detach().value(),
        y -> add(y, 0.0).value(),
        y -> {
          Tensor own = Tensor.variable(NdArray.full(y.dtype(), y.shape(), 1));
          return Gradients.backward(sum(mul(own, y)), own).of(own).value();
        });
  }

  @Test
  void whoReadsBesideAWalkIsRightOrRefused() throws Exception {
    Shape shape = Shape.of(200_000);
    NdArray expected = NdArray.full(DType.FLOAT32, shape, Math.exp(1));
    int read = 0;
    for (int trial = 0; trial < 60; trial++) {
      Function<Tensor, NdArray> reading = readings().get(trial % readings().size());
      Tensor x = Tensor.variable(NdArray.full(DType.FLOAT32, shape, 1));
      Tensor y = exp(x);
      Tensor loss = sum(mul(y, y));
      Callable<NdArray> reader = () -> reading.apply(y);
      Callable<NdArray> walk =
          () -> {
            Gradients.backward(loss, Mode.CONSUMING);
            for (int i = 0; i < 10; i++) {
              mul(x, i); // writes to memory that was taken back
            }
            return null;
          };
      NdArray seen = together(List.of(reader, walk)).get(0);
      assertTrue(seen == null || seen.equals(expected), "trial " + trial + ": " + seen);
      read += seen == null ? 0 : 1;
    }
    assertTrue(read > 0, "the walk always came first");
  }

  @Test
  void aWalkInModeValuesBesideOneThatConsumesIsRightOrRefused() throws Exception {
    Shape shape = Shape.of(50_000);
    NdArray expected = null;
    for (int trial = 0; trial < 60; trial++) {
      Tensor x = Tensor.variable(NdArray.full(DType.FLOAT32, shape, 0.5));
      Tensor y = exp(exp(exp(x)));
      Tensor loss = sum(mul(y, y));
      if (expected == null) {
        expected = Gradients.backward(loss).of(x).value();
      }
      Callable<NdArray> values = () -> Gradients.backward(loss).of(x).value();
      Callable<NdArray> consuming =
          () -> {
            NdArray gradient = Gradients.backward(loss, Mode.CONSUMING).of(x).value();
            for (int i = 0; i < 10; i++) {
              mul(x, i);
            }
            return gradient;
          };
      List<NdArray> seen = together(List.of(values, consuming));
      assertTrue(seen.get(0) == null || seen.get(0).equals(expected), "trial " + trial);
      assertEquals(expected, seen.get(1), "trial " + trial);
    }
  }
}
