package org.gradus.benchmarks.peer;

import static org.gradus.autograd.ops.Ops.crossEntropy;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.update.Sgd;
import org.gradus.layers.Sequential;
import org.gradus.layers.optim.Optimizer;

/** Training in Gradus. */
final class GradusTrainee implements Trainee {
  private final Net kind;
  private final Sequential net;
  private final Optimizer optimizer;

  GradusTrainee(Net kind, double learningRate) {
    this.kind = kind;
    this.net = kind.gradus().net();
    this.optimizer = new Optimizer(net.parameters(), new Sgd(learningRate).momentum(MOMENTUM));
  }

  @Override
  public void learningRate(double rate) {
    optimizer.rate(rate);
  }

  @Override
  public double step(float[] images, int[] labels) {
    return optimizer.minimize(crossEntropy(forward(images, labels.length), labels));
  }

  @Override
  public float[] logits(float[] images, int count) {
    return forward(images, count).value().toFloatArray();
  }

  private Tensor forward(float[] images, int count) {
    return net.forward(Tensor.constant(NdArray.wrap(images, kind.images(count))));
  }
}
