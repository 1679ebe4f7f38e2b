package org.gradus.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.update.Adam;
import org.gradus.layers.Layer;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.files.IdxDataset;
import org.gradus.layers.files.Weights;
import org.gradus.layers.optim.Optimizer;
import org.gradus.layers.train.Listener;
import org.gradus.layers.train.Loss;
import org.gradus.layers.train.RunFolder;
import org.gradus.layers.train.Step;
import org.gradus.layers.train.Trainer;

/**
 * A run that is stopped in the middle of an epoch, and resumed by another trainer from its folder,
 * ends with the bits of a run that was never stopped, with batch normalisation and dropout. What it
 * has learnt is saved, and loaded into another network.
 */
public final class SaveAndResume {
  private SaveAndResume() {}

  /** Trains on a part of the digits, twice, in a new folder; prints whether all bits are equal. */
  public static void main(String[] args) throws Exception {
    Dataset digits = IdxDataset.ofResources(TrainDigits.class, "mnist10k", 10).train();
    Path folder = Files.createTempDirectory("run");
    resume(digits.first(1000), 2, folder, System.out);
    System.out.println("what is kept of the run: " + folder);
  }

  private static Trainer trainer(Layer net) {
    return new Trainer(net, new Optimizer(net, new Adam(3e-3)), Loss.crossEntropy()).seed(1);
  }

  /** The network that was stopped, resumed, saved and loaded. */
  static Layer resume(Dataset train, int epochs, Path folder, PrintStream out) throws IOException {
    Batches batches = Batches.shuffled(train, 64, 1);
    Layer whole = ResidualDigits.network(new SplittableRandom(1));
    trainer(whole).fit(batches, epochs);

    Layer half = ResidualDigits.network(new SplittableRandom(1));
    Trainer first = trainer(half).saving(new RunFolder(folder.resolve("checkpoints")));
    first.telling(Listener.ofSteps(step -> stopInTheMiddle(first, step)));
    first.fit(batches, epochs);
    out.println("stopped, with other weights: " + !half.state().equals(whole.state()));

    Layer resumed = ResidualDigits.network(new SplittableRandom(2));
    Trainer second = trainer(resumed).saving(new RunFolder(folder.resolve("checkpoints")));
    second.resume().fit(batches, epochs);
    out.println("resumed, with the same bits: " + resumed.state().equals(whole.state()));

    Path file = folder.resolve("digits.safetensors");
    Weights.save(file, resumed);
    Layer loaded = ResidualDigits.network(new SplittableRandom(3));
    Weights.load(file, loaded);
    NdArray images = train.first(100).all().inputs();
    out.println(
        "loaded, with the same logits: " + loaded.predict(images).equals(whole.predict(images)));
    return loaded;
  }

  private static void stopInTheMiddle(Trainer trainer, Step step) {
    if (step.epoch() == 2 && step.batch() == step.batches() / 2) {
      trainer.stop();
    }
  }
}
