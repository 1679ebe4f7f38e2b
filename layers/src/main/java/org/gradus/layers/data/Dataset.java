package org.gradus.layers.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.ShapeException;

/**
 * Examples of one kind, by their numbers from 0 to size - 1: in memory, or computed or read when
 * they are asked for. The same number gives the same example each time, on any thread.
 *
 * <pre>{@code
 * // given NdArray features, NdArray targets
 * Dataset all = Dataset.of(features, targets);         // [N, 8] and [N, 1]
 * Split split = all.split(0.8, seed);
 * for (Batch batch : Batches.shuffled(split.train(), 32, seed).epoch(1)) { ... }
 * }</pre>
 */
public interface Dataset {

  /** How many examples there are. */
  int size();

  /**
   * Some examples, in this order.
   *
   * @param numbers from 0 to size - 1; one may be there more than once
   * @throws IllegalArgumentException if there is no such example
   */
  Batch select(int... numbers);

  /**
   * Refuses numbers of examples that there are not; for those who write a data set.
   *
   * @throws IllegalArgumentException if a number is below 0, or not below the size
   */
  default void requireAll(int... numbers) {
    Nulls.refuse("requireAll: numbers", numbers);
    int size = size();
    for (int number : numbers) {
      if (number < 0 || number >= size) {
        throw new IllegalArgumentException(
            "select: there is no example %s among %s".formatted(number, size));
      }
    }
  }

  /**
   * The class of each example, in a new array. Where classes are not known without the inputs,
   * examples are read some at a time: about four million elements of inputs, and at least one
   * example. Who writes a data set that knows them should override this.
   *
   * @return as many as there are examples
   * @throws IllegalStateException if the targets are no classes
   */
  default int[] labels() {
    return Labels.read(this);
  }

  // ---- making one ------------------------------------------------------------------------------

  /**
   * Examples in memory; the arrays are shared.
   *
   * @param inputs [N, ...]
   * @param targets [N, ...]
   * @throws ShapeException if there is not a target for each input
   */
  static Dataset of(NdArray inputs, NdArray targets) {
    Nulls.refuse("of: inputs, targets", inputs, targets);
    return new InMemory(new Batch(inputs, targets));
  }

  /**
   * Examples of classes in memory; the array is shared.
   *
   * @param inputs [N, ...]
   * @param labels the class of each, at least 0
   * @throws ShapeException if there is not one for each input
   * @throws IllegalArgumentException if a label is out of its range
   */
  static Dataset of(NdArray inputs, int... labels) {
    Nulls.refuse("of: inputs, labels", inputs, labels);
    return new InMemory(new Batch(inputs, labels));
  }

  /**
   * Examples that are computed, or read, when they are asked for.
   *
   * @param size how many there are, at least 0
   * @param example gives the example of a number, as a batch of one; the same each time
   * @throws IllegalArgumentException if the size is negative
   */
  static Dataset of(int size, IntFunction<Batch> example) {
    return new Computed(size, Nulls.given("of: example", example));
  }

  // ---- parts -----------------------------------------------------------------------------------

  /**
   * Some of these examples, in this order.
   *
   * @param numbers from 0 to size - 1; copied
   * @throws IllegalArgumentException if there is no such example
   */
  default Dataset subset(int... numbers) {
    return new Subset(this, Nulls.given("subset: numbers", numbers));
  }

  /**
   * The examples from one number up to another.
   *
   * @param from the first, at least 0
   * @param to behind the last, at most the size
   * @throws IllegalArgumentException if there is no such range
   */
  default Dataset range(int from, int to) {
    if (from < 0 || to < from || to > size()) {
      throw new IllegalArgumentException(
          "range: %s to %s of %s examples".formatted(from, to, size()));
    }
    return subset(IntStream.range(from, to).toArray());
  }

  /**
   * The first examples; all of them if there are no more.
   *
   * @throws IllegalArgumentException if the count is negative
   */
  default Dataset first(int count) {
    if (count < 0) {
      throw new IllegalArgumentException(
          "first: %s examples, expected at least 0".formatted(count));
    }
    return range(0, Math.min(count, size()));
  }

  /** All examples as one batch, in order; those of a data set in memory are not copied. */
  default Batch all() {
    return select(IntStream.range(0, size()).toArray());
  }

  /**
   * These examples, and those of others behind them. Data sets of no examples add nothing, not even
   * their kind.
   *
   * @param others of examples of the same kind
   * @throws ShapeException if there are more than 2^31 - 1 examples in all
   * @throws IllegalArgumentException if one of the two is a {@link Ragged}, or a part of one, whose
   *     batches differ in their length; see {@link Ragged#and} and {@link Ragged#toLength}
   */
  default Dataset and(Dataset others) {
    return Concatenated.of(this, Nulls.given("and: others", others));
  }

  /**
   * These examples, each batch as a function makes it when it is asked for.
   *
   * @param f gives as many examples; the same each time
   */
  default Dataset map(UnaryOperator<Batch> f) {
    return new Mapped(this, Nulls.given("map: f", f));
  }

  /**
   * Two parts that have nothing in common, each in a random order that is a function of the seed.
   *
   * @param share of the first part, from 0 to 1; its size is rounded to the nearest whole number
   * @throws IllegalArgumentException if the share is out of its range
   */
  default Split split(double share, long seed) {
    Splits.requireShare("split", share);
    int[] order = Orders.shuffled(size(), seed);
    int first = (int) Math.round(share * size());
    return new Split(
        subset(Arrays.copyOf(order, first)),
        subset(Arrays.copyOfRange(order, first, order.length)));
  }

  /**
   * As {@link #split}, with as many examples in the first part, but so that both parts have the
   * classes in the same proportions. Of a class of n examples the first part has share n, rounded
   * down, and one more of those classes that lose most by this, until it has as many examples as it
   * is to have; of classes that lose as much, those come first that are met first in the random
   * order. Both parts are in this order.
   *
   * @param share of the first part, from 0 to 1
   * @param seed of the order
   * @throws IllegalArgumentException if the share is out of its range
   * @throws IllegalStateException if the targets are no classes
   */
  default Split stratified(double share, long seed) {
    Splits.requireShare("stratified", share);
    return Splits.stratified(this, share, seed);
  }

  /**
   * As many splits as there are folds: each example is in the second part of one of them.
   *
   * @param folds at least 2, and at most the size
   * @param seed of the order in which the examples are shared out
   * @throws IllegalArgumentException if the number is out of its range
   */
  default List<Split> folds(int folds, long seed) {
    if (folds < 2 || folds > size()) {
      throw new IllegalArgumentException(
          "folds: %s of %s examples, expected at least 2 and at most as many as examples"
              .formatted(folds, size()));
    }
    int[] order = Orders.shuffled(size(), seed);
    List<Split> splits = new ArrayList<>();
    for (int fold = 0; fold < folds; fold++) {
      int from = (int) ((long) size() * fold / folds);
      int to = (int) ((long) size() * (fold + 1) / folds);
      int[] others =
          IntStream.concat(IntStream.range(0, from), IntStream.range(to, size()))
              .map(i -> order[i])
              .toArray();
      splits.add(new Split(subset(others), subset(Arrays.copyOfRange(order, from, to))));
    }
    return List.copyOf(splits);
  }
}
