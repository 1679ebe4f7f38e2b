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

  @Property(seed = "4632", tries = 1500, edgeCases = EdgeCasesMode.NONE)
  void copyPermutesAndBroadcasts(
      @ForAll Precision precision, @ForAll("extents") int[] shape, @ForAll long seed) {
    Random random = new Random(seed);
    int[] strides = permutedStrides(shape, random);
    Object x = precision.fractions(reach(shape, strides), seed);
    Object y = precision.zeros(size(shape));
    precision.kernels().copy(shape, x, strides, y);
    double[] expected = new double[size(shape)];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = Precision.at(x, index(i, shape, strides));
    }
    precision.assertExactly(expected, y);
  }

  @Property(seed = "4633", tries = 10, edgeCases = EdgeCasesMode.NONE)
  void copyTransposesLargeMatrices(@ForAll Precision precision, @ForAll long seed) {
    int rows = 301 + (int) Math.floorMod(seed, 50L);
    int columns = 257;
    Object x = precision.fractions(rows * columns, seed);
    Object y = precision.zeros(rows * columns);
    precision.kernels().copy(new int[] {columns, rows}, x, new int[] {1, columns}, y);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        Assertions.assertEquals(Precision.at(x, r * columns + c), Precision.at(y, c * rows + r));
      }
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

  /** Strides of an array whose axes lie in another order, and which lacks some. */
  private static int[] permutedStrides(int[] shape, Random random) {
    List<Integer> axes = new ArrayList<>(IntStream.range(0, shape.length).boxed().toList());
    Collections.shuffle(axes, random);
    int[] strides = new int[shape.length];
    int stride = 1;
    for (int axis : axes) {
      if (random.nextInt(4) > 0) {
        strides[axis] = stride;
        stride *= shape[axis];
      }
    }
    return strides;
  }

  private static int size(int[] shape) {
    return IntStream.of(shape).reduce(1, (a, b) -> a * b);
  }

  /** One more than the largest index that is read, so that an index too far shows; 0 if none is. */
  private static int reach(int[] shape, int[] strides) {
    int last = 0;
    for (int axis = 0; axis < shape.length; axis++) {
      last += (shape[axis] - 1) * strides[axis];
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
