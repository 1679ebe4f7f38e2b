package org.gradus.benchmarks.peer;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.List;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.optim.SgdOptions;

/** The same network and optimiser in PyTorch's native engine, under DJL. */
final class PyTorchSide implements BesidePyTorch.Side {
  private final Model model = Model.newInstance("lenet", "PyTorch");
  private final Trainer trainer;

  PyTorchSide(int batch, SgdOptions options, List<NdArray> weights) {
    SequentialBlock net =
        new SequentialBlock()
            .add(Conv2d.builder().setFilters(6).setKernelShape(new Shape(5, 5)).build())
            .add(Activation::relu)
            .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
            .add(Conv2d.builder().setFilters(16).setKernelShape(new Shape(5, 5)).build())
            .add(Activation::relu)
            .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(120).build())
            .add(Activation::relu)
            .add(Linear.builder().setUnits(84).build())
            .add(Activation::relu)
            .add(Linear.builder().setUnits(10).build());
    model.setBlock(net);
    Optimizer sgd =
        Optimizer.sgd()
            .setLearningRateTracker(Tracker.fixed((float) options.learningRate()))
            .optMomentum((float) options.momentum())
            .build();
    this.trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss()).optOptimizer(sgd));
    trainer.initialize(new Shape(batch, 1, 28, 28));
    List<Parameter> parameters = net.getParameters().values();
    for (int i = 0; i < weights.size(); i++) {
      parameters.get(i).getArray().set(weights.get(i).toFloatArray());
    }
  }

  @Override
  public double step(float[] images, int[] labels) {
    try (NDManager manager = model.getNDManager().newSubManager()) {
      NDArray x = manager.create(images, new Shape(labels.length, 1, 28, 28));
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
  public void close() {
    trainer.close();
    model.close();
  }
}
