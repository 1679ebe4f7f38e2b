package org.gradus.autograd.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.junit.jupiter.api.Test;

/**
 * Ops whose kernels take only some shapes as they lie, for every shape of up to four axes of 1 to 3
 * elements, every choice of axes, and everything that broadcasts to it: what takes another way must
 * come to the same.
 */
class AllSmallShapesTest {
  private static final int MOST = 3;
  private static final double EPSILON = 1e-3;

  private static List<int[]> shapes() {
    List<int[]> shapes = new ArrayList<>();
    for (int rank = 1; rank <= 4; rank++) {
      int count = (int) Math.pow(MOST, rank);
      for (int k = 0; k < count; k++) {
        int[] dims = new int[rank];
        for (int axis = 0, left = k; axis < rank; axis++, left /= MOST) {
          dims[axis] = 1 + left % MOST;
        }
        shapes.add(dims);
      }
    }
    return shapes;
  }

  private static List<Integer> chosen(int mask, int rank) {
    return IntStream.range(0, rank).filter(axis -> (mask >> axis & 1) == 1).boxed().toList();
  }

  /** With extent 1 on some axes; without the axes in front that have it. */
  private static Shape broadcast(int[] dims, int mask) {
    int[] all = dims.clone();
    for (int axis : chosen(mask, dims.length)) {
      all[axis] = 1;
    }
    int first = 0;
    while (first < all.length && all[first] == 1) {
      first++;
    }
    return Shape.of(Arrays.copyOfRange(all, first, all.length));
  }

  private static Tensor drawn(SplittableRandom random, Shape shape) {
    return Tensor.constant(
        NdArray.generate(DType.FLOAT64, shape, i -> random.nextInt(-8, 9) / 4.0));
  }

  private static void assertNear(Tensor expected, Tensor actual, String what) {
    assertEquals(expected.shape(), actual.shape(), what);
    for (int i = 0; i < expected.shape().size(); i++) {
      double e = expected.value().at(i);
      double a = actual.value().at(i);
      assertTrue(Math.abs(e - a) <= 1e-11 * (1 + Math.abs(e)), () -> what + ": " + e + " and " + a);
    }
  }

  @Test
  void normalisationWithNumbersThatBroadcast() {
    SplittableRandom random = new SplittableRandom(1);
    for (int[] dims : shapes()) {
      Shape shape = Shape.of(dims);
      Tensor x = drawn(random, shape);
      Tensor v = drawn(random, shape);
      for (int mask = 0; mask < 1 << dims.length; mask++) {
        Shape numbers = broadcast(dims, mask);
        Tensor gamma = drawn(random, numbers);
        Tensor beta = drawn(random, numbers);
        for (int sliced = 0; sliced < 1 << dims.length; sliced++) {
          List<Integer> axes = chosen(sliced, dims.length);
          String what = shape + " along " + axes + " with " + numbers;
          Tensor n = Tensor.of(new Normalize(axes, EPSILON), x);
          assertNear(
              Ops.add(Ops.mul(n, gamma), beta),
              Tensor.of(new NormalizeAffine(axes, EPSILON), x, gamma, beta),
              "normalizeAffine of " + what);
          assertNear(
              Ops.sumTo(Ops.mul(n, v), numbers),
              Tensor.of(new NormalizedSums(axes, EPSILON, numbers), x, v),
              "normalizedSums of " + what);
          assertNear(
              Tensor.of(new NormalizeInput(axes, EPSILON), x, Ops.mul(v, gamma)),
              Tensor.of(new NormalizeAffineInput(axes, EPSILON), x, gamma, v),
              "normalizeAffineInput of " + what);
        }
        Tensor mean = drawn(random, numbers);
        Tensor variance = Tensor.constant(drawn(random, numbers).value().map(a -> a * a));
        Tensor root = Ops.sqrt(Ops.add(variance, EPSILON));
        assertNear(
            Ops.add(Ops.mul(Ops.div(Ops.sub(x, mean), root), gamma), beta),
            Tensor.of(new NormalizeBy(EPSILON), x, gamma, beta, mean, variance),
            "normalizeBy of " + shape + " with " + numbers);
      }
    }
  }

  @Test
  void numbersThatDoNotBroadcastAreRefusedByName() {
    Tensor x = Tensor.constant(NdArray.zeros(DType.FLOAT64, Shape.of(2, 3)));
    for (int[] dims : new int[][] {{2}, {2, 2}, {3, 2, 3}, {2, 4}}) {
      Tensor wrong = Tensor.constant(NdArray.zeros(DType.FLOAT64, Shape.of(dims)));
      List<Integer> axes = List.of(1);
      String[] messages = {
        refused(() -> Tensor.of(new NormalizeAffine(axes, EPSILON), x, wrong, wrong)),
        refused(() -> Tensor.of(new NormalizedSums(axes, EPSILON, wrong.shape()), x, x)),
        refused(() -> Tensor.of(new NormalizeAffineInput(axes, EPSILON), x, wrong, x)),
        refused(() -> Tensor.of(new NormalizeBy(EPSILON), x, wrong, wrong, wrong, wrong))
      };
      String[] names = {"normalizeAffine", "normalizedSums", "normalizeAffineInput", "normalizeBy"};
      for (int i = 0; i < names.length; i++) {
        assertTrue(messages[i].startsWith(names[i] + ": "), messages[i]);
        assertTrue(messages[i].contains(wrong.shape().toString()), messages[i]);
        assertTrue(messages[i].contains(x.shape().toString()), messages[i]);
      }
    }
  }

  private static String refused(Runnable call) {
    return String.valueOf(assertThrows(ShapeException.class, call::run).getMessage());
  }

  /** Few values, so that several elements are the largest. */
  @Test
  void theFirstOfTheExtremes() {
    SplittableRandom random = new SplittableRandom(2);
    for (int[] dims : shapes()) {
      Tensor x =
          Tensor.variable(NdArray.generate(DType.FLOAT64, Shape.of(dims), i -> random.nextInt(3)));
      for (int mask = 1; mask < 1 << dims.length; mask++) {
        int[] axes = chosen(mask, dims.length).stream().mapToInt(axis -> axis).toArray();
        for (boolean largest : new boolean[] {true, false}) {
          Tensor y = largest ? Ops.max(x, Axes.axes(axes)) : Ops.min(x, Axes.axes(axes));
          Tensor g = drawn(random, y.shape());
          NdArray gradient = Gradients.pullback(y, g, Gradients.Mode.VALUES, x).of(x).value();
          assertEquals(
              expected(x.value(), mask, largest, y.value(), g.value()),
              gradient,
              () -> Shape.of(dims) + " along " + Arrays.toString(axes));
        }
      }
    }
  }

  /** The cotangents, each at the first element of its slice that is the extreme. */
  private static NdArray expected(
      NdArray x, int mask, boolean largest, NdArray extremes, NdArray cotangents) {
    int[] dims = x.shape().toArray();
    int slices = cotangents.size();
    int[] first = new int[slices];
    Arrays.fill(first, -1);
    for (int i = 0; i < x.size(); i++) {
      int slice = slice(dims, mask, i);
      int before = first[slice];
      boolean isBetter = before < 0 || (largest ? x.at(i) > x.at(before) : x.at(i) < x.at(before));
      first[slice] = isBetter ? i : before;
    }
    double[] spread = new double[x.size()];
    for (int slice = 0; slice < slices; slice++) {
      assertEquals(x.at(first[slice]), extremes.at(slice));
      spread[first[slice]] = cotangents.at(slice);
    }
    return NdArray.wrap(spread, x.shape());
  }

  private static int slice(int[] dims, int mask, int element) {
    int slice = 0;
    int extent = 1;
    int left = element;
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      if ((mask >> axis & 1) == 0) {
        slice += left % dims[axis] * extent;
        extent *= dims[axis];
      }
      left /= dims[axis];
    }
    return slice;
  }
}
