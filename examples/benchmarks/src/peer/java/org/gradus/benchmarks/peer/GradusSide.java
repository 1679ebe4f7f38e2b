package org.gradus.benchmarks.peer;

import static org.gradus.autograd.ops.Ops.crossEntropy;

import java.util.List;
import java.util.SplittableRandom;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.examples.TrainDigits;
import org.gradus.layers.Sequential;
import org.gradus.layers.optim.Sgd;
import org.gradus.layers.optim.SgdOptions;

/** LeNet-5 and SGD in Gradus. */
final class GradusSide implements BesidePyTorch.Side {
  private final Sequential net = TrainDigits.lenet(new SplittableRandom(1));
  private final Sgd sgd;

  GradusSide(SgdOptions options) {
    this.sgd = new Sgd(net.parameters(), options);
  }

  /** The weights and biases, layer by layer, before the first step. */
  List<NdArray> weights() {
    return net.parameters().stream().map(parameter -> parameter.value()).toList();
  }

  @Override
  public double step(float[] images, int[] labels) {
    Tensor x = Tensor.constant(NdArray.wrap(images, Shape.of(labels.length, 1, 28, 28)));
    Tensor loss = crossEntropy(net.forward(x), labels);
    sgd.step(Gradients.backward(loss));
    return loss.item();
  }

  @Override
  public void close() {
    // nothing to free
  }
}
