package org.gradus.layers.train;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.update.Adam;
import org.gradus.layers.BatchNorm1d;
import org.gradus.layers.Dropout;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.Sequential;
import org.gradus.layers.Tanh;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.optim.Optimizer;
import org.gradus.layers.optim.Schedule;

/** A small run with all that has a state: statistics, random numbers, moments, a schedule. */
final class Run {
  final Layer net = net();
  final Trainer trainer;

  Run(int parts) {
    trainer = trainer(net, adam(net), Loss.crossEntropy()).parts(parts).clippingNorm(1);
  }

  static Trainer trainer(Layer net, Optimizer optimizer, Loss loss) {
    return new Trainer(net, optimizer, loss)
        .seed(11)
        .measuring(Metric.accuracy(), Metric.f1())
        .validating(points(50, 2), 20);
  }

  /** Points of a plane: inside of a circle, or outside. */
  static Dataset points(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    NdArray points =
        NdArray.generate(DType.FLOAT32, Shape.of(count, 2), i -> random.nextDouble() * 2 - 1);
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = Math.hypot(points.get(i, 0), points.get(i, 1)) < 0.75 ? 1 : 0;
    }
    return Dataset.of(points, labels);
  }

  static Layer net() {
    SplittableRandom random = new SplittableRandom(3);
    return new Sequential(
        new Linear(2, 16, random),
        new BatchNorm1d(16),
        new Tanh(),
        new Dropout(0.1),
        new Linear(16, 2, random));
  }

  static Optimizer adam(Layer net) {
    return new Optimizer(net, new Adam(0.02)).schedule(Schedule.cosine(40));
  }

  /** Seven in an epoch; augmented. */
  static Batches batches() {
    return Batches.shuffled(points(104, 1), 16, 5)
        .augmented((input, random) -> input.map(x -> x + 0.01 * random.nextGaussian()));
  }

  static Batches others() {
    return Batches.shuffled(points(104, 1), 16, 6);
  }

  void stopAfter(int steps) {
    trainer.telling(
        new Listener() {
          private int taken;

          @Override
          public void onStep(Step step) {
            taken++;
            if (taken == steps) {
              trainer.stop();
            }
          }
        });
  }

  /** All that it has made, without times. */
  List<Object> outcome() {
    List<Object> outcome = new ArrayList<>(List.of(net.state()));
    for (Epoch each : trainer.history().epochs()) {
      outcome.addAll(List.of(each.number(), each.steps(), each.rate(), each.values()));
    }
    trainer
        .best()
        .ifPresent(best -> outcome.addAll(List.of(best.epoch(), best.value(), best.state())));
    return outcome;
  }
}
