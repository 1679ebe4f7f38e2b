package org.gradus.autograd.internal.kernel.plain;

import java.util.Arrays;
import org.gradus.autograd.internal.kernel.RowSingles;
import org.gradus.autograd.internal.kernel.SingleFunctions;
import org.gradus.autograd.internal.number.Elementary;

/** One element after the other. */
public class PlainRowSingles implements RowSingles {
  private static final int OCTET = DoubleRuns.OCTET;

  /** Makes plain loops. */
  public PlainRowSingles() {}

  @Override
  public void largest(float[] x, int from, int stride, int count, float[] most) {
    for (int row = 0; row < count; row++) {
      int first = from + row * stride;
      float largest = x[first];
      for (int i = first + 1; i < first + stride; i++) {
        largest = Math.max(largest, x[i]);
      }
      most[row] = largest;
    }
  }

  @Override
  public void distances(
      float[] x, int from, int stride, int count, float[] most, float[] distances, float[] lost) {
    for (int i = 0; i < count * stride; i++) {
      distance(most[i / stride], x[from + i], distances, lost, i);
    }
  }

  /** One distance, and what rounding has taken from it. */
  static void distance(float top, float v, float[] distances, float[] lost, int at) {
    float difference = top - v;
    float undone = difference - top;
    float first = difference - undone;
    float left = (top - first) - (v + undone);
    distances[at] = Math.abs(difference);
    lost[at] = distances[at] < DISTANT ? left : 0;
  }

  /** How many distances are 0. */
  static int count(float[] distances, int from, int n) {
    int count = 0;
    for (int i = from; i < from + n; i++) {
      count += distances[i] == 0 ? 1 : 0;
    }
    return count;
  }

  @Override
  public int powers(
      float[] distances, float[] lost, int n, float[] powers, float[] rests, float[] others) {
    for (int i = 0; i < n; i++) {
      float v = distances[i] < FAR ? distances[i] : FAR;
      float t = v * SingleFunctions.LOG2_E + SingleFunctions.TO_WHOLE;
      float k = t - SingleFunctions.TO_WHOLE;
      float high = k * SingleFunctions.LN2_HIGH - v;
      float low = k * SingleFunctions.LN2_LOW;
      float r = high + low;
      float left = high - r + low;
      float q = r * SingleFunctions.E4 + SingleFunctions.E3;
      q = ((q * r + SingleFunctions.E2) * r + SingleFunctions.E1) * r + SingleFunctions.E0;
      float s = (r * r * q + left) + r;
      s -= (s + 1) * lost[i];
      float power = s + 1;
      float rest = s - (power - 1);
      int exponent = Math.max(WHOLE_AND_BIAS - Float.floatToRawIntBits(t), 0);
      float scale = Float.intBitsToFloat(exponent << SingleFunctions.EXPONENT);
      powers[i] = power * scale;
      rests[i] = rest * scale;
      others[i] = distances[i] > 0 ? powers[i] : 0;
    }
    return count(distances, 0, n);
  }

  @Override
  public void sum(float[] x, int stride, int count, double[] lanes, double[] sums) {
    Arrays.fill(lanes, 0, count * OCTET, 0);
    for (int i = 0; i < count * stride; i++) {
      lanes[i / stride * OCTET + i % OCTET] += x[i];
    }
    total(lanes, count, sums);
  }

  /** Adds up the octet of each row. */
  protected static void total(double[] lanes, int count, double[] sums) {
    for (int row = 0; row < count; row++) {
      sums[row] = DoubleRuns.total(lanes, row * OCTET);
    }
  }

  @Override
  public void log1p(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      long bits = Double.doubleToRawLongBits(1 + x[i]);
      long exponent = (bits + Elementary.ROOT_BITS) >>> Elementary.EXPONENT;
      double k =
          Double.longBitsToDouble(exponent + Elementary.WHOLE_BITS)
              - (Elementary.TO_WHOLE + Elementary.BIAS);
      long mantissa = bits - ((exponent - Elementary.BIAS) << Elementary.EXPONENT);
      double f = k == 0 ? x[i] : Double.longBitsToDouble(mantissa) - 1;
      double s = f / (f + 2);
      double z = s * s;
      double q = z * SingleFunctions.B6 + SingleFunctions.B5;
      q = ((q * z + SingleFunctions.B4) * z + SingleFunctions.B3) * z + SingleFunctions.B2;
      q = ((q * z + SingleFunctions.B1) * z + SingleFunctions.B0) * z;
      y[i] = q * s + (s + s) + k * LN2;
    }
  }

  @Override
  public void shares(
      float[] powers,
      float[] rests,
      int stride,
      int count,
      float[] factors,
      float[] less,
      float[] y,
      int to) {
    for (int i = 0; i < count * stride; i++) {
      y[to + i] = share(powers[i], rests[i], factors[i / stride], less[i / stride]);
    }
  }

  /** A power and its rest, times a factor and what that has lost. */
  static float share(float power, float rest, float factor, float less) {
    return (power * factor + (power * less + rest * factor)) + 0.0f; // 0 where it is -0.0
  }

  @Override
  public void logarithms(
      float[] distances,
      float[] lost,
      int stride,
      int count,
      float[] logs,
      float[] less,
      float[] y,
      int to) {
    for (int i = 0; i < count * stride; i++) {
      y[to + i] = logarithm(distances[i], lost[i], logs[i / stride], less[i / stride]);
    }
  }

  /** Minus a distance and the logarithm of the sum of powers, with what both have lost. */
  static float logarithm(float distance, float lost, float log, float less) {
    return 0.0f - ((distance + log) + (lost + less));
  }
}
