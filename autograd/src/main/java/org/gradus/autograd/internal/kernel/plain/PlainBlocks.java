package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.BlockFunctions;
import org.gradus.autograd.internal.kernel.ColumnFunctions;
import org.gradus.autograd.internal.kernel.PairFunctions;
import org.gradus.autograd.internal.kernel.RowFunctions;
import org.gradus.autograd.internal.kernel.SingleFunctions;
import org.gradus.autograd.internal.number.Elementary;
import org.gradus.autograd.internal.number.SpecialFunctions;

/** One number after the other. */
final class PlainBlocks implements BlockFunctions {
  private static final DoubleRuns RUNS = new DoubleRuns();
  private static final ColumnFunctions COLUMNS = new PlainColumns();
  private static final RowFunctions ROWS = new PlainRows();
  private static final PairFunctions PAIRS = new PlainPairs();
  private static final SingleFunctions SINGLES = new PlainSingles();

  @Override
  public SingleFunctions singles() {
    return SINGLES;
  }

  @Override
  public ColumnFunctions columns() {
    return COLUMNS;
  }

  @Override
  public RowFunctions rows() {
    return ROWS;
  }

  @Override
  public PairFunctions pairs() {
    return PAIRS;
  }

  @Override
  public int speed() {
    return 1;
  }

  @Override
  public boolean areWithin(double least, double most, double[] x, int n) {
    boolean within = true;
    for (int i = 0; i < n; i++) {
      within &= x[i] >= least && x[i] <= most;
    }
    return within;
  }

  @Override
  public void exp(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Elementary.exp(x[i]);
    }
  }

  @Override
  public void expm1(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Elementary.expm1(x[i]);
    }
  }

  @Override
  public void log(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Elementary.log(x[i]);
    }
  }

  @Override
  public void log1p(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Elementary.log1p(x[i]);
    }
  }

  @Override
  public void sin(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Elementary.sin(x[i]);
    }
  }

  @Override
  public void cos(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Elementary.cos(x[i]);
    }
  }

  @Override
  public void scaledErfc(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      double size = Math.min(Math.abs(x[i]), SpecialFunctions.QUOTIENT_MOST);
      y[i] = SpecialFunctions.scaledErfc(size);
    }
  }

  @Override
  public void erfNearZero(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = x[i] * SpecialFunctions.erfOverArgument(x[i]);
    }
  }

  @Override
  public void choose(double[] x, double[] a, double[] b, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = x[i] > 0 ? a[i] : b[i];
    }
  }

  @Override
  public void copySign(double[] x, double[] signs, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.copySign(x[i], signs[i]);
    }
  }

  @Override
  public void widen(float[] x, int from, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = x[from + i];
    }
  }

  @Override
  public void narrow(double[] x, float[] y, int from, int n) {
    for (int i = 0; i < n; i++) {
      y[from + i] = (float) x[i];
    }
  }

  @Override
  public double largest(double[] x, int n) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      largest = Math.max(largest, x[i]);
    }
    return largest;
  }

  @Override
  public int indexOf(double value, double[] x, int n) {
    int i = 0;
    while (i < n && x[i] != value) {
      i++;
    }
    return i;
  }

  @Override
  public double sum(double[] x, int n, double[] lanes) {
    return RUNS.tree(x, 0, n, lanes);
  }
}
