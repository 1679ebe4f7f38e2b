package org.gradus.autograd.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Slices, takes and gathers of one tensor: several have the sum of their gradients. */
class PartsTest {
  private final Random random = new Random(31);

  @Test
  void partsOfAnyKindAreAddedUp() {
    for (int trial = 0; trial < 300; trial++) {
      int rank = 1 + random.nextInt(3);
      Shape shape = Shape.of(random.ints(rank, 1, 5).toArray());
      int axis = random.nextInt(3) == 0 ? -1 : random.nextInt(rank);
      List<Op> parts = new ArrayList<>();
      for (int k = random.nextInt(5); k >= 0; k--) {
        parts.add(part(shape, axis < 0 ? random.nextInt(rank) : axis));
      }
      check(shape, parts);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSliceOfAllIsNotCopied(DType type) {
    Tensor x = Tensor.constant(NdArray.zeros(type, Shape.of(2, 5)));
    assertSame(x.value(), Ops.slice(x, 0, -2, 2).value());
  }

  @Test
  void slicesApartInAnyOrderArePutTogether() {
    check(Shape.of(2, 9), List.of(slice(1, 5, 7, 1), slice(-1, 0, 2, 1), slice(1, -2, 9, 1)));
    check(Shape.of(2, 9), List.of(slice(1, 4, 9, 1), slice(1, 0, 4, 1)));
    check(Shape.of(9), List.of(slice(0, 2, 4, 1), slice(0, 4, 4, 1), slice(0, 5, 8, 1)));
    check(Shape.of(0, 3), List.of(slice(0, 0, 0, 1), slice(0, 0, 0, 1)));
    check(Shape.of(3, 0), List.of(slice(0, 0, 2, 1), slice(0, 1, 3, 1)));
  }

  @Test
  void partsThatAreMoreThanAnArrayHoldsAtOnceAreAddedInGroups() {
    int n = 1 << 17;
    Tensor x = Tensor.variable(NdArray.zeros(DType.FLOAT32, Shape.of(n)));
    Tensor[] parts =
        IntStream.range(0, 17).mapToObj(i -> Ops.slice(x, 0, i, n)).toArray(Tensor[]::new);
    Tensor loss =
        IntStream.range(0, 17)
            .mapToObj(i -> Ops.sum(Ops.mul(parts[i], i + 1)))
            .reduce(Ops::add)
            .orElseThrow();
    NdArray gradient = Gradients.backward(loss).of(x).value();
    for (int i = 0; i < 20; i++) {
      int last = Math.min(17, i + 1);
      assertEquals(last * (last + 1) / 2.0, gradient.at(i));
    }
  }

  private Op part(Shape shape, int axis) {
    int extent = shape.dim(axis);
    if (random.nextBoolean()) {
      int from = random.nextInt(extent + 1);
      int to = from + random.nextInt(extent + 1 - from);
      return slice(
          axis - (random.nextBoolean() ? shape.rank() : 0), from, to, 1 + random.nextInt(2));
    }
    if (random.nextBoolean()) {
      int rows = random.nextInt(4);
      boolean isScalar = rows == 0 && random.nextBoolean();
      Shape places = isScalar ? Shape.of() : Shape.of(rows, 1 + random.nextInt(3));
      int[] taken = IntStream.range(0, places.size()).map(i -> random.nextInt(extent)).toArray();
      return new Take(
          axis - (random.nextBoolean() ? shape.rank() : 0), Indices.wrap(taken, places));
    }
    Shape picks = shape.with(axis, random.nextInt(4));
    int[] index = IntStream.range(0, picks.size()).map(i -> random.nextInt(extent)).toArray();
    return new Gather(axis, Indices.wrap(index, picks));
  }

  private static Slice slice(int axis, int from, int to, int step) {
    return new Slice(axis, from, to, step);
  }

  /** Compares the gradient of the sum of cubes of the parts, and the one of that; exactly. */
  private static void check(Shape shape, List<Op> parts) {
    NdArray start = NdArray.generate(DType.FLOAT64, shape, i -> i % 5 + 1);
    double[] first = expected(start, parts, x -> 3 * x * x);
    double[] second = expected(start, parts, x -> 6 * x);
    for (Gradients.Mode mode : Gradients.Mode.values()) {
      Tensor x = Tensor.variable(start);
      Tensor gradient = Gradients.backward(cubes(x, parts), mode, x).of(x);
      assertArrayEquals(first, gradient.value().toDoubleArray(), parts + " of " + shape);
      if (mode == Gradients.Mode.DIFFERENTIABLE) {
        Tensor again = Gradients.backward(Ops.sum(gradient), x).of(x);
        assertArrayEquals(second, again.value().toDoubleArray(), parts + " of " + shape);
      }
    }
  }

  private static Tensor cubes(Tensor x, List<Op> parts) {
    return parts.stream()
        .map(part -> Ops.sum(Ops.pow(Tensor.of(part, x), 3)))
        .reduce(Ops::add)
        .orElseThrow();
  }

  /** For each element of each part, a function of it, added where it was taken from. */
  private static double[] expected(NdArray x, List<Op> parts, ToDoubleFunction<Double> f) {
    NdArray places = NdArray.generate(DType.FLOAT64, x.shape(), i -> i);
    double[] sums = new double[x.size()];
    for (Op part : parts) {
      for (double place : part.forward(List.of(places)).toDoubleArray()) {
        sums[(int) place] += f.applyAsDouble(x.at((int) place));
      }
    }
    return sums;
  }
}
