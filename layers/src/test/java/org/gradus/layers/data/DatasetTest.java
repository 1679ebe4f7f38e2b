package org.gradus.layers.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class DatasetTest {

  /** Example i has the inputs 2 i and 2 i + 1, and the class i % classes. */
  private static Dataset numbered(DType dtype, int count, int classes) {
    return Dataset.of(
        NdArray.generate(dtype, Shape.of(count, 2), i -> i),
        IntStream.range(0, count).map(i -> i % classes).toArray());
  }

  /** The same, made one by one. */
  private static Dataset computed(DType dtype, int count, int classes) {
    return Dataset.of(
        count,
        i -> new Batch(NdArray.generate(dtype, Shape.of(1, 2), k -> 2 * i + k), i % classes));
  }

  /** The numbers that examples had in the first place. */
  private static int[] numbers(Dataset data) {
    NdArray inputs = data.all().inputs();
    return IntStream.range(0, data.size()).map(i -> (int) inputs.get(i, 0) / 2).toArray();
  }

  private static int[] sorted(int... numbers) {
    int[] sorted = numbers.clone();
    Arrays.sort(sorted);
    return sorted;
  }

  private static int[] upTo(int count) {
    return IntStream.range(0, count).toArray();
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void selectsInTheOrderAskedFor(DType dtype) {
    NdArray inputs = NdArray.of(new double[] {4, 5, 0, 1, 4, 5}, 3, 2).as(dtype);
    for (Dataset data : List.of(numbered(dtype, 3, 3), computed(dtype, 3, 3))) {
      assertEquals(new Batch(inputs, 2, 0, 2), data.select(2, 0, 2));
      assertEquals(Shape.of(0, 2), data.select().inputs().shape());
      assertEquals(dtype, data.select().inputs().dtype());
    }
  }

  @Test
  void anyArraysAreInputsAndTargets() {
    NdArray sequences = NdArray.generate(DType.FLOAT32, Shape.of(3, 4, 2), i -> i);
    NdArray images = NdArray.generate(DType.FLOAT64, Shape.of(3, 1, 2, 2), i -> i);
    Batch batch = Dataset.of(sequences, images).select(1);
    assertEquals(NdArray.generate(DType.FLOAT32, Shape.of(1, 4, 2), i -> 8 + i), batch.inputs());
    assertEquals(
        NdArray.generate(DType.FLOAT64, Shape.of(1, 1, 2, 2), i -> 4 + i), batch.targets());
  }

  @Test
  void allOfADataSetInMemoryIsNotCopied() {
    NdArray inputs = NdArray.zeros(DType.FLOAT32, Shape.of(2, 3));
    assertSame(inputs, Dataset.of(inputs, 1, 0).all().inputs());
    assertEquals(numbered(DType.FLOAT32, 3, 2).all(), computed(DType.FLOAT32, 3, 2).all());
  }

  @Property
  void partsAreTheirExamples(
      @ForAll @IntRange(max = 20) int count, @ForAll @IntRange(max = 20) int first) {
    Dataset data = numbered(DType.FLOAT32, count, 3);
    int some = Math.min(first, count);
    assertArrayEquals(upTo(some), numbers(data.first(first)));
    assertArrayEquals(IntStream.range(some, count).toArray(), numbers(data.range(some, count)));
    int[] reversed = IntStream.range(0, count).map(i -> count - 1 - i).toArray();
    assertArrayEquals(reversed, numbers(data.subset(reversed)));
    assertArrayEquals(upTo(count), numbers(data.subset(reversed).subset(reversed)));
  }

  @Property
  void oneBehindTheOther(
      @ForAll @IntRange(max = 9) int count,
      @ForAll @IntRange(max = 9) int others,
      @ForAll long seed) {
    Dataset data = numbered(DType.FLOAT32, count + others, 4);
    Dataset both = data.range(0, count).and(data.range(count, count + others));
    assertEquals(data.size(), both.size());
    int[] order = Orders.shuffled(data.size(), seed);
    assertEquals(data.select(order), both.select(order));
  }

  @Property
  void splitsHaveNothingInCommonAndLoseNothing(
      @ForAll @IntRange(max = 50) int count,
      @ForAll @DoubleRange(max = 1) double share,
      @ForAll long seed) {
    Dataset data = numbered(DType.FLOAT32, count, 3);
    Split split = data.split(share, seed);
    assertEquals(Math.round(share * count), split.train().size());
    assertArrayEquals(
        upTo(count),
        sorted(
            IntStream.concat(
                    Arrays.stream(numbers(split.train())), Arrays.stream(numbers(split.test())))
                .toArray()));
    assertArrayEquals(numbers(split.train()), numbers(data.split(share, seed).train()));
  }

  @Property
  void stratifiedSplitsHaveTheClassesInProportion(
      @ForAll @IntRange(max = 3000) int count,
      @ForAll @IntRange(min = 1, max = 5) int classes,
      @ForAll @DoubleRange(max = 1) double share) {
    Dataset data = numbered(DType.FLOAT32, count, classes);
    Split split = data.stratified(share, 1);
    assertEquals(count, split.train().size() + split.test().size());
    for (int k = 0; k < classes; k++) {
      int label = k;
      long all = Arrays.stream(data.all().labels()).filter(l -> l == label).count();
      long first = Arrays.stream(split.train().all().labels()).filter(l -> l == label).count();
      assertEquals(share * all, (double) first, 1);
    }
    assertArrayEquals(
        upTo(count),
        sorted(
            IntStream.concat(
                    Arrays.stream(numbers(split.train())), Arrays.stream(numbers(split.test())))
                .toArray()));
  }

  @Property
  void eachExampleIsTestedInOneFold(
      @ForAll @IntRange(min = 2, max = 30) int count, @ForAll @IntRange(min = 2, max = 30) int k) {
    int folds = Math.min(k, count);
    List<Split> splits = numbered(DType.FLOAT32, count, 3).folds(folds, 7);
    assertEquals(folds, splits.size());
    int[] tested = splits.stream().flatMapToInt(s -> Arrays.stream(numbers(s.test()))).toArray();
    assertArrayEquals(upTo(count), sorted(tested));
    for (Split split : splits) {
      assertEquals(count, split.train().size() + split.test().size());
      assertEquals(0, (count / folds + 1 - split.test().size()) / 2); // one more or none
      int[] both =
          IntStream.concat(
                  Arrays.stream(numbers(split.train())), Arrays.stream(numbers(split.test())))
              .toArray();
      assertArrayEquals(upTo(count), sorted(both));
    }
  }

  @Test
  void splitsAreInRandomOrder() {
    Dataset data = numbered(DType.FLOAT32, 100, 2);
    int[] first = numbers(data.split(1, 1).train());
    assertArrayEquals(upTo(100), sorted(first));
    assertEquals(false, Arrays.equals(upTo(100), first));
    assertEquals(false, Arrays.equals(first, numbers(data.split(1, 2).train())));
  }

  @Test
  void eachBatchIsMapped() {
    Dataset data =
        numbered(DType.FLOAT32, 3, 3)
            .map(b -> new Batch(b.inputs().map(x -> x / 2), b.targets().map(t -> -t)));
    assertEquals(
        new Batch(NdArray.of(new float[] {2, 2.5f}, 1, 2), NdArray.of(new float[] {-2}, 1)),
        data.select(2));
  }

  static Stream<Arguments> wrongCalls() {
    Dataset two = numbered(DType.FLOAT32, 2, 2);
    Dataset wide = Dataset.of(NdArray.zeros(DType.FLOAT32, Shape.of(1, 3)), 0);
    Dataset longer =
        Dataset.of(1, i -> new Batch(NdArray.zeros(DType.FLOAT32, Shape.of(2, 3)), 0, 0));
    Dataset none = Dataset.of(0, i -> new Batch(NdArray.zeros(DType.FLOAT32, Shape.of(1)), 0));
    return Stream.of(
        row(() -> two.select(0, -1), "select: there is no example -1 among 2"),
        row(() -> two.subset(1).select(1), "select: there is no example 1 among 1"),
        row(() -> two.and(two).select(4), "select: there is no example 4 among 4"),
        row(() -> two.subset(2), "select: there is no example 2 among 2"),
        row(() -> two.range(1, 3), "range: 1 to 3 of 2 examples"),
        row(() -> two.range(-1, 2), "range: -1 to 2 of 2 examples"),
        row(() -> two.range(2, 1), "range: 2 to 1 of 2 examples"),
        row(() -> two.first(-1), "first: -1 examples, expected at least 0"),
        row(() -> two.split(1.5, 1), "split: share 1.5, expected 0 to 1"),
        row(() -> two.split(Double.NaN, 1), "split: share NaN, expected 0 to 1"),
        row(() -> two.stratified(-1, 1), "stratified: share -1.0, expected 0 to 1"),
        row(
            () -> two.folds(3, 1),
            "folds: 3 of 2 examples, expected at least 2 and at most as many as examples"),
        row(
            () -> two.folds(1, 1),
            "folds: 1 of 2 examples, expected at least 2 and at most as many as examples"),
        row(
            () -> two.and(wide).select(0, 2),
            "and: inputs of FLOAT32 [3] beside inputs of FLOAT32 [2], expected one kind"),
        row(
            () ->
                two.map(b -> new Batch(NdArray.zeros(DType.FLOAT32, Shape.of(1)), 0)).select(0, 1),
            "map: f makes a batch of 1: FLOAT32 [] and FLOAT32 [] of a batch of 2: FLOAT32 [2] and"
                + " FLOAT32 [], expected as many examples"),
        row(
            () -> longer.select(0),
            "dataset: example 0 is a batch of 2: FLOAT32 [3] and FLOAT32 [], expected a batch of"
                + " 1"),
        row(() -> none.select(), "select: of no examples, none is known"),
        row(
            () -> Dataset.of(-1, i -> new Batch(NdArray.zeros(DType.FLOAT32, Shape.of(1)), 0)),
            "dataset: -1 examples, expected at least 0"));
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
  void classesAreNeededForTheirProportions() {
    NdArray numbers = NdArray.of(new float[] {0.5f, 1}, 2);
    Dataset data = Dataset.of(numbers, numbers);
    assertEquals(
        "labels: the target 0.5 of example 0 is no class, expected a whole number of at least 0",
        assertThrows(IllegalStateException.class, () -> data.stratified(0.5, 1)).getMessage());
  }

  @Test
  void asText() {
    Dataset data = numbered(DType.FLOAT32, 5, 2);
    assertEquals("5 examples: FLOAT32 [2] and FLOAT32 []", data.toString());
    assertEquals("2 of 5 examples: FLOAT32 [2] and FLOAT32 []", data.first(2).toString());
    assertEquals("7 examples", computed(DType.FLOAT32, 7, 2).toString());
    assertEquals("7 examples, mapped", computed(DType.FLOAT32, 7, 2).map(b -> b).toString());
    assertEquals(
        "7 examples and 1 examples",
        computed(DType.FLOAT32, 7, 2).and(computed(DType.FLOAT32, 1, 2)).toString());
  }
}
