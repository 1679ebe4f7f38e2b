package org.gradus.autograd.testkit;

import java.util.List;
import org.gradus.autograd.check.Report;

/** Cases that were compared with finite differences, and what the comparisons saw. */
record Tally(int cases, Report report) {
  static final Tally NOTHING = new Tally(0, new Report(0, 0, List.of()));

  Tally and(Tally other) {
    return new Tally(cases + other.cases, report.and(other.report));
  }
}
