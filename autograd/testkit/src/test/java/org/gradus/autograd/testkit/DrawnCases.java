package org.gradus.autograd.testkit;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;

/** Cases of a row, for laws that are no part of the contract of an op. */
public final class DrawnCases {
  private DrawnCases() {}

  /**
   * Tries a law with cases of a row, and with those at its edges.
   *
   * @param count how many are drawn
   * @param law is given the op or function, and float64 inputs
   */
  public static void forAll(
      OpRow row, int count, BiConsumer<Function<List<Tensor>, Tensor>, List<NdArray>> law) {
    Nulls.refuse("drawn cases: row, law", row, law);
    row.edges()
        .forEach(edge -> Trials.attempt(edge + ", at the edges", edge, each -> apply(each, law)));
    Trials.fromSystemProperties().forAll(count, row.cases(), each -> apply(each, law));
  }

  private static void apply(
      OpCase example, BiConsumer<Function<List<Tensor>, Tensor>, List<NdArray>> law) {
    law.accept(example::apply, example.inputs());
  }
}
