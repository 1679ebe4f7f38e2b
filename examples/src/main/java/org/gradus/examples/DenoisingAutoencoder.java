package org.gradus.examples;

import static org.gradus.autograd.ops.ConvOptions.same;
import static org.gradus.autograd.ops.ConvOptions.valid;
import static org.gradus.autograd.ops.Ops.concat;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.update.Adam;
import org.gradus.layers.Conv2d;
import org.gradus.layers.ConvTranspose2d;
import org.gradus.layers.Layer;
import org.gradus.layers.Relu;
import org.gradus.layers.Sequential;
import org.gradus.layers.Sigmoid;
import org.gradus.layers.data.Augmentation;
import org.gradus.layers.data.Augmentations;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.data.Split;
import org.gradus.layers.files.IdxDataset;
import org.gradus.layers.files.Images;
import org.gradus.layers.optim.Optimizer;
import org.gradus.layers.train.Loss;
import org.gradus.layers.train.Metric;
import org.gradus.layers.train.Progress;
import org.gradus.layers.train.Trainer;

/**
 * Learns to take noise away from images of digits. The noise is new in each epoch; a code of a
 * quarter of the numbers has no room for it.
 *
 * @see <a href="https://www.jmlr.org/papers/v11/vincent10a.html">Vincent, Larochelle, Lajoie,
 *     Bengio, Manzagol: Stacked Denoising Autoencoders, 2010</a>
 */
public final class DenoisingAutoencoder {
  private static final int SEED = 1;
  private static final Augmentation NOISE = Augmentations.noise(0.5);

  private DenoisingAutoencoder() {}

  /** Learns from 9,000 digits, and writes ten others to a file: the argument, if there is one. */
  public static void main(String[] args) throws Exception {
    Path png = OutputFile.of(args, "denoised.png");
    Split digits = IdxDataset.ofResources(TrainDigits.class, "mnist10k", 10);
    Dataset test = noisy(digits.test());
    Layer net = train(digits.train(), test, 5, System.out);
    write(png, net, test.first(10).all());
  }

  /** Images with noise that stays the same, and as targets the images. */
  static Dataset noisy(Dataset data) {
    NdArray images = data.all().inputs();
    return Dataset.of(NOISE.apply(images, new SplittableRandom(SEED)), images);
  }

  private static Layer network(RandomGenerator random) {
    return new Sequential(
        new Conv2d(1, 16, 3, same().stride(2), random), // [N, 1, 28, 28] -> [N, 16, 14, 14]
        new Relu(),
        new Conv2d(16, 4, 3, same().stride(2), random), // -> the code [N, 4, 7, 7]
        new Relu(),
        new ConvTranspose2d(4, 16, 4, valid().stride(2).padding(1), random), // -> [N, 16, 14, 14]
        new Relu(),
        new ConvTranspose2d(16, 1, 4, valid().stride(2).padding(1), random), // -> [N, 1, 28, 28]
        new Sigmoid());
  }

  static Layer train(Dataset clean, Dataset test, int epochs, PrintStream out) {
    Layer net = network(new SplittableRandom(SEED));
    Dataset images = clean.map(batch -> new Batch(batch.inputs(), batch.inputs()));
    Trainer trainer =
        new Trainer(net, new Optimizer(net, new Adam(3e-3)), Loss.mse())
            .validating(test, 100)
            .telling(Progress.on(out));
    trainer.fit(Batches.shuffled(images, 32, SEED).augmented(NOISE), epochs);
    out.println(
        Numbers.text("%.1f dB with noise, %.1f dB without", psnr(x -> x, test), psnr(net, test)));
    return net;
  }

  /** The peak signal-to-noise ratio in decibels: 20 lg (1 / root mean square error). */
  static double psnr(Layer net, Dataset test) {
    return -20 * Math.log10(Metric.rmse().of(net, test, 100));
  }

  /** A sheet of three rows: with noise, without, and the images that had none. */
  static void write(Path png, Layer net, Batch few) throws IOException {
    Tensor noisy = Tensor.constant(few.inputs());
    Tensor clean = Tensor.constant(few.targets());
    NdArray rows = concat(0, noisy, net.forward(noisy), clean).value();
    Images.write(png, Images.sheet(rows, few.size()));
  }
}
