package org.gradus.autograd.internal.kernel;

import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Kernels that go row by row, against one loop over all indices: rows around vectors of all widths,
 * so many that several threads share them, and so long that several threads share one.
 */
class RowKernelsTest {
  private static final int[] LENGTHS = {
    1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 40, 100, 255, 256, 257, 1030
  };

  private static final int LONG = 40_003;

  /** Those that have loops of their own for rows. */
  private static final Set<Binary> USUAL =
      EnumSet.of(Binary.ADD, Binary.SUB, Binary.MUL, Binary.DIV);

  /** For each operand and axis, whether it has the axis, or is one number along it. */
  private static final boolean[][][] LACKING = {
    {{true, true, true}, {false, true, false}},
    {{true, true, true}, {false, false, true}},
    {{true, true, true}, {true, true, false}},
    {{true, false, true}, {false, true, true}},
    {{true, false, false}, {false, true, true}},
    {{true, true, false}, {false, true, false}},
    {{false, false, false}, {true, true, true}},
  };

  /** Of all functions, at all widths that a machine has: see {@link VectorWidthsTest}. */
  static void binaryIsWhatItsFormulaSays(Precision precision, int elements) {
    for (int length : LENGTHS) {
      int rows = Math.max(2, Math.min(700, elements / length));
      for (boolean[][] has : LACKING) {
        for (Binary f : Binary.values()) {
          boolean usual = USUAL.contains(f);
          binary(precision, f, new int[] {3, usual ? rows : 2, length}, has);
        }
      }
    }
    for (boolean[][] has : LACKING) {
      binary(precision, Binary.SUB, new int[] {1, 2, LONG}, has);
    }
  }

  @ParameterizedTest
  @EnumSource
  void binaryWithRowsThatAreBroadcast(Precision precision) {
    binaryIsWhatItsFormulaSays(precision, 60_000);
  }

  private static void binary(Precision precision, Binary f, int[] shape, boolean[][] has) {
    int[] stridesA = strides(shape, has[0]);
    int[] stridesB = strides(shape, has[1]);
    Object a = precision.fractions(1 + reach(shape, stridesA), 1);
    Object b = precision.fractions(1 + reach(shape, stridesB), 2);
    double[] expected = new double[size(shape)];
    for (int i = 0; i < expected.length; i++) {
      double left = Precision.at(a, index(i, shape, stridesA));
      double right = Precision.at(b, index(i, shape, stridesB));
      expected[i] = ElementwiseKernelsTest.naive(f).applyAsDouble(left, right);
    }
    Object y = precision.generate(expected.length, i -> Double.NaN);
    precision.kernels().binary(f, shape, a, stridesA, b, stridesB, y);
    precision.assertExactly(expected, y);
  }

  @Property(seed = "4651", tries = 300, edgeCases = EdgeCasesMode.NONE)
  void padWritesEachElementOnce(@ForAll Precision precision, @ForAll long seed) {
    Random random = new Random(seed);
    int rank = 1 + random.nextInt(4);
    int[] extents = random.ints(rank, 0, 6).toArray();
    extents[rank - 1] = LENGTHS[random.nextInt(LENGTHS.length)] - random.nextInt(2);
    int[] before = random.ints(rank, 0, 4).toArray();
    int[] after = random.ints(rank, 0, 3).toArray();
    pad(precision, extents, before, after);
  }

  @ParameterizedTest
  @EnumSource
  void padWritesManyRowsAndLongOnes(Precision precision) {
    pad(precision, new int[] {30, 70, 33}, new int[] {0, 1, 1}, new int[] {0, 1, 2});
    pad(precision, new int[] {30, 70, 300}, new int[] {1, 2, 0}, new int[] {0, 3, 2});
    pad(precision, new int[] {2, LONG}, new int[] {1, 17_000}, new int[] {0, 20_000});
    pad(precision, new int[] {LONG}, new int[] {0}, new int[] {1});
    pad(precision, new int[] {0}, new int[] {LONG}, new int[] {1});
    pad(precision, new int[] {5}, new int[] {LONG}, new int[] {LONG});
  }

  private static void pad(Precision precision, int[] extents, int[] before, int[] after) {
    int[] shape =
        IntStream.range(0, extents.length)
            .map(axis -> before[axis] + extents[axis] + after[axis])
            .toArray();
    Object x = precision.fractions(size(extents), 3);
    double value = 0.25;
    double[] expected = new double[size(shape)];
    for (int i = 0; i < expected.length; i++) {
      int place = 0;
      int rest = i;
      int step = 1;
      boolean inside = true;
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        int at = rest % shape[axis] - before[axis];
        inside &= at >= 0 && at < extents[axis];
        place += at * step;
        step *= extents[axis];
        rest /= shape[axis];
      }
      expected[i] = inside ? Precision.at(x, place) : value;
    }
    Object y = precision.generate(expected.length, i -> Double.NaN);
    precision.kernels().pad(shape, before, extents, value, x, y);
    precision.assertExactly(expected, y);
  }

  @ParameterizedTest
  @EnumSource
  void copyOfManyRows(Precision precision) {
    for (int length : LENGTHS) {
      int[] shape = {3, Math.max(2, Math.min(700, 60_000 / length)), length};
      int[] stridesX = {length, 3 * length, 1}; // the outer axes exchanged
      int[] stridesY = {shape[1] * (length + 2), length + 2, 1}; // a part of longer rows
      Object x = precision.fractions(size(shape), 4);
      Object y = precision.zeros(3 * shape[1] * (length + 2));
      double[] expected = Precision.values(y);
      for (int i = 0; i < size(shape); i++) {
        expected[1 + index(i, shape, stridesY)] = Precision.at(x, index(i, shape, stridesX));
      }
      precision.kernels().copy(shape, x, 0, stridesX, y, 1, stridesY);
      precision.assertExactly(expected, y);
    }
  }

  private static int[] strides(int[] shape, boolean[] has) {
    int[] strides = new int[shape.length];
    int stride = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      if (has[axis]) {
        strides[axis] = stride;
        stride *= shape[axis];
      }
    }
    return strides;
  }

  private static int size(int[] shape) {
    return IntStream.of(shape).reduce(1, (a, b) -> a * b);
  }

  private static int reach(int[] shape, int[] strides) {
    return IntStream.range(0, shape.length).map(axis -> (shape[axis] - 1) * strides[axis]).sum();
  }

  private static int index(int flat, int[] shape, int[] strides) {
    int index = 0;
    int rest = flat;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      index += rest % shape[axis] * strides[axis];
      rest /= shape[axis];
    }
    return index;
  }
}
