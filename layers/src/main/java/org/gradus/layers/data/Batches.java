package org.gradus.layers.data;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.gradus.autograd.array.Nulls;

/**
 * A data set cut into batches. Each iteration is one epoch: it meets every image exactly once, in
 * batches of the size asked for, the last one smaller where that does not divide. Batches are made
 * when they are asked for.
 *
 * <pre>{@code
 * Batches batches = Batches.shuffled(data, 32, random);
 * for (int epoch = 0; epoch < 4; epoch++) {
 *   for (Batch batch : batches) { ... }
 * }
 * }</pre>
 */
public final class Batches implements Iterable<Batch> {
  private final LabelledImages data;
  private final int batchSize;
  private final Consumer<int[]> arrange;

  private Batches(LabelledImages data, int batchSize, Consumer<int[]> arrange) {
    if (batchSize < 1) {
      throw new IllegalArgumentException(
          "batches: batch size %s, expected at least 1".formatted(batchSize));
    }
    this.data = Nulls.given("batches: data", data);
    this.batchSize = batchSize;
    this.arrange = arrange;
  }

  /**
   * Batches in the order of the data: for evaluation.
   *
   * @param batchSize images in each, and in the last one those that are left, at least 1
   * @throws IllegalArgumentException if the batch size is below 1
   */
  public static Batches inOrder(LabelledImages data, int batchSize) {
    return new Batches(data, batchSize, order -> {});
  }

  /**
   * Batches of the data in a random order, another one in each epoch: for training. Every order is
   * equally likely, and drawn when an iteration starts, as far as the generator allows.
   *
   * @param batchSize images in each, and in the last one those that are left, at least 1
   * @param random owned by the caller, who may draw from it between epochs
   * @throws IllegalArgumentException if the batch size is below 1
   */
  public static Batches shuffled(LabelledImages data, int batchSize, RandomGenerator random) {
    Nulls.refuse("batches: random", random);
    return new Batches(data, batchSize, order -> shuffle(order, random));
  }

  /** The number of batches in an epoch. */
  public int count() {
    return data.size() / batchSize + (data.size() % batchSize == 0 ? 0 : 1);
  }

  @Override
  public Iterator<Batch> iterator() {
    int[] order = IntStream.range(0, data.size()).toArray();
    arrange.accept(order);
    return new Epoch(order);
  }

  /**
   * Fisher and Yates's shuffle, in the form of Durstenfeld (Algorithm 235, Communications of the
   * ACM 7, 1964).
   */
  private static void shuffle(int[] order, RandomGenerator random) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }

  private final class Epoch implements Iterator<Batch> {
    private final int[] order;
    private int next;

    Epoch(int[] order) {
      this.order = order;
    }

    @Override
    public boolean hasNext() {
      return next < order.length;
    }

    @Override
    public Batch next() {
      if (!hasNext()) {
        throw new NoSuchElementException(
            "batches: all %s images of this epoch were there".formatted(order.length));
      }
      int end = next + Math.min(batchSize, order.length - next);
      Batch batch = data.select(Arrays.copyOfRange(order, next, end));
      next = end;
      return batch;
    }
  }
}
