package org.gradus.autograd.check;

import java.util.SplittableRandom;
import org.gradus.autograd.array.NdArray;

/** Random numbers that can be followed by hand. */
final class Draws {
  private Draws() {}

  /** Numbers of two decimals in [-2, -0.1] or [0.1, 2], in the shape of another array. */
  static NdArray numbers(NdArray like, SplittableRandom random) {
    return NdArray.generate(
        like.dtype(),
        like.shape(),
        i -> random.nextInt(10, 201) / 100.0 * (random.nextBoolean() ? 1 : -1));
  }
}
