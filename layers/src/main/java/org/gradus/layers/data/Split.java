package org.gradus.layers.data;

import org.gradus.autograd.array.Nulls;

/**
 * Two parts of a data set.
 *
 * @param train to learn from
 * @param test to measure with
 */
public record Split(Dataset train, Dataset test) {

  /** Refuses null. */
  public Split {
    Nulls.refuse("split: train, test", train, test);
  }
}
