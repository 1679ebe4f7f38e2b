package org.gradus.layers.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;

class StratifiedProperties {

  /** Example i has the input i. */
  private static Dataset data(int... labels) {
    return Dataset.of(NdArray.generate(DType.FLOAT32, Shape.of(labels.length, 1), i -> i), labels);
  }

  private static int[] numbers(Dataset part) {
    NdArray inputs = part.all().inputs();
    return IntStream.range(0, part.size()).map(i -> (int) inputs.at(i)).toArray();
  }

  private static long count(int label, int... labels) {
    return Arrays.stream(labels).filter(l -> l == label).count();
  }

  @Property
  void bothPartsHaveTheirSizeTheirProportionsAndTheOrderOfTheShuffle(
      @ForAll @IntRange(max = 200) int size,
      @ForAll @IntRange(min = 1, max = 12) int classes,
      @ForAll @DoubleRange(max = 1) double share,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] labels = IntStream.range(0, size).map(i -> random.nextInt(classes)).toArray();

    Split split = data(labels).stratified(share, seed);

    assertEquals(Math.round(share * size), split.train().size());
    for (int label = 0; label < classes; label++) {
      double exact = share * count(label, labels);
      long first = count(label, split.train().labels());
      assertTrue(Math.abs(first - exact) < 1, first + " of " + exact);
      assertEquals(count(label, labels) - first, count(label, split.test().labels()));
    }
    int[] order = Orders.shuffled(size, seed);
    int[] train = numbers(split.train());
    int[] test = numbers(split.test());
    int fromTrain = 0;
    int fromTest = 0;
    for (int number : order) {
      if (fromTrain < train.length && train[fromTrain] == number) {
        fromTrain++;
      } else {
        assertEquals(number, test[fromTest++]);
      }
    }
    assertEquals(size, fromTrain + fromTest);
  }

  @Test
  void manySmallClassesAreNotAllRoundedToOneSide() {
    int[] labels = IntStream.range(0, 20).map(i -> i / 2).toArray();
    Split split = data(labels).stratified(0.8, 1);
    assertEquals(16, split.train().size());
    assertEquals(4, split.test().size());
    assertArrayEquals(new long[] {4, 6}, withOne(split.test().labels()));
  }

  /** How many of ten classes have one example, and how many none. */
  private static long[] withOne(int... labels) {
    return new long[] {
      IntStream.range(0, 10).filter(label -> count(label, labels) == 1).count(),
      IntStream.range(0, 10).filter(label -> count(label, labels) == 0).count()
    };
  }

  @Test
  void theSeedSaysWhichClassesHaveOneMore() {
    int[] labels = IntStream.range(0, 20).map(i -> i / 2).toArray();
    long different =
        IntStream.range(0, 20)
            .mapToObj(
                seed -> {
                  int[] left = data(labels).stratified(0.8, seed).test().labels();
                  Arrays.sort(left);
                  return Arrays.toString(left);
                })
            .distinct()
            .count();
    assertTrue(different > 10, different + " of 20");
  }

  @Test
  void aPartIsNotSortedByClass() {
    int[] labels = IntStream.range(0, 100).map(i -> i % 2).toArray();
    int[] train = data(labels).stratified(0.8, 3).train().labels();
    assertTrue(count(1, Arrays.copyOf(train, 40)) > 8, Arrays.toString(train));
  }
}
