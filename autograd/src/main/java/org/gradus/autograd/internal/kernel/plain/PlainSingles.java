package org.gradus.autograd.internal.kernel.plain;

import static org.gradus.autograd.internal.kernel.FusedFloats.multiplyAdd;

import org.gradus.autograd.internal.kernel.NormalTail;
import org.gradus.autograd.internal.kernel.SingleFunctions;

/** One number after the other. */
public class PlainSingles implements SingleFunctions {
  /** Makes plain loops. */
  public PlainSingles() {}

  @Override
  public boolean areWithin(float least, float most, float[] x, int from, int n) {
    boolean within = true;
    for (int i = from; i < from + n; i++) {
      within &= x[i] >= least && x[i] <= most;
    }
    return within;
  }

  /** Multiplied by two powers of two, each of which a float holds. */
  @Override
  public void exp(float[] x, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) {
      float given = x[from + i];
      float v = given > EXP_MOST ? EXP_MOST : given < EXP_LEAST ? EXP_LEAST : given;
      float t = multiplyAdd(v, LOG2_E, TO_WHOLE);
      float k = t - TO_WHOLE;
      float r = multiplyAdd(k, -LN2_REST, multiplyAdd(k, -LN2, v));
      float q = multiplyAdd(r, E4, E3);
      q = multiplyAdd(multiplyAdd(multiplyAdd(q, r, E2), r, E1), r, E0);
      float power = multiplyAdd(r * r, q, r) + 1;
      int bits = Float.floatToRawIntBits(t);
      int half = bits >>> 1;
      float first = Float.intBitsToFloat((half << EXPONENT) + ONE_BITS);
      float second = Float.intBitsToFloat(((bits - half) << EXPONENT) + ONE_BITS);
      y[to + i] = power * first * second;
    }
  }

  @Override
  public void log(float[] x, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) {
      int bits = Float.floatToRawIntBits(x[from + i]);
      int exponent = (bits + ROOT_BITS) >>> EXPONENT;
      float f = Float.intBitsToFloat(bits - (exponent << EXPONENT) + ONE_BITS) - 1;
      float k = Float.intBitsToFloat(exponent + WHOLE_LESS_BIAS) - TO_WHOLE;
      float q = (((f * L8 + L7) * f + L6) * f + L5) * f + L4;
      q = (((q * f + L3) * f + L2) * f + L1) * f + L0;
      float z = f * f;
      float rest = f * z * q + k * LN2_LOW - z * 0.5f;
      y[to + i] = (f + rest) + k * LN2_HIGH;
    }
  }

  @Override
  public void decay(float c, float[] x, int from, float[] e, float[] rest, int n) {
    float most = -DECAY_LEAST / c;
    for (int i = 0; i < n; i++) {
      power(least(Math.abs(x[from + i]), most) * -c, 0, e, rest, i);
    }
  }

  /** Of the square, what rounding takes is added where multiples of ln 2 are gone. */
  @Override
  public void normalDecay(float[] x, int from, float[] e, float[] rest, int n) {
    for (int i = 0; i < n; i++) {
      float near = least(Math.abs(x[from + i]), NORMAL_FAR);
      float half = near * -0.5f;
      float v = half * near;
      power(v, multiplyAdd(half, near, -v), e, rest, i);
    }
  }

  /** The least of a number and a positive one: that where the number is NaN without a sign. */
  private static float least(float x, float most) {
    return Float.intBitsToFloat(
        Math.min(Float.floatToRawIntBits(x), Float.floatToRawIntBits(most)));
  }

  /** e[i] + rest[i] = e^(v + low). */
  private static void power(float v, float low, float[] e, float[] rest, int i) {
    float t = multiplyAdd(v, LOG2_E, TO_WHOLE);
    float k = t - TO_WHOLE;
    float high = multiplyAdd(k, -LN2, v);
    float less = multiplyAdd(k, -LN2_REST, low);
    float r = high + less;
    float q = multiplyAdd(r, E4, E3);
    q = multiplyAdd(multiplyAdd(multiplyAdd(q, r, E2), r, E1), r, E0);
    float p = multiplyAdd(r * r, q, less);
    float s = high + p;
    float power = s + 1;
    float scale = Float.intBitsToFloat((Float.floatToRawIntBits(t) << EXPONENT) + ONE_BITS);
    e[i] = power * scale;
    rest[i] = (s - (power - 1) + (high - s + p)) * scale;
  }

  @Override
  public void decayLessOne(float[] x, int from, float[] d, float[] rest, int n) {
    for (int i = 0; i < n; i++) {
      float size = Math.abs(x[from + i]);
      float v = (size > TANH_ONE ? TANH_ONE : size) * -2;
      float t = v * LOG2_E + TO_WHOLE;
      float k = t - TO_WHOLE;
      float high = v - k * LN2_HIGH;
      float low = k * LN2_LOW;
      float r = high - low;
      float lost = high - r - low;
      float q = (((r * E4 + E3) * r + E2) * r + E1) * r + E0;
      float curve = r * r * q + lost;
      float s = curve + r;
      float left = r - s + curve;
      float scale = Float.intBitsToFloat((Float.floatToRawIntBits(t) << EXPONENT) + ONE_BITS);
      float more = s * scale;
      float less = scale - 1;
      float sum = less + more;
      d[i] = sum;
      rest[i] = less - sum + more + left * scale;
    }
  }

  /** The power has no rounding of its own: 1 + e = (1 + scale) + scale (e / scale - 1). */
  @Override
  public void logistic(float[] a, int first, float[] x, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) {
      float v = -least(x[from + i], -DECAY_LEAST);
      float t = multiplyAdd(v, LOG2_E, TO_WHOLE);
      float k = t - TO_WHOLE;
      float r = multiplyAdd(k, -LN2_REST, multiplyAdd(k, -LN2, v));
      float q = multiplyAdd(r, E4, E3);
      q = multiplyAdd(multiplyAdd(multiplyAdd(q, r, E2), r, E1), r, E0);
      float s = multiplyAdd(r * r, q, r);
      int bits = (Float.floatToRawIntBits(t) << EXPONENT) + ONE_BITS;
      float scale = Float.intBitsToFloat(bits);
      float inverse = Float.intBitsToFloat(2 * ONE_BITS - bits);
      float sum = scale + 1;
      float lost = 1 - (sum - scale); // of scales from 2^24 on
      y[to + i] = a[first + i] / multiplyAdd(scale, multiplyAdd(lost, inverse, s), sum);
    }
  }

  @Override
  public void softplusOrTanh(
      boolean tanh, float[] x, int from, float[] e, float[] rest, float[] y, int to, int n) {
    if (tanh) {
      tanh(x, from, e, rest, y, to, n);
    } else {
      softplus(x, from, e, rest, y, to, n);
    }
  }

  private static void softplus(
      float[] x, int from, float[] e, float[] rest, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) {
      float s = e[i] / (e[i] + 2);
      float z = s * s;
      float r = (((z * A3 + A2) * z + A1) * z + A0) * z;
      float half = e[i] * 0.5f * e[i];
      float v = x[from + i];
      float more = rest[i] * (e[i] * -0.5f + 1); // rest / (1 + e), roughly
      float tail = half - s * (half + r) - more;
      float sum = e[i] - tail;
      float lost = e[i] - sum - tail;
      y[to + i] = (v > 0 ? v : 0) + lost + sum;
    }
  }

  private static void tanh(float[] x, int from, float[] e, float[] rest, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) {
      float sum = e[i] + 2;
      float lost = 2 - sum + e[i] + rest[i];
      float quotient = e[i] / sum;
      float near = e[i] * -0.25f + 0.5f; // 1 / (2 + e), roughly
      float value = (rest[i] - quotient * lost) * near + quotient;
      y[to + i] = Math.copySign(value, x[from + i]);
    }
  }

  @Override
  public void bell(
      float c, float[] g, int from, float[] e, float[] rest, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) {
      float sum = e[i] + 1;
      float lost = 1 - sum + e[i] + rest[i];
      float square = sum * sum;
      float more = multiplyAdd(sum + sum, lost, multiplyAdd(sum, sum, -square));
      float inverse = 1 / square;
      float quotient = e[i] * inverse;
      float left = multiplyAdd(-quotient, square, e[i]) + rest[i];
      left = multiplyAdd(-quotient, more, left);
      y[to + i] = multiplyAdd(left, inverse, quotient) * c * g[from + i];
    }
  }

  /**
   * The slope at -|x| is e (1 + e - |x|) / (1 + e)^2, and those at x and -x are 1 together. Where
   * it vanishes, a power series has more digits.
   */
  @Override
  public void siluSlope(
      float[] g,
      float[] x,
      int from,
      float[] e,
      float[] rest,
      float[] b,
      float[] y,
      int to,
      int n) {
    for (int i = 0; i < n; i++) {
      float c = 1 - least(Math.abs(x[from + i]), -DECAY_LEAST);
      float factor = c + e[i];
      float factorRest = c - factor + e[i] + rest[i];
      float below = multiplyAdd(b[i], factor, b[i] * factorRest);
      float difference = x[from + i] + SILU_LEAST;
      float d = difference + SILU_LEAST_REST;
      float lost = difference - d + SILU_LEAST_REST;
      float curve = multiplyAdd(multiplyAdd(multiplyAdd(d, S4, S3), d, S2), d, S1_REST);
      float series = multiplyAdd(d, S1, multiplyAdd(lost, S1, curve * d));
      float slope = x[from + i] < 0 ? below : 1 - below;
      y[to + i] = (Math.abs(d) < NEAR_LEAST ? series : slope) * g[from + i];
    }
  }

  @Override
  public void tailDistance(NormalTail tail, float[] x, int from, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      float size = least(Math.abs(x[from + i]), NORMAL_FAR);
      float sum = size + NormalTail.SHIFT;
      float inverse = 1 / sum;
      float rest = multiplyAdd(-inverse, sum, 1);
      float distance = multiplyAdd(rest, inverse, inverse - tail.farCentre);
      z[i] = size < NormalTail.EDGE ? size - tail.nearCentre : distance;
    }
  }

  @Override
  public void tail(NormalTail tail, float[] x, int from, float[] z, float[] p, int n) {
    for (int i = 0; i < n; i++) {
      boolean isNear = Math.abs(x[from + i]) < NormalTail.EDGE;
      float q = isNear ? tail.near(NormalTail.DEGREE) : tail.far(NormalTail.DEGREE);
      for (int j = NormalTail.DEGREE - 1; j > 0; j--) {
        q = multiplyAdd(q, z[i], isNear ? tail.near(j) : tail.far(j));
      }
      p[i] = q * z[i];
    }
  }

  /** max(x, 0) - |x| Phi(-|x|). */
  @Override
  public void gelu(
      float[] x, int from, float[] e, float[] rest, float[] p, float[] y, int to, int n) {
    float near = NormalTail.GELU.near(0);
    float far = NormalTail.GELU.far(0);
    for (int i = 0; i < n; i++) {
      float size = Math.abs(x[from + i]);
      boolean isNear = size < NormalTail.EDGE;
      float factor = isNear ? size : 1;
      float centre = isNear ? near : far;
      float head = factor * centre;
      float more = multiplyAdd(factor, p[i], multiplyAdd(factor, centre, -head));
      float product = head * e[i];
      float productRest = multiplyAdd(more, e[i], multiplyAdd(head, e[i], -product));
      float left = product + multiplyAdd(head, rest[i], productRest);
      y[to + i] = (x[from + i] >= 0 ? x[from + i] : -0.0f) - left;
    }
  }

  /**
   * The slope at -|x| is the density's share of a - |x|, a where it vanishes, and those at x and -x
   * are 1 together.
   */
  @Override
  public void geluSlope(
      float[] g,
      float[] x,
      int from,
      float[] e,
      float[] rest,
      float[] p,
      float[] y,
      int to,
      int n) {
    float near = NormalTail.SLOPE.near(0);
    float far = NormalTail.SLOPE.far(0);
    for (int i = 0; i < n; i++) {
      float size = least(Math.abs(x[from + i]), NORMAL_FAR);
      float factor = GELU_LEAST - size;
      float factorRest = GELU_LEAST - (factor + size) + GELU_LEAST_REST;
      float centre = size < NormalTail.EDGE ? near : far;
      float head = factor * centre;
      float headRest = multiplyAdd(factorRest, centre + p[i], multiplyAdd(factor, centre, -head));
      float more = multiplyAdd(factor, p[i], headRest);
      float product = head * e[i];
      float productRest = multiplyAdd(more, e[i], multiplyAdd(head, e[i], -product));
      float left = multiplyAdd(head, rest[i], productRest);
      float slope = x[from + i] < 0 ? product + left : 0.5f - product - left + 0.5f;
      y[to + i] = slope * g[from + i];
    }
  }

  @Override
  public void binaryCrossEntropies(double[] a, double[] b, double[] e, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      double s = e[i] / (e[i] + 2);
      double z = s * s;
      double q = (((z * B6 + B5) * z + B4) * z + B3) * z;
      q = (((q + B2) * z + B1) * z + B0) * z;
      y[i] = q * s + (s + s) + (a[i] > 0 ? 1 - b[i] : b[i]) * Math.abs(a[i]);
    }
  }
}
