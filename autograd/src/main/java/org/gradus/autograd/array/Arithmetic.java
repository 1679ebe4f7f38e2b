package org.gradus.autograd.array;

import org.gradus.autograd.internal.kernel.Kernels;

/**
 * What this process computes by. Two processes whose arithmetic has the same name compute the same
 * bits, whatever the width of their vectors: their sums have one order. Those of the plain loops
 * have another.
 *
 * @param name {@code vector} or {@code plain}
 * @param bits of a vector; those of one float for plain loops
 */
public record Arithmetic(String name, int bits) {

  /**
   * Checks both.
   *
   * @throws IllegalArgumentException if the name is another, or there are less bits than a float
   *     has
   */
  public Arithmetic {
    Nulls.refuse("arithmetic: name", name);
    if (!(name.equals("vector") || name.equals("plain")) || bits < Float.SIZE) {
      throw new IllegalArgumentException(
          "arithmetic: '%s' of %s bits, expected vector or plain, of at least %s"
              .formatted(name, bits, Float.SIZE));
    }
  }

  /** That of this process. */
  public static Arithmetic here() {
    int lanes = Kernels.of(new float[0]).lanes();
    return new Arithmetic(lanes == 1 ? "plain" : "vector", lanes * Float.SIZE);
  }

  /** For example {@code vector kernels of 512 bits}, or {@code plain kernels}. */
  @Override
  public String toString() {
    return name.equals("plain") ? "plain kernels" : name + " kernels of " + bits + " bits";
  }
}
