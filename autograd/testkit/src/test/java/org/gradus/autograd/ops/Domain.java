package org.gradus.autograd.ops;

import java.util.SplittableRandom;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/** Which float64 numbers an op is tried with. */
public enum Domain {
  /** Two decimals in [-2, 2], at least 0.1 away from 0. */
  NONZERO,
  /** Two decimals in [0.3, 2]. */
  POSITIVE,
  /** All different, at least 0.01 apart, at least 0.1 away from 0. */
  DISTINCT;

  /** An array that a seed determines. */
  public NdArray draw(Shape shape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] places = new int[shape.size()];
    for (int i = 0; i < places.length; i++) {
      int j = random.nextInt(i + 1);
      places[i] = places[j];
      places[j] = i;
    }
    return NdArray.generate(
        DType.FLOAT64,
        shape,
        i ->
            switch (this) {
              case NONZERO -> random.nextInt(10, 201) / 100.0 * (random.nextBoolean() ? 1 : -1);
              case POSITIVE -> random.nextInt(30, 201) / 100.0;
              case DISTINCT -> (10 + places[i]) / 100.0 * (places[i] % 2 == 0 ? 1 : -1);
            });
  }
}
