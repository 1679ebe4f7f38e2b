package org.gradus.autograd.internal.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;

/**
 * A sum of any number of addends: blocks of 32 are added up in their order, and the blocks as a
 * binary tree, whose form depends on the number of addends alone. So no addend of n is rounded more
 * than 32 + log2(n) times, and no more than log2(n) partial sums are kept.
 *
 * @param <T> the type of addend
 */
public final class Pairwise<T> {
  private static final int BLOCK = 32;

  private final BinaryOperator<T> sum;
  private final BinaryOperator<T> addTo;
  private final List<T> sums = new ArrayList<>(); // of 2^k whole blocks each, then of the last one
  private final Map<Object, Map<T, T>> later = new LinkedHashMap<>();
  private int count;

  /**
   * Of nothing yet.
   *
   * @param sum of two addends, neither of which it changes
   * @param addTo as that, but may change and return the first, which was made by one of the two
   */
  public Pairwise(BinaryOperator<T> sum, BinaryOperator<T> addTo) {
    this.sum = sum;
    this.addTo = addTo;
  }

  /** One more addend. */
  public void add(T addend) {
    sums.add(addend);
    if (count % BLOCK > 0) {
      addLastTwo(count % BLOCK == 1 ? sum : addTo);
    }
    count++;
    if (count % BLOCK == 0) {
      for (int blocks = count / BLOCK; blocks % 2 == 0; blocks /= 2) {
        addLastTwo(addTo);
      }
    }
  }

  /** From what one kind of addends can be found that are not here yet, by where it comes from. */
  public Map<T, T> later(Object kind) {
    return later.computeIfAbsent(kind, k -> new LinkedHashMap<>());
  }

  /** All that, for each kind, in the order in which it came. */
  public Collection<Map<T, T>> later() {
    return later.values();
  }

  /** The sum of all; a single addend is the sum itself. To be asked for once, at the end. */
  public T total() {
    while (sums.size() > 1) {
      addLastTwo(addTo);
    }
    return sums.get(0);
  }

  private void addLastTwo(BinaryOperator<T> operator) {
    T second = sums.remove(sums.size() - 1);
    sums.add(operator.apply(sums.remove(sums.size() - 1), second));
  }
}
