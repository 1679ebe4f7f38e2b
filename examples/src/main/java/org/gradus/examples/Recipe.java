package org.gradus.examples;

import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import org.gradus.autograd.update.UpdateMethod;
import org.gradus.layers.Layer;
import org.gradus.layers.data.Augmentation;
import org.gradus.layers.optim.Schedule;

/**
 * How a net that tells classes of images apart is made and trained.
 *
 * @param net from images to logits, whose weights are drawn
 * @param method of optimising, at a learning rate
 * @param schedule of the rate, over so many steps
 * @param augmentation of the images that it learns from
 * @param patience after how many epochs that were no better the run ends
 * @param epochs how often each image is met
 * @param batchSize images of a step
 * @param rate the largest learning rate
 */
record Recipe(
    Function<RandomGenerator, Layer> net,
    DoubleFunction<UpdateMethod> method,
    LongFunction<Schedule> schedule,
    Augmentation augmentation,
    int patience,
    int epochs,
    int batchSize,
    double rate) {

  /** With other numbers. */
  Recipe with(int otherEpochs, int otherSize, double otherRate) {
    return new Recipe(
        net, method, schedule, augmentation, patience, otherEpochs, otherSize, otherRate);
  }
}
