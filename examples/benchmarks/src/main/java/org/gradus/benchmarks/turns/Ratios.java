package org.gradus.benchmarks.turns;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ratios of times by groups: how fast one side is beside the other, above 1 where it is faster. */
public final class Ratios {
  private final Map<String, List<Named>> groups = new LinkedHashMap<>();

  /**
   * The ratio of one case.
   *
   * @param name of the case
   * @param value above 0
   */
  public record Named(String name, double value) {}

  /**
   * Adds a ratio to a group, which it may begin.
   *
   * @throws IllegalArgumentException if the ratio is not above 0 and finite
   */
  public void add(String group, String name, double ratio) {
    if (!(ratio > 0 && Double.isFinite(ratio))) {
      throw new IllegalArgumentException(
          "ratios: %s is %s, expected a number above 0".formatted(name, ratio));
    }
    groups.computeIfAbsent(group, key -> new ArrayList<>()).add(new Named(name, ratio));
  }

  /** The groups that have a ratio, in the order in which they began. */
  public List<String> groups() {
    return List.copyOf(groups.keySet());
  }

  /** How many ratios a group has. */
  public int count(String group) {
    return of(group).size();
  }

  /** The n-th root of the product of a group's n ratios: twice as fast and half as fast give 1. */
  public double geometricMean(String group) {
    return Math.exp(
        of(group).stream().mapToDouble(each -> Math.log(each.value())).average().orElseThrow());
  }

  /** A group's lowest ratios, the lowest first. */
  public List<Named> lowest(String group, int most) {
    return of(group).stream().sorted(Comparator.comparingDouble(Named::value)).limit(most).toList();
  }

  private List<Named> of(String group) {
    List<Named> ratios = groups.get(group);
    if (ratios == null) {
      throw new IllegalArgumentException(
          "ratios: no group %s, expected one of %s".formatted(group, groups.keySet()));
    }
    return ratios;
  }
}
