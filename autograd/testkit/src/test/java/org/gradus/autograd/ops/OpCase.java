package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.array.NdArray;

/** An op and float64 inputs that it accepts, away from its kinks. */
public record OpCase(Op op, List<NdArray> inputs) {
  /** Shapes instead of numbers, which the seed repeats. */
  @Override
  public String toString() {
    return op + " of " + inputs.stream().map(NdArray::shape).toList();
  }
}
