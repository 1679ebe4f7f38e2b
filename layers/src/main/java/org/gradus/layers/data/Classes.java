package org.gradus.layers.data;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;

/** The examples of some classes; how many there are of each, and weights that make up for it. */
public final class Classes {
  private Classes() {}

  /**
   * The examples of some classes, in order: to leave out the others. Labels stay as they are.
   *
   * @param data of targets [N], the class of each; labels are found by {@link Dataset#labels}
   * @param classes each at least 0; of one that has no examples, there are none
   * @throws IllegalArgumentException if one is negative
   * @throws IllegalStateException if the targets are no classes
   */
  public static Dataset only(Dataset data, int... classes) {
    Nulls.refuse("only: data, classes", data, classes);
    Set<Integer> wanted = new HashSet<>();
    for (int k : classes) {
      if (k < 0) {
        throw new IllegalArgumentException("only: class %s, expected at least 0".formatted(k));
      }
      wanted.add(k);
    }
    int[] labels = data.labels();
    return data.subset(
        IntStream.range(0, labels.length).filter(i -> wanted.contains(labels[i])).toArray());
  }

  /**
   * As many examples of each class that is there, such as one or five to know it by. They are drawn
   * at random without replacement, and are in the order of the data. Of the same seed, the more
   * examples hold the fewer ones.
   *
   * @param data of targets [N], the class of each; labels are found by {@link Dataset#labels}
   * @param each how many of each class, at least 1
   * @param seed of what is drawn, any number
   * @throws IllegalArgumentException if that is below 1, or if a class has fewer examples
   * @throws IllegalStateException if the targets are no classes
   */
  public static Dataset few(Dataset data, int each, long seed) {
    Nulls.refuse("few: data", data);
    if (each < 1) {
      throw new IllegalArgumentException(
          "few: %s examples of each class, expected at least 1".formatted(each));
    }
    int[] labels = data.labels();
    SortedMap<Integer, Integer> taken = new TreeMap<>();
    BitSet numbers = new BitSet();
    for (int i : Orders.shuffled(labels.length, seed)) {
      if (taken.merge(labels[i], 1, Integer::sum) <= each) {
        numbers.set(i);
      }
    }
    taken.forEach(
        (label, count) -> {
          if (count < each) {
            throw new IllegalArgumentException(
                "few: %s examples of class %s, expected at least %s".formatted(count, label, each));
          }
        });
    return data.subset(numbers.stream().toArray());
  }

  /**
   * The number of examples of each class. They are found by {@link Dataset#labels}.
   *
   * @param data of targets [N], the class of each
   * @param classes how many there are, at least 1
   * @return one number for each class
   * @throws IllegalArgumentException if there are fewer than 1, or if a label is not below them
   * @throws IllegalStateException if the targets are no classes
   */
  public static int[] counts(Dataset data, int classes) {
    Nulls.refuse("counts: data", data);
    return counts("counts", data, classes);
  }

  private static int[] counts(String function, Dataset data, int classes) {
    if (classes < 1) {
      throw new IllegalArgumentException(
          "%s: %s classes, expected at least 1".formatted(function, classes));
    }
    int[] counts = new int[classes];
    int[] labels = data.labels();
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] >= classes) {
        throw new IllegalArgumentException(
            "%s: label %s of example %s, expected 0 to %s"
                .formatted(function, labels[i], i, classes - 1));
      }
      counts[labels[i]]++;
    }
    return counts;
  }

  /**
   * A weight for each class, with which all classes that are there count the same: N / (K n[k]), as
   * scikit-learn has for "balanced", where N is the number of examples, K that of classes, and n[k]
   * that of examples of class k. Of a class without examples it is 0. If there are examples of all
   * classes, the mean weight of an example is 1.
   *
   * <p>For a cross-entropy of logits [N, K] that has weights:
   *
   * <pre>{@code
   * NdArray weights = Classes.weights(data, 10);
   * Loss loss = Loss.crossEntropy(CrossEntropyOptions.mean().weights(weights));
   * }</pre>
   *
   * @param data of targets [N], the class of each
   * @param classes how many there are, at least 1
   * @return [K], float32
   * @throws IllegalArgumentException if there are fewer than 1, or if a label is not below them
   * @throws IllegalStateException if the targets are no classes
   */
  public static NdArray weights(Dataset data, int classes) {
    Nulls.refuse("weights: data", data);
    int[] counts = counts("weights", data, classes);
    double each = (double) data.size() / classes;
    return NdArray.generate(
        DType.FLOAT32, Shape.of(classes), k -> counts[k] == 0 ? 0 : each / counts[k]);
  }
}
