package org.gradus.examples;

import static org.gradus.autograd.ops.Ops.crossEntropy;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.functional.PerExample;
import org.gradus.autograd.ops.CrossEntropyOptions;
import org.gradus.autograd.update.Adam;
import org.gradus.layers.Conv2d;
import org.gradus.layers.Flatten;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.MaxPool2d;
import org.gradus.layers.Parameter;
import org.gradus.layers.Relu;
import org.gradus.layers.Sequential;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.files.IdxDataset;
import org.gradus.layers.optim.Optimizer;
import org.gradus.layers.train.Loss;
import org.gradus.layers.train.Trainer;

/**
 * Finds wrong labels in training data. Of the digits, 1 % get each other's labels; a network learns
 * for a short time, so that it knows what most digits look like, and nothing by heart. Then those
 * examples are looked at that would still change it most: whose gradients are longest, by all
 * weights, and by the last biases alone. The latter is the softmax minus the one-hot label, which
 * says how wrong the label seems, and not how strongly the image speaks: it finds more of them
 * where the network has seen few digits, and as many where it has seen more.
 *
 * @see <a href="https://arxiv.org/abs/2107.07075">Paul, Ganguli, Dziugaite: Deep Learning on a Data
 *     Diet, 2021</a>, which calls these norms GraNd and EL2N
 */
public final class MislabelledDigits {
  private static final int SEED = 1;
  private static final int BATCH = 50;

  private MislabelledDigits() {}

  /** Exchanges labels of the training digits, and finds them again. */
  public static void main(String[] args) throws Exception {
    Dataset digits = IdxDataset.ofResources(TrainDigits.class, "mnist10k", 10).train();
    find(digits, 2, System.out);
  }

  static void find(Dataset digits, int epochs, PrintStream out) {
    Batch right = digits.all();
    int[] labels = right.labels();
    Set<Integer> exchanged = exchange(labels, labels.length / 100, new SplittableRandom(SEED));
    Dataset data = Dataset.of(right.inputs(), labels);
    Layer net = train(data, epochs);
    List<Parameter> weights = net.parameters();
    Parameter lastBias = weights.get(weights.size() - 1);
    out.println(
        Numbers.text("%d of %d digits have the label of another", exchanged.size(), labels.length));
    tell("all weights", longest(net, data), exchanged, out);
    tell("the last biases", longest(net, data, lastBias.tensor()), exchanged, out);
  }

  private static void tell(
      String weights, List<Integer> longest, Set<Integer> exchanged, PrintStream out) {
    long found = longest.stream().filter(exchanged::contains).count();
    out.println(
        Numbers.text(
            "%d are among the %d with the longest gradients by %s",
            found, longest.size(), weights));
  }

  /** Exchanges labels that differ, two by two, and returns which ones. */
  static Set<Integer> exchange(int[] labels, int count, RandomGenerator random) {
    Set<Integer> exchanged = new HashSet<>();
    while (exchanged.size() < count) {
      int a = random.nextInt(labels.length);
      int b = random.nextInt(labels.length);
      boolean areNew = !exchanged.contains(a) && !exchanged.contains(b);
      if (areNew && labels[a] != labels[b]) {
        int label = labels[a];
        labels[a] = labels[b];
        labels[b] = label;
        exchanged.addAll(List.of(a, b));
      }
    }
    return exchanged;
  }

  private static Layer train(Dataset data, int epochs) {
    RandomGenerator random = new SplittableRandom(SEED);
    Layer net =
        new Sequential(
            new Conv2d(1, 8, 5, random), // [N, 1, 28, 28] -> [N, 8, 24, 24]
            new Relu(),
            new MaxPool2d(2), // -> [N, 8, 12, 12]
            new Conv2d(8, 16, 5, random), // -> [N, 16, 8, 8]
            new Relu(),
            new MaxPool2d(2), // -> [N, 16, 4, 4]
            new Flatten(),
            new Linear(256, 10, random)); // -> [N, 10]
    new Trainer(net, new Optimizer(net, new Adam(2e-3)), Loss.crossEntropy())
        .fit(Batches.shuffled(data, BATCH, SEED), epochs);
    return net;
  }

  /** The 2 % of the examples whose gradients are longest, by some variables, or by all. */
  private static List<Integer> longest(Layer net, Dataset data, Tensor... variables) {
    CrossEntropyOptions each = CrossEntropyOptions.none();
    List<Double> norms = new ArrayList<>();
    for (Batch batch : Batches.inOrder(data, BATCH).epoch(1)) {
      PerExample gradients =
          PerExample.of(
              x -> crossEntropy(net.forward(x), batch.labels(), each), batch.inputs(), variables);
      for (int n = 0; n < batch.size(); n++) {
        norms.add(gradients.norms().at(n));
      }
    }
    return IntStream.range(0, norms.size())
        .boxed()
        .sorted(Comparator.comparing((Integer i) -> -norms.get(i)))
        .limit(norms.size() / 50)
        .toList();
  }
}
