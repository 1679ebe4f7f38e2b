package org.gradus.autograd.internal.kernel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kernels that walk along strides, against one loop over all indices. */
class StrideProperties {

  @Property(seed = "4631", tries = 1500, edgeCases = EdgeCasesMode.NONE)
  void binaryBroadcasts(
      @ForAll Precision precision,
      @ForAll Binary f,
      @ForAll("extents") int[] shape,
      @ForAll long seed) {
    Random random = new Random(seed);
    int[] stridesA = broadcastStrides(shape, random);
    int[] stridesB = broadcastStrides(shape, random);
    Object a = precision.fractions(reach(shape, stridesA), seed);
    Object b = precision.fractions(reach(shape, stridesB), seed + 1);
    Object y = precision.zeros(size(shape));
    double[] before = Precision.values(a);
    precision.kernels().binary(f, shape, a, stridesA, b, stridesB, y);
    double[] expected = new double[size(shape)];
    for (int i = 0; i < expected.length; i++) {
      double left = Precision.at(a, index(i, shape, stridesA));
      double right = Precision.at(b, index(i, shape, stridesB));
      expected[i] = ElementwiseKernelsTest.naive(f).applyAsDouble(left, right);
    }
    precision.assertExactly(expected, y);
    precision.assertExactly(before, a);
  }

  @Property(seed = "4640", tries = 600, edgeCases = EdgeCasesMode.NONE)
  void copyTransposesPlanesOfManySquares(@ForAll Precision precision, @ForAll long seed) {
    Random random = new Random(seed);
    int[] shape = random.ints(2 + random.nextInt(2), 6, 35).toArray();
    int[] stridesX = permutedStrides(shape, 0, random);
    int[] stridesY = permutedStrides(shape, 0, random);
    Object x = precision.fractions(3 + reach(shape, stridesX), seed);
    Object y = precision.zeros(5 + reach(shape, stridesY));
    double[] expected = Precision.values(y);
    for (int i = 0; i < size(shape); i++) {
      expected[4 + index(i, shape, stridesY)] = Precision.at(x, 3 + index(i, shape, stridesX));
    }
    precision.kernels().copy(shape, x, 3, stridesX, y, 4, stridesY);
    precision.assertExactly(expected, y);
  }

  @Property(seed = "4632", tries = 1500, edgeCases = EdgeCasesMode.NONE)
  void copyPermutesBroadcastsReversesAndFillsParts(
      @ForAll Precision precision, @ForAll("extents") int[] shape, @ForAll long seed) {
    Random random = new Random(seed);
    int[] stridesX = reversedInPart(permutedStrides(shape, 0.25, random), random);
    int[] stridesY = reversedInPart(permutedStrides(shape, 0, random), random);
    int offsetX = random.nextInt(3) - lowest(shape, stridesX);
    int offsetY = random.nextInt(3) - lowest(shape, stridesY);
    Object x = precision.fractions(offsetX + reach(shape, stridesX), seed);
    Object y = precision.zeros(offsetY + reach(shape, stridesY) + random.nextInt(3));
    double[] expected = Precision.values(y);
    for (int i = 0; i < size(shape); i++) {
      expected[offsetY + index(i, shape, stridesY)] =
          Precision.at(x, offsetX + index(i, shape, stridesX));
    }
    precision.kernels().copy(shape, x, offsetX, stridesX, y, offsetY, stridesY);
    precision.assertExactly(expected, y);
  }

  @Property(seed = "4633", tries = 10, edgeCases = EdgeCasesMode.NONE)
  void copyTransposesLargeMatrices(@ForAll Precision precision, @ForAll long seed) {
    int rows = 301 + (int) Math.floorMod(seed, 50L);
    int columns = 257;
    Object x = precision.fractions(rows * columns, seed);
    Object y = precision.zeros(rows * columns);
    int[] shape = {columns, rows};
    precision.kernels().copy(shape, x, 0, new int[] {1, columns}, y, 0, new int[] {rows, 1});
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        Assertions.assertEquals(Precision.at(x, r * columns + c), Precision.at(y, c * rows + r));
      }
    }
  }

  /** Rows so long that several threads share one. */
  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "-1, 1", "2, 1", "0, 2", "1, 2", "1, -1"})
  void copyCutsLongRows(int strideX, int strideY) {
    int n = 40_001;
    for (Precision precision : Precision.values()) {
      Object x = precision.fractions(2 * n + 1, 7);
      Object y = precision.zeros(2 * n + 1);
      int startX = strideX < 0 ? n : 1;
      int startY = strideY < 0 ? n : 1;
      double[] expected = Precision.values(y);
      for (int i = 0; i < n; i++) {
        expected[startY + i * strideY] = Precision.at(x, startX + i * strideX);
      }
      precision
          .kernels()
          .copy(new int[] {n}, x, startX, new int[] {strideX}, y, startY, new int[] {strideY});
      precision.assertExactly(expected, y);
    }
  }

  @Provide
  Arbitrary<int[]> extents() {
    return Arbitraries.of(0, 1, 2, 3, 4, 5, 2, 3, 4)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(list -> list.stream().mapToInt(extent -> extent).toArray());
  }

  /** Row-major strides of an array that lacks some of the axes: 0 there; on the last 0 or 1. */
  private static int[] broadcastStrides(int[] shape, Random random) {
    int[] strides = new int[shape.length];
    int stride = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      if (random.nextBoolean()) {
        strides[axis] = stride;
        stride *= shape[axis];
      }
    }
    return strides;
  }

  /** Strides of an array whose axes lie in another order, some with gaps, and which lacks some. */
  private static int[] permutedStrides(int[] shape, double lacking, Random random) {
    List<Integer> axes = new ArrayList<>(IntStream.range(0, shape.length).boxed().toList());
    Collections.shuffle(axes, random);
    int[] strides = new int[shape.length];
    int stride = 1;
    for (int axis : axes) {
      if (random.nextDouble() >= lacking) {
        stride *= random.nextInt(4) == 0 ? 2 : 1;
        strides[axis] = stride;
        stride *= shape[axis];
      }
    }
    return strides;
  }

  /** Some of the strides made negative. */
  private static int[] reversedInPart(int[] strides, Random random) {
    return IntStream.of(strides).map(s -> random.nextInt(3) == 0 ? -s : s).toArray();
  }

  /** The smallest index that is visited, from 0 down. */
  private static int lowest(int[] shape, int[] strides) {
    return Math.min(0, 1 - reach(shape, IntStream.of(strides).map(s -> -s).toArray()));
  }

  private static int size(int[] shape) {
    return IntStream.of(shape).reduce(1, (a, b) -> a * b);
  }

  /** One more than the largest index that is read, so that an index too far shows; 0 if none is. */
  private static int reach(int[] shape, int[] strides) {
    int last = 0;
    for (int axis = 0; axis < shape.length; axis++) {
      last += (shape[axis] - 1) * Math.max(0, strides[axis]);
    }
    return size(shape) == 0 ? 0 : last + 1;
  }

  private static int index(int flat, int[] shape, int[] strides) {
    int index = 0;
    int rest = flat;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      index += rest % shape[axis] * strides[axis];
      rest /= shape[axis];
    }
    return index;
  }
}
