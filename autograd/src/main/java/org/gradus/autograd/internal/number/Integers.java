package org.gradus.autograd.internal.number;

/** Whole numbers. */
public final class Integers {
  private Integers() {}

  /** n / unit, rounded up; both at least 0. */
  public static int ceilDiv(int n, int unit) {
    return (int) (((long) n + unit - 1) / unit);
  }

  /** The first multiple of a unit that is not below n. */
  public static int roundUp(int n, int unit) {
    return ceilDiv(n, unit) * unit;
  }
}
