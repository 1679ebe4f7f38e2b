package org.gradus.autograd.internal.kernel;

import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Pooling against loops that list the elements of each window. */
class PoolingKernelsTest {
  /**
   * Input, kernel, stride; padding above, below, left, right; dilation, output. Rows before
   * columns.
   */
  private static final List<WindowSizes> WINDOWS =
      List.of(
          new WindowSizes(new Axis(6, 2, 2, 0, 0, 1, 3), new Axis(6, 2, 2, 0, 0, 1, 3)),
          new WindowSizes(
              new Axis(7, 2, 2, 0, 0, 1, 3), new Axis(5, 2, 2, 0, 0, 1, 2)), // a remainder
          new WindowSizes(
              new Axis(1, 1, 1, 0, 0, 1, 1), new Axis(67, 2, 2, 0, 0, 1, 33)), // of one row
          new WindowSizes(
              new Axis(3, 1, 1, 0, 0, 1, 3), new Axis(38, 2, 2, 0, 0, 1, 19)), // of each row
          new WindowSizes(
              new Axis(5, 1, 2, 0, 0, 1, 3), new Axis(6, 2, 2, 0, 0, 1, 3)), // of each second row
          new WindowSizes(
              new Axis(5, 3, 1, 0, 0, 1, 3), new Axis(6, 2, 2, 0, 0, 1, 3)), // overlapping rows
          new WindowSizes(new Axis(5, 3, 2, 1, 1, 1, 3), new Axis(5, 3, 2, 1, 1, 1, 3)), // padded
          new WindowSizes(
              new Axis(4, 3, 2, 2, 0, 1, 2), new Axis(5, 2, 1, 0, 0, 1, 4)), // padded before only
          new WindowSizes(new Axis(9, 3, 2, 1, 1, 3, 3), new Axis(8, 2, 3, 1, 0, 2, 3)), // dilated
          new WindowSizes(
              new Axis(3, 3, 1, 0, 0, 1, 1), new Axis(4, 4, 1, 0, 0, 1, 1)), // the whole image
          new WindowSizes(
              new Axis(4, 1, 1, 0, 0, 1, 4), new Axis(3, 1, 1, 0, 0, 1, 3)), // nothing but itself
          new WindowSizes(
              new Axis(7, 3, 3, 0, 0, 1, 3), new Axis(5, 2, 2, 0, 0, 1, 3)), // over the end
          new WindowSizes(
              new Axis(6, 3, 2, 1, 1, 1, 4),
              new Axis(5, 3, 3, 1, 0, 1, 2)), // over the padding's end
          new WindowSizes(
              new Axis(4, 3, 3, 0, 2, 2, 2), new Axis(9, 3, 3, 2, 0, 3, 3)), // dilated over the end
          new WindowSizes(Axis.spread(5, 3), Axis.spread(7, 2)), // overlapping by an element
          new WindowSizes(Axis.spread(2, 3), Axis.spread(6, 3)), // more than there are, and tiles
          new WindowSizes(Axis.spread(1, 2), Axis.spread(4, 2)));

  static Stream<Arguments> windows() {
    return Stream.of(Precision.values())
        .flatMap(precision -> WINDOWS.stream().map(window -> Arguments.of(precision, window)));
  }

  private static final int[] PLANES = {0, 1, 7, 401};

  /**
   * Called for each window: the place of its output, and of its elements in row-major order; and
   * how many places it has on the image and its padding.
   */
  @FunctionalInterface
  private interface Visitor {
    void visit(int output, List<Integer> elements, int padded);
  }

  private static void forEachWindow(int planes, WindowSizes s, Visitor visitor) {
    for (int plane = 0; plane < planes; plane++) {
      for (int i = 0; i < s.rows().output(); i++) {
        for (int j = 0; j < s.columns().output(); j++) {
          List<Integer> elements = new ArrayList<>();
          int padded = 0;
          for (int row : places(s.rows(), i)) {
            for (int column : places(s.columns(), j)) {
              if (row < s.rows().input() + s.rows().after()
                  && column < s.columns().input() + s.columns().after()) {
                padded++;
              }
              if (row >= 0
                  && row < s.rows().input()
                  && column >= 0
                  && column < s.columns().input()) {
                elements.add((plane * s.rows().input() + row) * s.columns().input() + column);
              }
            }
          }
          visitor.visit(
              (plane * s.rows().output() + i) * s.columns().output() + j, elements, padded);
        }
      }
    }
  }

  /** Where the taps of a window lie along an axis. */
  private static int[] places(Axis axis, int window) {
    if (axis.stride() == 0) {
      double share = (double) axis.input() / axis.output();
      return IntStream.range(0, axis.input())
          .filter(i -> i + 1 > window * share && i < (window + 1) * share)
          .toArray();
    }
    return IntStream.range(0, axis.kernel())
        .map(tap -> window * axis.stride() - axis.before() + tap * axis.dilation())
        .toArray();
  }

  @Test
  void theLongestOfSpreadWindowsIsTheKernel() {
    for (int input = 1; input < 20; input++) {
      for (int output = 1; output < 20; output++) {
        Axis axis = Axis.spread(input, output);
        TapsInside taps = axis.inside(1);
        assertEquals(axis.kernel(), Arrays.stream(taps.count()).max().getAsInt(), axis.toString());
        assertEquals(0, taps.first()[0]);
        assertEquals(input, taps.first()[output - 1] + taps.count()[output - 1]);
        int[] windows = new int[input]; // that have each element
        for (int o = 0; o < output; o++) {
          for (int i = 0; i < taps.count()[o]; i++) {
            windows[taps.first()[o] + i]++;
          }
        }
        int most = Arrays.stream(windows).max().getAsInt();
        assertTrue(most <= axis.windowsOfOne(), axis.toString());
      }
    }
  }

  /** The first of the largest. */
  private static int largest(Object x, List<Integer> elements) {
    int best = elements.get(0);
    for (int element : elements) {
      if (Precision.at(x, element) > Precision.at(x, best)) {
        best = element;
      }
    }
    return best;
  }

  @ParameterizedTest
  @MethodSource("windows")
  void maxPool(Precision precision, WindowSizes s) {
    for (int planes : PLANES) {
      Object x = precision.wholes(planes * s.inPlane(), 41); // so few numbers that most windows tie
      Object h = precision.fractions(planes * s.inPlane(), 42);
      double[] expected = new double[planes * s.outPlane()];
      forEachWindow(
          planes,
          s,
          (out, elements, padded) -> expected[out] = Precision.at(h, largest(x, elements)));
      Object y = precision.zeros(expected.length);
      precision.kernels().maxPool(planes, s, x, h, y);
      precision.assertExactly(expected, y);
      forEachWindow(
          planes,
          s,
          (out, elements, padded) -> expected[out] = Precision.at(x, largest(x, elements)));
      precision.kernels().maxPool(planes, s, x, x, y);
      precision.assertExactly(expected, y);
    }
  }

  @ParameterizedTest
  @MethodSource("windows")
  void maxPoolInput(Precision precision, WindowSizes s) {
    for (int planes : PLANES) {
      Object x = precision.wholes(planes * s.inPlane(), 43);
      Object g = precision.wholes(planes * s.outPlane(), 44);
      double[] expected = new double[planes * s.inPlane()];
      forEachWindow(
          planes,
          s,
          (out, elements, padded) -> expected[largest(x, elements)] += Precision.at(g, out));
      Object h = precision.zeros(expected.length);
      precision.kernels().maxPoolInput(planes, s, x, g, h);
      precision.assertExactly(expected, h);
    }
  }

  @ParameterizedTest
  @MethodSource("windows")
  void avgPool(Precision precision, WindowSizes s) {
    for (int planes : PLANES) {
      for (boolean countPadding : new boolean[] {true, false}) {
        Object x = precision.wholes(planes * s.inPlane(), 45);
        double[] expected = new double[planes * s.outPlane()];
        forEachWindow(
            planes,
            s,
            (out, elements, padded) ->
                expected[out] =
                    elements.stream().mapToDouble(at -> Precision.at(x, at)).sum()
                        / (countPadding ? padded : elements.size()));
        Object y = precision.zeros(expected.length);
        precision.kernels().avgPool(planes, s, countPadding, x, y);
        precision.assertExactly(expected, y);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("windows")
  void avgPoolInput(Precision precision, WindowSizes s) {
    for (int planes : PLANES) {
      for (boolean countPadding : new boolean[] {true, false}) {
        // Multiples of all numbers of elements that occur, so that the shares are whole numbers.
        Object y = precision.generate(planes * s.outPlane(), i -> (i % 7 - 3) * 144.0);
        double[] expected = new double[planes * s.inPlane()];
        forEachWindow(
            planes,
            s,
            (out, elements, padded) -> {
              double share = Precision.at(y, out) / (countPadding ? padded : elements.size());
              elements.forEach(at -> expected[at] += share);
            });
        Object x = precision.zeros(expected.length);
        precision.kernels().avgPoolInput(planes, s, countPadding, y, x);
        precision.assertExactly(expected, x);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void maxPoolOfSpecialValues(Precision precision) {
    WindowSizes row =
        new WindowSizes(new Axis(1, 1, 1, 0, 0, 1, 1), new Axis(12, 3, 3, 0, 0, 1, 4));
    Object x =
        precision.array(
            1,
            NaN,
            2, // NaN counts as the largest
            NaN,
            5,
            NaN, // and the first of several
            NEGATIVE_INFINITY,
            NEGATIVE_INFINITY,
            NEGATIVE_INFINITY, // a tie goes to the first
            -0.0,
            0.0,
            -1); // a tie too: the zeros are equal
    Object places = precision.generate(12, i -> i);
    Object y = precision.zeros(4);
    precision.kernels().maxPool(1, row, x, places, y);
    precision.assertExactly(new double[] {1, 3, 6, 9}, y);
  }

  @ParameterizedTest
  @EnumSource
  void maxPoolOfPairsOfSpecialValues(Precision precision) {
    for (int rows : new int[] {1, 2}) {
      for (int stride : new int[] {2, 3}) {
        maxPoolOfPairs(
            precision, rows, stride, NaN, POSITIVE_INFINITY, NEGATIVE_INFINITY, 0.0, -0.0, 1, -1);
        maxPoolOfPairs(precision, rows, stride, NEGATIVE_INFINITY, 0.0, -0.0, 1, -1); // no NaN
      }
    }
  }

  /** All windows of one or two pairs of such elements, so many columns apart. */
  private static void maxPoolOfPairs(Precision precision, int rows, int stride, double... values) {
    int windows = (int) Math.pow(values.length, 2 * rows);
    int width = stride * windows;
    WindowSizes s =
        new WindowSizes(
            new Axis(rows, rows, rows, 0, 0, 1, 1), new Axis(width, 2, stride, 0, 0, 1, windows));
    double[] x = new double[s.inPlane()];
    double[] expected = new double[windows];
    for (int window = 0; window < windows; window++) {
      int left = window * stride;
      int[] places = {left, left + 1, width + left, width + left + 1};
      int rest = window;
      int best = left;
      for (int place : Arrays.copyOf(places, 2 * rows)) {
        x[place] = values[rest % values.length];
        rest /= values.length;
        if (x[place] > x[best] || (Double.isNaN(x[place]) && !Double.isNaN(x[best]))) {
          best = place;
        }
      }
      expected[window] = best;
    }
    Object places = precision.generate(x.length, i -> i);
    Object y = precision.zeros(windows);
    Object elements = precision.array(x);
    precision.kernels().maxPool(1, s, elements, places, y);
    precision.assertExactly(expected, y);
    precision.kernels().maxPool(1, s, elements, elements, y);
    precision.assertExactly(Arrays.stream(expected).map(place -> x[(int) place]).toArray(), y);
    double[] taken = new double[x.length];
    Arrays.stream(expected).forEach(place -> taken[(int) place] = 1);
    Object h = precision.zeros(x.length);
    precision
        .kernels()
        .maxPoolInput(1, s, precision.array(x), precision.generate(windows, i -> 1), h);
    precision.assertExactly(taken, h);
  }

  @ParameterizedTest
  @EnumSource
  void paddingIsNeverTheMaximum(Precision precision) {
    WindowSizes padded =
        new WindowSizes(new Axis(2, 3, 1, 1, 1, 1, 2), new Axis(2, 3, 1, 1, 1, 1, 2));
    Object x = precision.array(-4, -3, -2, -5);
    Object y = precision.zeros(4);
    precision.kernels().maxPool(1, padded, x, x, y);
    precision.assertExactly(new double[] {-2, -2, -2, -2}, y);
  }
}
