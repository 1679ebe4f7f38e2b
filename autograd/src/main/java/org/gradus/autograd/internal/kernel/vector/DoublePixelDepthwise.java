package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoublePixelBlock.PIXELS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.ROWS;
import static org.gradus.autograd.internal.number.Integers.ceilDiv;

import org.gradus.autograd.internal.kernel.PixelConv;
import org.gradus.autograd.internal.kernel.PixelKernels;
import org.gradus.autograd.internal.parallel.Spares;

/** A convolution in which each channel has weights of its own: [taps, channels]. */
final class DoublePixelDepthwise implements PixelKernels.Prepared<double[]> {
  private final PixelConv s;
  private final double[] w;
  private final double[] bias;
  private final DoublePixelFinish finish;
  private final Spares<DoublePixelBlock> spares;
  private final int[] windows;
  private final int[] places;
  private final int[] taps;
  private final int pixels;
  private final int channels;

  DoublePixelDepthwise(
      PixelConv s,
      double[] w,
      double[] bias,
      DoublePixelFinish finish,
      Spares<DoublePixelBlock> spares) {
    this.spares = spares;
    this.s = s;
    this.w = w;
    this.bias = bias;
    this.finish = finish;
    this.windows = s.windows();
    this.places = PixelConv.places(s.out());
    this.pixels = s.out().images() * places.length;
    this.channels = s.in().channels();
    this.taps = s.taps();
  }

  @Override
  public PixelKernels.Ready<double[]> ready() {
    long cost = (long) Math.min(pixels, PIXELS) * ceilDiv(channels, LANES) * taps.length * 2;
    return new DoublePixelTask<>(ceilDiv(pixels, PIXELS), cost, spares::take, this::part);
  }

  private void part(DoublePixelBlock block, int part, double[] x, double[] added, double[] y) {
    int first = part * PIXELS;
    int count = Math.min(PIXELS, pixels - first);
    block.find(s, windows, places, first, count);
    if (channels < LANES) {
      one(count, block, x, y);
    } else {
      for (int i = 0; i < channels; i += LANES) {
        vector(count, Math.min(i, channels - LANES), block, x, y);
      }
    }
    if (finish.adds() || channels < LANES) {
      finish.finish(first, count, 0, channels, added, y, block.places);
    }
  }

  private void vector(int count, int channel, DoublePixelBlock block, double[] x, double[] y) {
    int[] a = block.windows;
    int[] to = block.places;
    if (taps.length == 9) {
      double least = finish.leastAtOnce();
      double most = finish.mostAtOnce();
      boolean areSideBySide = s.strideColumns() == 1 && s.kernelColumns() == 3;
      for (int p = 0; p < count; ) {
        if (areSideBySide) {
          p =
              DoublePixelLoops.nineOfFour(
                  p, count, taps, x, a, w, channel, channels, bias, y, to, least, most);
        }
        int end = areSideBySide ? Math.min(count, p + 1) : count;
        DoublePixelLoops.nine(p, end, taps, x, a, w, channel, channels, bias, y, to, least, most);
        p = end;
      }
      return;
    }
    for (int i = 0; i < count; i += ROWS) {
      DoublePixelLoops.channels(
          taps,
          x,
          a[i],
          a[i + 1],
          a[i + 2],
          a[i + 3],
          w,
          channel,
          channels,
          bias,
          y,
          to[i],
          to[i + 1],
          to[i + 2],
          to[i + 3],
          finish.leastAtOnce(),
          finish.mostAtOnce());
    }
  }

  /** In the same order, one by one. */
  private void one(int count, DoublePixelBlock block, double[] x, double[] y) {
    for (int i = 0; i < count; i++) {
      for (int c = 0; c < channels; c++) {
        double sum = 0;
        for (int tap = 0; tap < taps.length; tap++) {
          sum = Math.fma(x[block.windows[i] + taps[tap] + c], w[tap * channels + c], sum);
        }
        y[block.places[i] + c] = sum + bias[c];
      }
    }
  }
}
