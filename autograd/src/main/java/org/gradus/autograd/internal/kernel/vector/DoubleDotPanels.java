package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleDotMatmul.SUMS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.COLUMNS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.ROWS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.STRIP;
import static org.gradus.autograd.internal.number.Integers.ceilDiv;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.autograd.internal.kernel.MatmulSizes;
import org.gradus.autograd.internal.parallel.DoubleMemory;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * The products of {@link DoubleDotMatmul}, to the bit, where there are rows enough that packing
 * pays. Both factors are packed in the order of the partial sums: first the depths of the first
 * one, then those of the second. A tile is computed once for each partial sum, and the sixteen
 * tiles are added up as the partial sums of one element are.
 */
final class DoubleDotPanels {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

  /** The least rows, and the least columns, for which packing pays. */
  private static final int LEAST_ROWS = 16;

  private static final int LEAST_COLUMNS = 160;

  /** Elements of a tile. */
  private static final int TILE = ROWS * COLUMNS;

  /** Elements of the left factor that meet all panels before the next ones do, about. */
  private static final int LEFT = 1 << 15;

  /** Elements of the panels that are packed together, about. */
  private static final int PACKED = 1 << 15;

  /** Parts that the work is cut into at least, where there is enough of it. */
  private static final int PARTS = 8;

  private final MatmulSizes s;
  private final int start;
  private final int depth;
  private final double[] a;
  private final double[] b;

  /** By depth, where it is packed. */
  private final int[] places;

  /** By partial sum, where its depths begin; and where the last ones end. */
  private final int[] starts = new int[SUMS + 1];

  private DoubleDotPanels(MatmulSizes s, int start, int depth, double[] a, double[] b) {
    this.s = s;
    this.start = start;
    this.depth = depth;
    this.a = a;
    this.b = b;
    this.places = new int[depth];
    int each = depth / SUMS;
    int rest = depth % SUMS;
    for (int sum = 0; sum < SUMS; sum++) {
      boolean longer = sum >= SUMS - rest;
      int first = starts[sum];
      for (int i = 0; i < each; i++) {
        places[i * SUMS + sum] = first + i;
      }
      if (longer) {
        places[depth - SUMS + sum] = first + each;
      }
      starts[sum + 1] = first + each + (longer ? 1 : 0);
    }
  }

  /** Whether there are rows and columns enough. */
  static boolean suits(MatmulSizes s) {
    return s.m() >= LEAST_ROWS && s.n() >= LEAST_COLUMNS;
  }

  /** Writes the products over a part of the depth, or adds them. */
  static void block(
      MatmulSizes s, int start, int depth, boolean add, double[] a, double[] b, double[] c) {
    new DoubleDotPanels(s, start, depth, a, b).write(add, c);
  }

  private void write(boolean add, double[] c) {
    int panels = ceilDiv(s.n(), COLUMNS);
    int wanted = ceilDiv(panels, ceilDiv(PARTS, s.batch()));
    int together = Math.max(1, Math.min(PACKED / (depth * COLUMNS), wanted));
    int parts = ceilDiv(panels, together);
    int rows = DoubleStrips.block(LEFT / depth);
    DoubleStrips[] left = left();
    Parallel.each(
        s.batch() * parts,
        (long) together * depth * s.m(),
        () -> new DoubleMemory(together * depth * COLUMNS, SUMS * TILE),
        (memory, task) -> {
          int i = task / parts;
          int first = task % parts * together * COLUMNS;
          int columns = Math.min(together * COLUMNS, s.n() - first);
          double[] packed = memory.array(0);
          pack(s.offsetsB()[i] + start + first * s.k(), columns, packed);
          for (int block = 0; block < s.m(); block += rows) {
            int end = Math.min(s.m(), block + rows);
            for (int j = 0; j < columns; j += COLUMNS) {
              for (int row = block; row < end; row += ROWS) {
                tile(left[i], row, packed, j * depth, memory.array(1));
                put(
                    memory.array(1),
                    add,
                    c,
                    (i * s.m() + row) * s.n() + first + j,
                    Math.min(ROWS, end - row),
                    Math.min(COLUMNS, columns - j));
              }
            }
          }
        });
    DoubleStrips.release(left);
  }

  private DoubleStrips[] left() {
    int[] offsets = s.offsetsA();
    DoubleStrips[] left = new DoubleStrips[offsets.length];
    for (int i = 0; i < left.length; i++) {
      int offset = offsets[i] + start;
      left[i] =
          i > 0 && offsets[i] == offsets[i - 1]
              ? left[i - 1]
              : DoubleStrips.pack(
                  s.m(),
                  depth,
                  (row, count, strip, at) ->
                      spread(count, a, offset + row * s.k(), STRIP, strip, at));
    }
    return left;
  }

  /** Panels of columns, which lie in b as rows. */
  private void pack(int from, int columns, double[] packed) {
    for (int j = 0; j < columns; j += COLUMNS) {
      int count = Math.min(COLUMNS, columns - j);
      spread(count, b, from + j * s.k(), COLUMNS, packed, j * depth);
    }
  }

  /** Writes rows of x, side by side and in the order of the partial sums. */
  private void spread(int rows, double[] x, int from, int width, double[] y, int to) {
    int r = 0;
    for (; r + 4 <= rows; r += 4) {
      four(x, from + r * s.k(), width, y, to + r);
    }
    for (; r < rows; r++) {
      for (int k = 0; k < depth; k++) {
        y[to + r + places[k] * width] = x[from + r * s.k() + k];
      }
    }
  }

  private void four(double[] x, int from0, int width, double[] y, int to) {
    int from1 = from0 + s.k();
    int from2 = from1 + s.k();
    int from3 = from2 + s.k();
    for (int k = 0; k < depth; k++) {
      int at = to + places[k] * width;
      y[at] = x[from0 + k];
      y[at + 1] = x[from1 + k];
      y[at + 2] = x[from2 + k];
      y[at + 3] = x[from3 + k];
    }
  }

  /** The product of 4 rows and a panel: all of its partial sums, and then their sum, in t. */
  private void tile(DoubleStrips left, int row, double[] panel, int at, double[] t) {
    int place = left.place(row);
    for (int sum = 0; sum < SUMS; sum++) {
      int first = starts[sum];
      int to = sum * TILE;
      DoubleTiles.tile(
          starts[sum + 1] - first,
          left.data(),
          place + first * STRIP,
          panel,
          at + first * COLUMNS,
          false,
          t,
          to,
          to + COLUMNS,
          to + 2 * COLUMNS,
          to + 3 * COLUMNS,
          LANES);
    }
    for (int i = 0; i < TILE; i += LANES) {
      addUp(t, i);
    }
  }

  /** The sum of the partial sums of a vector of elements, of four rows of two vectors. */
  static void addUp(double[] t, int at) {
    for (int i = at; i < at + 4 * TILE; i += TILE) {
      DoubleVector low =
          DoubleVector.fromArray(SPECIES, t, i)
              .add(DoubleVector.fromArray(SPECIES, t, i + 8 * TILE));
      DoubleVector high =
          DoubleVector.fromArray(SPECIES, t, i + 4 * TILE)
              .add(DoubleVector.fromArray(SPECIES, t, i + 12 * TILE));
      low.add(high).intoArray(t, i);
    }
    DoubleVector even =
        DoubleVector.fromArray(SPECIES, t, at)
            .add(DoubleVector.fromArray(SPECIES, t, at + 2 * TILE));
    DoubleVector odd =
        DoubleVector.fromArray(SPECIES, t, at + TILE)
            .add(DoubleVector.fromArray(SPECIES, t, at + 3 * TILE));
    even.add(odd).intoArray(t, at);
  }

  private void put(double[] t, boolean add, double[] c, int to, int rows, int columns) {
    for (int r = 0; r < rows; r++) {
      int from = r * COLUMNS;
      int place = to + r * s.n();
      if (add) {
        for (int j = 0; j < columns; j++) {
          c[place + j] = t[from + j] + c[place + j];
        }
      } else {
        System.arraycopy(t, from, c, place, columns);
      }
    }
  }
}
