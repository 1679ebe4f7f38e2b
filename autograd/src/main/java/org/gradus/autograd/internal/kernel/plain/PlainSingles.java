package org.gradus.autograd.internal.kernel.plain;

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
      float t = v * LOG2_E + TO_WHOLE;
      float k = t - TO_WHOLE;
      float r = v - k * LN2_HIGH - k * LN2_LOW;
      float q = (((r * E4 + E3) * r + E2) * r + E1) * r + E0;
      float power = (r * r * q + r) + 1;
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
    for (int i = 0; i < n; i++) {
      float given = Math.abs(x[from + i]) * -c;
      float v = given < DECAY_LEAST ? DECAY_LEAST : given;
      float t = v * LOG2_E + TO_WHOLE;
      float k = t - TO_WHOLE;
      float high = v - k * LN2_HIGH;
      float low = k * LN2_LOW;
      float r = high - low;
      float lost = high - r - low;
      float q = (((r * E4 + E3) * r + E2) * r + E1) * r + E0;
      float s = (r * r * q + lost) + r;
      float power = s + 1;
      float scale = Float.intBitsToFloat((Float.floatToRawIntBits(t) << EXPONENT) + ONE_BITS);
      e[i] = power * scale;
      rest[i] = (s - (power - 1)) * scale;
    }
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

  @Override
  public void logistic(
      boolean scaled, float[] x, int from, float[] e, float[] rest, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) {
      float v = x[from + i];
      float sum = e[i] + 1;
      float lost = 1 - sum + e[i] + rest[i];
      float quotient = (v < 0 ? e[i] : 1) / sum;
      float more = ((v < 0 ? rest[i] : 0) - quotient * lost) * (e[i] * -0.5f + 1);
      y[to + i] = scaled ? product(v, quotient, more) : more + quotient;
    }
  }

  /** v (q + more), of which the product of the leading bits is exact; -0 for -0. */
  private static float product(float v, float q, float more) {
    float high = Float.intBitsToFloat(Float.floatToRawIntBits(v) & LEADING);
    float leading = Float.intBitsToFloat(Float.floatToRawIntBits(q) & LEADING);
    return high * leading + (v * (q - leading + more) - (high - v) * leading);
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
  public void slope(
      boolean bell,
      float c,
      float[] g,
      float[] x,
      int from,
      float[] e,
      float[] rest,
      float[] y,
      int to,
      int n) {
    if (bell) {
      bells(c, g, from, e, rest, y, to, n);
    } else {
      logistic(false, x, from, e, rest, y, to, n);
      for (int i = 0; i < n; i++) {
        y[to + i] *= g[from + i];
      }
    }
  }

  private static void bells(
      float c, float[] g, int from, float[] e, float[] rest, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) {
      float twice = e[i] + e[i];
      float sum = twice + 1;
      float square = e[i] * e[i];
      float divisor = sum + square;
      float lost = sum - divisor + square + (1 - sum + twice);
      float quotient = e[i] * c / divisor;
      float near = (e[i] * 0.43f - 0.93f) * e[i] + 1; // 1 / (1 + e), roughly
      float value = (rest[i] * c - quotient * lost) * (near * near) + quotient;
      y[to + i] = value * g[from + i];
    }
  }

  @Override
  public void decay(boolean normal, double most, double[] x, double[] e, int n) {
    for (int i = 0; i < n; i++) {
      double size = Math.abs(x[i]);
      double near = size > most ? most : size;
      e[i] = PlainColumns.power(normal ? near * near * -0.5 : -near);
    }
  }

  @Override
  public void binaryCrossEntropies(double[] a, double[] b, double[] e, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      double s = e[i] / (e[i] + 2);
      double z = s * s;
      double q = (((z * B6 + B5) * z + B4) * z + B3) * z;
      q = (((q + B2) * z + B1) * z + B0) * z;
      double sides = b[i] * Math.max(-a[i], 0) + (1 - b[i]) * Math.max(a[i], 0);
      y[i] = q * s + (s + s) + sides;
    }
  }

  @Override
  public void gelu(double[] x, double[] e, int n) {
    for (int i = 0; i < n; i++) {
      double size = Math.abs(x[i]);
      double near = size > NORMAL_FAR ? NORMAL_FAR : size;
      double quotient = near / (near + 4);
      double t = 1 - quotient;
      double q = (((t * N10 + N9) * t + N8) * t + N7) * t + N6;
      q = (((q * t + N5) * t + N4) * t + N3) * t + N2;
      q = (q * t + N1) * t + N0;
      e[i] = (x[i] >= 0 ? x[i] : -0.0) - q * quotient * e[i];
    }
  }

  @Override
  public void siluSlope(double[] x, double[] e, int n) {
    for (int i = 0; i < n; i++) {
      double more = 1 / (e[i] + 1); // of the two sigmoids of x and -x
      double less = e[i] * more;
      boolean below = x[i] < 0;
      double slope = (x[i] * (below ? more : less) + 1) * (below ? less : more);
      double d = x[i] - SILU_LEAST;
      e[i] = Math.abs(d) < NEAR_LEAST ? (((d * S4 + S3) * d + S2) * d + S1) * d : slope;
    }
  }

  @Override
  public void geluSlope(double[] x, double[] e, int n) {
    for (int i = 0; i < n; i++) {
      double near = Math.abs(x[i]);
      double inverse = 1 / (near + 4);
      double t = inverse * 4;
      double q = (((t * N10 + N9) * t + N8) * t + N7) * t + N6;
      q = (((q * t + N5) * t + N4) * t + N3) * t + N2;
      q = (q * t + N1) * t + N0;
      double left = (q * inverse - near * DENSITY) * e[i]; // the slope at -|x|
      double slope = x[i] < 0 ? left : 1 - left;
      double d = x[i] - GELU_LEAST;
      e[i] = Math.abs(d) < NEAR_LEAST ? (((d * G4 + G3) * d + G2) * d + G1) * d : slope;
    }
  }
}
