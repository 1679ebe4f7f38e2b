package org.gradus.layers.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;

class BatchesProperties {

  /** Image i has the pixels i and -i, and the label i. */
  private static LabelledImages numbered(int count) {
    NdArray images =
        NdArray.generate(
            DType.FLOAT32, Shape.of(count, 1, 1, 2), i -> i % 2 == 0 ? i / 2 : -(i / 2));
    return new LabelledImages(images, IntStream.range(0, count).toArray(), Math.max(count, 1));
  }

  /** The labels of an epoch, in order; checks sizes, and that images and labels belong together. */
  private static List<Integer> epoch(Batches batches, int count, int batchSize) {
    List<Integer> labels = new ArrayList<>();
    int seen = 0;
    for (Batch batch : batches) {
      assertEquals(Math.min(batchSize, count - labels.size()), batch.size());
      assertEquals(Shape.of(batch.size(), 1, 1, 2), batch.images().shape());
      for (int i = 0; i < batch.size(); i++) {
        assertEquals(batch.labels()[i], batch.images().get(i, 0, 0, 0));
        assertEquals(-batch.labels()[i], batch.images().get(i, 0, 0, 1));
        labels.add(batch.labels()[i]);
      }
      seen++;
    }
    assertEquals(batches.count(), seen);
    return labels;
  }

  private static List<Integer> upTo(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @Property
  void everyImageOnceInEachEpoch(
      @ForAll @IntRange(max = 60) int count,
      @ForAll @IntRange(min = 1, max = 70) int batchSize,
      @ForAll long seed) {
    Batches batches = Batches.shuffled(numbered(count), batchSize, new SplittableRandom(seed));
    for (int i = 0; i < 3; i++) {
      assertEquals(upTo(count), epoch(batches, count, batchSize).stream().sorted().toList());
    }
  }

  @Property
  void inOrderKeepsTheOrder(
      @ForAll @IntRange(max = 60) int count, @ForAll @IntRange(min = 1, max = 70) int batchSize) {
    Batches batches = Batches.inOrder(numbered(count), batchSize);

    assertEquals(upTo(count), epoch(batches, count, batchSize));
    assertEquals(upTo(count), epoch(batches, count, batchSize));
  }

  @Property
  void theSameSeedGivesTheSameOrderWhateverTheBatchSize(
      @ForAll @IntRange(max = 60) int count,
      @ForAll @IntRange(min = 1, max = 70) int batchSize,
      @ForAll long seed) {
    assertEquals(
        epoch(Batches.shuffled(numbered(count), 7, new SplittableRandom(seed)), count, 7),
        epoch(
            Batches.shuffled(numbered(count), batchSize, new SplittableRandom(seed)),
            count,
            batchSize));
  }

  @Test
  void everyOrderIsEquallyLikely() {
    Batches batches = Batches.shuffled(numbered(4), 4, new SplittableRandom(1));
    Map<List<Integer>, Integer> counts = new HashMap<>();
    for (int i = 0; i < 24_000; i++) {
      counts.merge(epoch(batches, 4, 4), 1, Integer::sum);
    }

    assertEquals(24, counts.size());
    counts.forEach((order, count) -> assertEquals(1000, count, 150, order.toString()));
  }

  @Test
  void epochsDifferAndSoDoSeeds() {
    Batches batches = Batches.shuffled(numbered(50), 8, new SplittableRandom(1));
    Batches other = Batches.shuffled(numbered(50), 8, new SplittableRandom(2));
    List<Integer> first = epoch(batches, 50, 8);

    assertNotEquals(first, epoch(batches, 50, 8));
    assertNotEquals(first, epoch(other, 50, 8));
    assertNotEquals(first, upTo(50));
  }

  @Test
  void drawsWhenAnIterationStarts() {
    int[] drawn = new int[1];
    RandomGenerator counting =
        () -> {
          drawn[0]++;
          return 0;
        };
    Batches batches = Batches.shuffled(numbered(10), 3, counting);
    assertEquals(0, drawn[0]);

    Iterator<Batch> epoch = batches.iterator();

    int atStart = drawn[0];
    assertTrue(atStart >= 9);
    epoch.next();
    assertEquals(atStart, drawn[0]);
  }

  @Test
  void refusesToGoPastTheEnd() {
    Iterator<Batch> epoch = Batches.inOrder(numbered(2), 2).iterator();
    epoch.next();

    var error = assertThrows(NoSuchElementException.class, epoch::next);

    assertEquals("batches: all 2 images of this epoch were there", error.getMessage());
  }

  @Test
  void refusesABatchSizeBelowOne() {
    var error = assertThrows(IllegalArgumentException.class, () -> Batches.inOrder(numbered(2), 0));

    assertEquals("batches: batch size 0, expected at least 1", error.getMessage());
  }
}
