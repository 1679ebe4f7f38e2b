package org.gradus.layers.internal;

import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.array.Nulls;

/**
 * Values by name that do not fit the places of a net: texts, as of {@code a.weight FLOAT32 [2] is
 * FLOAT32 [3]}.
 *
 * @param others of another shape or element type, each as a text of both
 * @param missing places that have no value
 * @param leftOver values that have no place
 */
public record Misfits(List<String> others, List<String> missing, List<String> leftOver) {
  /** How many of each kind a message names. */
  private static final int MOST = 20;

  private static final int LONGEST = 200;

  /** Sorted copies of the lists. */
  public Misfits {
    Nulls.refuse("misfits: others, missing, leftOver", others, missing, leftOver);
    others = others.stream().sorted().toList();
    missing = missing.stream().sorted().toList();
    leftOver = leftOver.stream().sorted().toList();
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return others.isEmpty() && missing.isEmpty() && leftOver.isEmpty();
  }

  /** All kinds, each sorted, and each cut if it is long; how many there are is always told. */
  public String message() {
    List<String> all = new ArrayList<>();
    add(all, others, "", "of another shape or element type");
    add(all, missing, " is missing", "missing");
    add(all, leftOver, " is left over", "left over");
    return String.join("; ", all);
  }

  private static void add(List<String> all, List<String> names, String what, String inAll) {
    names.stream()
        .limit(MOST)
        .map(name -> name.length() > LONGEST ? name.substring(0, LONGEST) + "..." : name)
        .forEach(name -> all.add(name + what));
    if (names.size() > MOST) {
      all.add("and %s more are %s".formatted(names.size() - MOST, inAll));
    }
  }
}
