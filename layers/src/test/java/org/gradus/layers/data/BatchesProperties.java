package org.gradus.layers.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchesProperties {

  /** Example i has the inputs i and -i, and the target i. */
  private static Dataset numbered(int count) {
    NdArray inputs =
        NdArray.generate(
            DType.FLOAT32, Shape.of(count, 1, 1, 2), i -> i % 2 == 0 ? i / 2 : -(i / 2));
    return Dataset.of(inputs, IntStream.range(0, count).toArray());
  }

  /** The labels of batches, in order; checks that inputs and targets belong together. */
  private static List<Integer> labels(Iterable<Batch> batches) {
    List<Integer> labels = new ArrayList<>();
    for (Batch batch : batches) {
      for (int i = 0; i < batch.size(); i++) {
        assertEquals(batch.labels()[i], batch.inputs().get(i, 0, 0, 0));
        assertEquals(-batch.labels()[i], batch.inputs().get(i, 0, 0, 1));
        labels.add(batch.labels()[i]);
      }
    }
    return labels;
  }

  private static List<Batch> list(Iterable<Batch> batches) {
    List<Batch> list = new ArrayList<>();
    batches.forEach(list::add);
    return list;
  }

  private static List<Integer> upTo(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @Property
  void everyExampleOnceInEachEpoch(
      @ForAll @IntRange(max = 60) int count,
      @ForAll @IntRange(min = 1, max = 70) int batchSize,
      @ForAll long seed,
      @ForAll long epoch) {
    Batches batches = Batches.shuffled(numbered(count), batchSize, seed);
    List<Batch> all = list(batches.epoch(epoch));
    assertEquals(upTo(count), labels(all).stream().sorted().toList());
    assertEquals(batches.count(), all.size());
    for (int i = 0; i < all.size(); i++) {
      assertEquals(Math.min(batchSize, count - i * batchSize), all.get(i).size());
    }
  }

  @Property
  void inOrderKeepsTheOrder(
      @ForAll @IntRange(max = 60) int count,
      @ForAll @IntRange(min = 1, max = 70) int batchSize,
      @ForAll long epoch) {
    assertEquals(upTo(count), labels(Batches.inOrder(numbered(count), batchSize).epoch(epoch)));
  }

  @Property
  void theOrderIsAFunctionOfSeedAndEpochWhateverTheBatchSize(
      @ForAll @IntRange(max = 60) int count,
      @ForAll @IntRange(min = 1, max = 70) int batchSize,
      @ForAll long seed,
      @ForAll long epoch) {
    assertEquals(
        labels(Batches.shuffled(numbered(count), 7, seed).epoch(epoch)),
        labels(Batches.shuffled(numbered(count), batchSize, seed).epoch(epoch)));
  }

  @Property(tries = 200)
  void anEpochIsResumedAtAnyBatchWithTheSameBits(
      @ForAll @IntRange(max = 30) int count,
      @ForAll @IntRange(min = 1, max = 9) int batchSize,
      @ForAll @IntRange(max = 4) int ahead,
      @ForAll boolean dropsLast,
      @ForAll long seed) {
    Augmentation noise = (input, random) -> input.map(x -> x + random.nextDouble());
    Batches drawn = Batches.shuffled(numbered(count), batchSize, seed).augmented(noise);
    Batches batches = dropsLast ? drawn.dropLast() : drawn;
    List<Batch> whole = list(batches.epoch(3));
    for (int first = 0; first <= whole.size(); first++) {
      assertEquals(
          whole.subList(first, whole.size()), list(batches.prefetch(ahead).epoch(3, first)));
    }
  }

  @Property
  void theLastBatchIsDroppedOnlyIfItIsSmaller(
      @ForAll @IntRange(max = 30) int count, @ForAll @IntRange(min = 1, max = 9) int batchSize) {
    Batches batches = Batches.inOrder(numbered(count), batchSize).dropLast();
    assertEquals(count / batchSize, batches.count());
    assertEquals(upTo(count / batchSize * batchSize), labels(batches.epoch(1)));
  }

  @Test
  void everyOrderIsEquallyLikely() {
    Batches batches = Batches.shuffled(numbered(4), 4, 1);
    Map<List<Integer>, Integer> counts = new HashMap<>();
    for (int epoch = 0; epoch < 24_000; epoch++) {
      counts.merge(labels(batches.epoch(epoch)), 1, Integer::sum);
    }
    assertEquals(24, counts.size());
    counts.forEach((order, count) -> assertEquals(1000, count, 150, order.toString()));
  }

  @Test
  void epochsDifferAndSoDoSeeds() {
    Batches batches = Batches.shuffled(numbered(50), 8, 1);
    List<Integer> first = labels(batches.epoch(1));
    assertEquals(first, labels(batches.epoch(1)));
    assertNotEquals(first, labels(batches.epoch(2)));
    assertNotEquals(first, labels(Batches.shuffled(numbered(50), 8, 2).epoch(1)));
    assertNotEquals(first, labels(Batches.shuffled(numbered(50), 8, 2).epoch(0)));
    assertNotEquals(first, upTo(50));
  }

  @Test
  void anExampleIsAlteredByItsNumberAndNotByItsPlace() {
    Augmentation noise =
        (input, random) -> NdArray.full(input.dtype(), input.shape(), random.nextDouble());
    Map<Integer, Double> first = new HashMap<>();
    for (Batch batch : Batches.shuffled(numbered(20), 3, 5).augmented(noise).epoch(1)) {
      for (int i = 0; i < batch.size(); i++) {
        first.put(batch.labels()[i], batch.inputs().get(i, 0, 0, 0));
      }
    }
    assertEquals(20, Set.copyOf(first.values()).size());
    for (Batch batch : Batches.shuffled(numbered(20), 11, 5).augmented(noise).epoch(1)) {
      for (int i = 0; i < batch.size(); i++) {
        assertEquals(first.get(batch.labels()[i]), batch.inputs().get(i, 0, 0, 0));
      }
    }
  }

  @Test
  void batchesAreMadeAheadByOtherThreads() throws InterruptedException {
    Set<Integer> made = ConcurrentHashMap.newKeySet();
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    CountDownLatch three = new CountDownLatch(3);
    Dataset data =
        Dataset.of(
            10,
            i -> {
              made.add(i);
              threads.add(Thread.currentThread());
              three.countDown();
              return new Batch(NdArray.zeros(DType.FLOAT32, Shape.of(1, 1)), i);
            });
    Iterator<Batch> epoch = Batches.inOrder(data, 1).prefetch(3).epoch(1).iterator();
    assertTrue(three.await(60, TimeUnit.SECONDS));
    assertEquals(Set.of(0, 1, 2), made);
    assertFalse(threads.contains(Thread.currentThread()));
    for (int i = 0; i < 10; i++) {
      assertArrayEquals(new int[] {i}, epoch.next().labels());
    }
    assertFalse(epoch.hasNext());
  }

  @Test
  void whatGoesWrongAheadIsToldWhereTheBatchIsAskedFor() {
    Dataset data =
        Dataset.of(
            3,
            i -> {
              if (i == 1) {
                throw new IllegalStateException("no example 1");
              }
              return new Batch(NdArray.zeros(DType.FLOAT32, Shape.of(1, 1)), i);
            });
    Iterator<Batch> epoch = Batches.inOrder(data, 1).prefetch(3).epoch(1).iterator();
    assertArrayEquals(new int[] {0}, epoch.next().labels());
    assertEquals(
        "no example 1", assertThrows(IllegalStateException.class, epoch::next).getMessage());
    assertArrayEquals(new int[] {2}, epoch.next().labels());
  }

  @Test
  void asManyThreadsAsProcessorsMakeBatches() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    Dataset data =
        numbered(200)
            .map(
                batch -> {
                  threads.add(Thread.currentThread());
                  return batch;
                });
    Batches batches = Batches.inOrder(data, 1);
    assertEquals(list(batches.epoch(1)), list(batches.prefetch(100).epoch(1)));
    threads.remove(Thread.currentThread());
    int most = Runtime.getRuntime().availableProcessors();
    assertEquals(true, threads.size() <= most, threads.size() + " threads");
    assertEquals(true, threads.stream().allMatch(Thread::isDaemon));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void refusesToGoPastTheEnd(int ahead) {
    Iterator<Batch> epoch = Batches.inOrder(numbered(2), 2).prefetch(ahead).epoch(1).iterator();
    epoch.next();
    assertEquals(
        "batches: all 1 batches of this epoch were there",
        assertThrows(NoSuchElementException.class, epoch::next).getMessage());
  }

  static Stream<Arguments> wrongCalls() {
    Dataset two = numbered(2);
    Batches batches = Batches.shuffled(two, 1, 1);
    return Stream.of(
        row(() -> Batches.inOrder(two, 0), "batches: batch size 0, expected at least 1"),
        row(() -> batches.prefetch(-1), "prefetch: -1 batches, expected at least 0"),
        row(() -> batches.epoch(1, 3), "epoch: from batch 3 of 2"),
        row(() -> batches.epoch(1, -1), "epoch: from batch -1 of 2"));
  }

  private static Arguments row(Executable call, String message) {
    return Arguments.of(call, message);
  }

  @ParameterizedTest
  @MethodSource("wrongCalls")
  void refuses(Executable call, String message) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void batchesInOrderAreNotAugmented() {
    Batches batches = Batches.inOrder(numbered(2), 1);
    assertEquals(
        "augmented: batches in order have no seed; shuffle them",
        assertThrows(IllegalStateException.class, () -> batches.augmented((x, random) -> x))
            .getMessage());
  }

  @Test
  void asText() {
    assertEquals(
        "3 batches of 2, shuffled by seed 1: 5 examples: FLOAT32 [1, 1, 2] and FLOAT32 []",
        Batches.shuffled(numbered(5), 2, 1).toString());
    assertEquals(
        "2 batches of 2: 5 examples: FLOAT32 [1, 1, 2] and FLOAT32 []",
        Batches.inOrder(numbered(5), 2).dropLast().toString());
  }
}
