package org.gradus.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.gradus.layers.data.Batch;
import org.junit.jupiter.api.Test;

/** What needs no cluster: blocks, shelves, slices and numbers. */
class PiecesTest {

  @Property
  void blocksKeepTheSlotsBusyAndAreAsFewAsTheyCan(
      @ForAll @IntRange(min = 1, max = 300) int parts,
      @ForAll @IntRange(min = 1, max = 70) int slots) {
    Blocks blocks = Blocks.of(parts, slots);
    assertTrue(blocks.count() <= slots);
    assertEquals(1, Integer.bitCount(blocks.size()));
    assertTrue(blocks.size() == 1 || new Blocks(parts, blocks.size() / 2).count() > slots);
  }

  /** Each example of a step lies on the shelf of the block that has its part. */
  @Property(tries = 200)
  void shelvesHaveWhatTheirTasksNeed(
      @ForAll @IntRange(min = 1, max = 200) int used,
      @ForAll @IntRange(min = 1, max = 40) int batchSize,
      @ForAll @IntRange(min = 1, max = 9) int parts,
      @ForAll @IntRange(min = 1, max = 5) int slots,
      @ForAll @IntRange(min = 1, max = 4) int steps) {
    Blocks blocks = Blocks.of(parts, slots);
    Arrangement.Layout layout = new Arrangement.Layout(blocks, batchSize, used, steps);
    int met = 0;
    for (int step = 0; step * batchSize < used; step++) {
      int[] bounds = Batch.bounds(layout.sizeOf(step), parts);
      for (int part = 0; part < bounds.length - 1; part++) {
        int shelf = step / steps * blocks.count() + part / blocks.size();
        assertTrue(shelf < layout.shelves());
        for (int i = bounds[part]; i < bounds[part + 1]; i++) {
          assertEquals(shelf, layout.shelf(step * batchSize + i));
          met++;
        }
      }
    }
    assertEquals(used, met);
  }

  @Test
  void machinesOfOtherVersionsAreRefused() {
    Machine driver = new Machine("vector", 512, "17.0.1", "1.0", "the driver");
    new Machine("vector", 256, "25.0.1", "1.0", "executor 1").requireLike(driver);
    Machine older = new Machine("vector", 512, "17.0.1", "0.9", "executor 2");
    String message =
        assertThrows(IllegalStateException.class, () -> older.requireLike(driver)).getMessage();
    assertTrue(
        message.startsWith(
            "sparkTrainer: executor 2 has vector kernels of 512 bits, Gradus 0.9 and Java 17.0.1,"
                + " and the driver has vector kernels of 512 bits, Gradus 1.0 and Java 17.0.1;"),
        message);
    assertTrue(Machine.here("x").toString().matches(".*, Gradus \\d\\S* and Java \\d.*"));
  }

  @Test
  void shelvesAreOfSomeMegabytes() {
    Blocks blocks = new Blocks(16, 4);
    int steps = Arrangement.Layout.of(blocks, 256, 1 << 20, 4L * (3 * 32 * 32 + 1)).steps();
    long bytes = steps * 64L * 4 * (3 * 32 * 32 + 1);
    assertTrue(bytes > 24 << 20 && bytes <= 32 << 20, () -> bytes + " bytes");
    assertEquals(1, Arrangement.Layout.of(blocks, 256, 1 << 20, 1L << 40).steps());
    assertEquals(5, Arrangement.Layout.of(blocks, 24, 100, 4).steps());
  }

  @Property(tries = 200)
  void slicesThatAreAddedUpAreTheSumsOfWholes(
      @ForAll @IntRange(min = 1, max = 9) int count,
      @ForAll @IntRange(min = 1, max = 6) int blocks,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] lengths = random.ints(random.nextInt(1, 5), 0, 12).toArray();
    boolean isDouble = random.nextBoolean();
    List<Serializable[]> wholes = new ArrayList<>();
    for (int block = 0; block < blocks; block++) {
      wholes.add(drawn(random, isDouble, lengths));
    }
    Slices slices = new Slices(count, lengths);
    List<Serializable[]> sums = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<Serializable[]> pieces = new ArrayList<>();
      for (Serializable[] whole : wholes) {
        pieces.add(slices.cut(i, whole));
      }
      sums.add(Numbers.sum(pieces));
    }
    Serializable[] expected = Numbers.sum(wholes);
    Serializable[] joined = slices.joined(sums);
    for (int i = 0; i < lengths.length; i++) {
      if (lengths[i] > 0) { // of nothing, nothing is told
        assertSame(expected[i], joined[i]);
      }
    }
  }

  private static void assertSame(Object expected, Object joined) {
    if (expected == null) {
      assertNull(joined);
    } else if (expected instanceof float[] floats) {
      assertArrayEquals(floats, (float[]) joined);
    } else {
      assertArrayEquals((double[]) expected, (double[]) joined);
    }
  }

  private static Serializable[] drawn(SplittableRandom random, boolean isDouble, int... lengths) {
    Serializable[] arrays = new Serializable[lengths.length];
    for (int i = 0; i < arrays.length; i++) {
      if (random.nextInt(4) > 0) {
        double[] values = random.doubles(lengths[i], -1, 1).toArray();
        float[] floats = new float[values.length];
        for (int k = 0; k < floats.length; k++) {
          floats[k] = (float) values[k];
        }
        arrays[i] = isDouble ? values : floats;
      }
    }
    return arrays;
  }

  @Test
  void whatIsMissingAddsNothing() {
    float[] minusZero = {-0.0f};
    Serializable[] sum =
        Numbers.plus(new Serializable[] {null, minusZero}, new Serializable[] {null, null});
    assertNull(sum[0]);
    assertEquals(-0.0f, ((float[]) sum[1])[0]);
  }

  @Test
  void rowsAreNumberedByTheirIds() {
    Numbering gaps = Numbering.of(7, -3, 5);
    assertEquals(List.of(0, 1, 2), List.of(gaps.numberOf(-3), gaps.numberOf(5), gaps.numberOf(7)));
    Numbering range = Numbering.of(12, 10, 11);
    assertEquals(
        List.of(0, 1, 2), List.of(range.numberOf(10), range.numberOf(11), range.numberOf(12)));
    assertEquals(0, Numbering.of().size());
    assertEquals(0, Numbering.of(Long.MAX_VALUE).numberOf(Long.MAX_VALUE));
    for (Numbering each : List.of(gaps, range)) {
      assertEquals(
          "sparkRows: a row with the id 13 was not there when they were counted; a table must be"
              + " the same each time it is computed",
          assertThrows(IllegalStateException.class, () -> each.numberOf(13)).getMessage());
    }
    assertThrows(IllegalStateException.class, () -> range.numberOf(Long.MIN_VALUE));
    assertEquals(
        "sparkRows: two rows have the id 4",
        assertThrows(IllegalArgumentException.class, () -> Numbering.of(4, 1, 4)).getMessage());
  }

  @Test
  void anArrayHasRoomForSoManyNumbers() {
    assertEquals(0, Numbers.room(0, Integer.MAX_VALUE).length);
    assertEquals(12, Numbers.room(3, 4).length);
    assertEquals(
        "sparkRows: 50000 examples of 150528 numbers, expected at most 2147483639 in one array",
        assertThrows(IllegalArgumentException.class, () -> Numbers.room(50_000, 150_528))
            .getMessage());
  }

  @Test
  void partitionersOfAsManyAreEqual() {
    assertEquals(new Arrangement.Direct(2), new Arrangement.Direct(2));
    assertFalse(new Arrangement.Direct(2).equals(new Arrangement.Direct(3)));
  }
}
