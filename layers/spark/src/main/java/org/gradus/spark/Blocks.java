package org.gradus.spark;

import java.io.Serializable;

/**
 * How the parts of a step are shared out: in blocks of so many parts, a power of two, each one
 * task. It decides what is computed where, and no bits.
 *
 * @param parts of a step
 * @param size of a block; the last one may have fewer parts
 */
record Blocks(int parts, int size) implements Serializable {

  /** Refuses a size that is no power of two: the sum would be another tree. */
  Blocks {
    if (parts < 1 || size < 1 || Integer.bitCount(size) != 1) {
      throw new IllegalArgumentException(
          "block: %s parts, expected a power of two".formatted(size));
    }
  }

  /** Of as few tasks as leave none of the slots, which work at the same time, with two of them. */
  static Blocks of(int parts, int slots) {
    int size = 1;
    while (count(parts, size) > Math.max(1, slots)) {
      size *= 2;
    }
    return new Blocks(parts, size);
  }

  /** How many blocks there are, each a task. */
  int count() {
    return count(parts, size);
  }

  private static int count(int parts, int size) {
    return (parts - 1) / size + 1;
  }
}
