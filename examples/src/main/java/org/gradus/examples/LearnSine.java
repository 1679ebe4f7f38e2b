package org.gradus.examples;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.mean;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.square;
import static org.gradus.autograd.ops.Ops.sum;
import static org.gradus.autograd.ops.Ops.tanh;

import java.io.PrintStream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;
import org.gradus.autograd.update.Sgd;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.Sequential;
import org.gradus.layers.optim.Optimizer;

/**
 * Solves a differential equation by learning: u'' = -u with u(0) = 0 and u'(0) = 1, from 0 to 2 pi.
 * The network is shown no sine; it finds one.
 *
 * <p>With a network N, u(t) = tanh(t) + tanh(t)^2 N(t) has u(0) = 0 and u'(0) = 1 for any N.
 * Training makes the residual u'' + u small. The residual has a second derivative in it, and each
 * step differentiates it once more, with respect to the weights.
 *
 * @see <a href="https://arxiv.org/abs/physics/9705023">Lagaris, Likas, Fotiadis: Artificial Neural
 *     Networks for Solving Ordinary and Partial Differential Equations, 1997</a>
 */
public final class LearnSine {
  private static final double END = 2 * Math.PI;
  private static final int HIDDEN = 10;
  private static final int POINTS = 32;

  private LearnSine() {}

  /** Learns the sine and prints how. */
  public static void main(String[] args) {
    Layer u = learn(1000, System.out);
    print(u, System.out);
  }

  /** Learns u, a function of times [n, 1]. */
  static Layer learn(int steps, PrintStream out) {
    NdArray steep = NdArray.full(DType.FLOAT64, Shape.of(HIDDEN, 1), 1);
    NdArray places =
        NdArray.generate(DType.FLOAT64, Shape.of(HIDDEN), i -> -END * (i + 0.5) / HIDDEN);
    NdArray nothing = NdArray.zeros(DType.FLOAT64, Shape.of(1, HIDDEN));
    Linear hidden = new Linear(steep, places); // its units begin as soft steps all along the way
    Sequential net =
        new Sequential(hidden, Ops::tanh, new Linear(nothing, NdArray.of(new double[1], 1)));
    Layer u = t -> add(tanh(t), mul(square(tanh(t)), net.forward(t)));
    Optimizer optimizer = new Optimizer(net.parameters(), new Sgd(0.1).momentum(0.9));
    for (int step = 0; step < steps; step++) {
      Tensor t = Tensor.variable(times(POINTS));
      Tensor position = u.forward(t);
      Tensor acceleration = derivative(derivative(position, t), t);
      Tensor loss = mean(square(add(acceleration, position)));
      optimizer.step(Gradients.backward(loss));
      if (step % 200 == 0) {
        out.println(Numbers.text("step %3d: loss %.1e", step, loss.item()));
      }
    }
    return u;
  }

  /** du/dt at each time: u at one time depends on no other, so the sum has just these slopes. */
  private static Tensor derivative(Tensor u, Tensor t) {
    return Gradients.backward(sum(u), Mode.DIFFERENTIABLE, t).of(t);
  }

  /** So many times [n, 1] from 0 to the end. */
  private static NdArray times(int n) {
    return NdArray.generate(DType.FLOAT64, Shape.of(n, 1), i -> END * i / (n - 1));
  }

  static void print(Layer u, PrintStream out) {
    NdArray t = times(9);
    NdArray learned = u.forward(t).value();
    out.println("    t      u(t)     sin t");
    for (int i = 0; i < t.size(); i++) {
      double sine = Math.sin(t.at(i));
      out.println(Numbers.text("%5.3f  %8.4f  %8.4f", t.at(i), learned.at(i), sine));
    }
    out.println(Numbers.text("largest error %.1e", largestError(u)));
  }

  /** The largest |u(t) - sin t|, also between the points that were learned from. */
  static double largestError(Layer u) {
    NdArray t = times(1000);
    return Numbers.maxDifference(u.forward(t).value(), t.map(Math::sin));
  }
}
