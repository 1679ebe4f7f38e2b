package org.gradus.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.gradus.autograd.update.Adam;
import org.gradus.layers.Layer;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Split;
import org.gradus.layers.files.IdxDataset;
import org.gradus.layers.optim.Optimizer;
import org.gradus.layers.optim.Schedule;
import org.gradus.layers.train.ConfusionMatrix;
import org.gradus.layers.train.Loss;
import org.gradus.layers.train.Metric;
import org.gradus.layers.train.Progress;
import org.gradus.layers.train.Trainer;

/**
 * LeNet-5 on Fashion-MNIST by Adam, with a rate that falls along a cosine, early stopping, and a
 * confusion matrix: a run in a few lines. {@link TrainFashion} is the same with options, a larger
 * network and a folder.
 */
public final class ClothesByLeNet {
  private static final int SEED = 1;

  private ClothesByLeNet() {}

  /**
   * Learns from the files of a folder, the argument, and prints which class was taken for which.
   */
  public static void main(String[] args) throws Exception {
    train(IdxDataset.ofFolder(Path.of(args[0]), 10), 20, System.out);
  }

  static Layer train(Split data, int epochs, PrintStream out) {
    Layer net = TrainDigits.lenet(new SplittableRandom(SEED));
    Split learnt = data.train().stratified(0.95, SEED);
    Batches batches = Batches.shuffled(learnt.train(), 64, SEED);
    Schedule cosine = Schedule.cosine((long) epochs * batches.count());
    Trainer trainer =
        new Trainer(net, new Optimizer(net, new Adam(2e-3)).schedule(cosine), Loss.crossEntropy())
            .measuring(Metric.accuracy())
            .validating(learnt.test(), 100)
            .stoppingEarly(4)
            .telling(Progress.on(out));
    trainer.fit(batches, epochs);
    net.load(trainer.best().orElseThrow().state());
    ConfusionMatrix confusion = ConfusionMatrix.of(net, data.test(), 100);
    out.println(confusion);
    out.println(Numbers.text("%.4f of the test images right", confusion.accuracy()));
    return net;
  }
}
