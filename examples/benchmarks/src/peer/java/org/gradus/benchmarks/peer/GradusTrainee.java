package org.gradus.benchmarks.peer;

import static org.gradus.autograd.ops.Ops.crossEntropy;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.Sequential;
import org.gradus.layers.optim.Sgd;
import org.gradus.layers.optim.SgdOptions;

/** Training in Gradus. */
final class GradusTrainee implements Trainee {
  private final Net kind;
  private final Sequential net;
  private final Sgd sgd;

  GradusTrainee(Net kind, double learningRate) {
    this.kind = kind;
    this.net = kind.gradus().net();
    this.sgd = new Sgd(net.parameters(), options(learningRate));
  }

  private static SgdOptions options(double learningRate) {
    return SgdOptions.learningRate(learningRate).momentum(MOMENTUM);
  }

  @Override
  public void learningRate(double rate) {
    sgd.use(options(rate));
  }

  @Override
  public double step(float[] images, int[] labels) {
    return sgd.minimize(crossEntropy(forward(images, labels.length), labels));
  }

  @Override
  public float[] logits(float[] images, int count) {
    return forward(images, count).value().toFloatArray();
  }

  private Tensor forward(float[] images, int count) {
    return net.forward(Tensor.constant(NdArray.wrap(images, kind.images(count))));
  }
}
