package org.gradus.autograd.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The softmax of floats in single precision, of rows and of lines side by side: its accuracy, and
 * what a line depends on.
 */
class SoftmaxKernelsTest {
  /** Lengths of rows around those of vectors, of blocks, and of the longest ones. */
  private static final int[] AXES = {1, 2, 9, 10, 15, 16, 17, 32, 33, 100, 512, 1000, 1024, 1025};

  /** Lines side by side: fewer, as many and more than those of vectors and of blocks. */
  private static final int[] AFTER = {15, 16, 17, 64, 65, 100};

  private static final double ULPS = 2;

  /** Rows of numbers that are as far from each other as this, and some largest twice. */
  private static double[] numbers(int rows, int axis, double spread, long seed) {
    Random random = new Random(seed);
    double[] x = new double[rows * axis];
    for (int i = 0; i < x.length; i++) {
      double shift = (i / axis % 5 - 2) * 0.3 * spread;
      x[i] = (float) (random.nextGaussian() * spread + shift);
    }
    for (int row = 0; row < rows; row += 3) {
      int largest = row * axis;
      for (int i = row * axis; i < (row + 1) * axis; i++) {
        largest = x[i] > x[largest] ? i : largest;
      }
      x[row * axis + (row * 7 + 3) % axis] = x[largest];
    }
    return x;
  }

  private static void assertWithinUlps(double expected, double actual, String what) {
    assertEquals(expected, actual, ULPS * Math.ulp((float) expected), what);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-3, 0.3, 1, 3, 10, 25, 60, 100, 115, 300})
  void valuesAreWithinTwoUnits(double spread) {
    for (int axis : AXES) {
      int rows = 3 * Math.max(1, 400 / axis) + 1;
      double[] x = numbers(rows, axis, spread, axis);
      for (boolean logarithm : new boolean[] {false, true}) {
        double[] expected = new double[x.length];
        Precision.DOUBLE.kernels().softmax(logarithm, rows, axis, 1, x, expected);
        Object y = Precision.FLOAT_VECTORS.zeros(x.length);
        Precision.FLOAT_VECTORS
            .kernels()
            .softmax(logarithm, rows, axis, 1, Precision.FLOAT_VECTORS.array(x), y);
        for (int i = 0; i < x.length; i++) {
          assertWithinUlps(expected[i], Precision.at(y, i), "logarithm " + logarithm + ", " + axis);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-3, 1, 10, 25, 60, 100, 115, 300})
  void valuesOfColumnsAreWithinTwoUnits(double spread) {
    for (int axis : new int[] {1, 2, 10, 33, 512, 513}) {
      for (int after : AFTER) {
        int before = 1 + 64 / axis;
        double[] x = columns(before, axis, after, spread);
        for (boolean logarithm : new boolean[] {false, true}) {
          double[] expected = new double[x.length];
          Precision.DOUBLE.kernels().softmax(logarithm, before, axis, after, x, expected);
          Precision floats = Precision.FLOAT_VECTORS;
          Object y = floats.zeros(x.length);
          floats.kernels().softmax(logarithm, before, axis, after, floats.array(x), y);
          for (int i = 0; i < x.length; i++) {
            String what = "logarithm %s, %s by %s".formatted(logarithm, axis, after);
            assertWithinUlps(expected[i], Precision.at(y, i), what);
          }
        }
      }
    }
  }

  /** Rows, turned so that they lie side by side. */
  private static double[] columns(int before, int axis, int after, double spread) {
    double[] rows = numbers(before * after, axis, spread, axis + after);
    double[] x = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      int line = i / axis;
      x[(line / after * axis + i % axis) * after + line % after] = rows[i];
    }
    return x;
  }

  /** In units of what goes into an element: a share of g, and of the mean of all by shares. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-3, 0.3, 1, 3, 10, 25, 60, 300})
  void slopesKeepTheDigitsOfTheirTerms(double spread) {
    slopesKeepTheDigitsOfTheirTerms(spread, 1);
    slopesKeepTheDigitsOfTheirTerms(spread, 1e20); // times a share that is nothing in floats
  }

  private static void slopesKeepTheDigitsOfTheirTerms(double spread, double size) {
    for (int axis : AXES) {
      int rows = 3 * Math.max(1, 400 / axis) + 1;
      double[] x = numbers(rows, axis, spread, axis);
      double[] g = numbers(rows, axis, size, 99);
      double[] expected = new double[x.length];
      double[] shares = new double[x.length];
      Precision.DOUBLE.kernels().softmaxSlope(SoftmaxSlope.SHARES, rows, axis, 1, x, g, expected);
      Precision.DOUBLE.kernels().softmax(false, rows, axis, 1, x, shares);
      Precision floats = Precision.FLOAT_VECTORS;
      Object y = floats.zeros(x.length);
      floats
          .kernels()
          .softmaxSlope(SoftmaxSlope.SHARES, rows, axis, 1, floats.array(x), floats.array(g), y);
      for (int i = 0; i < x.length; i++) {
        int row = i / axis * axis;
        int largest = row;
        double far = 0;
        for (int k = row; k < row + axis; k++) {
          largest = shares[k] > shares[largest] ? k : largest;
        }
        for (int k = row; k < row + axis; k++) {
          far += shares[k] * Math.abs(g[k] - g[largest]); // a sure share has no part in the mean
        }
        double terms = shares[i] * (Math.abs(g[i] - g[largest]) + far);
        double half = 0.5 * Math.ulp((float) expected[i]); // rounded once, from double precision
        double most = Math.scalb(terms, -30) + half;
        assertEquals(expected[i], Precision.at(y, i), most, "row of " + axis);
      }
    }
  }

  private static int[] labels(int rows, int axis) {
    SplittableRandom random = new SplittableRandom(rows);
    int[] labels = new int[rows];
    Arrays.setAll(labels, i -> random.nextInt(axis));
    return labels;
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-3, 1, 10, 60, 300})
  void lossesOfLabelsAreThoseOfDoubles(double spread) {
    Precision floats = Precision.FLOAT_VECTORS;
    for (int axis : AXES) {
      int rows = 3 * Math.max(1, 400 / axis) + 1;
      double[] x = numbers(rows, axis, spread, axis);
      int[] labels = labels(rows, axis);
      for (double smoothing : new double[] {0, 0.1}) {
        double loss =
            Precision.DOUBLE.kernels().labelCrossEntropy(axis, smoothing, rows, x, labels);
        Object narrow = floats.array(x);
        assertWithinUlps(
            loss,
            floats.kernels().labelCrossEntropy(axis, smoothing, rows, narrow, labels),
            "loss of rows of " + axis);
        for (double factor : new double[] {1, -0.25, 1e-30, 3e3, 1e15, 1e30}) {
          double[] expected = new double[x.length];
          Precision.DOUBLE
              .kernels()
              .labelCrossEntropyInput(axis, smoothing, factor, x, labels, expected);
          Object y = floats.zeros(x.length);
          floats.kernels().labelCrossEntropyInput(axis, smoothing, factor, narrow, labels, y);
          for (int i = 0; i < x.length; i++) {
            assertWithinUlps(expected[i], Precision.at(y, i), "slope of rows of " + axis);
          }
        }
      }
    }
  }

  /** What a row has that is left to double precision, and then rows that have nothing of it. */
  private static final double[][] UNUSUAL = {
    {Double.NaN},
    {-0.0},
    {Double.POSITIVE_INFINITY},
    {Double.NEGATIVE_INFINITY},
    {-95, 0},
    {-95},
    {1e38, -3e38},
    {3e38},
    {1e-44, 2e-44},
    {Float.intBitsToFloat(0xffc00001)}
  };

  /** A row has the bits that it has by itself, whatever the rows beside it are. */
  @ParameterizedTest
  @EnumSource(
      mode = Mode.INCLUDE,
      names = {"FLOAT", "FLOAT_VECTORS"})
  void rowsAreIndependentOfUnusualOnes(Precision precision) {
    for (int axis : AXES) {
      int rows = 3 * UNUSUAL.length;
      double[] x = numbers(rows, axis, 2, axis);
      double[] g = numbers(rows, axis, 2, 7);
      for (int row = 0; row < rows; row += 2) {
        double[] special = UNUSUAL[row / 2 % UNUSUAL.length];
        for (int i = 0; i < special.length; i++) {
          int at = row * axis + (row + i) % axis;
          x[at] = special[i];
          g[at] = row % 4 == 0 ? g[at] : special[i];
        }
      }
      int[] labels = labels(rows, axis);
      Object all = precision.array(x);
      Object cotangents = precision.array(g);
      Object[] results = results(precision, rows, axis, all, cotangents, labels);
      for (int row = 0; row < rows; row++) {
        double[] own = Arrays.copyOfRange(x, row * axis, (row + 1) * axis);
        double[] ownG = Arrays.copyOfRange(g, row * axis, (row + 1) * axis);
        int[] label = {labels[row]};
        Object[] one =
            results(precision, 1, axis, precision.array(own), precision.array(ownG), label);
        for (int k = 0; k < one.length; k++) {
          for (int i = 0; i < axis; i++) {
            String what = "result %s of row %s of %s".formatted(k, row, axis);
            assertEquals(Precision.at(results[k], row * axis + i), Precision.at(one[k], i), what);
          }
        }
      }
    }
  }

  /** A line has the bits that it has among lines of zeros, whatever those beside it are. */
  @ParameterizedTest
  @EnumSource(
      mode = Mode.INCLUDE,
      names = {"FLOAT", "FLOAT_VECTORS"})
  void columnsAreIndependentOfUnusualOnes(Precision precision) {
    int after = 37;
    for (int axis : new int[] {2, 17, 100}) {
      double[] x = columns(1, axis, after, 2);
      for (int line = 0; line < after; line += 2) {
        double[] special = UNUSUAL[line / 2 % UNUSUAL.length];
        for (int i = 0; i < special.length; i++) {
          x[(line + i) % axis * after + line] = special[i];
        }
      }
      for (boolean logarithm : new boolean[] {false, true}) {
        Object all = precision.zeros(x.length);
        precision.kernels().softmax(logarithm, 1, axis, after, precision.array(x), all);
        for (int line = 0; line < after; line++) {
          double[] own = new double[x.length];
          for (int i = line; i < x.length; i += after) {
            own[i] = x[i];
          }
          Object one = precision.zeros(x.length);
          precision.kernels().softmax(logarithm, 1, axis, after, precision.array(own), one);
          for (int i = line; i < x.length; i += after) {
            String what = "line %s of %s".formatted(line, axis);
            assertEquals(Precision.at(one, i), Precision.at(all, i), what);
          }
        }
      }
    }
  }

  /** As many largest numbers as lines, though one line has none and another two. */
  @ParameterizedTest
  @EnumSource(
      mode = Mode.INCLUDE,
      names = {"FLOAT", "FLOAT_VECTORS"})
  void twoLargestNumbersBesideNone(Precision precision) {
    double[] rows = new double[32];
    for (int line = 0; line < 16; line++) {
      rows[2 * line] = line; // e^-200 and less is 0
      rows[2 * line + 1] = line - 200;
    }
    rows[6] = Double.NaN;
    rows[9] = rows[8];
    double[] columns = new double[32];
    Arrays.setAll(columns, i -> rows[i % 16 * 2 + i / 16]);
    Object ofRows = precision.zeros(32);
    Object ofColumns = precision.zeros(32);
    precision.kernels().softmax(false, 16, 2, 1, precision.array(rows), ofRows);
    precision.kernels().softmax(false, 1, 2, 16, precision.array(columns), ofColumns);
    for (int i = 0; i < 32; i++) {
      double expected = i / 2 == 3 ? Double.NaN : i / 2 == 4 ? 0.5 : 1 - i % 2;
      assertEquals(expected, Precision.at(ofRows, i), "row " + i / 2);
      assertEquals(expected, Precision.at(ofColumns, i % 2 * 16 + i / 2), "column " + i / 2);
    }
  }

  /** What is nothing by itself: 1,023 numbers, 105 below the largest. */
  @Test
  void manyThatAreNearlyNothing() {
    double[] x = new double[1024];
    Arrays.fill(x, 1, 1024, -105);
    Object y = Precision.FLOAT_VECTORS.zeros(1024);
    Precision.FLOAT_VECTORS
        .kernels()
        .softmax(true, 1, 1024, 1, Precision.FLOAT_VECTORS.array(x), y);
    assertWithinUlps(-1023 * Math.exp(-105), Precision.at(y, 0), "the logarithm of nearly 1");
    assertTrue(Precision.at(y, 0) < 0);
  }

  private static Object[] results(
      Precision precision, int rows, int axis, Object x, Object g, int[] labels) {
    Object[] results = new Object[4];
    Arrays.setAll(results, i -> precision.zeros(rows * axis));
    Kernels<Object> kernels = precision.kernels();
    kernels.softmax(false, rows, axis, 1, x, results[0]);
    kernels.softmax(true, rows, axis, 1, x, results[1]);
    kernels.softmaxSlope(SoftmaxSlope.SHARES, rows, axis, 1, x, g, results[2]);
    kernels.labelCrossEntropyInput(axis, 0, 0.3, x, labels, results[3]);
    return results;
  }

  // ---- bits ------------------------------------------------------------------------------------

  private static String hash(Precision precision) {
    int hash = 0;
    for (double spread : new double[] {1e-3, 1, 10, 60}) {
      for (int axis : AXES) {
        int rows = 3 * Math.max(1, 400 / axis) + 1;
        Object x = precision.array(numbers(rows, axis, spread, axis));
        Object g = precision.array(numbers(rows, axis, 1, 3));
        int[] labels = labels(rows, axis);
        for (Object result : results(precision, rows, axis, x, g, labels)) {
          hash = 31 * hash + Arrays.hashCode(Precision.values(result));
        }
        double loss = precision.kernels().labelCrossEntropy(axis, 0, rows, x, labels);
        hash = 31 * hash + Double.hashCode(loss);
      }
      for (int after : AFTER) {
        Object x = precision.array(columns(2, 33, after, spread));
        for (boolean logarithm : new boolean[] {false, true}) {
          Object y = precision.zeros(2 * 33 * after);
          precision.kernels().softmax(logarithm, 2, 33, after, x, y);
          hash = 31 * hash + Arrays.hashCode(Precision.values(y));
        }
      }
    }
    return Integer.toHexString(hash);
  }

  /** Prints the lanes, and the hash of both precisions. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) {
      System.out.println(
          Precision.FLOAT_VECTORS.kernels().lanes()
              + " "
              + Precision.DOUBLE_VECTORS.kernels().lanes());
      System.out.println(hash(Precision.FLOAT_VECTORS));
    }
  }

  @Test
  void everyWidthHasTheBitsOfPlainLoops() throws Exception {
    assertEquals(hash(Precision.FLOAT), hash(Precision.FLOAT_VECTORS));
    ChildJvm.assertSameForEachWidth(Child.class);
  }
}
