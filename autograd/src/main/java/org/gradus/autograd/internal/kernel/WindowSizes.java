package org.gradus.autograd.internal.kernel;

/** How a window slides over a plane: down its rows, and across its columns. */
public record WindowSizes(Axis rows, Axis columns) {

  /** The elements of an input plane. */
  public int inPlane() {
    return rows.input() * columns.input();
  }

  /** The elements of an output plane. */
  public int outPlane() {
    return rows.output() * columns.output();
  }

  /** Whether the windows are 2 x 2, or 1 x 2, side by side, wholly inside the plane. */
  public boolean areQuads() {
    return (rows.isOfPairs() || rows.isOfSingles()) && columns.isOfPairs();
  }

  /** From the upper pair of a quad to the lower one; 0 if there is one pair, which is both. */
  public int fromUpperToLower() {
    return (rows.kernel() - 1) * columns.input();
  }

  /** Whether there is one window, which is the plane. */
  public boolean areWhole() {
    return rows.isWhole() && columns.isWhole();
  }

  /** How many windows have a tap at one element, at most. */
  public long windowsOfOne() {
    return rows.windowsOfOne() * columns.windowsOfOne();
  }
}
