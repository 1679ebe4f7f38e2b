package org.gradus.autograd.ops;

import org.gradus.autograd.Op;

/** An op of one input. */
interface UnaryOp extends Op {
  @Override
  default int arity() {
    return 1;
  }
}
