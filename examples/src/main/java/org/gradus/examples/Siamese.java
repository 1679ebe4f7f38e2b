package org.gradus.examples;

import static org.gradus.autograd.ops.Ops.argMax;
import static org.gradus.autograd.ops.Ops.expandDims;
import static org.gradus.autograd.ops.Ops.matmul;
import static org.gradus.autograd.ops.Ops.mean;
import static org.gradus.autograd.ops.Ops.neg;
import static org.gradus.autograd.ops.Ops.norm;
import static org.gradus.autograd.ops.Ops.oneHot;
import static org.gradus.autograd.ops.Ops.relu;
import static org.gradus.autograd.ops.Ops.square;
import static org.gradus.autograd.ops.Ops.sub;
import static org.gradus.autograd.ops.Ops.where;

import java.io.PrintStream;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.update.Adam;
import org.gradus.layers.Conv2d;
import org.gradus.layers.Flatten;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.MaxPool2d;
import org.gradus.layers.Relu;
import org.gradus.layers.Sequential;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Classes;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.data.Split;
import org.gradus.layers.files.IdxDataset;
import org.gradus.layers.optim.Optimizer;
import org.gradus.layers.train.Trainer;

/**
 * Learns a distance of images: those of one digit come to lie together, those of two digits apart.
 * It serves for digits that the network has never seen, too, of which one example is known.
 *
 * @see <a href="http://yann.lecun.com/exdb/publis/pdf/hadsell-chopra-lecun-06.pdf">Hadsell, Chopra,
 *     LeCun: Dimensionality Reduction by Learning an Invariant Mapping, 2006</a>
 */
public final class Siamese {
  private static final int SEED = 1;
  private static final int DRAWS = 10;

  private Siamese() {}

  /** Learns from ten digits, then from eight, and tells digits by their nearest neighbours. */
  public static void main(String[] args) throws Exception {
    Split digits = IdxDataset.ofResources(TrainDigits.class, "mnist10k", 10);
    compare(digits, 8, System.out);
  }

  static void compare(Split digits, int epochs, PrintStream out) {
    Dataset seen = Classes.only(digits.train(), 0, 1, 2, 3, 4, 5, 6, 7);
    Split unseen = new Split(Classes.only(digits.train(), 8, 9), Classes.only(digits.test(), 8, 9));
    Layer net = train(digits.train(), epochs);
    Layer blind = train(seen, epochs);
    for (int known : new int[] {1, 5}) {
      out.println(
          Numbers.text(
              "%d of each of ten digits known: %.3f right, by pixels %.3f",
              known, accuracy(net, digits, known), accuracy(new Flatten(), digits, known)));
      out.println(
          Numbers.text(
              "%d of each of two new digits known: %.3f right, by pixels %.3f",
              known, accuracy(blind, unseen, known), accuracy(new Flatten(), unseen, known)));
    }
  }

  private static Layer network(RandomGenerator random) {
    return new Sequential(
        new Conv2d(1, 8, 5, random), // [N, 1, 28, 28] -> [N, 8, 24, 24]
        new Relu(),
        new MaxPool2d(2), // -> [N, 8, 12, 12]
        new Conv2d(8, 16, 5, random), // -> [N, 16, 8, 8]
        new Relu(),
        new MaxPool2d(2), // -> [N, 16, 4, 4]
        new Flatten(),
        new Linear(256, 16, random)); // -> [N, 16]
  }

  /** From a [N, D] and b [M, D] to the distance of each of a to each of b, [N, M]. */
  private static Tensor distances(Tensor a, Tensor b) {
    return norm(sub(expandDims(a, 1), expandDims(b, 0)), 2);
  }

  /** The mean over all pairs of a batch. */
  static Tensor contrastive(Tensor codes, Batch batch) {
    Tensor digit = oneHot(DType.FLOAT32, 10, batch.labels());
    Tensor same = matmul(digit, digit, false, true); // 1 or 0
    Tensor distance = distances(codes, codes);
    return mean(where(same, square(distance), square(relu(sub(1, distance)))));
  }

  static Layer train(Dataset data, int epochs) {
    Layer net = network(new SplittableRandom(SEED));
    new Trainer(net, new Optimizer(net, new Adam(2e-3)), Siamese::contrastive)
        .fit(Batches.shuffled(data, 50, SEED), epochs);
    return net;
  }

  /** How many test images have their nearest neighbour in their class: a mean of several draws. */
  static double accuracy(Layer net, Split digits, int known) {
    Batch test = digits.test().all();
    int[] labels = test.labels();
    Tensor codes = net.forward(test.inputs());
    long right = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      Dataset few = Classes.few(digits.train(), known, draw);
      int[] nearest = argMax(neg(distances(codes, net.forward(few.all().inputs()))), 1).toArray();
      int[] told = few.subset(nearest).labels();
      right += IntStream.range(0, told.length).filter(i -> told[i] == labels[i]).count();
    }
    return (double) right / DRAWS / labels.length;
  }
}
