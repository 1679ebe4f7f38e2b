package org.gradus.examples;

import static org.gradus.autograd.ops.Axes.axes;
import static org.gradus.autograd.ops.ConvOptions.valid;
import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.argMax;
import static org.gradus.autograd.ops.Ops.binaryCrossEntropyWithLogits;
import static org.gradus.autograd.ops.Ops.max;
import static org.gradus.autograd.ops.Ops.mean;
import static org.gradus.autograd.ops.Ops.softmax;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.ConvOptions;
import org.gradus.autograd.update.Adam;
import org.gradus.layers.BatchNorm2d;
import org.gradus.layers.Conv2d;
import org.gradus.layers.ConvTranspose2d;
import org.gradus.layers.Flatten;
import org.gradus.layers.Layer;
import org.gradus.layers.LeakyRelu;
import org.gradus.layers.Pass;
import org.gradus.layers.Relu;
import org.gradus.layers.Sequential;
import org.gradus.layers.Sigmoid;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.data.Split;
import org.gradus.layers.files.IdxDataset;
import org.gradus.layers.files.Images;
import org.gradus.layers.optim.Optimizer;

/**
 * Two networks that learn from each other: one makes digits of noise, and the other tells them from
 * digits that people wrote.
 *
 * @see <a href="https://arxiv.org/abs/1406.2661">Goodfellow et al.: Generative Adversarial
 *     Networks, 2014</a>
 * @see <a href="https://arxiv.org/abs/1511.06434">Radford, Metz, Chintala: Unsupervised
 *     Representation Learning with Deep Convolutional Generative Adversarial Networks, 2015</a>
 */
public final class Gan {
  private static final int SEED = 1;
  private static final int NOISE = 32;

  private Gan() {}

  /** Learns from 9,000 digits, and writes 500 that are made to a file: the argument, if any. */
  public static void main(String[] args) throws Exception {
    Path png = OutputFile.of(args, "digits.png");
    Split digits = IdxDataset.ofResources(TrainDigits.class, "mnist10k", 10);
    Layer maker = learn(digits.train(), 24, 2e-4, System.out);
    NdArray made = maker.predict(noise(500, new SplittableRandom(SEED + 1)));
    Images.write(png, Images.sheet(made, 25));
    Layer reader = ResidualDigits.train(digits.train(), digits.test(), 3, System.out);
    System.out.println("digits that are made: " + read(made, reader));
    System.out.println("digits of people: " + read(digits.test().all().inputs(), reader));
  }

  /** How sure a network is of what it reads. */
  private static String read(NdArray images, Layer reader) {
    Tensor probabilities = softmax(reader.forward(images), 1);
    double sure = mean(max(probabilities, axes(1))).item();
    long classes = IntStream.of(argMax(probabilities, 1).toArray()).distinct().count();
    return Numbers.text("%d classes, read with a probability of %.3f", classes, sure);
  }

  /** From noise to images. */
  private static Layer maker(RandomGenerator random) {
    ConvOptions twice = valid().stride(2).padding(1);
    return new Sequential(
        new ConvTranspose2d(NOISE, 32, 7, valid(), random).withoutBias(), // -> [N, 32, 7, 7]
        new BatchNorm2d(32),
        new Relu(),
        new ConvTranspose2d(32, 16, 4, twice, random).withoutBias(), // -> [N, 16, 14, 14]
        new BatchNorm2d(16),
        new Relu(),
        new ConvTranspose2d(16, 1, 4, twice, random), // -> [N, 1, 28, 28]
        new Sigmoid());
  }

  /** From images to one logit for each: that it is real. */
  private static Layer judge(RandomGenerator random) {
    ConvOptions half = valid().stride(2).padding(1);
    return new Sequential(
        new Conv2d(1, 16, 4, half, random), // [N, 1, 28, 28] -> [N, 16, 14, 14]
        new LeakyRelu(0.2),
        new Conv2d(16, 32, 4, half, random).withoutBias(), // -> [N, 32, 7, 7]
        new BatchNorm2d(32),
        new LeakyRelu(0.2),
        new Conv2d(32, 1, 7, random), // -> [N, 1, 1, 1]
        new Flatten());
  }

  static NdArray noise(int count, RandomGenerator random) {
    return NdArray.randn(DType.FLOAT32, Shape.of(count, NOISE, 1, 1), random);
  }

  /** In each step first the judge learns, from as many images of either kind, then the maker. */
  static Layer learn(Dataset real, int epochs, double rate, PrintStream out) {
    RandomGenerator random = new SplittableRandom(SEED);
    Layer maker = maker(random);
    Layer judge = judge(random);
    Optimizer makers = new Optimizer(maker, new Adam(rate).betas(0.5, 0.999));
    Optimizer judges = new Optimizer(judge, new Adam(rate).betas(0.5, 0.999));
    for (int epoch = 1; epoch <= epochs; epoch++) {
      double told = 0;
      double fooled = 0;
      for (Batch batch : Batches.shuffled(real, 32, SEED).epoch(epoch)) {
        Pass pass = Pass.training(SEED, makers.steps());
        Tensor fake = maker.forward(noise(batch.size(), random), pass);
        told =
            judges.minimize(
                add(
                    binaryCrossEntropyWithLogits(judge.forward(batch.inputs(), pass.in("real")), 1),
                    binaryCrossEntropyWithLogits(judge.forward(fake.detach(), pass.in("fake")), 0)),
                pass);
        fooled =
            makers.minimize(
                binaryCrossEntropyWithLogits(judge.forward(fake, pass.in("fake")), 1), pass);
      }
      out.println(Numbers.text("epoch %d: losses %.2f and %.2f", epoch, told, fooled));
    }
    return maker;
  }
}
