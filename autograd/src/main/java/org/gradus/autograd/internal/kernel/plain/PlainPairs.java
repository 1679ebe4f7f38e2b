package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.ColumnFunctions;
import org.gradus.autograd.internal.kernel.Loss;
import org.gradus.autograd.internal.kernel.PairFunctions;
import org.gradus.autograd.internal.number.Elementary;

/** One pair after the other; the last ones of the vectors, too. */
public class PlainPairs implements PairFunctions {
  /** Makes plain loops. */
  public PlainPairs() {}

  /** No: loops over blocks are made into vectors by the JIT, this one is not. */
  @Override
  public boolean sum(Loss f, double c, float[] a, float[] b, int from, int n, double[] lanes) {
    return false;
  }

  @Override
  public void signs(double factor, float[] a, float[] b, float[] y, int from, int n) {
    for (int i = from; i < from + n; i++) {
      double distance = (double) a[i] - b[i];
      y[i] = (float) (factor * (distance > 0 ? 1 : distance < 0 ? -1 : distance));
    }
  }

  @Override
  public void held(double factor, double c, float[] a, float[] b, float[] y, int from, int n) {
    for (int i = from; i < from + n; i++) {
      double distance = (double) a[i] - b[i];
      y[i] = (float) (factor * (distance > c ? c : distance < -c ? -c : distance));
    }
  }

  @Override
  public void logistic(double factor, float[] a, float[] b, float[] y, int from, int n) {
    for (int i = from; i < from + n; i++) {
      double size = -Math.abs((double) a[i]);
      double v = size < ColumnFunctions.LEAST ? ColumnFunctions.LEAST : size;
      double t = v * Elementary.LOG2_E + Elementary.TO_WHOLE;
      double k = t - Elementary.TO_WHOLE;
      double r = v - k * Elementary.LN2_HIGH - k * Elementary.LN2_LOW;
      double q = ((r * ColumnFunctions.E6 + ColumnFunctions.E5) * r + ColumnFunctions.E4) * r;
      q = ((q + ColumnFunctions.E3) * r + ColumnFunctions.E2) * r + ColumnFunctions.E1;
      double scale =
          Double.longBitsToDouble(
              (Double.doubleToRawLongBits(t) + Elementary.BIAS) << Elementary.EXPONENT);
      double power = ((r * r * (q * r + ColumnFunctions.E0) + r) + 1) * scale;
      double e = size < ColumnFunctions.LEAST ? 0 : power;
      double large = 1 / (e + 1);
      double small = e * large;
      double target = b[i];
      double own = a[i] < 0 ? small : large;
      double other = a[i] < 0 ? large : small;
      y[i] = (float) (factor * ((1 - target) * own - target * other));
    }
  }
}
