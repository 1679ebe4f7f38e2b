package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoublePixelBlock.TOGETHER;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.ROWS;

import org.gradus.autograd.internal.kernel.PixelConv;
import org.gradus.autograd.internal.kernel.Pixels;

/** What happens to the sums of pixels while they are in the cache. */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoublePixelFinish {
  private final Pixels other;
  private final boolean adds;
  private final boolean limits;
  private final double least;
  private final double most;
  private final int[] places;

  DoublePixelFinish(Pixels other, boolean adds, /*wide*/ double least, /*wide*/ double most) {
    this.other = other;
    this.adds = adds;
    this.least = (double) least;
    this.most = (double) most;
    this.limits = least > Double.NEGATIVE_INFINITY || most < Double.POSITIVE_INFINITY;
    this.places = adds ? PixelConv.places(other) : new int[0];
  }

  /** Whether other images are added. */
  boolean adds() {
    return adds;
  }

  /** The limit of sums that nothing is added to: it can be applied at once. */
  double leastAtOnce() {
    return adds ? (double) Double.NEGATIVE_INFINITY : least;
  }

  double mostAtOnce() {
    return adds ? (double) Double.POSITIVE_INFINITY : most;
  }

  /** The same where they have the limit from below. */
  void limitAbove(int count, boolean isNarrow, double[] y, int[] to, int more) {
    if (most < Double.POSITIVE_INFINITY) {
      limit(count, isNarrow, y, to, more);
    }
  }

  /** Limits the sums of some pixels and a panel that nothing is added to. */
  void limit(int count, boolean isNarrow, double[] y, int[] to, int more) {
    if (!limits || adds) {
      return;
    }
    if (isNarrow) {
      for (int i = 0; i < count; i += TOGETHER) {
        DoublePixelLanes.limitEight(y, to, i, more, least, most);
      }
      return;
    }
    for (int i = 0; i < count; i += ROWS) {
      DoublePixelLanes.limitFour(
          y, to[i] + more, to[i + 1] + more, to[i + 2] + more, to[i + 3] + more, least, most);
    }
  }

  /** Limits sums that nothing is added to. */
  void limit(int n, double[] sums, int at) {
    if (limits) {
      DoublePixelLanes.limit(n, sums, at, least, most);
    }
  }

  /**
   * Finishes some outputs of pixels.
   *
   * @param first pixel, counted over all images
   * @param count of them
   * @param channel the first output, and {@code n} of them
   * @param to where the pixels are in y
   */
  void finish(int first, int count, int channel, int n, double[] added, double[] y, int[] to) {
    if (adds) {
      int image = first / places.length;
      int pixel = first % places.length;
      for (int i = 0; i < count; i++) {
        int from = image * other.image() + places[pixel] + channel;
        DoublePixelLanes.addLimited(n, added, from, y, to[i] + channel, least, most);
        if (++pixel == places.length) {
          pixel = 0;
          image++;
        }
      }
    } else if (limits) {
      for (int i = 0; i < count; i++) {
        DoublePixelLanes.limit(n, y, to[i] + channel, least, most);
      }
    }
  }
}
