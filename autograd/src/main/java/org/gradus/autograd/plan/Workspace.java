package org.gradus.autograd.plan;

import java.util.List;
import org.gradus.autograd.array.Nulls;
import org.jspecify.annotations.Nullable;

/** The memory of one run at a time, and the steps over it. */
final class Workspace {
  /** By values, and only while it is used those that a run brings along. */
  private final @Nullable Object[] arrays;

  private final Runnable[] steps;
  private final int[] passing;

  /**
   * A workspace over these arrays.
   *
   * @param passing the values whose arrays each run brings along, or makes
   * @param alone whether the thread that runs it does it all
   */
  Workspace(@Nullable Object[] arrays, List<Step> steps, int[] passing, boolean alone) {
    this.arrays = arrays;
    this.steps = steps.stream().map(step -> step.in(arrays, alone)).toArray(Runnable[]::new);
    this.passing = passing;
  }

  /** Makes a value from an input; its array is the given one if kernels write to it. */
  Object run(Object input, int result, @Nullable Object given) {
    arrays[result] = given;
    arrays[Draft.INPUT_NUMBER] = input; // which may be the result
    for (Runnable step : steps) {
      step.run();
    }
    Object made = Nulls.given("plan: the result", arrays[result]);
    for (int value : passing) {
      arrays[value] = null;
    }
    return made;
  }
}
