package org.gradus.autograd.plan;

import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.plan.Draft.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Which values lie in one array, one after the other: those of one type and length, of which each
 * is read for the last time before the next one is written. Kernels take the length of an array for
 * that of the value.
 */
final class MemoryPlan {
  private static final int NONE = -1;

  private final Draft draft;

  /** By values, the number of the array that a planned one lies in. */
  private final int[] places;

  private int count;

  MemoryPlan(Draft draft, int result) {
    this.draft = draft;
    this.places = new int[draft.arrays.size()];
    Arrays.fill(places, NONE);
    int[] last = lastUses();
    Map<String, Deque<Integer>> free = new HashMap<>();
    for (int i = 0; i < draft.steps.size(); i++) {
      Step step = draft.steps.get(i);
      int made = step.writes();
      if (draft.kinds.get(made) == Kind.PLANNED && made != result && places[made] == NONE) {
        Integer found = free.computeIfAbsent(size(made), size -> new ArrayDeque<>()).poll();
        places[made] = found != null ? found : count++;
      }
      for (int value = 0; value < places.length; value++) {
        if (last[value] == i && places[value] != NONE) {
          free.computeIfAbsent(size(value), size -> new ArrayDeque<>()).push(places[value]);
        }
      }
    }
  }

  /** By values, the last step that reads or writes each. */
  private int[] lastUses() {
    int[] last = new int[places.length];
    List<Step> steps = draft.steps;
    for (int i = 0; i < steps.size(); i++) {
      int step = i;
      steps.get(i).reads(value -> last[value] = step);
      last[steps.get(i).writes()] = step;
    }
    return last;
  }

  private String size(int value) {
    Object array = draft.arrays.get(value);
    String layout = draft.layouts.get(value);
    return array.getClass().getSimpleName() + Array.getLength(array) + layout;
  }

  /** Arrays by values: those of constants, and memory for the planned ones. */
  @Nullable Object[] arrays() {
    @Nullable Object[] memory = new Object[count];
    @Nullable Object[] arrays = new Object[places.length];
    for (int value = 0; value < arrays.length; value++) {
      if (draft.kinds.get(value) == Kind.CONSTANT) {
        arrays[value] = draft.arrays.get(value);
      } else if (places[value] != NONE) {
        if (memory[places[value]] == null) {
          memory[places[value]] = Plan.another(draft.arrays.get(value));
        }
        arrays[value] = memory[places[value]];
      }
    }
    return arrays;
  }
}
