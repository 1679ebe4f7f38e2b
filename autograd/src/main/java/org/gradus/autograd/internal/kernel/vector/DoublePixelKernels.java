package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.COLUMNS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;
import static org.gradus.autograd.internal.number.Integers.roundUp;

import java.util.Arrays;
import org.gradus.autograd.internal.kernel.PixelConv;
import org.gradus.autograd.internal.kernel.PixelKernels;
import org.gradus.autograd.internal.kernel.Pixels;
import org.gradus.autograd.internal.parallel.Parallel;
import org.gradus.autograd.internal.parallel.Spares;

/** {@link PixelKernels} on the Vector API. */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoublePixelKernels implements PixelKernels<double[]> {
  /** Elements of a part, about, where nothing is multiplied. */
  private static final long TASK = 1 << 14;

  private static final Parallel.State NOTHING = () -> {};

  @Override
  public int lanes() {
    return LANES;
  }

  private final Spares<DoublePixelBlock> spares = new Spares<>(this::block);

  private DoublePixelBlock block() {
    return new DoublePixelBlock(spares);
  }

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
  public Prepared<double[]> dense(
      PixelConv s,
      double[] panels,
      double[] bias,
      Pixels other,
      boolean adds,
      /*wide*/ double least,
      /*wide*/ double most) {
    DoublePixelFinish finish = new DoublePixelFinish(other, adds, least, most);
    return new DoublePixelDense(s, panels, bias, finish, spares);
  }

  @Override
  public Prepared<double[]> depthwise(
      PixelConv s,
      double[] w,
      double[] bias,
      Pixels other,
      boolean adds,
      /*wide*/ double least,
      /*wide*/ double most) {
    DoublePixelFinish finish = new DoublePixelFinish(other, adds, least, most);
    return new DoublePixelDepthwise(s, w, bias, finish, spares);
  }

  /** A part of the rows of all images is one of so many elements, about. */
  private static Prepared<double[]> byRows(int rows, long cost, Rows body) {
    long together = Math.max(1, TASK / Math.max(1, cost));
    int parts = (int) ((rows + together - 1) / together);
    return () ->
        new DoublePixelTask<>(
            parts,
            together * cost,
            () -> NOTHING,
            (nothing, part, x, added, y) -> {
              int end = (int) Math.min(rows, (part + 1) * together);
              for (int row = (int) (part * together); row < end; row++) {
                body.write(row, x, y);
              }
            });
  }

  /** Writes one row, counted over all images. */
  @FunctionalInterface
  private interface Rows {
    void write(int row, double[] x, double[] y);
  }

  @Override
  public Prepared<double[]> maxPool(PixelConv s) {
    int[] taps = s.taps();
    Pixels in = s.in();
    Pixels out = s.out();
    int channels = in.channels();
    return byRows(
        out.images() * out.height(),
        (long) taps.length * channels * out.width(),
        (row, x, y) -> {
          int image = row / out.height();
          int i = row % out.height();
          int to = image * out.image() + out.place(i, 0);
          int at = image * in.image() + in.place(i * s.strideRows() - s.top(), -s.left());
          int step = s.strideColumns() * channels;
          if (taps.length == 4 && channels < LANES) {
            DoublePixelLanes.maxOfFew(
                out.width(),
                channels,
                x,
                at,
                at + taps[1],
                at + taps[2],
                at + taps[3],
                step,
                y,
                to);
            return;
          }
          for (int j = 0; j < out.width(); j++) {
            if (taps.length == 4) {
              DoublePixelLanes.maxOfFour(
                  channels, x, at, at + taps[1], at + taps[2], at + taps[3], y, to);
            } else {
              System.arraycopy(x, at, y, to, channels);
              for (int tap = 1; tap < taps.length; tap++) {
                DoublePixelLanes.max(channels, x, at + taps[tap], y, to);
              }
            }
            to += channels;
            at += step;
          }
        });
  }

  @Override
  public Prepared<double[]> mean(Pixels in) {
    long cost = (long) in.plane() * in.channels() / LANES;
    return () ->
        new DoublePixelTask<>(
            in.images(),
            cost,
            spares::take,
            (block, image, x, none, y) -> mean(in, image, x, y, block));
  }

  /** The mean of one image: of the sums of its rows, some channels at a time. */
  private static void mean(Pixels in, int image, double[] x, double[] y, DoublePixelBlock block) {
    double[] sums = block.sums;
    int to = image * in.channels();
    Arrays.fill(y, to, to + in.channels(), 0);
    for (int first = 0; first < in.channels(); first += sums.length) {
      int n = Math.min(sums.length, in.channels() - first);
      for (int row = 0; row < in.height(); row++) {
        int at = image * in.image() + in.place(row, 0) + first;
        Arrays.fill(sums, 0, n, 0);
        for (int column = 0; column < in.width(); column++) {
          DoublePixelLanes.add(n, x, at + column * in.channels(), sums, 0);
        }
        DoublePixelLanes.add(n, sums, 0, y, to + first);
      }
    }
    for (int c = to; c < to + in.channels(); c++) {
      y[c] /= in.plane();
    }
  }

  @Override
  public Prepared<double[]> fromPlanes(Pixels to) {
    return byRows(
        to.images() * to.height(),
        (long) to.channels() * to.width(),
        (i, x, y) -> {
          int row = i % to.height();
          int image = i / to.height();
          int place = image * to.image() + to.place(row, 0);
          for (int c = 0; c < to.channels(); c++) {
            int at = (image * to.channels() + c) * to.plane() + row * to.width();
            for (int column = 0; column < to.width(); column++) {
              y[place + column * to.channels() + c] = x[at + column];
            }
          }
        });
  }

  @Override
  public Prepared<double[]> toPlanes(Pixels from) {
    return byRows(
        from.images() * from.height(),
        (long) from.channels() * from.width(),
        (i, x, y) -> {
          int row = i % from.height();
          int image = i / from.height();
          int at = image * from.image() + from.place(row, 0);
          for (int c = 0; c < from.channels(); c++) {
            int to = (image * from.channels() + c) * from.plane() + row * from.width();
            for (int column = 0; column < from.width(); column++) {
              y[to + column] = x[at + column * from.channels() + c];
            }
          }
        });
  }
}
