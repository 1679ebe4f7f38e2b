package org.gradus.examples;

import static org.gradus.autograd.Tensor.constant;
import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.mse;
import static org.gradus.autograd.ops.Ops.mul;

import java.io.PrintStream;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.update.Adam;
import org.gradus.layers.AbstractLayer;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;
import org.gradus.layers.Sequential;
import org.gradus.layers.Tanh;
import org.gradus.layers.optim.Optimizer;

/**
 * A layer of one's own, with a part, a parameter, and a difference between training and inference:
 * it learns how loudly to speak, and is spoken over by noise in training.
 */
public final class OwnLayer {
  private OwnLayer() {}

  /** y = scale part(x), and noise in training. */
  static final class Noisy extends AbstractLayer {
    private final Layer part;
    private final Parameter scale = parameter("scale", NdArray.full(DType.FLOAT32, Shape.of(1), 1));
    private final double deviation;

    Noisy(Layer part, double deviation) {
      this.part = part("part", part);
      this.deviation = deviation;
    }

    @Override
    protected Tensor compute(Tensor x, Pass pass) {
      Tensor y = mul(part.forward(x, pass), pass.use(scale));
      return pass.isTraining()
          ? add(y, mul(constant(NdArray.randn(y.dtype(), y.shape(), pass.random())), deviation))
          : y;
    }
  }

  /** Learns a sine of noise and prints how well. */
  public static void main(String[] args) {
    learn(2000, System.out);
  }

  static Layer learn(int steps, PrintStream out) {
    RandomGenerator random = new SplittableRandom(1);
    Layer net =
        new Sequential(
            new Noisy(new Linear(1, 32, random), 0.1), new Tanh(), new Linear(32, 1, random));
    Optimizer adam = new Optimizer(net, new Adam(0.01));
    NdArray x = NdArray.generate(DType.FLOAT32, Shape.of(64, 1), i -> (i - 32) / 10.0);
    Tensor target = constant(x.map(Math::sin));
    for (int step = 0; step < steps; step++) {
      Pass pass = Pass.training(1, step);
      adam.minimize(mse(net.forward(x, pass), target), pass);
    }
    out.println(net);
    out.println(Numbers.text("mean square error %.4f", mse(net.forward(x), target).item()));
    return net;
  }
}
