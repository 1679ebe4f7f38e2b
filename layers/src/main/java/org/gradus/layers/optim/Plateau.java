package org.gradus.layers.optim;

/**
 * Makes the learning rate smaller where a measure no longer gets better, as PyTorch's
 * ReduceLROnPlateau. The measure, a validation loss for example, is told to {@link
 * Optimizer#observe}, mostly after each epoch; what the optimiser remembers of it is part of its
 * state. The rate is multiplied by {@code factor} when more than {@code patience} measures in a row
 * were not better than the best one.
 *
 * <pre>{@code
 * new Optimizer(net.parameters(), new Adam(1e-3)).plateau(new Plateau().factor(0.5).patience(3))
 * }</pre>
 *
 * @param factor what the rate is multiplied by, above 0 and below 1
 * @param patience how many measures in a row may be no better, at least 0
 * @param threshold by how much a measure must be better, finite and at least 0
 * @param isRelative whether the threshold is a share of the best measure, or an absolute distance
 * @param isLargerBetter whether the measure grows when it gets better, as an accuracy does
 * @param cooldown how many measures do not count after the rate was made smaller, at least 0
 * @param least below which share of the undiminished rate it never goes, at least 0 and at most 1
 */
public record Plateau(
    double factor,
    int patience,
    double threshold,
    boolean isRelative,
    boolean isLargerBetter,
    int cooldown,
    double least) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public Plateau {
    require(factor > 0 && factor < 1, "factor", factor, "above 0 and below 1");
    require(patience >= 0, "patience", patience, "at least 0");
    boolean isFinite = threshold >= 0 && Double.isFinite(threshold);
    require(isFinite, "threshold", threshold, "a finite number of at least 0");
    require(cooldown >= 0, "cooldown", cooldown, "at least 0");
    require(least >= 0 && least <= 1, "least", least, "at least 0 and at most 1");
  }

  private static void require(boolean holds, String what, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          "plateau: %s is %s, expected %s".formatted(what, value, expected));
    }
  }

  /** Factor 0.1, patience 10, threshold 1e-4 of the best, smaller is better, no cooldown. */
  public Plateau() {
    this(0.1, 10, 1e-4, true, false, 0, 0);
  }

  /** With another factor, above 0 and below 1: {@code share}. */
  public Plateau factor(double share) {
    return new Plateau(share, patience, threshold, isRelative, isLargerBetter, cooldown, least);
  }

  /** With another patience: how many measures ({@code count}) in a row may be no better. */
  public Plateau patience(int count) {
    return new Plateau(factor, count, threshold, isRelative, isLargerBetter, cooldown, least);
  }

  /** With a threshold that is a share of the best measure. */
  public Plateau relative(double share) {
    return new Plateau(factor, patience, share, true, isLargerBetter, cooldown, least);
  }

  /** With a threshold that is a distance from the best measure. */
  public Plateau absolute(double distance) {
    return new Plateau(factor, patience, distance, false, isLargerBetter, cooldown, least);
  }

  /** For a measure that grows when it gets better, as an accuracy does. */
  public Plateau largerIsBetter() {
    return new Plateau(factor, patience, threshold, isRelative, true, cooldown, least);
  }

  /** With a cooldown: how many measures ({@code count}) do not count after the rate has fallen. */
  public Plateau cooldown(int count) {
    return new Plateau(factor, patience, threshold, isRelative, isLargerBetter, count, least);
  }

  /** With a share of the undiminished rate below which it never goes. */
  public Plateau least(double share) {
    return new Plateau(factor, patience, threshold, isRelative, isLargerBetter, cooldown, share);
  }

  /**
   * What is remembered of the measures.
   *
   * @param best of all; the worst possible at first
   * @param bad how many in a row were no better
   * @param cooling how many more do not count
   * @param scale what the rate is multiplied by
   */
  record Memory(double best, long bad, long cooling, double scale) {}

  Memory first() {
    return new Memory(
        isLargerBetter ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY, 0, 0, 1);
  }

  Memory after(Memory memory, double measure) {
    boolean better = isBetter(measure, memory.best);
    double best = better ? measure : memory.best;
    long cooling = Math.max(0, memory.cooling - 1);
    long bad = better || memory.cooling > 0 ? 0 : memory.bad + 1;
    return bad > patience
        ? new Memory(best, 0, cooldown, Math.max(least, memory.scale * factor))
        : new Memory(best, bad, cooling, memory.scale);
  }

  private boolean isBetter(double measure, double best) {
    double margin = isRelative ? threshold * Math.abs(best) : threshold;
    double bound = Double.isInfinite(best) ? best : isLargerBetter ? best + margin : best - margin;
    return isLargerBetter ? measure > bound : measure < bound;
  }
}
