package org.gradus.autograd.check;

import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.array.Nulls;

/**
 * What a check that found nothing wrong has seen.
 *
 * @param comparisons analytic derivatives that were compared with numeric ones
 * @param largestError of these, |analytic - numeric| / max(1, |analytic|, |numeric|)
 * @param notDifferentiable where the function has a kink or a jump, so that nothing was compared
 */
public record Report(long comparisons, double largestError, List<String> notDifferentiable) {

  /** Takes a copy of the list. */
  public Report {
    notDifferentiable = Nulls.list("report: notDifferentiable", notDifferentiable);
  }

  /** This report and the other as one. */
  public Report and(Report other) {
    Nulls.refuse("report: other", other);
    List<String> both = new ArrayList<>(notDifferentiable);
    both.addAll(other.notDifferentiable);
    return new Report(
        comparisons + other.comparisons, Math.max(largestError, other.largestError), both);
  }
}
