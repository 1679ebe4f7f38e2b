package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.COLUMNS;
import static org.gradus.autograd.internal.number.Integers.roundUp;

import org.gradus.autograd.internal.kernel.PixelConv;
import org.gradus.autograd.internal.kernel.PixelKernels;
import org.gradus.autograd.internal.kernel.Pixels;
import org.gradus.autograd.internal.parallel.Parallel;

/** {@link PixelKernels} on the Vector API. */
final class DoublePixelKernels implements PixelKernels<double[]> {

  @Override
  public double[] panels(PixelConv s, double[] w) {
    int outputs = s.out().channels();
    int depth = s.depth();
    double[] panels = new double[DoublePixelDense.padded(outputs) * depth];
    for (int first = 0; first < outputs; first += COLUMNS) {
      int width = DoublePixelDense.width(outputs - first);
      for (int lane = 0; lane < Math.min(width, outputs - first); lane++) {
        for (int i = 0; i < depth; i++) {
          panels[first * depth + i * width + lane] = w[(first + lane) * depth + i];
        }
      }
    }
    return panels;
  }

  @Override
  public double[] bias(PixelConv s, double[] b) {
    double[] bias = new double[roundUp(s.out().channels(), COLUMNS)];
    System.arraycopy(b, 0, bias, 0, b.length);
    return bias;
  }

  @Override
  public Ready<double[]> dense(
      PixelConv s,
      double[] panels,
      double[] bias,
      Pixels other,
      boolean adds,
      /*wide*/ double least,
      /*wide*/ double most) {
    return new DoublePixelDense(s, panels, bias, new DoublePixelFinish(other, adds, least, most));
  }

  @Override
  public Ready<double[]> depthwise(
      PixelConv s,
      double[] w,
      double[] bias,
      Pixels other,
      boolean adds,
      /*wide*/ double least,
      /*wide*/ double most) {
    return new DoublePixelDepthwise(s, w, bias, new DoublePixelFinish(other, adds, least, most));
  }

  @Override
  public void maxPool(PixelConv s, double[] x, double[] y) {
    int[] windows = s.windows();
    int[] places = PixelConv.places(s.out());
    int[] taps = s.taps();
    int channels = s.in().channels();
    Parallel.ranges(
        s.out().images() * places.length,
        (long) s.kernelRows() * s.run(),
        (from, end) -> {
          for (int i = from; i < end; i++) {
            int image = i / places.length;
            int to = image * s.out().image() + places[i % places.length];
            int at = image * s.in().image() + windows[i % places.length];
            if (taps.length == 4) {
              DoublePixelLoops.maxOfFour(
                  channels, x, at, at + taps[1], at + taps[2], at + taps[3], y, to);
              continue;
            }
            System.arraycopy(x, at, y, to, channels);
            for (int tap = 1; tap < taps.length; tap++) {
              DoublePixelLoops.max(channels, x, at + taps[tap], y, to);
            }
          }
        });
  }

  @Override
  @SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
  public void mean(Pixels in, double[] x, double[] y) {
    int channels = in.channels();
    Parallel.ranges(
        in.images(),
        (long) in.plane() * channels,
        (from, end) -> {
          /*wide*/ double[] sums = new /*wide*/ double[channels];
          for (int image = from; image < end; image++) {
            java.util.Arrays.fill(sums, 0);
            for (int row = 0; row < in.height(); row++) {
              int at = image * in.image() + in.place(row, 0);
              for (int column = 0; column < in.width(); column++) {
                for (int c = 0; c < channels; c++) {
                  sums[c] += x[at + c];
                }
                at += channels;
              }
            }
            for (int c = 0; c < channels; c++) {
              y[image * channels + c] = (double) (sums[c] / in.plane());
            }
          }
        });
  }

  @Override
  public void fromPlanes(Pixels to, double[] x, double[] y) {
    Parallel.ranges(
        to.images() * to.height(),
        (long) to.channels() * to.width(),
        (from, end) -> {
          for (int i = from; i < end; i++) {
            int row = i % to.height();
            int image = i / to.height();
            int place = image * to.image() + to.place(row, 0);
            for (int c = 0; c < to.channels(); c++) {
              int at = (image * to.channels() + c) * to.plane() + row * to.width();
              for (int column = 0; column < to.width(); column++) {
                y[place + column * to.channels() + c] = x[at + column];
              }
            }
          }
        });
  }

  @Override
  public void toPlanes(Pixels from, double[] x, double[] y) {
    Parallel.ranges(
        from.images() * from.channels(),
        from.plane(),
        (first, end) -> {
          for (int i = first; i < end; i++) {
            int image = i / from.channels();
            for (int row = 0; row < from.height(); row++) {
              int at = image * from.image() + from.place(row, 0) + i % from.channels();
              int to = i * from.plane() + row * from.width();
              for (int column = 0; column < from.width(); column++) {
                y[to + column] = x[at + column * from.channels()];
              }
            }
          }
        });
  }
}
