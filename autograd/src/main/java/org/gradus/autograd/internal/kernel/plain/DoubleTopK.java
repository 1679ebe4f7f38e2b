package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.parallel.Parallel;

/** The largest elements of each line: those found so far are kept in a heap, the least on top. */
final class DoubleTopK {
  private final double[] x;
  private final int step;
  private final int[] heap; // positions along the line
  private int start;

  private DoubleTopK(double[] x, int step, int count) {
    this.x = x;
    this.step = step;
    this.heap = new int[count];
  }

  /** As {@link Kernels#argTopK}. */
  static void argTopK(int before, int axis, int count, int after, double[] x, int[] index) {
    Parallel.ranges(
        count == 0 ? 0 : before * after,
        axis * 4L,
        (from, to) -> {
          DoubleTopK line = new DoubleTopK(x, after, count);
          for (int i = from; i < to; i++) {
            line.find(i / after * axis * after + i % after, axis);
            line.store(index, i / after * count * after + i % after);
          }
        });
  }

  /** Finds the largest of the n elements of a line. */
  private void find(int first, int n) {
    start = first;
    int count = heap.length;
    for (int i = 0; i < count; i++) {
      heap[i] = i;
    }
    for (int i = count / 2 - 1; i >= 0; i--) {
      sift(i, count);
    }
    for (int i = count; i < n; i++) {
      if (isBefore(i, heap[0])) {
        heap[0] = i;
        sift(0, count);
      }
    }
  }

  /** Writes the positions, the largest element's first. The heap is used up. */
  private void store(int[] index, int first) {
    for (int left = heap.length; left > 0; left--) {
      index[first + (left - 1) * step] = heap[0];
      heap[0] = heap[left - 1];
      sift(0, left - 1);
    }
  }

  /** Moves an element down until none below it is less. */
  private void sift(int from, int size) {
    int place = from;
    while (2 * place + 1 < size) {
      int child = 2 * place + 1;
      if (child + 1 < size && isBefore(heap[child], heap[child + 1])) {
        child++;
      }
      if (!isBefore(heap[place], heap[child])) {
        return;
      }
      int position = heap[place];
      heap[place] = heap[child];
      heap[child] = position;
      place = child;
    }
  }

  /** Whether the element at a position is larger than another, or as large and before it. */
  private boolean isBefore(int position, int other) {
    double a = x[start + position * step];
    double b = x[start + other * step];
    if (a > b || a < b) {
      return a > b;
    }
    return Double.isNaN(a) == Double.isNaN(b) ? position < other : Double.isNaN(a);
  }
}
