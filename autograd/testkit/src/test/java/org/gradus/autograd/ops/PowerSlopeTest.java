package org.gradus.autograd.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.gradus.autograd.array.NdArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Derivatives of powers that are numbers, although what they are made of is none. */
class PowerSlopeTest {
  private static final MathContext EXACT = new MathContext(80);

  private static double at(PowerSlope slope, double... in) {
    List<NdArray> arrays = new ArrayList<>();
    for (double value : in) {
      arrays.add(NdArray.of(new double[] {value}, 1));
    }
    return slope.forward(arrays).item();
  }

  private static double number(SplittableRandom random, int exponent) {
    return Math.scalb((1 + random.nextDouble()) * (random.nextBoolean() ? 1 : -1), exponent);
  }

  /** p x^(p-1) times factors, exactly. */
  private static BigDecimal exact(int p, double x, List<Double> factors) {
    BigDecimal product = new BigDecimal(x).pow(p - 1, EXACT).multiply(BigDecimal.valueOf(p));
    for (double factor : factors) {
      product = product.multiply(new BigDecimal(factor), EXACT);
    }
    return product;
  }

  /** Each factor takes the product somewhere, mostly out of a double, and the last one back. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6})
  void isWithinAFewUnitsWhateverTheFactors(int factors) {
    SplittableRandom random = new SplittableRandom(factors);
    for (int draw = 0; draw < 3000; draw++) {
      int p = List.of(2, 3, 4, -1, -2).get(random.nextInt(5));
      double x = number(random, random.nextInt(-330, 330));
      List<Double> numbers = new ArrayList<>();
      for (int i = 0; i < factors - 1; i++) {
        numbers.add(number(random, random.nextInt(-1000, 1000)));
      }
      int exponent = exponent(exact(p, x, numbers));
      int last = random.nextInt(-900, 900) - exponent;
      if (Math.abs(last) < 1000) {
        numbers.add(number(random, last));
        double[] in = new double[factors + 2];
        in[0] = x;
        in[1] = p;
        for (int i = 0; i < factors; i++) {
          in[i + 2] = numbers.get(i);
        }
        double expected = exact(p, x, numbers).doubleValue();
        String text = "%s to the %s times %s".formatted(x, p, numbers);
        assertEquals(expected, at(new PowerSlope(1, 0), in), 8 * Math.ulp(expected), text);
      }
    }
  }

  /** The power of 2 nearby. */
  private static int exponent(BigDecimal number) {
    BigDecimal size = number.abs();
    double tenths = size.precision() - size.scale();
    return (int) (tenths * Math.log(10) / Math.log(2));
  }

  /** p x^(p-1) is 2^860, though 1 / x is no double. */
  @Test
  void aPowerThatIsNoDoubleIsMadeOneByItsCoefficient() {
    assertEquals(0x1p860, at(new PowerSlope(1, 0), 0x1p-1060, 0x1p-200), 0x1p810);
  }

  /** From tiny to usual in steps that are usual each: what was lost in between stays lost. */
  @Test
  void digitsThatATinyProductHasLostAreThere() {
    double m = 0x1.123456789abcdp-870;
    double up = 0x1p250;
    double x = 0x1p-100; // 3 x^2 = 3 2^-200
    double expected = 3 * m * 0x1p500 * 0x1p500 * 0x1p50; // 5 * 250 - 200 = 1050
    double actual = at(new PowerSlope(1, 0), x, 3, m, up, up, up, up, up);
    assertEquals(expected, actual, 2 * Math.ulp(expected));
    assertTrue(expected > 0x1p100);
  }

  /** p - 1 is rounded: x = 2^512 to the power of what rounding has taken is 1 + ln 2 / 2^45. */
  @Test
  void whatRoundingTakesFromAnExponentCounts() {
    double p = 0.25 + 0x1p-54;
    double rest = 1 + Math.log(2) * 0x1p-45;
    double expected = p * 0x1p-384 * rest;
    assertEquals(expected, at(new PowerSlope(1, 0), 0x1p512, p), 2 * Math.ulp(expected));
    // p - 1 lies beyond the next power of 2, so what is taken from p is not 1 either
    double low = -(7.5 + 0x1p-50);
    double far = low * 0x1p-850 * (1 - Math.log(2) * 100 * 0x1p-50);
    assertEquals(far, at(new PowerSlope(1, 0), 0x1p100, low), 2 * Math.ulp(far));
    assertEquals(Double.POSITIVE_INFINITY, at(new PowerSlope(0, 1), 2, Double.POSITIVE_INFINITY));
  }

  /** (d/dx)(d/dp) x^p = x^(p-1) (1 + p ln x), and of x^0 it is 1/x. */
  @Test
  void aLogarithmIsLessThanAPowerButNotThanNone() {
    double infinity = Double.POSITIVE_INFINITY;
    assertEquals(-infinity, at(new PowerSlope(1, 1), 0, 1));
    assertEquals(infinity, at(new PowerSlope(1, 1), infinity, 1));
    assertEquals(0, at(new PowerSlope(1, 1), 0, 2));
    assertEquals(0, at(new PowerSlope(1, 1), infinity, 0.5));
    assertEquals(1, at(new PowerSlope(0, 0), 0, 0));
    assertEquals(0, at(new PowerSlope(0, 1), 0, 0));
  }
}
