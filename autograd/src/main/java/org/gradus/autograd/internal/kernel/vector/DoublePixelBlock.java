package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.COLUMNS;

import java.util.Arrays;
import org.gradus.autograd.internal.kernel.PixelConv;
import org.gradus.autograd.internal.parallel.Parallel;
import org.gradus.autograd.internal.parallel.Spares;

/** Some pixels of outputs, which one thread computes: where their windows are, and they. */
final class DoublePixelBlock implements Parallel.State {
  /** The most pixels. */
  static final int PIXELS = 64;

  /** Pixels that are computed together, at most. */
  static final int TOGETHER = 8;

  /** Where windows begin in x, and pixels in y; the last one again up to a whole tile. */
  final int[] windows = new int[PIXELS];

  final int[] places = new int[PIXELS];

  /** Room for the sums of a panel, and where those of each pixel begin in it. */
  final double[] sums = new double[PIXELS * COLUMNS];

  final int[] starts = new int[PIXELS];

  final int[] zeros = new int[PIXELS];

  private final Spares<DoublePixelBlock> spares;

  DoublePixelBlock(Spares<DoublePixelBlock> spares) {
    this.spares = spares;
    for (int i = 0; i < PIXELS; i++) {
      starts[i] = i * COLUMNS;
    }
  }

  /**
   * Finds some pixels.
   *
   * @param first of them, counted over all images
   * @param windowsOfOne of all pixels of one image, and {@code placesOfOne} likewise
   */
  void find(PixelConv s, int[] windowsOfOne, int[] placesOfOne, int first, int count) {
    int image = first / placesOfOne.length;
    int pixel = first % placesOfOne.length;
    int whole = Math.min(PIXELS, (count + TOGETHER - 1) / TOGETHER * TOGETHER);
    for (int i = 0; i < count; image++) {
      int some = Math.min(count - i, placesOfOne.length - pixel);
      add(image * s.in().image(), windowsOfOne, pixel, windows, i, some);
      add(image * s.out().image(), placesOfOne, pixel, places, i, some);
      pixel = 0;
      i += some;
    }
    Arrays.fill(windows, count, whole, windows[count - 1]);
    Arrays.fill(places, count, whole, places[count - 1]);
  }

  private static void add(int more, int[] from, int first, int[] to, int at, int n) {
    for (int i = 0; i < n; i++) {
      to[at + i] = from[first + i] + more;
    }
  }

  @Override
  public void close() {
    spares.give(this);
  }
}
