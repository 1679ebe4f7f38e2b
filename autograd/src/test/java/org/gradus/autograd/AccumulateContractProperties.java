package org.gradus.autograd;

import org.gradus.autograd.ops.Draw;
import org.gradus.autograd.ops.OpContract;
import org.gradus.autograd.ops.OpRow;

/** The contract of the engine's own op, which the engine's package keeps to itself. */
class AccumulateContractProperties extends OpContract {
  AccumulateContractProperties() {
    super(OpRow.pairs(new Gradients.Accumulate(), Draw.shapes(0, 3)).asExact());
  }
}
