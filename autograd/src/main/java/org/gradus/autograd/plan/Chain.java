package org.gradus.autograd.plan;

import org.gradus.autograd.internal.kernel.Pixels;
import org.gradus.autograd.plan.Step.OfKernel;

/** A convolution or product, and the steps behind it that become a part of it. */
final class Chain {
  final OfKernel first;

  Weights weights;

  /** The value that it makes, and the number of the step that made it. */
  int value;

  int end;

  /** What is added before the limits; -1 for nothing. */
  int added = -1;

  double least = Double.NEGATIVE_INFINITY;
  double most = Double.POSITIVE_INFINITY;

  /** How its images lie: those of the input, of the output. */
  final Pixels in;

  final Pixels out;

  Chain(OfKernel first, Weights weights, Pixels in, Pixels out, int end) {
    this.first = first;
    this.weights = weights;
    this.in = in;
    this.out = out;
    this.value = first.writes();
    this.end = end;
  }

  /**
   * Takes weights in which more is folded, if they are finite: otherwise a sum that is finite would
   * become one that is not.
   *
   * @param like an array of the type that they will have
   */
  boolean takes(Weights folded, Object like) {
    if (!folded.areFinite(like)) {
      return false;
    }
    weights = folded;
    return true;
  }

  /** Nothing is more than c, what was a limit from below included. */
  void limitAbove(double c) {
    most = Math.min(most, c);
    least = Math.min(least, c);
  }

  boolean isLimited() {
    return least != Double.NEGATIVE_INFINITY || most != Double.POSITIVE_INFINITY;
  }
}
