package org.gradus.autograd.ops;

/** What is made of the losses of all places. */
public enum Reduction {
  /** Their mean, weighted as the places are. */
  MEAN,
  /** Their sum. */
  SUM,
  /** The losses themselves, one for each place. */
  NONE
}
