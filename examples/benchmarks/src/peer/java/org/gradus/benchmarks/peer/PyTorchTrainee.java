package org.gradus.benchmarks.peer;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.layers.Parameter;

/** Training in PyTorch's engine by DJL's trainer, from the weights that Gradus begins with. */
final class PyTorchTrainee implements Trainee {
  private final Net kind;
  private final Model model;
  private final Trainer trainer;
  private double learningRate;

  PyTorchTrainee(Net kind, double learningRate) {
    this.kind = kind;
    this.learningRate = learningRate;
    PyTorchNet net = new PyTorchNet();
    kind.describe(net);
    this.model = Model.newInstance(kind.title(), "PyTorch");
    model.setBlock(net.block());
    Optimizer sgd =
        Optimizer.sgd()
            .setLearningRateTracker((parameter, update) -> (float) this.learningRate)
            .optMomentum((float) MOMENTUM)
            .build();
    this.trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss()).optOptimizer(sgd));
    trainer.initialize(shape(1));
    copyWeights(kind.gradus().net().parameters(), net.block());
  }

  private static void copyWeights(List<Parameter> from, SequentialBlock to) {
    var parameters = to.getParameters().values();
    for (int i = 0; i < from.size(); i++) {
      parameters.get(i).getArray().set(from.get(i).value().toFloatArray());
    }
  }

  private Shape shape(int batch) {
    var dims = kind.images(batch);
    return new Shape(IntStream.range(0, dims.rank()).mapToLong(dims::dim).toArray());
  }

  @Override
  public void learningRate(double rate) {
    learningRate = rate;
  }

  @Override
  public double step(float[] images, int[] labels) {
    try (NDManager manager = model.getNDManager().newSubManager()) {
      NDArray x = manager.create(images, shape(labels.length));
      NDArray y = manager.create(labels);
      double loss;
      try (GradientCollector collector = trainer.newGradientCollector()) {
        NDList logits = trainer.forward(new NDList(x));
        NDArray error = trainer.getLoss().evaluate(new NDList(y), logits);
        collector.backward(error);
        loss = error.getFloat();
      }
      trainer.step();
      return loss;
    }
  }

  @Override
  public float[] logits(float[] images, int count) {
    try (NDManager manager = model.getNDManager().newSubManager()) {
      NDArray x = manager.create(images, shape(count));
      return trainer.evaluate(new NDList(x)).singletonOrThrow().toFloatArray();
    }
  }

  @Override
  public void close() {
    trainer.close();
    model.close();
  }
}
