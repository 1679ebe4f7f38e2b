package org.gradus.examples;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.update.Adam;
import org.gradus.layers.Layer;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.data.Split;
import org.gradus.layers.files.IdxDataset;
import org.gradus.layers.optim.Optimizer;
import org.gradus.layers.train.Loss;
import org.gradus.layers.train.Trainer;

/**
 * One trained network that several threads ask at once, as in a server. It has no mode and keeps
 * nothing of a prediction, so nothing is copied or locked, and each thread gets the bits that it
 * would get alone.
 */
public final class ClassifyInParallel {
  private ClassifyInParallel() {}

  /** Trains on a part of the digits, and prints how four threads read others. */
  public static void main(String[] args) throws Exception {
    Split digits = IdxDataset.ofResources(TrainDigits.class, "mnist10k", 10);
    classify(trained(digits.train().first(3000)), digits.test(), 4, System.out);
  }

  static Layer trained(Dataset train) {
    Layer net = TrainDigits.lenet(new SplittableRandom(1));
    new Trainer(net, new Optimizer(net, new Adam(2e-3)), Loss.crossEntropy())
        .fit(Batches.shuffled(train, 32, 1), 1);
    return net;
  }

  /** The logits of all images, in 20 batches, as the threads have computed them. */
  static List<NdArray> classify(Layer net, Dataset images, int threads, PrintStream out)
      throws Exception {
    List<NdArray> batches = images.all().split(20).stream().map(Batch::inputs).toList();
    List<NdArray> alone = batches.stream().map(net::predict).toList();
    List<Callable<NdArray>> tasks = new ArrayList<>();
    batches.forEach(batch -> tasks.add(() -> net.predict(batch)));
    List<NdArray> together = new ArrayList<>();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      long start = System.nanoTime();
      for (Future<NdArray> logits : pool.invokeAll(tasks)) {
        together.add(logits.get());
      }
      double rate = images.size() / ((System.nanoTime() - start) / 1e9);
      out.println(Numbers.text("%d threads: %.0f images/s", threads, rate));
    } finally {
      pool.shutdown();
    }
    out.println("the bits of one thread: " + together.equals(alone));
    return together;
  }
}
