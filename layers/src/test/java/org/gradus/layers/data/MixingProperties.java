package org.gradus.layers.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.Ops;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Mixings by their definitions, and in batches. */
class MixingProperties {

  private static DType dtype(boolean isDouble) {
    return isDouble ? DType.FLOAT64 : DType.FLOAT32;
  }

  private static int[] labels(int size, int classes) {
    return IntStream.range(0, size).map(n -> n * 7 % classes).toArray();
  }

  /** Row n of the inputs is 1 at n, so that what is mixed shows what it is made of. */
  @Property(tries = 200)
  void mixupIsOneShareOfEachAndTheRestOfAnother(
      @ForAll @IntRange(min = 1, max = 9) int size, @ForAll boolean isDouble, @ForAll long seed) {
    Batch batch = new Batch(NdArray.eye(dtype(isDouble), size), labels(size, 4));

    Batch made = Mixing.mixup(0.7, 4).apply(batch, new SplittableRandom(seed));

    NdArray inputs = made.inputs();
    assertEquals(dtype(isDouble), inputs.dtype());
    assertEquals(dtype(isDouble), made.targets().dtype());
    assertEquals(Shape.of(size, size), inputs.shape());
    assertEquals(Shape.of(size, 4), made.targets().shape());
    double share = Double.NaN;
    for (int n = 0; n < size; n++) {
      double column = 0;
      double[] target = new double[4];
      for (int m = 0; m < size; m++) {
        column += inputs.get(m, n);
        target[batch.labels()[m]] += inputs.get(n, m);
        if (m != n && inputs.get(n, m) != 0) { // the only other one
          share = Double.isNaN(share) ? 1 - inputs.get(n, m) : share;
          assertEquals(share, 1 - inputs.get(n, m), 1e-6);
          assertEquals(share, inputs.get(n, n), 1e-6);
        }
      }
      assertEquals(1, column, 1e-6);
      for (int k = 0; k < 4; k++) {
        assertEquals(target[k], made.targets().get(n, k), 1e-6);
      }
    }
    assertEquals(NdArray.eye(dtype(isDouble), size), batch.inputs());
  }

  /** All pixels of image n are n + 1. */
  @Property(tries = 200)
  void cutmixPastesOneRectangleOfAnother(
      @ForAll @IntRange(min = 1, max = 6) int size,
      @ForAll @IntRange(min = 1, max = 9) int height,
      @ForAll @IntRange(min = 1, max = 9) int width,
      @ForAll boolean isDouble,
      @ForAll long seed) {
    int area = 2 * height * width;
    NdArray images =
        NdArray.generate(dtype(isDouble), Shape.of(size, 2, height, width), i -> i / area + 1);
    Batch batch = new Batch(images, IntStream.range(0, size).toArray());

    Batch made = Mixing.cutmix(1, size).apply(batch, new SplittableRandom(seed));

    assertEquals(images.shape(), made.inputs().shape());
    assertEquals(images.dtype(), made.inputs().dtype());
    TreeSet<Integer> places = new TreeSet<>();
    TreeSet<Integer> others = new TreeSet<>();
    for (int n = 0; n < size; n++) {
      TreeSet<Integer> changed = new TreeSet<>();
      int other = n;
      for (int i = 0; i < area; i++) {
        int source = (int) made.inputs().at(n * area + i) - 1;
        if (source != n) {
          assertTrue(other == n || other == source);
          other = source;
          changed.add(i);
        }
      }
      others.add(other);
      if (!changed.isEmpty()) {
        assertTrue(places.isEmpty() || places.equals(changed));
        places = changed;
      }
      double share = 1 - (double) changed.size() / area;
      for (int k = 0; k < size; k++) {
        double expected = (k == n ? share : 0) + (k == other ? 1 - share : 0);
        assertEquals(expected, made.targets().get(n, k), 1e-6);
      }
    }
    assertEquals(size, others.size());
    assertRectangle(places, height, width);
  }

  private static void assertRectangle(Set<Integer> places, int height, int width) {
    TreeSet<Integer> rows = new TreeSet<>();
    TreeSet<Integer> columns = new TreeSet<>();
    places.forEach(place -> rows.add(place / width % height));
    places.forEach(place -> columns.add(place % width));
    assertEquals(2 * rows.size() * columns.size(), places.size());
    if (!places.isEmpty()) {
      assertEquals(rows.size(), rows.last() - rows.first() + 1);
      assertEquals(columns.size(), columns.last() - columns.first() + 1);
    }
  }

  /** The middle of a large image is replaced as often as a rectangle covers it. */
  @Test
  void cutmixReplacesTheShareThatItDraws() {
    NdArray images = NdArray.generate(DType.FLOAT32, Shape.of(2, 1, 40, 40), i -> i < 1600 ? 0 : 1);
    Batch batch = new Batch(images, 0, 1);
    SplittableRandom random = new SplittableRandom(1);
    Mixing cutmix = Mixing.cutmix(1, 2);
    double mean = 0;
    int mixed = 0;
    for (int i = 0; i < 4000; i++) {
      double other = cutmix.apply(batch, random).targets().get(0, 1);
      mixed += other > 0 ? 1 : 0;
      mean += other / 4000;
    }
    assertEquals(2000, mixed, 200); // the permutation of two is a swap half of the time
    // sides are r = sqrt(u); cut off at the border, r (1 - r / 4) is left of each on average
    // so 1/2 E (r^2 (1 - r/4)^2) = 1/2 (1/2 - 1/2 * 2/5 + 1/16 * 1/3)
    assertEquals(0.5 * (0.5 - 0.2 + 1 / 48.0), mean, 0.015);
  }

  @Test
  void targetsThatAreProbabilitiesAreMixedAsTheyAre() {
    NdArray targets = NdArray.of(new double[] {0.25, 0.75, 1, 0}, 2, 2);
    Batch batch = new Batch(NdArray.eye(DType.FLOAT32, 2), targets);
    for (long seed = 0; seed < 10; seed++) {
      Batch made = Mixing.mixup(1, 2).apply(batch, new SplittableRandom(seed));
      double share = made.inputs().get(0, 0);
      assertEquals(DType.FLOAT64, made.targets().dtype());
      assertEquals(0.25 * share + 1 - share, made.targets().get(0, 0), 1e-6);
      assertEquals(0.75 * share, made.targets().get(0, 1), 1e-6);
      assertEquals(share + 0.25 * (1 - share), made.targets().get(1, 0), 1e-6);
    }
  }

  /** The loss of the documentation: of each target its share. */
  @Test
  void aCrossEntropyOfMixedTargetsIsMixed() {
    Batch batch = new Batch(NdArray.eye(DType.FLOAT32, 4), 2, 0, 1, 1);
    Tensor logits =
        Tensor.constant(NdArray.randn(DType.FLOAT32, Shape.of(4, 3), new SplittableRandom(1)));
    for (long seed = 0; seed < 10; seed++) {
      Batch made = Mixing.mixup(1, 3).apply(batch, new SplittableRandom(seed));
      double expected = 0;
      for (int n = 0; n < 4; n++) {
        for (int m = 0; m < 4; m++) {
          double each = Ops.logSoftmax(logits, 1).value().get(n, batch.labels()[m]);
          expected -= made.inputs().get(n, m) * each / 4;
        }
      }
      Tensor loss = Ops.crossEntropy(logits, Tensor.constant(made.targets()));
      assertEquals(expected, loss.value().item(), 1e-5);
    }
  }

  @Test
  void batchesOfNothingAreMixedToNothing() {
    Batch none = new Batch(NdArray.zeros(DType.FLOAT32, Shape.of(0, 1, 2, 2)), new int[0]);
    for (Mixing mixing : List.of(Mixing.mixup(1, 3), Mixing.cutmix(1, 3))) {
      Batch made = mixing.apply(none, new SplittableRandom(1));
      assertEquals(none.inputs(), made.inputs());
      assertEquals(Shape.of(0, 3), made.targets().shape());
    }
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void whatCannotBeMixedIsRefused() {
    SplittableRandom random = new SplittableRandom(1);
    refused("mixup: alpha 0.0, expected 0.001 to 1000", () -> Mixing.mixup(0, 2));
    refused("cutmix: alpha NaN, expected 0.001 to 1000", () -> Mixing.cutmix(Double.NaN, 2));
    refused("cutmix: alpha 1001.0, expected 0.001 to 1000", () -> Mixing.cutmix(1001, 2));
    refused("mixup: 0 classes, expected at least 1", () -> Mixing.mixup(1, 0));
    NdArray inputs = NdArray.eye(DType.FLOAT32, 2);
    refused(
        "mixup: the target 3.0 of example 1 is no class, expected a whole number from 0 to 2",
        () -> Mixing.mixup(1, 3).apply(new Batch(inputs, 0, 3), random));
    for (float target : new float[] {0.5f, -1, Float.NaN}) {
      Batch batch = new Batch(inputs, NdArray.of(target, 1f));
      refused(
          "mixup: the target %s of example 0 is no class, expected a whole number from 0 to 2"
              .formatted(target),
          () -> Mixing.mixup(1, 3).apply(batch, random));
    }
    refused(
        "mixup: targets [2, 2], expected classes [2] or probabilities [2, 3]",
        () -> Mixing.mixup(1, 3).apply(new Batch(inputs, inputs), random));
    refused(
        "cutmix: inputs [2, 2], expected [N, C, H, W]",
        () -> Mixing.cutmix(1, 3).apply(new Batch(inputs, 0, 1), random));
  }

  // ---- batches ---------------------------------------------------------------------------------

  private static List<Batch> epoch(Iterable<Batch> batches) {
    List<Batch> all = new ArrayList<>();
    batches.forEach(all::add);
    return all;
  }

  private static Dataset data(int size) {
    return Dataset.of(
        NdArray.generate(DType.FLOAT32, Shape.of(size, 1, 3, 3), i -> i), labels(size, 5));
  }

  @Property(tries = 60)
  void anEpochGoesOnAtAnyBatchAndMayBeMadeInAdvance(
      @ForAll @IntRange(min = 1, max = 20) int size,
      @ForAll @IntRange(min = 1, max = 7) int batchSize,
      @ForAll @IntRange(min = 1, max = 4) int ahead,
      @ForAll boolean cuts,
      @ForAll long seed,
      @ForAll long number) {
    Mixing mixing = cuts ? Mixing.cutmix(1, 5) : Mixing.mixup(0.4, 5);
    Batches batches =
        Batches.shuffled(data(size), batchSize, seed)
            .mixed(mixing)
            .augmented(Augmentations.shift(1));

    List<Batch> whole = epoch(batches.epoch(number));

    assertEquals(whole, epoch(batches.epoch(number)));
    assertEquals(whole, epoch(batches.prefetch(ahead).epoch(number)));
    for (int first = 0; first <= whole.size(); first++) {
      List<Batch> rest = whole.subList(first, whole.size());
      assertEquals(rest, epoch(batches.epoch(number, first)));
      assertEquals(rest, epoch(batches.prefetch(ahead).epoch(number, first)));
    }
  }

  @Test
  void batchesAreMixedBehindTheAugmentationAndEachInItsOwnWay() {
    List<Double> drawn = new ArrayList<>();
    List<Long> longs = new ArrayList<>();
    Mixing spy =
        (batch, random) -> {
          longs.add(random.nextLong());
          for (int i = 0; i < batch.inputs().size(); i++) {
            drawn.add(batch.inputs().at(i));
          }
          return batch;
        };
    Augmentation negative =
        (x, random) -> {
          longs.add(random.nextLong());
          return x.map(v -> -1 - v);
        };
    Batches batches = Batches.shuffled(data(6), 2, 1).mixed(spy).augmented(negative).dropLast();

    epoch(batches.epoch(1));
    epoch(batches.epoch(2));

    assertEquals(2 * 54, drawn.size());
    assertTrue(drawn.stream().allMatch(value -> value < 0));
    assertEquals(2 * (3 + 6), new TreeSet<>(longs).size());
  }

  @Test
  void mixingsFollowOneAnother() {
    Mixing twice = (batch, random) -> new Batch(batch.inputs().map(x -> 2 * x), batch.targets());
    Mixing more = (batch, random) -> new Batch(batch.inputs().map(x -> x + 1), batch.targets());
    Dataset one = Dataset.of(NdArray.of(new float[] {5}, 1, 1), 0);
    Batches batches = Batches.shuffled(one, 1, 1);
    NdArray expected = NdArray.of(new float[] {11}, 1, 1);
    assertEquals(expected, epoch(batches.mixed(twice).mixed(more).epoch(1)).get(0).inputs());
    assertEquals(expected, epoch(batches.mixed(twice.then(more)).epoch(1)).get(0).inputs());
    assertNotEquals(expected, epoch(batches.mixed(more.then(twice)).epoch(1)).get(0).inputs());
  }

  @Test
  void whatIsNoTrainingIsNotMixed() {
    Batches inOrder = Batches.inOrder(data(2), 2);
    assertEquals(
        "mixed: batches in order have no seed; shuffle them",
        assertThrows(IllegalStateException.class, () -> inOrder.mixed(Mixing.mixup(1, 5)))
            .getMessage());
  }

  @Test
  void aMixingMakesAsManyExamples() {
    Batches batches = Batches.shuffled(data(2), 2, 1).mixed((batch, r) -> batch.split(2).get(0));
    assertEquals(
        "mixed: a batch of 1: FLOAT32 [1, 3, 3] and FLOAT32 [] is made of a batch of 2: FLOAT32 "
            + "[1, 3, 3] and FLOAT32 [], expected as many examples",
        assertThrows(ShapeException.class, () -> epoch(batches.epoch(1))).getMessage());
    Batches nothing = Batches.shuffled(data(2), 2, 1).mixed((batch, r) -> null);
    assertEquals(
        "mixed: the batch made is null",
        assertThrows(NullPointerException.class, () -> epoch(nothing.epoch(1))).getMessage());
  }
}
