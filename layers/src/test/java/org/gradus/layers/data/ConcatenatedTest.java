package org.gradus.layers.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.junit.jupiter.api.Test;

class ConcatenatedTest {
  private static final Dataset NONE =
      Dataset.of(0, i -> new Batch(NdArray.zeros(DType.FLOAT32, Shape.of(1, 1)), 0));

  /** Examples whose inputs and classes are their numbers, from one on. */
  private static Dataset from(int first, int size) {
    return Dataset.of(
        NdArray.generate(DType.FLOAT32, Shape.of(size, 1), i -> first + i),
        IntStream.range(first, first + size).toArray());
  }

  @Property
  void manyPartsAreAsOne(
      @ForAll @Size(min = 1, max = 8) List<@IntRange(max = 4) Integer> sizes,
      @ForAll boolean isNested,
      @ForAll long seed) {
    Dataset all = from(0, sizes.get(0));
    int size = sizes.get(0);
    for (int next : sizes.subList(1, sizes.size())) {
      Dataset some = from(size, next);
      all = isNested ? all.and(NONE.and(some)) : all.and(some);
      size += next;
    }
    assertEquals(size, all.size());
    int[] order = Orders.shuffled(size, seed);
    assertEquals(from(0, size).select(order), all.select(order));
    assertArrayEquals(IntStream.range(0, size).toArray(), all.labels());
    assertArrayEquals(order, all.subset(order).labels());
  }

  @Test
  void tenThousandPartsAreRead() {
    Dataset all = from(0, 1);
    for (int i = 1; i < 10_000; i++) {
      all = all.and(from(i, 1));
    }
    assertEquals(10_000, all.size());
    assertArrayEquals(new int[] {9_999, 0, 5_000}, all.select(9_999, 0, 5_000).labels());
    assertEquals(from(0, 10_000).all(), all.all());
    assertEquals("10000 examples of 10000 data sets", all.toString());
  }

  @Test
  void noExamplesAddNothing() {
    Dataset all = NONE.and(from(0, 2)).and(NONE);
    assertEquals(Shape.of(0, 1), all.select().inputs().shape());
    assertArrayEquals(new int[] {1, 0}, all.select(1, 0).labels());
    assertEquals(0, NONE.and(NONE).size());
    assertArrayEquals(new int[0], NONE.and(NONE).labels());
  }

  @Test
  void tooManyAreRefused() {
    Dataset many =
        Dataset.of(
            Integer.MAX_VALUE, i -> new Batch(NdArray.zeros(DType.FLOAT32, Shape.of(1, 1)), 0));
    assertEquals(
        "and: 2147483647 and 1 examples are too many",
        assertThrows(ShapeException.class, () -> many.and(from(0, 1))).getMessage());
  }
}
