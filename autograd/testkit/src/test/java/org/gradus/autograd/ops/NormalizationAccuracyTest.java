package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Values.assertClose;
import static org.gradus.autograd.ops.Values.assertWithin;
import static org.gradus.autograd.ops.Values.gradient;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.tensor;
import static org.gradus.autograd.ops.Values.variable;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Large numbers that differ by little are normalised as exactly as small ones. */
class NormalizationAccuracyTest {
  /** A variance that is far below epsilon is not lost, and one that is nothing beside the mean. */
  @ParameterizedTest
  @EnumSource
  void normalizingKeepsSmallDifferencesOfLargeNumbers(DType type) {
    double tiny = 0x1p-10; // the distance between neighbours of 1e4 in float32
    assertClose(
        vector(type, -0.5, 0.5, -0.5, 0.5),
        Ops.normalize(vector(type, 1e4, 1e4 + tiny, 1e4, 1e4 + tiny), 3 * tiny * tiny / 4));
    double[] x = new double[1001];
    for (int i = 0; i < x.length; i++) {
      x[i] = 1e4 + i * i % 37 * 0.125; // exact in float32, as their mean is not
    }
    Tensor expected = Ops.normalize(vector(DType.FLOAT64, x), 0);
    double mean = 0;
    double square = 0;
    for (int i = 0; i < x.length; i++) {
      mean += expected.value().at(i) / x.length;
      square += expected.value().at(i) * expected.value().at(i) / x.length;
    }
    assertClose(vector(DType.FLOAT64, 0, 1), vector(DType.FLOAT64, mean, square));
    Tensor actual = Ops.normalize(vector(type, x), 0);
    assertClose(Tensor.constant(expected.value().as(type)), actual);
    Tensor batch = Ops.reshape(vector(type, x), x.length, 1);
    Tensor three = vector(type, 3);
    assertClose( // gamma and beta are 3
        Ops.reshape(Ops.add(Ops.mul(actual, 3), 3), x.length, 1),
        Ops.batchNorm(batch, three, three, 0));
    assertClose( // differences to a mean are taken before anything is multiplied
        tensor(type, shape(2, 1), 3 - 3 / Math.sqrt(2), 3 + 6 / Math.sqrt(2)),
        Ops.batchNorm(
            tensor(type, shape(2, 1), 1e4 - 1, 1e4 + 2),
            three,
            three,
            vector(type, 1e4),
            vector(type, 2),
            0));
  }

  /** The gradient in float32 is that in float64, to a few roundings. */
  @Test
  void normalizingLargeNumbersHasAGradient() {
    double[] x = new double[101];
    double[] g = new double[101];
    for (int i = 0; i < x.length; i++) {
      x[i] = 1e4 + i * i % 37 * 0.125;
      g[i] = i % 7 - 3;
    }
    Tensor wide = variable(shape(x.length), x);
    Tensor narrow = Tensor.variable(wide.value().as(DType.FLOAT32));
    assertWithin(
        0x1p-20,
        Tensor.constant(gradient(Ops.normalize(wide, 1e-5), g, wide).value().as(DType.FLOAT32)),
        gradient(Ops.normalize(narrow, 1e-5), g, narrow));
  }

  private static Tensor vector(DType type, double... values) {
    return tensor(type, shape(values.length), values);
  }
}
