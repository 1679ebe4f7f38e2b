package org.gradus.examples;

import static org.gradus.autograd.ops.ConvOptions.same;
import static org.gradus.autograd.ops.Ops.crossEntropy;
import static org.gradus.autograd.ops.Ops.mul;

import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.update.Adam;
import org.gradus.autograd.update.AdamW;
import org.gradus.autograd.update.Sgd;
import org.gradus.autograd.update.UpdateMethod;
import org.gradus.layers.AbstractLayer;
import org.gradus.layers.BatchNorm2d;
import org.gradus.layers.Conv2d;
import org.gradus.layers.DepthwiseConv2d;
import org.gradus.layers.Flatten;
import org.gradus.layers.Gelu;
import org.gradus.layers.GlobalAvgPool2d;
import org.gradus.layers.GroupNorm;
import org.gradus.layers.HardSwish;
import org.gradus.layers.Layer;
import org.gradus.layers.LayerNorm;
import org.gradus.layers.Linear;
import org.gradus.layers.Pass;
import org.gradus.layers.Relu6;
import org.gradus.layers.Sequential;
import org.gradus.layers.Sigmoid;
import org.gradus.layers.Silu;
import org.gradus.layers.data.Augmentations;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.files.IdxDataset;
import org.gradus.layers.files.StateHash;
import org.gradus.layers.optim.Optimizer;
import org.gradus.layers.optim.ParameterGradients;
import org.gradus.layers.optim.Schedule;

/**
 * Whether this machine computes what others do: takes 50 training steps with each of three
 * networks, and prints a hash of all bits that come of them. The README says what they are, for any
 * processor with vectors of 128 to 512 bits, any number of threads and any JVM.
 */
public final class SameBits {
  private static final int STEPS = 50;
  private static final int BATCH = 16;

  /** Clips the gradients of some steps, and not those of others. */
  private static final double LONGEST = 3;

  private SameBits() {}

  /** Prints the hash of each network. */
  public static void main(String[] args) throws Exception {
    print(System.out);
  }

  static void print(PrintStream out) throws Exception {
    Dataset digits = digits();
    for (Pupil pupil : pupils()) {
      out.println(Numbers.text("%-9s %s", pupil.name(), hash(pupil.learn(digits), digits)));
    }
  }

  static Dataset digits() throws IOException {
    return IdxDataset.ofResources(TrainDigits.class, "mnist10k", 10).train().first(STEPS * BATCH);
  }

  static List<Pupil> pupils() {
    return List.of(
        new Pupil("LeNet", TrainDigits::lenet, new Sgd(0.03).momentum(0.9)),
        new Pupil("ResNet", ResidualDigits::network, new Adam(3e-3)),
        new Pupil("MobileNet", SameBits::mobileNet, new AdamW(3e-3).weightDecay(0.01)));
  }

  /** A network, from images [N, 1, 28, 28] to logits [N, 10], and how it learns. */
  record Pupil(String name, Function<RandomGenerator, Layer> network, UpdateMethod method) {

    /** What has come of the network after all steps. */
    Trained learn(Dataset digits) {
      Layer net = network.apply(new SplittableRandom(1));
      Optimizer optimizer = new Optimizer(net, method).schedule(Schedule.cosine(STEPS));
      Batches batches =
          Batches.shuffled(digits, BATCH, 1).augmented(Augmentations.affine(2, 10, 0.9, 1.1));
      for (Batch batch : batches.epoch(1)) {
        Pass pass = Pass.training(1, optimizer.steps());
        Tensor logits = net.forward(Tensor.constant(batch.inputs()), pass);
        Tensor loss = crossEntropy(logits, batch.labels(), 0.05);
        optimizer.step(
            ParameterGradients.consuming(loss, net.parameters()).clipNorm(LONGEST), pass);
      }
      return new Trained(net, optimizer);
    }
  }

  /** A network, and what has taught it. */
  record Trained(Layer net, Optimizer optimizer) {}

  /** Depthwise and 1x1 convolutions, squeezed and excited. */
  private static Layer mobileNet(RandomGenerator random) {
    return new Sequential(
        new Conv2d(1, 16, 3, same().stride(2), random).withoutBias(),
        new BatchNorm2d(16),
        new HardSwish(), // [N, 16, 14, 14]
        separable(16, 32, 1, random),
        new Excited(32, random),
        separable(32, 48, 2, random), // [N, 48, 7, 7]
        new Conv2d(48, 64, 1, random),
        new GroupNorm(8, 64),
        new Gelu(),
        new GlobalAvgPool2d(),
        new Flatten(),
        new LayerNorm(64),
        new Linear(64, 10, random));
  }

  private static Layer separable(int in, int out, int stride, RandomGenerator random) {
    return new Sequential(
        new DepthwiseConv2d(in, 3, same().stride(stride), random).withoutBias(),
        new BatchNorm2d(in),
        new Relu6(),
        new Conv2d(in, out, 1, random).withoutBias(),
        new BatchNorm2d(out),
        new Relu6());
  }

  /**
   * Channels, each times a share that all of them have a say in.
   *
   * @see <a href="https://arxiv.org/abs/1709.01507">Hu, Shen, Albanie, Sun, Wu:
   *     Squeeze-and-Excitation Networks, 2017</a>
   */
  private static final class Excited extends AbstractLayer {
    private final Layer share;

    Excited(int channels, RandomGenerator random) {
      this.share =
          part(
              "share",
              new Sequential(
                  new GlobalAvgPool2d(),
                  new Conv2d(channels, channels / 4, 1, random),
                  new Silu(),
                  new Conv2d(channels / 4, channels, 1, random),
                  new Sigmoid()));
    }

    @Override
    protected Tensor compute(Tensor x, Pass pass) {
      return mul(x, share.forward(x, pass));
    }
  }

  // ---- hashes ----------------------------------------------------------------------------------

  /** Of weights, running statistics, what the optimiser keeps, and predictions. */
  static String hash(Trained trained, Dataset digits) {
    Map<String, NdArray> all = new LinkedHashMap<>();
    trained.net().state().forEach((name, array) -> all.put("net " + name, array));
    trained.optimizer().state().forEach((name, array) -> all.put("optimizer " + name, array));
    all.put("logits", trained.net().predict(digits.first(64).all().inputs()));
    return StateHash.of(all);
  }
}
