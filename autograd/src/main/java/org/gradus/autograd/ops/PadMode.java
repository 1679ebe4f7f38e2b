package org.gradus.autograd.ops;

/** What {@link Ops#pad(org.gradus.autograd.Tensor, int[], int[], PadMode)} puts around a tensor. */
public enum PadMode {
  /** Zeros. */
  CONSTANT,
  /** The elements next to the end, in reverse order; the end itself is not repeated. */
  REFLECT,
  /** The element at the end, again and again. */
  EDGE
}
