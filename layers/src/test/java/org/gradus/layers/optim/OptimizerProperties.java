package org.gradus.layers.optim;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.update.Sgd;
import org.gradus.layers.Parameter;

class OptimizerProperties {

  /** Several parameters under the loss sum of (a p)^2, whose gradient is 2 a^2 p. */
  @Property
  void agreesWithAPlainLoop(
      @ForAll @DoubleRange(min = 0, max = 0.1) double learningRate,
      @ForAll @DoubleRange(min = 0, max = 0.99) double momentum,
      @ForAll @DoubleRange(min = 0, max = 0.5) double weightDecay,
      @ForAll @IntRange(min = 1, max = 3) int count,
      @ForAll @IntRange(min = 1, max = 12) int steps,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] p = new double[count][5];
    double[][] a = new double[count][5];
    double[][] v = new double[count][5];
    List<Parameter> parameters = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      p[k] = random.doubles(5, -1, 1).toArray();
      a[k] = random.doubles(5, -1, 1).toArray();
      parameters.add(new Parameter("p" + k, NdArray.of(p[k], 5)));
    }
    Optimizer optimizer =
        new Optimizer(parameters, new Sgd(learningRate, momentum, 0, false, weightDecay));
    for (int step = 0; step < steps; step++) {
      optimizer.step(Gradients.backward(quadratic(parameters, a)));
      for (int k = 0; k < count; k++) {
        for (int i = 0; i < 5; i++) {
          double g = 2 * a[k][i] * a[k][i] * p[k][i];
          v[k][i] = momentum * v[k][i] + (g + weightDecay * p[k][i]);
          p[k][i] = p[k][i] - learningRate * v[k][i];
        }
      }
    }
    for (int k = 0; k < count; k++) {
      for (int i = 0; i < 5; i++) {
        assertEquals(p[k][i], parameters.get(k).value().at(i), 1e-12);
      }
    }
  }

  private static Tensor quadratic(List<Parameter> parameters, double[][] a) {
    Tensor loss = Tensor.constant(NdArray.zeros(DType.FLOAT64, Shape.SCALAR));
    for (int k = 0; k < a.length; k++) {
      Tensor scaled = mul(parameters.get(k).tensor(), Tensor.constant(NdArray.of(a[k], 5)));
      loss = add(loss, sum(mul(scaled, scaled)));
    }
    return loss;
  }
}
