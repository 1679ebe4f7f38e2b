package org.gradus.autograd;

import java.util.*;
import org.gradus.autograd.array.*;

/**
 * A differentiable function of tensors. An op is a record of its attributes (an axis, a geometry),
 * and nothing else: no state, nothing captured. {@link Tensor#of} applies built-in ops and yours.
 */
public interface Op {
  /** The name in messages; by default that of the class, beginning in lower case. */
  default String name() {
    String name = getClass().getSimpleName();
    return name.isEmpty() ? "op" : Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }

  /** The number of inputs; 0, the default, means any number from 1 on. */
  default int arity() {
    return 0;
  }

  /**
   * Computes the output. Checks the shapes first, and modifies nothing.
   *
   * @param inputs all of one element type, which is that of the output
   * @throws IllegalArgumentException if the inputs do not fit; it names the op and both values
   */
  NdArray forward(List<NdArray> inputs);

  /**
   * The vector-Jacobian product with respect to one input, of its shape: for y = f(x), cotangent^T
   * (dy/dx). It is made of ops, to be differentiated again, and depends on its arguments alone.
   *
   * @param input the input's position, from 0
   * @param cotangent the derivative of the loss with respect to the output; has its shape
   * @param output the tensor that this op made of these inputs
   */
  Tensor vjp(int input, Tensor cotangent, Tensor output, List<Tensor> inputs);

  /** An op that stays with its output, even a constant, and may replace the ops that take it. */
  interface Companion extends Op {
    /** The op to apply to this op's output in place of the next one; it may be that one. */
    Op follow(Op next);

    /** The value of an output for a reader, whom it may refuse. */
    NdArray read(NdArray value);

    /** An output of this op as a tensor that no gradient flows through. */
    Tensor detach(Tensor output);
  }

  /** An op that takes a part of its one input. VJPs of parts by one class of ops are one call. */
  interface Selection extends Op {
    /** The sum of VJPs by a tensor of shape {@code whole}, from the cotangents of its parts. */
    Tensor vjp(Map<Tensor, Tensor> cotangents, Shape whole);
  }
}
