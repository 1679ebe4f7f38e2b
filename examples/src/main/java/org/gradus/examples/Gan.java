package org.gradus.examples;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.binaryCrossEntropyWithLogits;
import static org.gradus.autograd.ops.Ops.cos;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sin;
import static org.gradus.autograd.ops.Ops.stack;

import java.io.PrintStream;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;
import org.gradus.autograd.update.Adam;
import org.gradus.layers.Layer;
import org.gradus.layers.LeakyRelu;
import org.gradus.layers.Linear;
import org.gradus.layers.Sequential;
import org.gradus.layers.optim.Optimizer;

/**
 * Two networks that learn from each other: one makes points, and the other tells them from points
 * on a circle.
 *
 * @see <a href="https://arxiv.org/abs/1406.2661">Goodfellow et al.: Generative Adversarial
 *     Networks, 2014</a>
 */
public final class Gan {
  private Gan() {}

  /** Learns the circle and prints how far from it the points are. */
  public static void main(String[] args) {
    learn(3000, System.out);
  }

  private static Layer network(int in, int out, RandomGenerator random) {
    return new Sequential(
        new Linear(in, 32, random),
        new LeakyRelu(0.1),
        new Linear(32, 32, random),
        new LeakyRelu(0.1),
        new Linear(32, out, random));
  }

  /** Points [n, 2] on the circle of radius 1. */
  private static Tensor circle(int count, RandomGenerator random) {
    NdArray turns = NdArray.rand(DType.FLOAT32, Shape.of(count), random);
    Tensor angle = mul(Tensor.constant(turns), 2 * Math.PI);
    return stack(1, cos(angle), sin(angle));
  }

  static Layer learn(int steps, PrintStream out) {
    RandomGenerator random = new SplittableRandom(1);
    Layer maker = network(4, 2, random);
    Layer judge = network(2, 1, random);
    Optimizer makers = new Optimizer(maker, new Adam(2e-3).betas(0.5, 0.999));
    Optimizer judges = new Optimizer(judge, new Adam(2e-3).betas(0.5, 0.999));
    for (int step = 1; step <= steps; step++) {
      Tensor real = circle(64, random);
      Tensor fake = maker.forward(NdArray.randn(DType.FLOAT32, Shape.of(64, 4), random));
      double told =
          judges.minimize(
              add(
                  binaryCrossEntropyWithLogits(judge.forward(real), 1),
                  binaryCrossEntropyWithLogits(judge.forward(fake.detach()), 0)));
      double fooled = makers.minimize(binaryCrossEntropyWithLogits(judge.forward(fake), 1));
      if (step % 1000 == 0) {
        out.println(Numbers.text("step %d: losses %.2f and %.2f", step, told, fooled));
      }
    }
    out.println(Numbers.text("mean distance from the circle %.2f", distance(maker)));
    return maker;
  }

  /** The mean distance of points that are made from the circle. */
  static double distance(Layer maker) {
    NdArray noise = NdArray.randn(DType.FLOAT32, Shape.of(1000, 4), new SplittableRandom(2));
    Tensor points = maker.forward(noise);
    return points.then(Ops::norm, 1).then(Ops::sub, 1).then(Ops::abs).then(Ops::mean).item();
  }
}
