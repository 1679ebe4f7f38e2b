package org.gradus.autograd.internal.kernel;

import static org.gradus.autograd.internal.kernel.DoubleVectorTiles.LANES;
import static org.gradus.autograd.internal.kernel.DoubleVectorTransforms.TAPS;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The gradient in the weights of a convolution of {@link DoubleVectorWinograd}, from those elements
 * of the cotangent alone that are not 0: behind a ReLU or a pooling they are the smaller part, and
 * tiles of them have too little in common to be transformed. The channels of a pixel lie in the
 * lanes of vectors, so that one element meets all channels of the nine pixels of its window.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleVectorSparseWeight {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

  /** The cotangent is sparse where no larger part of it is not 0: a little more than a half. */
  private static final /*wide*/ double SPARSE = 0.625;

  /** Products that are added up before their sum is added in double. */
  private static final int MOST = 1 << 12;

  /** Elements of the images that lie side by side, channels last. */
  private static final int SIZE = 1 << 22;

  private final ConvSizes s;
  private final WindowSizes v;
  private final int rows;
  private final int columns;
  private final int channels;

  /** The elements of one image, channels last. */
  private final int size;

  private DoubleVectorSparseWeight(ConvSizes s) {
    this.s = s;
    v = s.window();
    rows = v.outH() + TAPS - 1;
    columns = v.outW() + TAPS - 1;
    channels = DoubleVectorWinograd.round(s.channels(), LANES);
    size = rows * columns * channels;
  }

  /**
   * Writes the weights, or returns false if the cotangent is not sparse, or if the image is not
   * finite: then its products with 0 count too.
   */
  static boolean conv2dWeight(ConvSizes s, double[] x, double[] y, double[] w) {
    if (count(y) > SPARSE * y.length || !new DoubleVectorSparseWeight(s).write(x, y, w)) {
      return false;
    }
    DoubleConvolutionSums.weights(s, x, y, w);
    return true;
  }

  /** How many elements are not 0. */
  private static long count(double[] y) {
    int pieces = DoubleMatmul.ceilDiv(y.length, MOST);
    long[] counts = new long[pieces];
    Parallel.ranges(
        pieces,
        MOST,
        (from, end) -> {
          for (int i = from; i < end; i++) {
            int at = i * MOST;
            counts[i] = DoubleVectorTiles.countOfOthers(y, at, Math.min(MOST, y.length - at));
          }
        });
    return IntStream.range(0, pieces).mapToLong(i -> counts[i]).sum();
  }

  /** Writes the weights, or returns false if the image is not finite. */
  private boolean write(double[] x, double[] y, double[] w) {
    AtomicBoolean finite = new AtomicBoolean(true);
    int together = Math.max(1, Math.min(s.batch(), SIZE / size));
    /*wide*/ double[][] totals = new /*wide*/ double[s.filters()][TAPS * TAPS * channels];
    try (DoubleMemory shared = new DoubleMemory(together * size)) {
      double[] pixels = shared.array(0);
      for (int first = 0; first < s.batch(); first += together) {
        int start = first;
        int images = Math.min(together, s.batch() - first);
        Parallel.ranges(
            images,
            size,
            (from, end) -> {
              for (int i = from; i < end; i++) {
                copy(start + i, x, pixels, i * size);
                if (!DoubleVectorTiles.areFinite(pixels, i * size, size)) {
                  finite.set(false);
                }
              }
            });
        if (!finite.get()) {
          return false;
        }
        Parallel.each(
            s.filters(),
            (long) images * v.outPlane() * channels,
            () -> new DoubleMemory(MOST, TAPS * TAPS * channels),
            (memory, f) -> add(start, images, f, y, pixels, memory, totals[f]));
      }
    }
    Parallel.ranges(
        s.filters(),
        s.filterSize(),
        (from, end) -> {
          for (int f = from; f < end; f++) {
            for (int c = 0; c < s.channels(); c++) {
              int at = (f * s.channels() + c) * TAPS * TAPS;
              for (int tap = 0; tap < TAPS * TAPS; tap++) {
                w[at + tap] = (double) totals[f][tap * channels + c];
              }
            }
          }
        });
    return true;
  }

  private void copy(int image, double[] x, double[] pixels, int to) {
    DoubleVectorWinograd.channelsLast(
        s.channels(),
        channels,
        v.inH(),
        v.inW(),
        -v.padTop(),
        -v.padLeft(),
        rows,
        columns,
        x,
        image * s.channels() * v.inPlane(),
        pixels,
        to);
  }

  /** Adds what some images, whose pixels lie side by side, give for one filter. */
  private void add(
      int first,
      int images,
      int filter,
      double[] y,
      double[] pixels,
      DoubleMemory memory,
      /*wide*/ double[] totals) {
    int[] places = new int[MOST];
    double[] values = memory.array(0);
    int n = 0;
    for (int row = 0; row < images * v.outH(); row++) {
      int image = row / v.outH();
      int from =
          ((first + image) * s.filters() + filter) * v.outPlane() + row % v.outH() * v.outW();
      int place = image * size + row % v.outH() * columns * channels;
      for (int i = 0; i < v.outW(); ) {
        for (int end = Math.min(v.outW(), i + MOST - n); i < end; i++) {
          places[n] = place + i * channels;
          values[n] = y[from + i];
          n += (int) Bits.notZero(y[from + i]); // without a branch
        }
        if (n == MOST) {
          flush(n, places, values, pixels, memory.array(1), totals);
          n = 0;
        }
      }
    }
    flush(n, places, values, pixels, memory.array(1), totals);
  }

  private void flush(
      int n, int[] places, double[] values, double[] pixels, double[] sums, /*wide*/ double[] to) {
    for (int c = 0; c < channels; c += LANES) {
      products(n, places, values, pixels, c, columns * channels, channels, sums);
    }
    for (int i = 0; i < to.length; i++) {
      to[i] += sums[i];
    }
  }

  /**
   * Sums over n elements of the cotangent, for a vector of channels from c on.
   *
   * @param down from a row of pixels to the next, and {@code across} from a pixel to the next
   */
  private static void products(
      int n,
      int[] places,
      double[] values,
      double[] pixels,
      int c,
      int down,
      int across,
      double[] sums) {
    DoubleVector s0 = DoubleVector.zero(SPECIES);
    DoubleVector s1 = s0;
    DoubleVector s2 = s0;
    DoubleVector s3 = s0;
    DoubleVector s4 = s0;
    DoubleVector s5 = s0;
    DoubleVector s6 = s0;
    DoubleVector s7 = s0;
    DoubleVector s8 = s0;
    for (int i = 0; i < n; i++) {
      int a = places[i] + c;
      int b = a + down;
      int d = b + down;
      DoubleVector y = DoubleVector.broadcast(SPECIES, values[i]);
      s0 = DoubleVector.fromArray(SPECIES, pixels, a).fma(y, s0);
      s1 = DoubleVector.fromArray(SPECIES, pixels, a + across).fma(y, s1);
      s2 = DoubleVector.fromArray(SPECIES, pixels, a + 2 * across).fma(y, s2);
      s3 = DoubleVector.fromArray(SPECIES, pixels, b).fma(y, s3);
      s4 = DoubleVector.fromArray(SPECIES, pixels, b + across).fma(y, s4);
      s5 = DoubleVector.fromArray(SPECIES, pixels, b + 2 * across).fma(y, s5);
      s6 = DoubleVector.fromArray(SPECIES, pixels, d).fma(y, s6);
      s7 = DoubleVector.fromArray(SPECIES, pixels, d + across).fma(y, s7);
      s8 = DoubleVector.fromArray(SPECIES, pixels, d + 2 * across).fma(y, s8);
    }
    s0.intoArray(sums, c);
    s1.intoArray(sums, c + across);
    s2.intoArray(sums, c + 2 * across);
    s3.intoArray(sums, c + 3 * across);
    s4.intoArray(sums, c + 4 * across);
    s5.intoArray(sums, c + 5 * across);
    s6.intoArray(sums, c + 6 * across);
    s7.intoArray(sums, c + 7 * across);
    s8.intoArray(sums, c + 8 * across);
  }
}
