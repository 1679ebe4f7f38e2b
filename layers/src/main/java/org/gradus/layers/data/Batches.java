package org.gradus.layers.data;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.ShapeException;

/**
 * A data set cut into batches. Each epoch meets every example once, in batches of the size asked
 * for, the last one smaller where that does not divide. Which examples a batch has, and how they
 * are altered, is a function of the seed, the number of the epoch, and that of the batch or the
 * example: so a run goes on at any batch of any epoch as if it had not stopped. Batches are made
 * when they are asked for. Immutable.
 *
 * <pre>{@code
 * Batches batches = Batches.shuffled(data, 32, seed);
 * for (int epoch = 1; epoch <= 4; epoch++) {
 *   for (Batch batch : batches.epoch(epoch)) { ... }
 * }
 * }</pre>
 */
public final class Batches {
  private final Dataset data;
  private final int batchSize;
  private final Optional<Long> seed;
  private final boolean dropsLast;
  private final Optional<Augmentation> augmentation;
  private final Optional<Mixing> mixing;
  private final int ahead;

  private Batches(
      Dataset data,
      int batchSize,
      Optional<Long> seed,
      boolean dropsLast,
      Optional<Augmentation> augmentation,
      Optional<Mixing> mixing,
      int ahead) {
    this.data = Nulls.given("batches: data", data);
    this.batchSize = batchSize;
    this.seed = seed;
    this.dropsLast = dropsLast;
    this.augmentation = augmentation;
    this.mixing = mixing;
    this.ahead = ahead;
    if (batchSize < 1) {
      throw new IllegalArgumentException(
          "batches: batch size %s, expected at least 1".formatted(batchSize));
    }
  }

  /**
   * Batches in the order of the data: for evaluation.
   *
   * @param batchSize examples in each, and in the last one those that are left, at least 1
   * @throws IllegalArgumentException if the batch size is below 1
   */
  public static Batches inOrder(Dataset data, int batchSize) {
    return new Batches(
        data, batchSize, Optional.empty(), false, Optional.empty(), Optional.empty(), 0);
  }

  /**
   * Batches of the data in a random order, another one in each epoch: for training. Every order is
   * equally likely, as far as the 64 bits of a seed allow.
   *
   * @param batchSize examples in each, and in the last one those that are left, at least 1
   * @param seed of the orders, any number
   * @throws IllegalArgumentException if the batch size is below 1
   */
  public static Batches shuffled(Dataset data, int batchSize, long seed) {
    return new Batches(
        data, batchSize, Optional.of(seed), false, Optional.empty(), Optional.empty(), 0);
  }

  /** Without the last batch of an epoch where it is smaller than the others. */
  public Batches dropLast() {
    return new Batches(data, batchSize, seed, true, augmentation, mixing, ahead);
  }

  /**
   * With inputs that are altered at random, each example in each epoch in its own way.
   *
   * @param next applied behind those before
   * @throws IllegalStateException if these batches are in order, which is for evaluation
   */
  public Batches augmented(Augmentation next) {
    Nulls.refuse("augmented: next", next);
    if (seed.isEmpty()) {
      throw new IllegalStateException("augmented: batches in order have no seed; shuffle them");
    }
    return new Batches(
        data,
        batchSize,
        seed,
        dropsLast,
        Optional.of(augmentation.map(first -> first.then(next)).orElse(next)),
        mixing,
        ahead);
  }

  /**
   * With batches that are mixed at random, each in each epoch in its own way, after their inputs
   * are altered by what {@link #augmented} has.
   *
   * @param next applied behind those before
   * @throws IllegalStateException if these batches are in order, which is for evaluation
   */
  public Batches mixed(Mixing next) {
    Nulls.refuse("mixed: next", next);
    if (seed.isEmpty()) {
      throw new IllegalStateException("mixed: batches in order have no seed; shuffle them");
    }
    return new Batches(
        data,
        batchSize,
        seed,
        dropsLast,
        augmentation,
        Optional.of(mixing.map(first -> first.then(next)).orElse(next)),
        ahead);
  }

  /**
   * With batches made by other threads before they are asked for: the same ones. Memory is needed
   * for those and for the one in use. As many threads make them, but at most one for each
   * processor; they end with the epoch, or a second after a walk through it is abandoned.
   *
   * @param batches how many are made in advance, at least 0
   * @throws IllegalArgumentException if there are fewer
   */
  public Batches prefetch(int batches) {
    if (batches < 0) {
      throw new IllegalArgumentException(
          "prefetch: %s batches, expected at least 0".formatted(batches));
    }
    return new Batches(data, batchSize, seed, dropsLast, augmentation, mixing, batches);
  }

  /** The number of batches in an epoch. */
  public int count() {
    boolean more = !dropsLast && data.size() % batchSize != 0;
    return data.size() / batchSize + (more ? 1 : 0);
  }

  /**
   * The batches of an epoch.
   *
   * @param number of the epoch, any number
   */
  public Iterable<Batch> epoch(long number) {
    return epoch(number, 0);
  }

  /**
   * The batches of an epoch from one on, to resume it.
   *
   * @param number of the epoch, any number
   * @param first how many batches of it were there before, from 0 to {@link #count}
   * @throws IllegalArgumentException if there are fewer batches
   */
  public Iterable<Batch> epoch(long number, int first) {
    if (first < 0 || first > count()) {
      throw new IllegalArgumentException("epoch: from batch %s of %s".formatted(first, count()));
    }
    return () -> {
      int[] order = numbers(number);
      IntFunction<Batch> batch = k -> batch(number, order, k);
      return ahead == 0
          ? new Epoch(batch, first, count())
          : new Prefetched(batch, first, count(), ahead);
    };
  }

  /**
   * The numbers of the examples in the order in which an epoch meets them, batch by batch: for
   * those who share out the examples. A function of the size of the data, the seed and the epoch.
   *
   * @param epoch its number
   * @return as many as the data set has, those of a last batch that is dropped at the end
   */
  public int[] numbers(long epoch) {
    return seed.map(s -> Orders.shuffled(data.size(), Seeds.of(s, epoch)))
        .orElseGet(() -> IntStream.range(0, data.size()).toArray());
  }

  /** Examples in each batch but the last one of an epoch. */
  public int batchSize() {
    return batchSize;
  }

  /**
   * Some examples as an epoch meets them: for those who share out a batch in parts.
   *
   * @param epoch its number
   * @param numbers of the examples, in order
   * @throws IllegalArgumentException if there is no such example
   * @throws IllegalStateException if batches are mixed: then a part depends on the whole
   */
  public Batch of(long epoch, int... numbers) {
    Nulls.refuse("of: numbers", numbers);
    requireUnmixed();
    return altered(epoch, numbers);
  }

  /**
   * Refuses batches that are mixed, of which no part can be made without the whole.
   *
   * @throws IllegalStateException if they are
   */
  public void requireUnmixed() {
    if (mixing.isPresent()) {
      throw new IllegalStateException(
          "batches: they are mixed, so that a part depends on the whole batch; leave out mixed");
    }
  }

  private Batch altered(long epoch, int... numbers) {
    Batch batch = data.select(numbers);
    long epochSeed = Seeds.of(seed.orElse(0L), epoch);
    return augmentation.map(a -> a.of(batch, epochSeed, numbers)).orElse(batch);
  }

  private Batch batch(long epoch, int[] order, int k) {
    int from = k * batchSize;
    int to = from + Math.min(batchSize, order.length - from);
    Batch altered = altered(epoch, Arrays.copyOfRange(order, from, to));
    long seedOfBatch = Seeds.ofBatch(Seeds.of(seed.orElse(0L), epoch), k);
    return mixing.map(m -> mixed(m, altered, seedOfBatch)).orElse(altered);
  }

  private static Batch mixed(Mixing mixing, Batch batch, long seed) {
    Batch made =
        Nulls.given("mixed: the batch made", mixing.apply(batch, new SplittableRandom(seed)));
    if (made.size() != batch.size()) {
      throw new ShapeException(
          "mixed", "a %s is made of a %s, expected as many examples".formatted(made, batch));
    }
    return made;
  }

  /** One walk through an epoch. */
  private static final class Epoch implements Iterator<Batch> {
    private final IntFunction<Batch> batch;
    private final int count;
    private int next;

    Epoch(IntFunction<Batch> batch, int first, int count) {
      this.batch = batch;
      this.next = first;
      this.count = count;
    }

    @Override
    public boolean hasNext() {
      return next < count;
    }

    @Override
    public Batch next() {
      if (!hasNext()) {
        throw new NoSuchElementException(
            "batches: all %s batches of this epoch were there".formatted(count));
      }
      return batch.apply(next++);
    }
  }

  /** For example {@code 4 batches of 32, shuffled by seed 1: 100 examples}. */
  @Override
  public String toString() {
    String order = seed.map(s -> ", shuffled by seed " + s).orElse("");
    String altered =
        (augmentation.isPresent() ? ", augmented" : "") + (mixing.isPresent() ? ", mixed" : "");
    return "%s batches of %s%s%s: %s".formatted(count(), batchSize, order, altered, data);
  }
}
