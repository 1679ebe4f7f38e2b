package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.Loss;
import org.gradus.autograd.internal.kernel.PairFunctions;

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
      double e = PlainColumns.power(-Math.abs((double) a[i]));
      double large = 1 / (e + 1);
      double small = e * large;
      double target = b[i];
      double own = a[i] < 0 ? small : large;
      double other = a[i] < 0 ? large : small;
      y[i] = (float) (factor * ((1 - target) * own - target * other));
    }
  }
}
