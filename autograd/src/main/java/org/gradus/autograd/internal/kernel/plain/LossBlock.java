package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.BlockFunctions;
import org.gradus.autograd.internal.kernel.Loss;
import org.gradus.autograd.internal.number.Integers;
import org.gradus.autograd.internal.parallel.DoubleMemory;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * The losses of a block of pairs a and b, by loops without a choice. Where one of the numbers is
 * not finite, the sum may be NaN, and is computed again, pair by pair.
 */
final class LossBlock implements Parallel.State {
  /** The most pairs of a block. */
  static final int BLOCK = SmoothBlocks.BLOCK;

  private final DoubleMemory memory;
  private final double[] a;
  private final double[] b;
  private final double[] u;
  private final double[] v;
  private final double[] w;
  private final double[] lanes = new double[4 * DoubleRuns.OCTET];
  private final BlockFunctions f;

  /** For blocks of up to so many pairs. */
  LossBlock(BlockFunctions f, int length) {
    this.f = f;
    int room = Integers.roundUp(Math.min(length, BLOCK), BlockFunctions.ROOM);
    this.memory = new DoubleMemory(room, room, room, room, room);
    this.a = memory.array(0);
    this.b = memory.array(1);
    this.u = memory.array(2);
    this.v = memory.array(3);
    this.w = memory.array(4);
  }

  @Override
  public void close() {
    memory.close();
  }

  /** The sum of the losses of n pairs from an index on, as {@link Loss#of} has them. */
  double sum(Loss loss, double c, float[] a, float[] b, int from, int n) {
    if (f.pairs().sum(loss, c, a, b, from, n, lanes)) {
      return lanes[0];
    }
    f.widen(a, from, this.a, n);
    f.widen(b, from, this.b, n);
    if (loss != Loss.BINARY_CROSS_ENTROPY) {
      return sum(loss, c, n);
    }
    SmoothBlocks.sizes(-1, this.a, u, n);
    f.columns().powers(u, 0, v, n);
    f.singles().binaryCrossEntropies(this.a, this.b, v, u, n);
    return f.sum(u, n, lanes);
  }

  /** The same of doubles. */
  double sum(Loss loss, double c, double[] a, double[] b, int from, int n) {
    f.widen(a, from, this.a, n);
    f.widen(b, from, this.b, n);
    return sum(loss, c, n);
  }

  private double sum(Loss loss, double c, int n) {
    switch (loss) {
      case SQUARED -> squares(a, b, u, n);
      case ABSOLUTE -> distances(a, b, u, n);
      case HUBER -> bounded(c, a, b, u, n);
      case BINARY_CROSS_ENTROPY -> binaryCrossEntropies(n);
      case DIVERGENCE -> divergences(n);
    }
    return f.sum(u, n, lanes);
  }

  private static void squares(double[] a, double[] b, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      double distance = a[i] - b[i];
      y[i] = distance * distance;
    }
  }

  private static void distances(double[] a, double[] b, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.abs(a[i] - b[i]);
    }
  }

  /** With m, the distance or c, the less: m (distance - m / 2). */
  private static void bounded(double c, double[] a, double[] b, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      double distance = Math.abs(a[i] - b[i]);
      double m = Math.min(distance, c);
      y[i] = m * (distance - m / 2);
    }
  }

  /** b max(-a, 0) + (1 - b) max(a, 0), and ln(1 + e^-|a|), which both kinds of softplus have. */
  private void binaryCrossEntropies(int n) {
    SmoothBlocks.sizes(-1, a, u, n);
    f.exp(u, v, n);
    f.log1p(v, u, n);
    addSides(a, b, u, n);
  }

  private static void addSides(double[] a, double[] b, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] += b[i] * Math.max(-a[i], 0) + (1 - b[i]) * Math.max(a[i], 0);
    }
  }

  /** b (ln b - a), and 0 where b is. */
  private void divergences(int n) {
    f.log(b, u, n);
    weigh(a, b, u, v, n);
    nothing(a, w, n);
    f.choose(b, v, w, u, n);
  }

  private static void weigh(double[] a, double[] b, double[] logs, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = b[i] * (logs[i] - a[i]);
    }
  }

  private static void nothing(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = x[i] * 0;
    }
  }
}
