package org.gradus.examples;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.matmul;
import static org.gradus.autograd.ops.Ops.mse;
import static org.gradus.autograd.ops.Ops.tanh;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.inspect.Nodes;

/**
 * A graph is nothing but calls of ops. The line y = x w + b is drawn through points of a curve;
 * then the same calls are made once more in front of it, with tanh around them, and once more. The
 * network grows, and so does what it can learn. No layers and no optimiser: gradient descent is one
 * line.
 */
public final class GrowTheGraph {
  private GrowTheGraph() {}

  /** Grows the graph and prints its size and the loss after training. */
  public static void main(String[] args) {
    grow(3000, System.out);
  }

  /** The losses of nets of no, one and two hidden layers, each trained for so many steps. */
  static List<Double> grow(int steps, PrintStream out) {
    NdArray points = NdArray.linspace(DType.FLOAT64, -3, 3, 60).reshape(60, 1);
    Tensor x = Tensor.constant(points);
    Tensor curve = Tensor.constant(points.map(p -> Math.sin(2 * p)));
    List<Double> losses = new ArrayList<>();
    for (int hidden = 0; hidden <= 2; hidden++) {
      Tensor[] weights = weights(hidden, new SplittableRandom(1));
      for (int step = 0; step < steps; step++) {
        Gradients gradients = Gradients.backward(mse(net(x, weights), curve), weights);
        weights = Stream.of(weights).map(w -> down(w, gradients.of(w))).toArray(Tensor[]::new);
      }
      Tensor loss = mse(net(x, weights), curve);
      losses.add(loss.item());
      String line = "%d hidden layers: a graph of %2d tensors, loss %.4f";
      out.println(Numbers.text(line, hidden, Nodes.of(loss).size(), loss.item()));
    }
    return losses;
  }

  /** For hidden layers of 16 units: w, b, w, b, ... */
  private static Tensor[] weights(int hidden, RandomGenerator random) {
    List<NdArray> all = new ArrayList<>();
    for (int layer = 0; layer <= hidden; layer++) {
      int in = layer == 0 ? 1 : 16;
      int out = layer == hidden ? 1 : 16;
      NdArray drawn = NdArray.randn(DType.FLOAT64, Shape.of(in, out), random);
      all.add(drawn.map(w -> w / Math.sqrt(in)));
      all.add(NdArray.zeros(DType.FLOAT64, Shape.of(out)));
    }
    return all.stream().map(Tensor::variable).toArray(Tensor[]::new);
  }

  /** The line, of what the calls before it have made of x [N, 1]. */
  static Tensor net(Tensor x, Tensor... weights) {
    Tensor h = x;
    int last = weights.length - 2;
    for (int i = 0; i < last; i += 2) {
      h = tanh(add(matmul(h, weights[i]), weights[i + 1]));
    }
    return add(matmul(h, weights[last]), weights[last + 1]);
  }

  /** A tensor does not change: a step makes a new one. */
  private static Tensor down(Tensor weight, Tensor gradient) {
    return Tensor.variable(weight.value().plusScaled(-0.06, gradient.value()));
  }
}
