package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static org.gradus.autograd.ops.Values.INF;
import static org.gradus.autograd.ops.Values.assertExactly;
import static org.gradus.autograd.ops.Values.range;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.tensor;
import static org.gradus.autograd.ops.Values.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Functions of the catalogue that make constants and indices, which have no row: each method is
 * named after its function.
 */
class ConstantsTest {
  @ParameterizedTest
  @EnumSource
  void argMax(DType type) {
    Tensor x = tensor(type, shape(2, 3), 1, 9, -3, 7, 5, 7);
    assertEquals(Indices.of(new int[] {1, 0}, 2), Ops.argMax(x, 1)); // the first of two 7s
    assertEquals(Indices.of(new int[] {1, 0, 1}, 3), Ops.argMax(x, -2));
    assertEquals(Indices.of(new int[] {1}), Ops.argMax(vector(type, 1, NaN, 3), 0));
    Tensor cube = range(type, shape(2, 3, 2), 1);
    assertEquals(Indices.of(new int[] {2, 2, 2, 2}, 2, 2), Ops.argMax(cube, 1));
    assertEquals(Indices.of(new int[0], 0), Ops.argMax(tensor(type, shape(0, 3)), 1));
    assertExactly( // gather takes the maxima
        tensor(type, shape(2, 1), 9, 7), Ops.gather(x, 1, Ops.argMax(x, 1).reshape(2, 1)));
    assertEquals(Indices.of(new int[] {1}), Ops.argMax(vector(type, INF, NaN, NaN), 0));
    assertEquals(Indices.of(new int[] {0}), Ops.argMax(vector(type, -INF, -INF), 0));
  }

  @ParameterizedTest
  @EnumSource
  void argTopK(DType type) {
    Tensor x = tensor(type, shape(2, 3), 1, 9, -3, 7, 5, 7);
    assertEquals(Indices.of(new int[] {1, 0, 0, 2}, 2, 2), Ops.argTopK(x, 1, 2));
    assertEquals(Indices.of(new int[] {1, 0, 1, 0, 1, 0}, 2, 3), Ops.argTopK(x, -2, 2));
    assertEquals(Indices.of(new int[0], 2, 0), Ops.argTopK(x, 1, 0));
    assertEquals(Indices.of(new int[] {1, 2}, 2), Ops.argTopK(vector(type, 1, NaN, 3), 0, 2));
    assertEquals(Indices.of(new int[] {0, 1}, 2), Ops.argTopK(vector(type, -0.0, 0, 0), 0, 2));
    Tensor many = range(type, shape(1000), -500);
    Tensor folded = Ops.abs(many); // 500, 499, ..., 0, ..., 499: each but the ends is there twice
    assertEquals(Indices.of(new int[] {0, 1, 999, 2, 998}, 5), Ops.argTopK(folded, 0, 5));
  }

  /** There is no largest of a tensor and a number by this name: see {@link Ops#maximum}. */
  @Test
  void axesOfExtremesAreNamed() {
    List<String> numbered =
        Stream.of(Ops.class.getMethods())
            .filter(method -> List.of("max", "min").contains(method.getName()))
            .filter(
                method ->
                    !List.of(method.getParameterTypes())
                        .equals(
                            List.<Class<?>>of(Tensor.class, Axes.class, double.class)
                                .subList(0, method.getParameterCount())))
            .map(Object::toString)
            .toList();
    assertEquals(List.of(), numbered);
  }

  @ParameterizedTest
  @EnumSource
  void stopGradient(DType type) {
    Tensor x = Tensor.variable(vector(type, 1, -0.0, NaN).value());
    assertExactly(x, Ops.stopGradient(x));
    assertEquals(false, Ops.stopGradient(x).isTracked());
    Tensor squares = Ops.mul(x, Ops.stopGradient(x));
    assertExactly(x, Gradients.backward(Ops.sum(squares)).of(x)); // x c has the slope c, not 2 x
  }

  @ParameterizedTest
  @EnumSource
  void zeros(DType type) {
    assertExactly(tensor(type, shape(1, 2), 0, 0), Ops.zeros(tensor(type, shape(1, 2), 3, NaN)));
    assertExactly(scalar(type, 0), Ops.zeros(scalar(type, 3)));
    assertEquals(false, Ops.zeros(Values.variable(shape(), 3)).isTracked());
  }

  @ParameterizedTest
  @EnumSource
  void scalar(DType type) {
    assertExactly(tensor(type, shape(), -0.1), Ops.scalar(tensor(type, shape(2), 1, 2), -0.1));
    assertEquals(false, Ops.scalar(Values.variable(shape(), 3), 1).isTracked());
  }

  @ParameterizedTest
  @EnumSource
  void oneHot(DType type) {
    assertExactly(tensor(type, shape(3, 2), 0, 1, 1, 0, 0, 1), Ops.oneHot(type, 2, 1, 0, 1));
    assertExactly(tensor(type, shape(0, 2)), Ops.oneHot(type, 2));
    assertEquals(false, Ops.oneHot(type, 1, 0).isTracked());
  }

  @ParameterizedTest
  @EnumSource
  void batchStatistics(DType type) {
    // channels 1 3 5 7 and 5 9 9 17
    Tensor x = tensor(type, shape(2, 2, 2), 1, 3, 5, 9, 5, 7, 9, 17);
    assertStatistics(x, new double[] {4, 10}, new double[] {5, 19});
    assertStatistics(tensor(type, shape(2, 1), 1, 4), new double[] {2.5}, new double[] {2.25});
    assertStatistics(
        tensor(type, shape(1, 2, 1), 3, -4), new double[] {3, -4}, new double[] {0, 0});
    assertStatistics(tensor(type, shape(3, 0, 2)), new double[0], new double[0]);
    assertStatistics(tensor(type, shape(0, 1)), new double[] {NaN}, new double[] {NaN});
    // what is infinite has an infinite mean, but no distance from it; channels are apart
    assertStatistics(
        tensor(type, shape(2, 3), INF, NaN, 1, 5, 6, 1),
        new double[] {INF, NaN, 1},
        new double[] {NaN, NaN, 0});
  }

  /** A mean that is large beside the variance costs no digits, and squares do not overflow. */
  @ParameterizedTest
  @EnumSource
  void batchStatisticsOfNumbersFarFromZero(DType type) {
    double far = type == DType.FLOAT32 ? 0x1p22 : 0x1p50;
    assertStatistics(
        tensor(type, shape(4, 1), far - 1, far + 1, far + 2, far + 2),
        new double[] {far + 1},
        new double[] {1.5});
    double large = type == DType.FLOAT32 ? 0x1p126 : 0x1p1022;
    Tensor huge = tensor(type, shape(2, 1, 2), large, -large, large, -large);
    assertStatistics(huge, new double[] {0}, new double[] {INF}); // its square, really
    assertStatistics(
        tensor(type, shape(1, 1, 3), large, large, large), new double[] {large}, new double[] {0});
    double small = type == DType.FLOAT32 ? 0x1p-70 : 0x1p-530;
    assertStatistics(
        tensor(type, shape(2, 1), 0, 2 * small),
        new double[] {small},
        new double[] {small * small});
  }

  /** The mean is that of the op, and the variance, too, up to a rounding. */
  @ParameterizedTest
  @EnumSource
  void batchStatisticsAreThoseOfTheOps(DType type) {
    SplittableRandom random = new SplittableRandom(5);
    NdArray numbers =
        NdArray.generate(type, shape(7, 3, 11, 13), i -> random.nextDouble() * i % 10 - 3);
    Tensor x = Tensor.constant(numbers);
    BatchStatistics statistics = Ops.batchStatistics(x);
    Values.assertClose(Ops.mean(x, 0, 2, 3), Tensor.constant(statistics.mean()));
    Values.assertClose(Ops.variance(x, 0, 2, 3), Tensor.constant(statistics.variance()));
  }

  private static void assertStatistics(Tensor x, double[] mean, double[] variance) {
    BatchStatistics statistics = Ops.batchStatistics(x);
    assertExactly(vector(x.dtype(), mean), Tensor.constant(statistics.mean()));
    assertExactly(vector(x.dtype(), variance), Tensor.constant(statistics.variance()));
  }

  /** Whoever compares a variable gets a constant, through which nothing is differentiated. */
  @Test
  void masksAndSignsAreConstants() {
    Tensor x = variable(shape(2), 1, -2);
    for (Tensor mask :
        List.of(
            Ops.greater(x, x),
            Ops.greaterEqual(x, 0),
            Ops.less(x, x),
            Ops.lessEqual(x, 0),
            Ops.equal(x, x),
            Ops.notEqual(x, 0),
            Ops.sign(x),
            Ops.floor(x),
            Ops.round(x),
            Ops.where(x, Ops.zeros(x), 1))) {
      assertFalse(mask.isTracked(), mask::toString);
    }
  }

  private static Tensor scalar(DType type, double value) {
    return tensor(type, shape(), value);
  }

  private static Tensor vector(DType type, double... values) {
    return tensor(type, shape(values.length), values);
  }
}
