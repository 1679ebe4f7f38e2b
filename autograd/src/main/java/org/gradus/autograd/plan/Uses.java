package org.gradus.autograd.plan;

import java.util.ArrayList;
import java.util.List;

/** Which steps read the values of a draft. */
final class Uses {
  private final List<List<Integer>> readers = new ArrayList<>();
  private final int result;

  Uses(Draft draft, int result) {
    this.result = result;
    draft.arrays.forEach(array -> readers.add(new ArrayList<>()));
    for (int i = 0; i < draft.steps.size(); i++) {
      int step = i;
      draft
          .steps
          .get(i)
          .reads(
              value -> {
                if (!readers.get(value).contains(step)) {
                  readers.get(value).add(step);
                }
              });
    }
  }

  /** The steps that read a value. */
  List<Integer> of(int value) {
    return readers.get(value);
  }

  /** The only step that reads a value, or -1 if it is not one, or the value is the result. */
  int only(int value) {
    return value != result && readers.get(value).size() == 1 ? readers.get(value).get(0) : -1;
  }
}
