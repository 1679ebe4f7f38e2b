package org.gradus.onnx;

/**
 * What one computation may make, whatever the model says.
 *
 * @param elements how many a node may make of fewer
 * @param turns how many all loops may make together
 */
record Limits(long elements, long turns) {
  /** 2^27 elements, 2^20 turns. */
  static final Limits STANDARD = new Limits(1L << 27, 1L << 20);

  /** With at least so many elements. */
  Limits atLeast(long more) {
    return new Limits(Math.max(elements, more), turns);
  }
}
