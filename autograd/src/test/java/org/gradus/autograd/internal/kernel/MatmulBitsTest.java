package org.gradus.autograd.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The bits of a product's element: by its row, its column and their depth alone. */
class MatmulBitsTest {
  private static final int[] DEPTHS = {
    1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 80, 100, 128, 255, 256, 257, 513, 1025, 2070,
    4200, 9000
  };

  private static final int[] COLUMNS = {1, 2, 3, 4, 5, 8, 9, 15, 16, 17, 31, 33, 65, 130, 200, 600};

  private static final int[] ROWS = {1, 2, 3, 4, 5, 7, 16, 17, 33, 70};

  /** Sizes that all ways meet, at their edges. */
  private static void eachSize(Sizes body) {
    Random random = new Random(3);
    for (int k : DEPTHS) {
      for (int n : COLUMNS) {
        int m = ROWS[random.nextInt(ROWS.length)];
        for (int transposes = 0; transposes < 4; transposes++) {
          if ((long) m * n * k < 1 << 20) {
            body.run(
                new MatmulSizes(
                    transposes / 2 == 1, transposes % 2 == 1, m, n, k, new int[1], new int[1]));
          }
        }
      }
    }
  }

  @FunctionalInterface
  private interface Sizes {
    void run(MatmulSizes sizes);
  }

  private static Object factor(Precision precision, int length, long seed) {
    Random random = new Random(seed);
    return precision.generate(length, i -> random.nextGaussian());
  }

  private static long[] bits(Object array) {
    return Arrays.stream(Precision.values(array)).mapToLong(Double::doubleToLongBits).toArray();
  }

  private static long[] product(Precision precision, MatmulSizes s, Object a, Object b) {
    Object c = precision.zeros(s.batch() * s.m() * s.n());
    precision.kernels().matmul(s, a, b, c);
    return bits(c);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT_VECTORS", "DOUBLE_VECTORS"})
  void aRowIsTheSameAloneAndAmongOthers(Precision precision) {
    eachSize(
        s -> {
          Object a = factor(precision, s.m() * s.k(), 1);
          Object b = factor(precision, s.k() * s.n(), 2);
          long[] all = product(precision, s, a, b);
          for (int row : new int[] {0, s.m() / 2, s.m() - 1}) {
            int first = row;
            double[] own =
                IntStream.range(0, s.k())
                    .mapToDouble(p -> Precision.at(a, first * s.downA() + p * s.acrossA()))
                    .toArray();
            MatmulSizes alone =
                new MatmulSizes(
                    s.transposeA(), s.transposeB(), 1, s.n(), s.k(), new int[1], new int[1]);
            assertArrayEquals(
                Arrays.copyOfRange(all, row * s.n(), (row + 1) * s.n()),
                product(precision, alone, precision.array(own), b),
                () -> "row " + first + " of " + s);
          }
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT_VECTORS", "DOUBLE_VECTORS"})
  void aPairIsTheSameAloneAndInABatch(Precision precision) {
    eachSize(
        s -> {
          int left = s.m() * s.k();
          int right = s.k() * s.n();
          if (left + right > 1 << 14) {
            return;
          }
          Object a = factor(precision, 11 * left, 3);
          Object b = factor(precision, 11 * right, 4);
          int[] offsetsA = IntStream.range(0, 11).map(i -> i * left).toArray();
          for (boolean shared : new boolean[] {false, true}) {
            int[] offsetsB = IntStream.range(0, 11).map(i -> shared ? right : i * right).toArray();
            long[] all = product(precision, with(s, offsetsA, offsetsB), a, b);
            int size = s.m() * s.n();
            for (int i : new int[] {0, 4, 10}) {
              MatmulSizes alone = with(s, new int[] {offsetsA[i]}, new int[] {offsetsB[i]});
              assertArrayEquals(
                  product(precision, alone, a, b),
                  Arrays.copyOfRange(all, i * size, (i + 1) * size),
                  () -> "pair " + i + " of " + s);
            }
          }
        });
  }

  private static MatmulSizes with(MatmulSizes s, int[] offsetsA, int[] offsetsB) {
    return new MatmulSizes(s.transposeA(), s.transposeB(), s.m(), s.n(), s.k(), offsetsA, offsetsB);
  }

  /** Prints the lanes of both precisions, and a hash of the bits of all sizes for each. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) {
      Map<String, Integer> hashes = new TreeMap<>();
      for (Precision precision :
          new Precision[] {Precision.FLOAT_VECTORS, Precision.DOUBLE_VECTORS}) {
        int[] hash = {1};
        eachSize(
            s -> {
              Object a = factor(precision, s.m() * s.k(), 5);
              Object b = factor(precision, s.k() * s.n(), 6);
              hash[0] = 31 * hash[0] + Arrays.hashCode(product(precision, s, a, b));
            });
        hashes.put(precision.name(), hash[0]);
      }
      KernelProvider.Pair kernels = KernelProvider.vector().orElseThrow();
      System.out.println(kernels.floats().lanes() + " " + kernels.doubles().lanes());
      System.out.println(hashes);
    }
  }

  @Test
  void vectorsOfEachWidthGiveTheSameBits() throws Exception {
    ChildJvm.assertSameForEachWidth(Child.class);
  }
}
