package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.RowSingles;
import org.gradus.autograd.internal.parallel.DoubleMemory;
import org.gradus.autograd.internal.parallel.FloatMemory;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Some lines of floats at once, on the way to their softmax in single precision: {@link
 * SoftmaxSingles} of rows, {@link SoftmaxColumnSingles} of lines side by side.
 */
abstract class SoftmaxBlock implements Parallel.State {
  final float[] given;
  final float[] distances;
  final float[] lost;
  final float[] powers;
  final float[] rests;
  final float[] others;
  final float[] result; // of lines that are padded

  // One for each line:
  final float[] most;
  final float[] high;
  final float[] low;
  final int[] counts; // of the largest
  final double[] sums; // of the powers, but of the first largest
  final double[] logs;

  private final FloatMemory memory;
  private final DoubleMemory wide;

  SoftmaxBlock(int elements, int lines) {
    int size = elements + RowSingles.AHEAD;
    this.memory = new FloatMemory(size, size, size, size, size, size, size);
    this.given = memory.array(0);
    this.distances = memory.array(1);
    this.lost = memory.array(2);
    this.powers = memory.array(3);
    this.rests = memory.array(4);
    this.others = memory.array(5);
    this.result = memory.array(6);
    this.most = new float[lines];
    this.high = new float[lines];
    this.low = new float[lines];
    this.counts = new int[lines];
    this.wide = new DoubleMemory(lines, lines);
    this.sums = wide.array(0);
    this.logs = wide.array(1);
  }

  @Override
  public void close() {
    memory.close();
    wide.close();
  }

  /** Whether the largest numbers of n lines are. */
  final boolean areFinite(int n) {
    boolean finite = true;
    for (int i = 0; i < n; i++) {
      finite &= Float.isFinite(most[i]);
    }
    return finite;
  }

  /** Of the sums of others' raised powers, those of powers, with the largest but the first. */
  final void lower(int n) {
    for (int i = 0; i < n; i++) {
      sums[i] = sums[i] * RowSingles.LOWERED + (counts[i] - 1);
    }
  }

  /** What makes shares of raised powers, in two floats. */
  final void splitFactors(int n) {
    for (int i = 0; i < n; i++) {
      split(i, RowSingles.LOWERED / (1 + sums[i]));
    }
  }

  /** The logarithms, in two floats. */
  final void splitLogs(int n) {
    for (int i = 0; i < n; i++) {
      split(i, logs[i]);
    }
  }

  /** A number as a float, and what that has lost. */
  private void split(int i, double number) {
    high[i] = (float) number;
    low[i] = (float) (number - high[i]);
  }
}
