package org.gradus.benchmarks.peer;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.ops.Ops;
import org.gradus.autograd.update.Sgd;
import org.gradus.layers.Pass;
import org.gradus.layers.Sequential;
import org.gradus.layers.optim.Optimizer;

/** Training in Gradus. */
final class GradusTrainee implements Trainee {
  private final Net kind;
  private final Sequential net;
  private final Optimizer optimizer;
  private long steps;

  GradusTrainee(Net kind, double learningRate) {
    this.kind = kind;
    this.net = kind.gradus().net();
    this.optimizer = new Optimizer(net, new Sgd(learningRate).momentum(MOMENTUM));
  }

  @Override
  public void learningRate(double rate) {
    optimizer.rate(rate);
  }

  @Override
  public Step prepare(Examples examples) {
    Tensor x = Tensor.constant(NdArray.wrap(examples.inputs(), examples.shape()));
    if (kind.makesImages()) {
      Tensor target = Tensor.constant(NdArray.wrap(examples.images(), examples.shape()));
      return () -> step(pass -> Ops.mse(net.forward(x, pass), target));
    }
    return () -> step(pass -> Ops.crossEntropy(net.forward(x, pass), examples.labels()));
  }

  private double step(java.util.function.Function<Pass, Tensor> loss) {
    Pass pass = Pass.training(1, steps++);
    return optimizer.minimize(loss.apply(pass), pass);
  }

  @Override
  public float[] logits(Examples examples) {
    return net.predict(NdArray.wrap(examples.inputs(), examples.shape())).toFloatArray();
  }
}
