package org.gradus.layers.optim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BinaryOperator;
import org.gradus.autograd.array.Nulls;

/**
 * A sum as a binary tree that depends on the number of addends alone: the first half, as many as
 * the largest power of two below all, plus the rest. So it has the same bits however the work is
 * spread, if each worker adds up a block of as many addends as a power of two, in order, and the
 * last one at most as many. No more sums are kept than the tree is deep.
 *
 * @param <T> the type of addend
 */
public final class TreeSum<T> {
  private final BinaryOperator<T> plus;
  private final Deque<T> sums = new ArrayDeque<>(); // of 2^k addends each, the last first
  private long count;

  /**
   * Of nothing yet.
   *
   * @param plus adds two, and changes neither
   */
  public TreeSum(BinaryOperator<T> plus) {
    this.plus = Nulls.given("treeSum: plus", plus);
  }

  /**
   * One more addend.
   *
   * @param addend behind those before
   */
  public void add(T addend) {
    sums.push(Nulls.given("add: addend", addend));
    count++;
    for (long blocks = count; blocks % 2 == 0; blocks /= 2) {
      addLastTwo();
    }
  }

  /** The sum of one addend or more; to be asked for once, at the end. */
  public T total() {
    while (sums.size() > 1) {
      addLastTwo();
    }
    return sums.element();
  }

  private void addLastTwo() {
    T second = sums.pop();
    sums.push(plus.apply(sums.pop(), second));
  }
}
