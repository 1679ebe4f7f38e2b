package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;

class RandomShiftTest {
  private static final NdArray IMAGES =
      NdArray.generate(DType.FLOAT32, Shape.of(400, 1, 3, 4), i -> i % 12 + 1);

  @Test
  void byNothingIsTheSame() {
    assertEquals(IMAGES, RandomShift.shifted(IMAGES, 0, new SplittableRandom(1)));
  }

  @Test
  void movesEachImageAsAWholeAndFillsWithZeros() {
    NdArray shifted = RandomShift.shifted(IMAGES, 2, new SplittableRandom(1));
    Set<String> seen = new HashSet<>();
    for (int n = 0; n < 400; n++) {
      seen.add(displacement(n, shifted));
    }
    assertEquals(25, seen.size(), () -> "all displacements from -2 to 2: " + seen);
  }

  /** The displacement that explains an image; there is exactly one. */
  private static String displacement(int n, NdArray shifted) {
    String found = "";
    for (int down = -2; down <= 2; down++) {
      for (int right = -2; right <= 2; right++) {
        if (explains(n, shifted, down, right)) {
          assertTrue(found.isEmpty(), () -> "two displacements of image " + n);
          found = down + " " + right;
        }
      }
    }
    assertTrue(!found.isEmpty(), () -> "no displacement explains image " + n);
    return found;
  }

  private static boolean explains(int n, NdArray shifted, int down, int right) {
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 4; column++) {
        int r = row - down;
        int c = column - right;
        boolean inside = r >= 0 && r < 3 && c >= 0 && c < 4;
        if (shifted.get(n, 0, row, column) != (inside ? IMAGES.get(n, 0, r, c) : 0)) {
          return false;
        }
      }
    }
    return true;
  }

  @Test
  void leavesItsInputAlone() {
    NdArray copy = IMAGES.map(v -> v);
    RandomShift.shifted(IMAGES, 1, new SplittableRandom(1));
    assertEquals(copy, IMAGES);
  }
}
