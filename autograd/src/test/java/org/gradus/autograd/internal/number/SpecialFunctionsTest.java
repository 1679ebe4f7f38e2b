package org.gradus.autograd.internal.number;

import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.POSITIVE_INFINITY;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against values computed with 50 digits, from all intervals and both tails. */
class SpecialFunctionsTest {
  /** In units of the last place; far out in a tail, a rounding of x alone is worth more. */
  private static final double ULPS = 8;

  @ParameterizedTest
  @CsvSource({
    "1e-300, 1.1283791670955126e-300",
    "1e-10, 1.1283791670955126e-10",
    "0.1, 0.1124629160182849",
    "0.25, 0.27632639016823696",
    "0.4999999, 0.5204997899347843",
    "0.5, 0.5204998778130465",
    "0.75, 0.7111556336535151",
    "1, 0.8427007929497149",
    "1.5, 0.9661051464753108",
    "2, 0.9953222650189527",
    "3, 0.9999779095030014",
    "4.5, 0.9999999998033839",
    "5.9, 0.9999999999999999",
    "6, 1",
    "1e200, 1",
    "Infinity, 1",
    "0.0, 0.0",
    "NaN, NaN"
  })
  void erf(double x, double expected) {
    assertNear(expected, SpecialFunctions.erf(x));
    assertNear(-expected, SpecialFunctions.erf(-x));
  }

  @ParameterizedTest
  @CsvSource({
    // the distribution function: near 0, on both sides of the seam, in the tails
    "0, 0, 0.5",
    "0, -0.0, 0.5",
    "0, 0.1, 0.539827837277029",
    "0, -0.5, 0.3085375387259869",
    "0, 0.7, 0.758036347776927",
    "0, -0.7, 0.24196365222307303",
    "0, -0.7072, 0.2397210992833454",
    "0, 0.71, 0.7611479319100133",
    "0, -0.71, 0.23885206808998674",
    "0, 1, 0.8413447460685429",
    "0, -1, 0.15865525393145705",
    "0, 2.5, 0.9937903346742238",
    "0, -2.5, 0.006209665325776135",
    "0, -6.3, 1.4882282217623127e-10",
    "0, -10, 7.619853024160525e-24",
    "0, -20, 2.7536241186062337e-89",
    "0, -30, 4.906713927148187e-198",
    "0, -37.5, 4.605353009581955e-308",
    "0, 8, 0.9999999999999993",
    "0, 1000, 1",
    "0, -1000, 0",
    "0, Infinity, 1",
    "0, -Infinity, 0",
    "0, NaN, NaN",
    // the density
    "1, 0, 0.3989422804014327",
    "1, 0.5, 0.35206532676429947",
    "1, -1, 0.24197072451914334",
    "1, 3, 0.0044318484119380075",
    "1, -6.7, 7.131328123996069e-11",
    "1, 20, 5.520948362159764e-88",
    "1, -35.3, 1.0373005028065703e-271",
    "1, 38, 1.097221052e-314",
    "1, 1e200, 0",
    "1, -Infinity, 0",
    "1, NaN, NaN",
    // and its derivatives
    "2, 0.5, -0.17603266338214973",
    "2, -1, 0.24197072451914334",
    "2, 3, -0.013295545235814022",
    "2, -35.3, 3.661670774907193e-270",
    "2, Infinity, 0",
    "3, 0, -0.3989422804014327",
    "3, 0.5, -0.2640489950732246",
    "3, -1, 0",
    "3, 3, 0.03545478729550406",
    "4, 0.5, 0.4840898243009118",
    "4, -1, -0.4839414490382867",
    "4, 3, -0.07977327141488413",
    "5, 0, 1.196826841204298",
    "5, 0.5, 0.550102073069218",
    "5, -1, -0.4839414490382867",
    "5, 3, 0.1329554523581402",
    "9, 1e300, 0",
    "9, -Infinity, 0",
    "9, NaN, NaN"
  })
  void normal(int derivative, double x, double expected) {
    assertNear(expected, SpecialFunctions.normal(derivative, x));
  }

  @ParameterizedTest
  @CsvSource({
    "0.5, 0.34573123063700656",
    "1, 0.8413447460685429",
    "-1, -0.15865525393145705",
    "3, 2.99595030590511",
    "-3, -0.0040496940948902835",
    "-10, -7.619853024160526e-23",
    "-30, -1.472014178144456e-196",
    "20, 20",
    "1e300, 1e300",
    "NaN, NaN"
  })
  void gelu(double x, double expected) {
    assertNear(expected, SpecialFunctions.gelu(x));
  }

  @ParameterizedTest
  @CsvSource({
    "0.5, 0.3112296656009273",
    "1, 0.7310585786300049",
    "-1, -0.2689414213699951",
    "3, 2.8577223804672998",
    "-3, -0.14227761953270035",
    "-40, -1.6993417021166355e-16",
    "-700, -6.90177358063184e-302",
    "50, 50",
    "1e300, 1e300",
    "NaN, NaN"
  })
  void silu(double x, double expected) {
    assertNear(expected, SpecialFunctions.silu(x));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.6931471805599453",
    "1, 1.3132616875182228",
    "-1, 0.3132616875182228",
    "3, 3.048587351573742",
    "-3, 0.04858735157374206",
    "-40, 4.248354255291589e-18",
    "-700, 9.85967654375977e-305",
    "-1000, 0",
    "-Infinity, 0",
    "50, 50",
    "1000, 1000",
    "1e300, 1e300",
    "Infinity, Infinity",
    "NaN, NaN"
  })
  void softplus(double x, double expected) {
    assertNear(expected, SpecialFunctions.softplus(x));
  }

  @Test
  void unitsEndInZeroOnTheLeftAndInInfinityOnTheRight() {
    for (double x : new double[] {-1000, -1e300, NEGATIVE_INFINITY}) {
      assertEquals(-0.0, SpecialFunctions.silu(x));
      assertEquals(-0.0, SpecialFunctions.gelu(x));
    }
    assertEquals(POSITIVE_INFINITY, SpecialFunctions.silu(POSITIVE_INFINITY));
    assertEquals(POSITIVE_INFINITY, SpecialFunctions.gelu(POSITIVE_INFINITY));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.0, -0.0})
  void zerosKeepTheirSign(double zero) {
    assertEquals(zero, SpecialFunctions.erf(zero));
    assertEquals(zero, SpecialFunctions.silu(zero));
    assertEquals(zero, SpecialFunctions.gelu(zero));
  }

  private static void assertNear(double expected, double actual) {
    if (expected == 0 || !Double.isFinite(expected)) {
      assertEquals(expected + 0.0, actual + 0.0); // which of the zeros is tested by itself
    } else {
      assertEquals(expected, actual, ULPS * Math.ulp(expected));
    }
  }
}
