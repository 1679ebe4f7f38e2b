package org.gradus.autograd.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Dropout against the generator of the Java library. */
class DropoutKernelTest {

  @ParameterizedTest
  @CsvSource({"1, 0.5", "-7, 0.25", "9007199254740993, 0.9", "0, 0"})
  void keepsWhatSplittableRandomSays(long seed, double rate) {
    for (Precision precision : Precision.values()) {
      int n = 100_003;
      Object x = precision.fractions(n, 71);
      SplittableRandom random = new SplittableRandom(new SplittableRandom(seed).nextLong());
      double scale = precision.round(1 / (1 - rate));
      double[] expected = new double[n];
      for (int i = 0; i < n; i++) {
        expected[i] = random.nextDouble() < rate ? 0 : Precision.at(x, i) * scale;
      }
      Object y = precision.zeros(n);
      precision.kernels().dropout(rate, seed, x, y);
      precision.assertExactly(expected, y);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theBoundIsKept(Precision precision) {
    double first = new SplittableRandom(new SplittableRandom(3).nextLong()).nextDouble();
    Object y = precision.zeros(1);
    precision.kernels().dropout(first, 3, precision.array(1), y);
    assertEquals(precision.round(1 / (1 - first)), Precision.at(y, 0));
    precision.kernels().dropout(Math.nextUp(first), 3, precision.array(1), y);
    assertEquals(0, Precision.at(y, 0));
  }
}
