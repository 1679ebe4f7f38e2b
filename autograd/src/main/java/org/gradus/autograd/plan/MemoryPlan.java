package org.gradus.autograd.plan;

import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.ArrayList;
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

  /** By values, the arrays of constants. */
  private final @Nullable Object[] constants;

  /** By values, the number of the array that a planned one lies in. */
  private final int[] places;

  private final int batch;
  private final int examples;
  private final List<Place> memory = new ArrayList<>();

  /** An array that is to be made: of this one's type, and a length. */
  private record Place(Object like, int length) {}

  /** For so many examples of the batch that a draft is for, or for all of them. */
  MemoryPlan(Draft draft, int result, int batch, int examples) {
    this.batch = batch;
    this.examples = examples;
    this.constants = new Object[draft.arrays.size()];
    for (int value = 0; value < constants.length; value++) {
      constants[value] = draft.isConstant(value) ? draft.arrays.get(value) : null;
    }
    this.places = new int[constants.length];
    Arrays.fill(places, NONE);
    int[] last = lastUses(draft.steps);
    Map<String, Deque<Integer>> free = new HashMap<>();
    for (int i = 0; i < draft.steps.size(); i++) {
      Step step = draft.steps.get(i);
      int made = step.writes();
      if (draft.kinds.get(made) == Kind.PLANNED && made != result && places[made] == NONE) {
        Integer found = free.computeIfAbsent(size(draft, made), size -> new ArrayDeque<>()).poll();
        places[made] = found != null ? found : place(draft.arrays.get(made));
      }
      for (int value = 0; value < places.length; value++) {
        if (last[value] == i && places[value] != NONE) {
          free.computeIfAbsent(size(draft, value), size -> new ArrayDeque<>()).push(places[value]);
        }
      }
    }
  }

  /** Another array, like one that is not kept. */
  private int place(Object array) {
    memory.add(new Place(Plan.another(array, 0), Array.getLength(array) / batch * examples));
    return memory.size() - 1;
  }

  /** By values, the last step that reads or writes each. */
  private int[] lastUses(List<Step> steps) {
    int[] last = new int[places.length];
    for (int i = 0; i < steps.size(); i++) {
      int step = i;
      steps.get(i).reads(value -> last[value] = step);
      last[steps.get(i).writes()] = step;
    }
    return last;
  }

  private static String size(Draft draft, int value) {
    Object array = draft.arrays.get(value);
    String layout = draft.layouts.get(value);
    return array.getClass().getSimpleName() + Array.getLength(array) + layout;
  }

  /** Arrays by values: those of constants, and memory for the planned ones. */
  @Nullable Object[] arrays() {
    Object[] made = memory.stream().map(place -> Plan.another(place.like, place.length)).toArray();
    @Nullable Object[] arrays = constants.clone();
    for (int value = 0; value < arrays.length; value++) {
      if (places[value] != NONE) {
        arrays[value] = made[places[value]];
      }
    }
    return arrays;
  }
}
