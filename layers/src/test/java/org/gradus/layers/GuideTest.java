package org.gradus.layers;

import static org.gradus.autograd.ops.Ops.crossEntropy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.update.Sgd;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.optim.Optimizer;
import org.gradus.layers.train.Metric;
import org.junit.jupiter.api.Test;

/** The program in the package's guide, on images of a bar whose row is its class. */
class GuideTest {

  private static Dataset bars() {
    int[] labels = new SplittableRandom(3).ints(200, 0, 10).toArray();
    NdArray images =
        NdArray.generate(
            DType.FLOAT32,
            Shape.of(200, 1, 28, 28),
            i -> i / 28 % 28 / 2 == labels[i / 784] + 2 ? 1 : 0);
    return Dataset.of(images, labels);
  }

  @Test
  void theGuideRunsAndLearns() {
    Dataset data = bars();

    RandomGenerator random = new SplittableRandom(1);
    Sequential net =
        new Sequential(
            new Conv2d(1, 6, 5, random), // [N, 1, 28, 28] -> [N, 6, 24, 24]
            new Relu(),
            new MaxPool2d(2), // -> [N, 6, 12, 12]
            new Flatten(), // -> [N, 864]
            new Linear(864, 10, random)); // -> logits [N, 10]
    Optimizer optimizer = new Optimizer(net.parameters(), new Sgd(0.02).momentum(0.9));

    for (Batch batch : Batches.shuffled(data, 32, 1).epoch(1)) {
      Tensor logits = net.forward(Tensor.constant(batch.inputs()));
      double loss = optimizer.minimize(crossEntropy(logits, batch.labels()));
      assertTrue(loss >= 0);
    }

    assertEquals(1.0, Metric.accuracy().of(net, data, 64));
  }
}
