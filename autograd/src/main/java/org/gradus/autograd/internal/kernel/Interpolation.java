package org.gradus.autograd.internal.kernel;

/**
 * What each output along an axis is mixed of: the input at {@code low[i]}, and, with a part of
 * {@code weight[i]}, the one behind it. Where the weight is 0, there need not be one.
 */
@SuppressWarnings("ArrayRecordComponent") // a parameter object, which is never compared
public record Interpolation(int input, int[] low, double[] weight) {
  public int output() {
    return low.length;
  }
}
