package org.gradus.autograd.update;

import java.util.Arrays;
import java.util.List;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.Update;

/** A rule of the library, which a kernel applies to a whole array in one pass over memory. */
record Fused(Update update) implements UpdateRule {
  @Override
  public double next(double value, double gradient, double[] kept) {
    Nulls.refuse("next: kept", kept);
    if (kept.length != update.kept()) {
      throw new IllegalArgumentException(
          "next: kept holds %s numbers, expected %s".formatted(kept.length, update.kept()));
    }
    double[] next = new double[1];
    List<Object> own =
        Arrays.stream(kept).mapToObj(number -> (Object) new double[] {number}).toList();
    double[] slope = {gradient};
    double[] before = {value};
    Kernels.of(next).update(update, slope, before, own, next);
    for (int k = 0; k < kept.length; k++) {
      kept[k] = ((double[]) own.get(k))[0];
    }
    return next[0];
  }
}
