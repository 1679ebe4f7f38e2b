package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.Channels;
import org.gradus.autograd.internal.kernel.Slices;
import org.gradus.autograd.internal.number.Integers;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Normalisation of slices that are columns, such as those of a batch of rows, some of them at once:
 * the bits of {@link DoubleMoments}, which goes over one after the other.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleColumnNormalization implements Parallel.State {
  private static final int WIDTH = DoubleColumnLoops.Centres.WIDTH;

  /** Fewer columns are no faster at once. */
  private static final int LEAST = 8;

  private final DoubleRuns runs;
  private final DoubleColumnLoops loops;
  private final DoubleColumns columns;
  private final DoubleColumnLoops.Centres centres = new DoubleColumnLoops.Centres();
  private final /*wide*/ double[] squares = new /*wide*/ double[WIDTH];
  private final /*wide*/ double[] sums = new /*wide*/ double[WIDTH];
  private final /*wide*/ double[] along = new /*wide*/ double[WIDTH];
  private final /*wide*/ double[] row = new /*wide*/ double[WIDTH];
  private final int rows;
  private final int stride;
  private int first; // of the columns that are read
  private int n; // of them

  private DoubleColumnNormalization(DoubleRuns runs, Slices slices) {
    this.runs = runs;
    this.loops = runs.columns();
    this.columns = new DoubleColumns(runs);
    this.rows = slices.rows();
    this.stride = slices.inner();
  }

  @Override
  public void close() {
    columns.close();
  }

  /** Only where numbers need not be scaled before they are squared. */
  static boolean suits(Slices slices) {
    return DoubleMoments.NARROW
        && slices.outer() == 1
        && slices.length() == 1
        && slices.rows() > 1
        && slices.inner() >= LEAST;
  }

  /** The same, where each column has a gamma and a beta. */
  static boolean suits(Slices slices, Channels channels) {
    return suits(slices) && channels.repeat() == 1 && channels.count() == slices.inner();
  }

  static void moments(DoubleRuns runs, Slices slices, double[] x, double[] y) {
    forEachBlock(
        runs,
        slices,
        block -> {
          block.read(x, 0);
          for (int i = 0; i < block.n; i++) {
            /*wide*/ double mean = block.centres.mean[i];
            mean = mean * 0 == 0 ? mean + block.centres.rest[i] : mean;
            y[block.first + i] = (double) mean;
            y[slices.inner() + block.first + i] = (double) (block.squares[i] / block.rows);
          }
        });
  }

  static void affine(
      DoubleRuns runs,
      Slices slices,
      /*wide*/ double epsilon,
      double[] x,
      double[] gamma,
      double[] beta,
      double[] y) {
    forEachBlock(
        runs,
        slices,
        block -> {
          block.read(x, epsilon);
          for (int r = 0; r < block.rows; r++) {
            int from = r * block.stride + block.first;
            block.loops.affine(x, from, block.n, block.centres, gamma, beta, block.first, y);
          }
        });
  }

  static void input(
      DoubleRuns runs,
      Slices slices,
      /*wide*/ double epsilon,
      double[] x,
      double[] gamma,
      double[] g,
      double[] y) {
    forEachBlock(
        runs,
        slices,
        block -> {
          block.read(x, epsilon);
          block.input(x, gamma, g, y);
        });
  }

  static void sums(
      DoubleRuns runs, Slices slices, /*wide*/ double epsilon, double[] x, double[] g, double[] y) {
    forEachBlock(
        runs,
        slices,
        block -> {
          block.read(x, epsilon);
          block.sumAlong(x, new double[0], g);
          for (int i = 0; i < block.n; i++) {
            y[block.first + i] = (double) block.along[i];
          }
        });
  }

  /** The work on some columns. */
  @FunctionalInterface
  private interface Work {
    void on(DoubleColumnNormalization block);
  }

  private static void forEachBlock(DoubleRuns runs, Slices slices, Work work) {
    Parallel.each(
        Integers.ceilDiv(slices.inner(), WIDTH),
        slices.rows() * 2L * WIDTH,
        () -> new DoubleColumnNormalization(runs, slices),
        (block, i) -> {
          block.first = i * WIDTH;
          block.n = Math.min(WIDTH, slices.inner() - block.first);
          work.on(block);
        });
  }

  private void read(double[] x, /*wide*/ double epsilon) {
    columns.sum(DoubleColumns.rows(runs, x, first, stride), rows, n, centres.mean, 0);
    for (int i = 0; i < n; i++) {
      centres.mean[i] /= rows;
    }
    columns.sum(
        (lanes, at, r, length) ->
            loops.addDifferences(lanes, at, x, r * stride + first, length, centres),
        rows,
        n,
        sums,
        0);
    columns.sum(
        (lanes, at, r, length) ->
            loops.addSquares(lanes, at, x, r * stride + first, length, centres),
        rows,
        n,
        squares,
        0);
    for (int i = 0; i < n; i++) {
      centres.rest[i] = sums[i] / rows;
      squares[i] = Math.max(squares[i] - sums[i] * centres.rest[i], 0);
      /*wide*/ double variance = squares[i] == 0 ? epsilon : squares[i] / rows + epsilon;
      centres.factor[i] = 1 / Math.sqrt(variance);
    }
  }

  /** The products of a row of g and gamma, or g, if that is empty. */
  private /*wide*/ double[] product(double[] g, int r, double[] gamma) {
    runs.times(g, r * stride + first, n, 1, row, 0);
    if (gamma.length > 0) {
      runs.times(row, 0, n, gamma, first);
    }
    return row;
  }

  private void sumAlong(double[] x, double[] gamma, double[] g) {
    columns.sum(
        (lanes, at, r, length) ->
            loops.addAlong(lanes, at, x, r * stride + first, length, product(g, r, gamma), centres),
        rows,
        n,
        along,
        0);
  }

  private void input(double[] x, double[] gamma, double[] g, double[] y) {
    sumAlong(x, gamma, g);
    columns.sum(
        (lanes, at, r, length) -> LineSums.add(lanes, at, product(g, r, gamma), length),
        rows,
        n,
        sums,
        0);
    for (int i = 0; i < n; i++) {
      sums[i] /= rows;
      along[i] /= rows;
    }
    for (int r = 0; r < rows; r++) {
      int from = r * stride + first;
      loops.gradient(x, from, n, centres, product(g, r, gamma), sums, along, y);
    }
  }
}
