package org.example.digits;

import static org.gradus.autograd.ops.Ops.crossEntropy;

import java.util.SplittableRandom;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.inspect.GraphView;
import org.gradus.autograd.update.Sgd;
import org.gradus.layers.Conv2d;
import org.gradus.layers.Flatten;
import org.gradus.layers.Linear;
import org.gradus.layers.MaxPool2d;
import org.gradus.layers.Sequential;
import org.gradus.layers.optim.Optimizer;

/** Learns to tell apart images that are lighter above from those that are lighter below. */
public final class Train {
  private static final int[] LABELS = {0, 1, 0, 1};

  private Train() {}

  /** Takes some steps, and prints whether the loss fell, and what the graph says of the own op. */
  public static void main(String[] args) {
    SplittableRandom random = new SplittableRandom(1);
    Sequential net =
        new Sequential(
            new Conv2d(1, 4, 3, random), // [4, 1, 8, 8] -> [4, 4, 6, 6]
            x -> Tensor.of(new Swish(1), x),
            new MaxPool2d(2), // -> [4, 4, 3, 3]
            new Flatten(),
            new Linear(36, 2, random)); // -> logits [4, 2]
    Optimizer optimizer = new Optimizer(net.parameters(), new Sgd(0.1));
    Tensor images = Tensor.constant(images());
    double first = crossEntropy(net.forward(images), LABELS).value().item();
    for (int step = 0; step < 20; step++) {
      optimizer.minimize(crossEntropy(net.forward(images), LABELS));
    }
    double last = crossEntropy(net.forward(images), LABELS).value().item();
    System.out.println(last < first / 2 ? "the loss fell" : first + " to " + last);
    Tensor x = Tensor.variable(images());
    String graph = GraphView.of(Tensor.of(new Swish(2), x)).mermaid();
    graph.lines().filter(line -> line.contains("swish")).forEach(System.out::println);
  }

  /** Two images that are light above, with label 0, and two that are light below, with label 1. */
  private static NdArray images() {
    return NdArray.generate(
        DType.FLOAT32, Shape.of(4, 1, 8, 8), i -> (i % 64 < 32) == (LABELS[i / 64] == 0) ? 1 : 0);
  }
}
