package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.VIRTUAL_LANES;
import static org.gradus.autograd.internal.kernel.vector.DoubleTransforms.TAPS;
import static org.gradus.autograd.internal.number.Integers.ceilDiv;
import static org.gradus.autograd.internal.number.Integers.roundUp;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.autograd.internal.kernel.Axis;
import org.gradus.autograd.internal.kernel.ConvSizes;
import org.gradus.autograd.internal.kernel.WindowSizes;
import org.gradus.autograd.internal.kernel.plain.DoubleConvolutionByDefinition;
import org.gradus.autograd.internal.kernel.vector.DoubleWinograd.Patch;
import org.gradus.autograd.internal.number.Bits;
import org.gradus.autograd.internal.parallel.DoubleMemory;
import org.gradus.autograd.internal.parallel.IntArrays;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * The gradient in the weights of a convolution of {@link DoubleWinograd}, from those elements of
 * the cotangent alone that are not 0: behind a ReLU or a pooling they are the smaller part, and
 * tiles of them have too little in common to be transformed.
 *
 * <p>The pixels lie in panels of as many channels as a vector has lanes, and the elements of each
 * filter's cotangent in a list:
 *
 * <pre>
 *   pixels   [panels, images, rows, columns, LANES], with the padding
 *   lists    [filters] of: where the element's window begins in a panel, and its value
 *   sums     [filters, TAPS, TAPS, LANES] of one panel
 * </pre>
 *
 * <p>An element meets a vector of channels at each of the nine pixels of its window. The lists are
 * walked through group by group, so that a group's pixels stay in the nearest cache until all
 * filters of a task have met them.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleSparseWeight {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

  /** The cotangent is sparse if at most this part of it is nonzero: a little more than a half. */
  private static final /*wide*/ double SPARSE = 0.625;

  /** Elements of the cotangent that are counted at once. */
  private static final int PIECE = 1 << 12;

  /** Elements of the cotangent, zeros too, that are looked at together, one bit for each. */
  private static final int WORD = Long.SIZE;

  /** Words of a group. */
  private static final int GROUP = 4;

  /** Groups whose products are added up before their sum is added in double. */
  private static final int GROUPS = 16;

  /** Filters of a task. */
  private static final int FILTERS = 16;

  /** Elements of the panels, and of the lists, of all images that are taken together, about. */
  private static final int SIZE = 1 << 20;

  /**
   * Where the panels begin, behind a head of 16 bytes: there a vector is in one line of a cache.
   */
  private static final int START = 48 / Double.BYTES;

  /** What an array may be shorter than the largest int. */
  private static final int HEAD = 8;

  /** The sums of a filter in one panel. */
  private static final int SUMS = TAPS * TAPS * LANES;

  /** Memory of a call, by number. */
  private static final int PIXELS = 0;

  private static final int VALUES = 1;

  private final ConvSizes s;
  private final WindowSizes v;
  private final int rows;
  private final int columns;
  private final int panels;

  /** The elements of one image in one panel. */
  private final int size;

  /** Images that are taken together. */
  private final int together;

  /** Words of one filter in one image. */
  private final int words;

  private DoubleSparseWeight(ConvSizes s) {
    this.s = s;
    v = s.window();
    rows = v.rows().output() + TAPS - 1;
    columns = v.columns().output() + TAPS - 1;
    panels = ceilDiv(s.channels(), LANES);
    size = rows * columns * LANES;
    int image = Math.max(rows * columns * channels(s), s.filters() * v.outPlane());
    together = Math.max(1, Math.min(s.batch(), SIZE / image));
    words = ceilDiv(v.outPlane(), WORD);
  }

  /** Whether the panels of one image fit an array. */
  private static boolean fits(ConvSizes s) {
    long rows = s.window().rows().output() + TAPS - 1L;
    long columns = s.window().columns().output() + TAPS - 1L;
    return START + rows * columns * channels(s) <= Integer.MAX_VALUE - HEAD;
  }

  /** The channels of whole panels, counted in vectors that are as wide everywhere. */
  private static int channels(ConvSizes s) {
    return roundUp(s.channels(), VIRTUAL_LANES);
  }

  /**
   * Writes the weights, or returns false if the cotangent is not sparse, if the panels are too
   * large for an array, or if the image is not finite: then its products with 0 count too.
   */
  static boolean conv2dWeight(ConvSizes s, double[] x, double[] y, double[] w) {
    if (y.length == 0) { // a batch of 0 images, perhaps of large ones
      Arrays.fill(w, 0);
      return true;
    }
    if (!fits(s)) {
      return false;
    }
    if (count(y) > SPARSE * y.length || !new DoubleSparseWeight(s).write(x, y, w)) {
      return false;
    }
    DoubleConvolutionByDefinition.weights(s, x, y, w);
    return true;
  }

  /** How many elements are not 0. */
  private static long count(double[] y) {
    int pieces = ceilDiv(y.length, PIECE);
    long[] counts = new long[pieces];
    Parallel.ranges(
        pieces,
        PIECE,
        (from, end) -> {
          for (int i = from; i < end; i++) {
            int at = i * PIECE;
            counts[i] = DoubleTiles.countNonzero(y, at, Math.min(PIECE, y.length - at));
          }
        });
    return IntStream.range(0, pieces).mapToLong(i -> counts[i]).sum();
  }

  /** Writes the weights, or returns false if the image is not finite. */
  private boolean write(double[] x, double[] y, double[] w) {
    /*wide*/ double[][] totals = new /*wide*/ double[s.filters()][panels * SUMS];
    int length = s.filters() * together * v.outPlane();
    int[] places = IntArrays.POOL.take(length);
    try (DoubleMemory shared = new DoubleMemory(START + panels * together * size, length)) {
      Lists lists = new Lists(places, shared.array(VALUES), new int[s.filters()][ends(together)]);
      for (int first = 0; first < s.batch(); first += together) {
        int images = Math.min(together, s.batch() - first);
        if (!pack(first, images, x, shared.array(PIXELS))) {
          return false;
        }
        list(first, images, y, lists);
        add(images, lists, shared.array(PIXELS), totals);
      }
    } finally {
      IntArrays.POOL.give(places);
    }
    Parallel.ranges(
        s.filters(),
        s.filterSize(),
        (from, end) -> {
          for (int f = from; f < end; f++) {
            for (int i = 0; i < s.filterSize(); i++) {
              int c = i / (TAPS * TAPS);
              int tap = i % (TAPS * TAPS);
              w[f * s.filterSize() + i] =
                  (double) totals[f][c / LANES * SUMS + tap * LANES + c % LANES];
            }
          }
        });
    return true;
  }

  /** Writes the panels of some images, and returns whether these are finite. */
  private boolean pack(int first, int images, double[] x, double[] pixels) {
    AtomicBoolean finite = new AtomicBoolean(true);
    Axis down = v.rows();
    Axis across = v.columns();
    Patch patch =
        new Patch(down.input(), across.input(), -down.before(), -across.before(), rows, columns);
    Parallel.ranges(
        panels * images,
        size,
        (start, end) -> {
          for (int i = start; i < end; i++) {
            int channel = i / images * LANES;
            int image = first + i % images;
            int from = (image * s.channels() + channel) * v.inPlane();
            int planes = Math.min(LANES, s.channels() - channel);
            if (planes < LANES) { // the other lanes would hold anything
              Arrays.fill(pixels, START + i * size, START + (i + 1) * size, 0);
            }
            DoubleWinograd.channelsLast(planes, LANES, patch, x, from, pixels, START + i * size);
            if (!DoubleTiles.areFinite(pixels, START + i * size, size)) {
              finite.set(false);
            }
          }
        });
    return finite.get();
  }

  /**
   * The elements of some images' cotangents that are not 0, one filter behind the other.
   *
   * @param places where their windows begin, in a panel
   * @param ends of the groups of each filter
   */
  @SuppressWarnings("ArrayRecordComponent") // a parameter object, which is never compared
  private record Lists(int[] places, double[] values, int[][] ends) {
    /** Where a group begins, in lists that begin {@code step} behind each other. */
    int start(int filter, int group, int step) {
      return group == 0 ? filter * step : ends[filter][group - 1];
    }
  }

  /** How many groups a filter has. */
  private int ends(int images) {
    return ceilDiv(images * words, GROUP);
  }

  /** Makes the lists of some images. */
  private void list(int first, int images, double[] y, Lists lists) {
    int[] windows = new int[v.outPlane()];
    for (int i = 0; i < windows.length; i++) {
      windows[i] = (i / v.columns().output() * columns + i % v.columns().output()) * LANES;
    }
    Parallel.ranges(
        s.filters(),
        2L * images * v.outPlane(),
        (from, end) -> {
          for (int f = from; f < end; f++) {
            list(first, images, f, y, windows, lists);
          }
        });
  }

  private void list(int first, int images, int filter, double[] y, int[] windows, Lists lists) {
    int n = filter * images * v.outPlane();
    for (int word = 0; word < images * words; word++) {
      int image = word / words;
      int start = word % words * WORD;
      int at = ((first + image) * s.filters() + filter) * v.outPlane() + start;
      long bits = Bits.notZero(y, at, Math.min(WORD, v.outPlane() - start));
      for (; bits != 0; bits &= bits - 1) {
        int i = Long.numberOfTrailingZeros(bits);
        lists.places[n] = image * size + windows[start + i];
        lists.values[n] = y[at + i];
        n++;
      }
      lists.ends[filter][word / GROUP] = n;
    }
  }

  /** Adds the products of some images to the totals. */
  private void add(int images, Lists lists, double[] pixels, /*wide*/ double[][] totals) {
    Parallel.each(
        panels * ceilDiv(s.filters(), FILTERS),
        (long) FILTERS * images * v.outPlane() * TAPS,
        () -> new DoubleMemory(FILTERS * SUMS),
        (memory, task) -> {
          int panel = task % panels;
          int start = task / panels * FILTERS;
          int end = Math.min(start + FILTERS, s.filters());
          int groups = ends(images);
          Arrays.fill(memory.array(0), 0);
          for (int group = 0; group < groups; group++) {
            for (int f = start; f < end; f++) {
              products(
                  lists.start(f, group, images * v.outPlane()),
                  lists.ends[f][group],
                  lists.places,
                  lists.values,
                  pixels,
                  START + panel * images * size,
                  columns * LANES,
                  memory.array(0),
                  (f - start) * SUMS);
            }
            if ((group + 1) % GROUPS == 0 || group + 1 == groups) {
              for (int f = start; f < end; f++) {
                add(memory.array(0), (f - start) * SUMS, totals[f], panel * SUMS);
              }
              Arrays.fill(memory.array(0), 0);
            }
          }
        });
  }

  private static void add(double[] sums, int at, /*wide*/ double[] totals, int to) {
    for (int i = 0; i < SUMS; i++) {
      totals[to + i] += sums[at + i];
    }
  }

  /**
   * Adds the products of some elements of a list with a vector of channels to nine sums.
   *
   * @param panel where it begins, and {@code down} from a row of its pixels to the next
   */
  private static void products(
      int from,
      int end,
      int[] places,
      double[] values,
      double[] pixels,
      int panel,
      int down,
      double[] sums,
      int to) {
    DoubleVector s0 = DoubleVector.fromArray(SPECIES, sums, to);
    DoubleVector s1 = DoubleVector.fromArray(SPECIES, sums, to + LANES);
    DoubleVector s2 = DoubleVector.fromArray(SPECIES, sums, to + 2 * LANES);
    DoubleVector s3 = DoubleVector.fromArray(SPECIES, sums, to + 3 * LANES);
    DoubleVector s4 = DoubleVector.fromArray(SPECIES, sums, to + 4 * LANES);
    DoubleVector s5 = DoubleVector.fromArray(SPECIES, sums, to + 5 * LANES);
    DoubleVector s6 = DoubleVector.fromArray(SPECIES, sums, to + 6 * LANES);
    DoubleVector s7 = DoubleVector.fromArray(SPECIES, sums, to + 7 * LANES);
    DoubleVector s8 = DoubleVector.fromArray(SPECIES, sums, to + 8 * LANES);
    for (int i = from; i < end; i++) {
      int a = panel + places[i];
      int b = a + down;
      int c = b + down;
      DoubleVector y = DoubleVector.broadcast(SPECIES, values[i]);
      s0 = DoubleVector.fromArray(SPECIES, pixels, a).fma(y, s0);
      s1 = DoubleVector.fromArray(SPECIES, pixels, a + LANES).fma(y, s1);
      s2 = DoubleVector.fromArray(SPECIES, pixels, a + 2 * LANES).fma(y, s2);
      s3 = DoubleVector.fromArray(SPECIES, pixels, b).fma(y, s3);
      s4 = DoubleVector.fromArray(SPECIES, pixels, b + LANES).fma(y, s4);
      s5 = DoubleVector.fromArray(SPECIES, pixels, b + 2 * LANES).fma(y, s5);
      s6 = DoubleVector.fromArray(SPECIES, pixels, c).fma(y, s6);
      s7 = DoubleVector.fromArray(SPECIES, pixels, c + LANES).fma(y, s7);
      s8 = DoubleVector.fromArray(SPECIES, pixels, c + 2 * LANES).fma(y, s8);
    }
    s0.intoArray(sums, to);
    s1.intoArray(sums, to + LANES);
    s2.intoArray(sums, to + 2 * LANES);
    s3.intoArray(sums, to + 3 * LANES);
    s4.intoArray(sums, to + 4 * LANES);
    s5.intoArray(sums, to + 5 * LANES);
    s6.intoArray(sums, to + 6 * LANES);
    s7.intoArray(sums, to + 7 * LANES);
    s8.intoArray(sums, to + 8 * LANES);
  }
}
