package org.gradus.layers;

import static org.gradus.autograd.ops.Ops.crossEntropy;
import static org.gradus.autograd.ops.Ops.mse;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.square;
import static org.gradus.autograd.ops.Ops.sub;
import static org.gradus.autograd.ops.Ops.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.functional.PerExample;
import org.gradus.autograd.ops.CrossEntropyOptions;
import org.gradus.autograd.update.Sgd;
import org.gradus.layers.optim.Optimizer;
import org.gradus.layers.optim.ParameterGradients;
import org.gradus.layers.testkit.ExamplesOfLayers;
import org.gradus.layers.testkit.LayerRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients of each example, by the parameters of layers and nets. */
class PerExampleLayersTest {
  static Stream<LayerRow> rows() {
    return new LayersGateTest().rows();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void areAsAlone(LayerRow row) {
    ExamplesOfLayers.areAsAlone(row);
  }

  private static final NdArray X = NdArray.of(new float[][] {{1, 2}, {3, -4}, {0.5f, 6}});

  private static Linear linear(int out) {
    return new Linear(2, out, new SplittableRandom(1));
  }

  /** In training, it takes the statistics of the batch. */
  @Test
  void batchNormalisationMixesExamplesInTrainingOnly() {
    Layer net = new Sequential(linear(4), new BatchNorm1d(4), linear4());
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> PerExample.of(x -> sum(net.forward(x, Pass.training(1, 1)), 1), X));
    assertEquals(
        "perExample: normalizeAffine mixes the 3 examples of its input [3, 4] from bias, or their"
            + " axis is not the first",
        refused.getMessage());
    assertEquals(6, PerExample.of(x -> sum(net.forward(x), 1), X).variables().size());
  }

  private static Linear linear4() {
    return new Linear(4, 2, new SplittableRandom(2));
  }

  /** The same elements are dropped of each example as in the pass of the whole batch. */
  @Test
  void dropoutIsThatOfThePass() {
    Layer net = new Sequential(linear(4), new Dropout(0.5), linear4());
    Pass pass = Pass.training(1, 1);
    PerExample made = PerExample.of(x -> sum(square(net.forward(x, pass)), 1), X);
    ParameterGradients sum =
        ParameterGradients.of(sum(square(net.forward(X, pass))), net.parameters());
    for (Parameter parameter : net.parameters()) {
      NdArray each = made.gradients(parameter.tensor());
      NdArray all = sum(Tensor.constant(each), 0).value();
      double error = all.plusScaled(-1, sum.of(parameter)).norm();
      assertTrue(error <= 1e-6 * sum.norm(), parameter::toString);
    }
  }

  @Test
  void frozenLayersHaveNone() {
    Linear first = linear(4);
    Linear last = linear4();
    Layer net = new Sequential(first.frozen(), last);
    PerExample made = PerExample.of(x -> sum(net.forward(x), 1), X);
    assertEquals(last.parameters().stream().map(Parameter::tensor).toList(), made.variables());
  }

  /** w - rate sum of clipped gradients, as by steps of batches of one that are clipped. */
  @Test
  void anOptimiserTakesAStepByAClippedSum() {
    Linear net = linear(3);
    int[] labels = {0, 2, 1};
    CrossEntropyOptions each = CrossEntropyOptions.none();
    PerExample made = PerExample.of(x -> crossEntropy(net.forward(x), labels, each), X);
    NdArray expected = net.weight().value();
    for (int n = 0; n < labels.length; n++) {
      NdArray x = NdArray.of(new float[] {(float) X.get(n, 0), (float) X.get(n, 1)}, 1, 2);
      ParameterGradients own =
          ParameterGradients.of(crossEntropy(net.forward(x), labels[n]), net.parameters());
      assertEquals(own.norm(), made.norms().at(n), 1e-6 * own.norm());
      expected = expected.plusScaled(-0.1, own.clipNorm(1).of(net.weight()));
    }
    assertTrue(made.norms().at(0) > 1, () -> "clipped are some of " + made.norms());
    new Optimizer(net, new Sgd(0.1)).step(made.clippedSum(1));
    assertEquals(0, net.weight().value().plusScaled(-1, expected).norm(), 1e-6);
  }

  /** The mean of clipped gradients, and of one for each parameter, whose place noise has. */
  @Test
  void aStepWithNoise() {
    Linear net = linear(3);
    Linear same = linear(3);
    int[] labels = {0, 2, 1};
    CrossEntropyOptions none = CrossEntropyOptions.none();
    PerExample g = PerExample.of(x -> crossEntropy(net.forward(x), labels, none), X);
    ParameterGradients sum = ParameterGradients.of(g.clippedSum(0.5), net.parameters());
    new Optimizer(net, new Sgd(3))
        .step(sum.map((parameter, each) -> each.map(s -> s + 1)).scaled(1.0 / 3));
    new Optimizer(same, new Sgd(1))
        .step(PerExample.of(x -> crossEntropy(same.forward(x), labels, none), X).clippedSum(0.5));
    NdArray difference = same.weight().value().plusScaled(-1, net.weight().value());
    assertEquals(0, difference.map(d -> d - 1).norm(), 1e-6);
  }

  /** One net for two inputs, whose distance the loss is of. */
  @Test
  void ofTwoInputsOfOneNet() {
    Linear net = linear(3);
    NdArray other = NdArray.full(DType.FLOAT32, Shape.of(3, 2), 0.5);
    PerExample made =
        PerExample.of(
            in -> sum(square(sub(net.forward(in.get(0)), net.forward(in.get(1)))), 1),
            List.of(X, other));
    ParameterGradients sum =
        ParameterGradients.of(
            mul(mse(net.forward(X), net.forward(other)), 9), List.of(net.weight()));
    NdArray all = sum(Tensor.constant(made.gradients(net.weight().tensor())), 0).value();
    assertEquals(0, all.plusScaled(-1, sum.of(net.weight())).norm(), 1e-5 * sum.norm());
  }
}
