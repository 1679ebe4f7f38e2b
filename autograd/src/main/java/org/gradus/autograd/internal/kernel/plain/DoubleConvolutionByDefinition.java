package org.gradus.autograd.internal.kernel.plain;

import java.util.Arrays;
import org.gradus.autograd.internal.kernel.ConvSizes;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.WindowSizes;
import org.gradus.autograd.internal.parallel.Parallel;
import org.gradus.autograd.internal.parallel.Wide;

/**
 * Single elements of the three convolutions by their definition, for what a kernel that adds zeros
 * of padding, or adds in its own precision, may not get right: a zero of padding times an infinite
 * weight is NaN, and a sum may overflow on its way to a result that does not. Elements that are not
 * finite are computed again here, and stay as they are if that is what they are.
 *
 * <p>Sums are in double. If even they leave its range, both factors are made smaller first.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
public final class DoubleConvolutionByDefinition {
  /** Keeps products, and sums of 2^31 of them, in the range of double. A power of two. */
  private static final /*wide*/ double SMALLER = 0x1p-528;

  /** The smallest number of double. */
  private static final /*wide*/ double SMALLEST = 0x1p-1074;

  /** Elements whose parts are added up one part after the other, in loops that are fast. */
  private static final int CHUNK = 512;

  /** Whether sums of products cannot leave the range of double, which is so in the float twin. */
  private static final boolean NARROW = Double.MAX_EXPONENT < 200;

  private DoubleConvolutionByDefinition() {}

  /** Computes some elements again that follow each other. */
  @FunctionalInterface
  public interface Mend {
    /** Computes n elements from {@code from} on again, where they are not finite. */
    void mend(int from, int n);
  }

  /** A sum of products by its definition. */
  @FunctionalInterface
  interface Sum {
    /** The element's terms, both factors of each {@link #scaled}. */
    /*wide*/ double of(int at, /*wide*/ double scale);
  }

  /** For the results of {@link Kernels#conv2d}. */
  public static Mend outputs(ConvSizes s, double[] x, double[] w, double[] b, double[] y) {
    return (from, n) -> mend(y, from, n, (at, scale) -> output(s, x, w, b, at, scale));
  }

  /** For the results of {@link Kernels#conv2dInput}. */
  public static Mend inputs(ConvSizes s, double[] w, double[] y, double[] x) {
    return (from, n) -> mend(x, from, n, (at, scale) -> input(s, w, y, at, scale));
  }

  /** Computes all weights again that are not finite, as {@link Kernels#conv2dWeight}. */
  public static void weights(ConvSizes s, double[] x, double[] y, double[] w) {
    if (!areFinite(w, 0, w.length)) {
      Parallel.ranges(
          w.length,
          (long) s.batch() * s.window().outPlane(),
          (from, end) -> mend(w, from, end - from, (at, scale) -> weight(s, x, y, at, scale)));
    }
  }

  /**
   * Adds up the parts of a sum over images, element by element and in their order; they must not be
   * used any more.
   */
  public static void sum(DoubleTotals[] parts, double[] y) {
    Parallel.ranges(
        y.length,
        parts.length,
        (from, to) -> {
          /*wide*/ double[] totals = Wide.take(CHUNK);
          for (int at = from; at < to; at += CHUNK) {
            int n = Math.min(CHUNK, to - at);
            Arrays.fill(totals, 0);
            for (DoubleTotals part : parts) {
              part.addTo(totals, at, n);
            }
            for (int i = 0; i < n; i++) {
              y[at + i] = (double) totals[i];
            }
          }
          Wide.give(totals);
        });
    for (DoubleTotals part : parts) {
      part.close();
    }
  }

  /** Places for the parts of a sum over images, each of all weights. */
  public static DoubleTotals[] parts(int count, int weights) {
    DoubleTotals[] parts = new DoubleTotals[count];
    Arrays.setAll(parts, i -> new DoubleTotals(weights));
    return parts;
  }

  /** Whether n elements are finite. */
  public static boolean areFinite(double[] y, int from, int n) {
    double even = 0; // 0 times what is not finite is NaN
    double odd = 0;
    int i = from;
    for (; i < from + n - 3; i += 4) {
      even += y[i] * 0 + y[i + 1] * 0;
      odd += y[i + 2] * 0 + y[i + 3] * 0;
    }
    for (; i < from + n; i++) {
      even += y[i] * 0;
    }
    return even + odd == 0;
  }

  /**
   * A factor times a scale. Never 0 unless the factor is: an infinite partner would make NaN of it.
   */
  static /*wide*/ double scaled(/*wide*/ double x, /*wide*/ double scale) {
    /*wide*/ double product = x * scale;
    return product == 0 && x != 0 ? Math.copySign(SMALLEST, x) : product;
  }

  /** Computes elements again that are not finite, and makes factors smaller if need be. */
  static void mend(double[] y, int from, int n, Sum sum) {
    for (int at = from; at < from + n; at++) {
      if (!Double.isFinite(y[at])) {
        /*wide*/ double total = sum.of(at, 1);
        if (!NARROW && total * 0 != 0) {
          total = sum.of(at, SMALLER) / SMALLER / SMALLER;
        }
        y[at] = (double) total;
      }
    }
  }

  private static /*wide*/ double output(
      ConvSizes s, double[] x, double[] w, double[] b, int at, /*wide*/ double scale) {
    WindowSizes v = s.window();
    int f = at / v.outPlane() % s.filters();
    int oh = at / v.columns().output() % v.rows().output();
    int ow = at % v.columns().output();
    int depth = s.groupChannels();
    int image = at / v.outPlane() / s.filters() * s.channels() + f / s.groupFilters() * depth;
    /*wide*/ double total = 0;
    for (int k = 0; k < depth * v.rows().kernel(); k++) {
      int row = v.rows().at(oh, k % v.rows().kernel());
      if (row >= 0 && row < v.rows().input()) {
        int from = (image + k / v.rows().kernel()) * v.inPlane() + row * v.columns().input();
        int weights = (f * depth * v.rows().kernel() + k) * v.columns().kernel();
        for (int j = 0; j < v.columns().kernel(); j++) {
          int column = v.columns().at(ow, j);
          if (column >= 0 && column < v.columns().input()) {
            total += scaled(x[from + column], scale) * scaled(w[weights + j], scale);
          }
        }
        if (isNaN(total)) {
          break; // nothing changes NaN
        }
      }
    }
    return b.length == 0 ? total : total + b[f] * scale * scale;
  }

  private static /*wide*/ double input(
      ConvSizes s, double[] w, double[] y, int at, /*wide*/ double scale) {
    WindowSizes v = s.window();
    int c = at / v.inPlane() % s.channels();
    int depth = s.groupChannels();
    int first = c / depth * s.groupFilters();
    int image = at / v.inPlane() / s.channels() * s.filters();
    int h = at / v.columns().input() % v.rows().input() + v.rows().before();
    int u = at % v.columns().input() + v.columns().before();
    /*wide*/ double total = 0;
    for (int k = 0; k < s.groupFilters() * v.rows().kernel(); k++) {
      int f = first + k / v.rows().kernel();
      int i = k % v.rows().kernel();
      int row = quotient(h - i * v.rows().dilation(), v.rows().stride(), v.rows().output());
      for (int j = 0; j < v.columns().kernel() && row >= 0; j++) {
        int column =
            quotient(u - j * v.columns().dilation(), v.columns().stride(), v.columns().output());
        if (column >= 0) {
          int weight = ((f * depth + c % depth) * v.rows().kernel() + i) * v.columns().kernel() + j;
          int from = (image + f) * v.outPlane() + row * v.columns().output() + column;
          total += scaled(y[from], scale) * scaled(w[weight], scale);
        }
      }
      if (isNaN(total)) {
        break;
      }
    }
    return total;
  }

  /** n / by, or -1 if that is not one of 0 to end - 1. */
  private static int quotient(int n, int by, int end) {
    return n >= 0 && n % by == 0 && n / by < end ? n / by : -1;
  }

  private static /*wide*/ double weight(
      ConvSizes s, double[] x, double[] y, int at, /*wide*/ double scale) {
    WindowSizes v = s.window();
    int j = at % v.columns().kernel();
    int i = at / v.columns().kernel() % v.rows().kernel();
    int c = at / (v.columns().kernel() * v.rows().kernel()) % s.groupChannels();
    int f = at / s.filterSize();
    int channel = f / s.groupFilters() * s.groupChannels() + c;
    int first = v.columns().firstInside(j);
    int end = v.columns().endInside(j);
    /*wide*/ double total = 0;
    for (int k = 0; k < s.batch() * v.rows().output(); k++) {
      int image = k / v.rows().output();
      int row = v.rows().at(k % v.rows().output(), i);
      if (row >= 0 && row < v.rows().input()) {
        int from = (image * s.channels() + channel) * v.inPlane() + row * v.columns().input();
        int outputs =
            (image * s.filters() + f) * v.outPlane() + k % v.rows().output() * v.columns().output();
        /*wide*/ double sum = 0;
        for (int ow = first; ow < end; ow++) {
          sum += scaled(x[from + v.columns().at(ow, j)], scale) * scaled(y[outputs + ow], scale);
        }
        total += sum;
        if (isNaN(total)) {
          break;
        }
      }
    }
    return total;
  }

  static boolean isNaN(/*wide*/ double x) {
    return !(x >= 0 || x < 0);
  }

  /** Whether a weight is the sum of anything but zeros: stops at the first product that is not. */
  public static boolean hasProducts(ConvSizes s, double[] x, double[] y, int at) {
    WindowSizes v = s.window();
    int j = at % v.columns().kernel();
    int i = at / v.columns().kernel() % v.rows().kernel();
    int channel = at / (v.columns().kernel() * v.rows().kernel()) % s.groupChannels();
    int f = at / s.filterSize();
    channel += f / s.groupFilters() * s.groupChannels();
    for (int k = 0; k < s.batch() * v.rows().output(); k++) {
      int image = k / v.rows().output();
      int row = v.rows().at(k % v.rows().output(), i);
      if (row >= 0 && row < v.rows().input()) {
        int from = (image * s.channels() + channel) * v.inPlane() + row * v.columns().input();
        int outputs =
            (image * s.filters() + f) * v.outPlane() + k % v.rows().output() * v.columns().output();
        for (int ow = v.columns().firstInside(j); ow < v.columns().endInside(j); ow++) {
          if (x[from + v.columns().at(ow, j)] != 0 && y[outputs + ow] != 0) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
