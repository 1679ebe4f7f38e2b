package org.gradus.layers.data;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Random orders that are functions of numbers. */
final class Orders {
  private Orders() {}

  /**
   * The numbers from 0 to size - 1, in an order that the seed gives: Fisher and Yates's shuffle, in
   * the form of Durstenfeld (Algorithm 235, Communications of the ACM 7, 1964).
   */
  static int[] shuffled(int size, long seed) {
    return shuffled(size, new SplittableRandom(seed));
  }

  /** As {@link #shuffled(int, long)}, in an order that a generator gives. */
  static int[] shuffled(int size, RandomGenerator random) {
    int[] order = IntStream.range(0, size).toArray();
    for (int i = size - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }
}
