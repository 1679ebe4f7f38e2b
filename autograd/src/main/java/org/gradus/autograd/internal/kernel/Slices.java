package org.gradus.autograd.internal.kernel;

/**
 * The slices of an array [outer, rows, inner, length] along rows and length: one for each place
 * along the other two, in their order. A slice is as many runs of neighbours as there are rows.
 */
public record Slices(int outer, int rows, int inner, int length) {

  /** The slices of these four extents; one run each, where runs follow each other. */
  public static Slices of(int... e) {
    return e[2] == 1 ? new Slices(e[0], 1, 1, e[1] * e[3]) : new Slices(e[0], e[1], e[2], e[3]);
  }

  /** How many slices there are. */
  public int count() {
    return outer * inner;
  }

  /** The number of elements of each. */
  public int size() {
    return rows * length;
  }

  /** Where the first run of a slice begins. */
  public int start(int slice) {
    return (slice / inner * rows * inner + slice % inner) * length;
  }

  /** How far the next run is from one. */
  public int stride() {
    return inner * length;
  }
}
