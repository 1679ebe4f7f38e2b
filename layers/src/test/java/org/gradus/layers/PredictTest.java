package org.gradus.layers;

import static org.gradus.autograd.ops.Ops.mse;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.ConvOptions;
import org.gradus.autograd.update.Adam;
import org.gradus.layers.optim.Optimizer;
import org.junit.jupiter.api.Test;

class PredictTest {
  private static Layer net(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return new Sequential(
        new Conv2d(1, 4, 3, ConvOptions.same(), random),
        new BatchNorm2d(4),
        new Relu(),
        new Dropout(0.5),
        new Flatten(),
        new Linear(4 * 64, 10, random));
  }

  /** The copy begins with the same arrays, which nobody writes to. */
  @Test
  void threadsPredictWhileACopyTrains() throws Exception {
    Layer net = net(1);
    Layer copy = net(2);
    copy.load(net.state());
    NdArray x = NdArray.randn(DType.FLOAT32, Shape.of(16, 1, 8, 8), new SplittableRandom(3));
    NdArray expected = net.predict(x);
    assertEquals(expected, copy.predict(x));
    AtomicBoolean trained = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Future<?>> predictions = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        predictions.add(
            threads.submit(
                () -> {
                  do {
                    assertEquals(expected, net.predict(x));
                  } while (!trained.get());
                }));
      }
      Optimizer optimizer = new Optimizer(copy, new Adam(1e-2));
      Tensor target = Tensor.constant(NdArray.zeros(DType.FLOAT32, Shape.of(16, 10)));
      for (int step = 0; step < 50; step++) {
        Pass pass = Pass.training(1, step);
        double unused = optimizer.minimize(mse(copy.forward(x, pass), target), pass);
      }
      trained.set(true);
      for (Future<?> each : predictions) {
        each.get();
      }
    } finally {
      trained.set(true);
      threads.shutdownNow();
    }
    assertEquals(expected, net.predict(x));
    assertNotEquals(expected, copy.predict(x));
  }
}
