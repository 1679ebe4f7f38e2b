package org.gradus.autograd.ops;

import org.gradus.autograd.Op;

/** An op of two inputs. */
interface BinaryOp extends Op {
  @Override
  default int arity() {
    return 2;
  }
}
