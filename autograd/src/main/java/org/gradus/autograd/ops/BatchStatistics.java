package org.gradus.autograd.ops;

import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;

/**
 * What {@link Ops#batchStatistics} measures of each channel of a batch. Values, without a graph.
 *
 * @param mean [C]
 * @param variance [C], the mean square distance from the mean: over n, not n - 1
 */
public record BatchStatistics(NdArray mean, NdArray variance) {
  /** Refuses null. */
  public BatchStatistics {
    Nulls.refuse("batchStatistics: mean, variance", mean, variance);
  }
}
