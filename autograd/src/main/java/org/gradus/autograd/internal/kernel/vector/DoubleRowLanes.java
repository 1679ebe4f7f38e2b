package org.gradus.autograd.internal.kernel.vector;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.autograd.internal.kernel.Binary;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.plain.DoubleElementwise;
import org.gradus.autograd.internal.number.Integers;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Sums, differences, products and quotients where an operand is broadcast: by rows, along which it
 * is one number or has an element for each. The last vector of a row begins so early that it is
 * whole, and computes again what the one before it has; so rows are no shorter than a vector.
 */
final class DoubleRowLanes {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  /** Elements of a row that one thread computes in one go. */
  private static final int BLOCK = 1 << 14;

  private DoubleRowLanes() {}

  /** Whether rows of this length are computed here. */
  static boolean has(Binary f, int length) {
    return length >= LANES
        && switch (f) {
          case ADD, SUB, MUL, DIV -> true;
          default -> false;
        };
  }

  /**
   * Some rows that follow each other.
   *
   * @param count of the rows
   * @param n elements of each
   * @param a where the first begins in the first operand
   * @param apartA how far the next row is from it
   * @param b where the first begins in the second operand
   * @param apartB how far the next row is from it
   * @param y where the first begins in the result
   * @param length how far the next row is from it
   */
  private record Rows(int count, int n, int a, int apartA, int b, int apartB, int y, int length) {}

  /** As {@link Kernels#binary}. */
  static void binary(
      Binary f, int[] shape, double[] a, int[] stridesA, double[] b, int[] stridesB, double[] y) {
    int last = shape.length - 1;
    int length = shape[last];
    int group = last == 0 ? 1 : shape[last - 1];
    int apartA = last == 0 ? 0 : stridesA[last - 1];
    int apartB = last == 0 ? 0 : stridesB[last - 1];
    int blocks = Math.max(1, length / BLOCK); // none shorter than BLOCK, unless the row is
    Parallel.ranges(
        y.length / length * blocks,
        Integers.ceilDiv(length, blocks) + 8L,
        (from, to) -> {
          for (int i = from; i < to; ) {
            int row = i / blocks;
            int block = i % blocks;
            int first = block * BLOCK;
            int end = block == blocks - 1 ? length : first + BLOCK;
            int count = blocks > 1 ? 1 : Math.min(to - i, group - row % group);
            Rows rows =
                new Rows(
                    count,
                    end - first,
                    DoubleElementwise.offset(row, shape, stridesA) + first * stridesA[last],
                    apartA,
                    DoubleElementwise.offset(row, shape, stridesB) + first * stridesB[last],
                    apartB,
                    row * length + first,
                    length);
            rows(f, stridesA[last], stridesB[last], rows, a, b, y);
            i += count;
          }
        });
  }

  private static void rows(
      Binary f, int stepA, int stepB, Rows rows, double[] a, double[] b, double[] y) {
    boolean each = stepA != 0 && stepB != 0;
    boolean right = stepB == 0; // both may be one number along the row: then a is spread
    if (stepA == 0 && right) {
      spread(f, rows, a, b, y);
      return;
    }
    switch (f) {
      case ADD -> {
        if (each) {
          add(rows, a, b, y);
        } else if (right) {
          addNumber(rows, a, b, y);
        } else {
          addNumber(exchanged(rows), b, a, y);
        }
      }
      case SUB -> {
        if (each) {
          sub(rows, a, b, y);
        } else if (right) {
          subNumber(rows, a, b, y);
        } else {
          subFromNumber(rows, a, b, y);
        }
      }
      case MUL -> {
        if (each) {
          mul(rows, a, b, y);
        } else if (right) {
          mulNumber(rows, a, b, y);
        } else {
          mulNumber(exchanged(rows), b, a, y);
        }
      }
      default -> {
        if (each) {
          div(rows, a, b, y);
        } else if (right) {
          divNumber(rows, a, b, y);
        } else {
          divideNumber(rows, a, b, y);
        }
      }
    }
  }

  private static Rows exchanged(Rows r) {
    return new Rows(r.count, r.n, r.b, r.apartB, r.a, r.apartA, r.y, r.length);
  }

  /** Rows of one number each. */
  private static void spread(Binary f, Rows r, double[] a, double[] b, double[] y) {
    for (int row = 0; row < r.count; row++) {
      double left = a[r.a + row * r.apartA];
      double right = b[r.b + row * r.apartB];
      double value =
          switch (f) {
            case ADD -> left + right;
            case SUB -> left - right;
            case MUL -> left * right;
            default -> left / right;
          };
      Arrays.fill(y, r.y + row * r.length, r.y + row * r.length + r.n, value);
    }
  }

  private static void add(Rows r, double[] a, double[] b, double[] y) {
    for (int row = 0; row < r.count; row++) {
      int from = r.a + row * r.apartA;
      int other = r.b + row * r.apartB;
      int to = r.y + row * r.length;
      int last = r.n - LANES;
      for (int i = 0; i < last; i += LANES) {
        DoubleVector.fromArray(SPECIES, a, from + i)
            .add(DoubleVector.fromArray(SPECIES, b, other + i))
            .intoArray(y, to + i);
      }
      DoubleVector.fromArray(SPECIES, a, from + last)
          .add(DoubleVector.fromArray(SPECIES, b, other + last))
          .intoArray(y, to + last);
    }
  }

  private static void addNumber(Rows r, double[] a, double[] b, double[] y) {
    for (int row = 0; row < r.count; row++) {
      DoubleVector number = DoubleVector.broadcast(SPECIES, b[r.b + row * r.apartB]);
      int from = r.a + row * r.apartA;
      int to = r.y + row * r.length;
      int last = r.n - LANES;
      for (int i = 0; i < last; i += LANES) {
        DoubleVector.fromArray(SPECIES, a, from + i).add(number).intoArray(y, to + i);
      }
      DoubleVector.fromArray(SPECIES, a, from + last).add(number).intoArray(y, to + last);
    }
  }

  private static void sub(Rows r, double[] a, double[] b, double[] y) {
    for (int row = 0; row < r.count; row++) {
      int from = r.a + row * r.apartA;
      int other = r.b + row * r.apartB;
      int to = r.y + row * r.length;
      int last = r.n - LANES;
      for (int i = 0; i < last; i += LANES) {
        DoubleVector.fromArray(SPECIES, a, from + i)
            .sub(DoubleVector.fromArray(SPECIES, b, other + i))
            .intoArray(y, to + i);
      }
      DoubleVector.fromArray(SPECIES, a, from + last)
          .sub(DoubleVector.fromArray(SPECIES, b, other + last))
          .intoArray(y, to + last);
    }
  }

  private static void subNumber(Rows r, double[] a, double[] b, double[] y) {
    for (int row = 0; row < r.count; row++) {
      DoubleVector number = DoubleVector.broadcast(SPECIES, b[r.b + row * r.apartB]);
      int from = r.a + row * r.apartA;
      int to = r.y + row * r.length;
      int last = r.n - LANES;
      for (int i = 0; i < last; i += LANES) {
        DoubleVector.fromArray(SPECIES, a, from + i).sub(number).intoArray(y, to + i);
      }
      DoubleVector.fromArray(SPECIES, a, from + last).sub(number).intoArray(y, to + last);
    }
  }

  private static void subFromNumber(Rows r, double[] a, double[] b, double[] y) {
    for (int row = 0; row < r.count; row++) {
      DoubleVector number = DoubleVector.broadcast(SPECIES, a[r.a + row * r.apartA]);
      int from = r.b + row * r.apartB;
      int to = r.y + row * r.length;
      int last = r.n - LANES;
      for (int i = 0; i < last; i += LANES) {
        number.sub(DoubleVector.fromArray(SPECIES, b, from + i)).intoArray(y, to + i);
      }
      number.sub(DoubleVector.fromArray(SPECIES, b, from + last)).intoArray(y, to + last);
    }
  }

  private static void mul(Rows r, double[] a, double[] b, double[] y) {
    for (int row = 0; row < r.count; row++) {
      int from = r.a + row * r.apartA;
      int other = r.b + row * r.apartB;
      int to = r.y + row * r.length;
      int last = r.n - LANES;
      for (int i = 0; i < last; i += LANES) {
        DoubleVector.fromArray(SPECIES, a, from + i)
            .mul(DoubleVector.fromArray(SPECIES, b, other + i))
            .intoArray(y, to + i);
      }
      DoubleVector.fromArray(SPECIES, a, from + last)
          .mul(DoubleVector.fromArray(SPECIES, b, other + last))
          .intoArray(y, to + last);
    }
  }

  private static void mulNumber(Rows r, double[] a, double[] b, double[] y) {
    for (int row = 0; row < r.count; row++) {
      DoubleVector number = DoubleVector.broadcast(SPECIES, b[r.b + row * r.apartB]);
      int from = r.a + row * r.apartA;
      int to = r.y + row * r.length;
      int last = r.n - LANES;
      for (int i = 0; i < last; i += LANES) {
        DoubleVector.fromArray(SPECIES, a, from + i).mul(number).intoArray(y, to + i);
      }
      DoubleVector.fromArray(SPECIES, a, from + last).mul(number).intoArray(y, to + last);
    }
  }

  private static void div(Rows r, double[] a, double[] b, double[] y) {
    for (int row = 0; row < r.count; row++) {
      int from = r.a + row * r.apartA;
      int other = r.b + row * r.apartB;
      int to = r.y + row * r.length;
      int last = r.n - LANES;
      for (int i = 0; i < last; i += LANES) {
        DoubleVector.fromArray(SPECIES, a, from + i)
            .div(DoubleVector.fromArray(SPECIES, b, other + i))
            .intoArray(y, to + i);
      }
      DoubleVector.fromArray(SPECIES, a, from + last)
          .div(DoubleVector.fromArray(SPECIES, b, other + last))
          .intoArray(y, to + last);
    }
  }

  private static void divNumber(Rows r, double[] a, double[] b, double[] y) {
    for (int row = 0; row < r.count; row++) {
      DoubleVector number = DoubleVector.broadcast(SPECIES, b[r.b + row * r.apartB]);
      int from = r.a + row * r.apartA;
      int to = r.y + row * r.length;
      int last = r.n - LANES;
      for (int i = 0; i < last; i += LANES) {
        DoubleVector.fromArray(SPECIES, a, from + i).div(number).intoArray(y, to + i);
      }
      DoubleVector.fromArray(SPECIES, a, from + last).div(number).intoArray(y, to + last);
    }
  }

  private static void divideNumber(Rows r, double[] a, double[] b, double[] y) {
    for (int row = 0; row < r.count; row++) {
      DoubleVector number = DoubleVector.broadcast(SPECIES, a[r.a + row * r.apartA]);
      int from = r.b + row * r.apartB;
      int to = r.y + row * r.length;
      int last = r.n - LANES;
      for (int i = 0; i < last; i += LANES) {
        number.div(DoubleVector.fromArray(SPECIES, b, from + i)).intoArray(y, to + i);
      }
      number.div(DoubleVector.fromArray(SPECIES, b, from + last)).intoArray(y, to + last);
    }
  }
}
