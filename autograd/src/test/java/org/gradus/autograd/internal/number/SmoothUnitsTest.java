package org.gradus.autograd.internal.number;

import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against values computed with 80 digits, around 0 and in both tails: value and derivatives. */
class SmoothUnitsTest {
  private static final double ULPS = 8;

  /** Of the values themselves. */
  private static final double FEW_ULPS = 3;

  /** Terms of a derivative may cancel, where they are of the size of 1. */
  private static final double CANCELLED = 0x1p-49;

  @ParameterizedTest
  @CsvSource({
    "0, -745, -2.1026512942015931e-321",
    "0, -708, -2.3417475265759929e-305",
    "0, -300, -1.5444600667236041e-128",
    "0, -40, -1.6993417021166356e-16",
    "0, -4, -0.072591740792025358",
    "0, -1.5, -0.29809974216680676",
    "0, -0.25, -0.12992696367914101",
    "0, 0, 0.0",
    "0, 0.25, 0.16957240966381759",
    "0, 1.5, 1.4033782663958026",
    "0, 4, 3.9974128069762385",
    "0, 40, 40.0",
    "0, 300, 300.0",
    "1, -745, -2.0998289434711212e-321",
    "1, -708, -2.3384399735723545e-305",
    "1, -300, -1.5393118665011921e-128",
    "1, -40, -1.6568581595637197e-16",
    "1, -4, -0.053773209793480324",
    "1, -1.5, -0.064097815892258643",
    "1, -0.25, 0.43981560172180514",
    "1, 0, 0.6",
    "1, 0.25, 0.75417266772059278",
    "1, 1.5, 1.0884879850078477",
    "1, 4, 1.0044328769037501",
    "1, 40, 1.0",
    "1, 300, 1.0",
    "2, -745, -2.0970065927406492e-321",
    "2, -708, -2.335132420568716e-305",
    "2, -300, -1.5341636662787801e-128",
    "2, -40, -1.6143746170108038e-16",
    "2, -4, -0.034620031749254477",
    "2, -1.5, 0.15461475356154317",
    "2, -0.25, 0.63058189298239257",
    "2, 0, 0.64",
    "2, 0.25, 0.58241640085479521",
    "2, 1.5, -0.0021502385832350062",
    "2, 4, -0.0073389675658695504",
    "2, 40, -5.6311363300776952e-33",
    "2, 300, -6.3397485547863115e-258",
    "3, -745, -2.0941842420101773e-321",
    "3, -708, -2.3318248675650776e-305",
    "3, -300, -1.5290154660563681e-128",
    "3, -40, -1.5718910744578879e-16",
    "3, -4, -0.01496664900729344",
    "3, -1.5, 0.31733304899946271",
    "3, -0.25, 0.1642169576918787",
    "3, 0, -0.096",
    "3, 0.25, -0.35767995613143429",
    "3, 1.5, -0.22541185022081572",
    "3, 4, 0.011521194435479359",
    "3, 40, 1.1117884549127757e-32",
    "3, 300, 1.2658293937148588e-257",
    "4, -745, -2.0913618912797054e-321",
    "4, -708, -2.3285173145614392e-305",
    "4, -300, -1.5238672658339561e-128",
    "4, -40, -1.529407531904972e-16",
    "4, -4, 0.0053468054949924555",
    "4, -1.5, 0.32427078187651923",
    "4, -0.25, -0.93220724462548564",
    "4, 0, -1.1008",
    "4, 0.25, -0.9337626983928315",
    "4, 1.5, 0.55796617534316688",
    "4, 4, -0.016505500253451197",
    "4, 40, -2.1946992876200248e-32",
    "4, 300, -2.5274181529449108e-257"
  })
  void mish(int n, double x, double expected) {
    double mantissa = n == 0 ? SmoothUnits.mish(x) : SmoothUnits.mishMantissa(n, x);
    assertNear(expected, Math.scalb(mantissa, n == 0 ? 0 : SmoothUnits.mishExponent(n, x)), n, x);
  }

  @ParameterizedTest
  @CsvSource({
    "0, -21.5, -2.8306166671087839e-322",
    "0, -12, -1.6359854493534811e-61",
    "0, -4, -7.024594819237269e-5",
    "0, -1.5, -0.10042842301976708",
    "0, -0.25, -0.100324649298315",
    "0, 0, 0.0",
    "0, 0.25, 0.149675350701685",
    "0, 1.5, 1.3995715769802329",
    "0, 4, 3.9999297540518076",
    "0, 12, 12.0",
    "1, -21.5, -2.8447852893898602e-320",
    "1, -12, -5.2904033525225585e-60",
    "1, -4, -0.00033512319712267076",
    "1, -1.5, -0.12771079315143308",
    "1, -0.25, 0.30464590484893957",
    "1, 0, 0.5",
    "1, 0.25, 0.69535409515106043",
    "1, 1.5, 1.1277107931514331",
    "1, 4, 1.0003351231971227",
    "1, 12, 1.0",
    "2, -21.5, -2.8564187023005092e-318",
    "2, -12, -1.7023793207351787e-58",
    "2, -4, -0.0014740596637653364",
    "2, -1.5, -0.030518196484224947",
    "2, -0.25, 0.74894861422365029",
    "2, 0, 0.79788456080286536",
    "2, 0.25, 0.74894861422365029",
    "2, 1.5, -0.030518196484224947",
    "2, 4, -0.0014740596637653364",
    "2, 12, -1.7023793207351787e-58",
    "3, -21.5, -2.8654793372599302e-316",
    "3, -12, -5.4507429557477194e-57",
    "3, -4, -0.005870094264273697",
    "3, -1.5, 0.3396216894677243",
    "3, -0.25, 0.38219167171230408",
    "3, 0, -2.9175849335771357e-3021",
    "3, 0.25, -0.38219167171230408",
    "3, 1.5, -0.3396216894677243",
    "3, 4, 0.005870094264273697",
    "3, 12, 5.4507429557477194e-57",
    "4, -21.5, -2.8719364582789077e-314",
    "4, -12, -1.736439938388647e-55",
    "4, -4, -0.020548359752881732",
    "4, -1.5, 0.84796702773774651",
    "4, -0.25, -1.3821461404848695",
    "4, 0, -1.6036674522601095",
    "4, 0.25, -1.3821461404848695",
    "4, 1.5, 0.84796702773774651",
    "4, 4, -0.020548359752881732",
    "4, 12, -1.736439938388647e-55"
  })
  void geluTanh(int n, double x, double expected) {
    double mantissa = n == 0 ? SmoothUnits.geluTanh(x) : SmoothUnits.geluTanhMantissa(n, x);
    assertNear(
        expected, Math.scalb(mantissa, n == 0 ? 0 : SmoothUnits.geluTanhExponent(n, x)), n, x);
  }

  @Test
  void farOutTheyAreZeroOrTheInput() {
    for (double x : new double[] {-1001, -1e6, -1e300, NEGATIVE_INFINITY}) {
      assertEquals(-0.0, SmoothUnits.mish(x));
      assertEquals(-0.0, SmoothUnits.geluTanh(x));
    }
    for (double x : new double[] {41, 1001, 1e6, 1e300, POSITIVE_INFINITY}) {
      assertEquals(x, SmoothUnits.mish(x));
      assertEquals(x, SmoothUnits.geluTanh(x));
    }
    assertEquals(-0.0, SmoothUnits.mish(-0.0));
    assertEquals(-0.0, SmoothUnits.geluTanh(-0.0));
    assertEquals(NaN, SmoothUnits.mish(NaN));
    assertEquals(NaN, SmoothUnits.geluTanh(NaN));
  }

  @Test
  void farOutTheirSlopesAreZeroOrOne() {
    for (double x : new double[] {1e6, 1e30, 1e300, POSITIVE_INFINITY}) {
      for (int n = 1; n < 4; n++) {
        double right = n == 1 ? 1 : 0;
        assertEquals(right, SmoothUnits.mishMantissa(n, x));
        assertEquals(right, SmoothUnits.geluTanhMantissa(n, x));
        assertEquals(0, SmoothUnits.mishMantissa(n, -x) + 0.0);
        assertEquals(0, SmoothUnits.geluTanhMantissa(n, -x) + 0.0);
        for (double side : new double[] {x, -x}) {
          assertEquals(0, SmoothUnits.mishExponent(n, side));
          assertEquals(0, SmoothUnits.geluTanhExponent(n, side));
        }
      }
    }
    assertEquals(NaN, SmoothUnits.mishMantissa(2, NaN));
    assertEquals(NaN, SmoothUnits.geluTanhMantissa(2, NaN));
    assertEquals(0, SmoothUnits.mishExponent(2, NaN));
    assertEquals(0, SmoothUnits.geluTanhExponent(2, NaN));
  }

  private static void assertNear(double expected, double actual, int n, double x) {
    double own = (n == 0 ? FEW_ULPS : ULPS) * Math.ulp(expected);
    assertEquals(expected, actual, Math.max(own, n > 0 && Math.abs(x) <= 4 ? CANCELLED : 0));
  }
}
