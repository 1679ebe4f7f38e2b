package org.gradus.autograd.inspect;

import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.ops.Ops;

/**
 * Another op, of which a {@link Recording} knows where it was called; see there.
 *
 * <pre>
 *   y = op(x_0, ..., x_n)
 *   VJPs: those of the op, or 0 of what is detached
 * </pre>
 *
 * Shapes and errors are those of the op.
 *
 * @param op what is recorded
 * @param kind what the call is
 * @param isGiven whether the output depends on an input of the recorded function, so that its value
 *     is that of an example, and must not be read
 * @param callers the frames that led to the call of the op, outside of this library; the innermost
 *     first
 */
record Recorded(Op op, Kind kind, boolean isGiven, List<StackTraceElement> callers)
    implements Op.Companion {

  /** What a call is: one of the function's, or where a recording begins, or a detached tensor. */
  enum Kind {
    CALL,
    LEAF,
    DETACH
  }

  /** Takes a copy of the list. */
  Recorded {
    callers = List.copyOf(callers);
  }

  /** A tensor of this value, where a recording begins. */
  static Tensor leaf(NdArray value, boolean isGiven) {
    Op leaf = new Recorded(new Watch(), Kind.LEAF, isGiven, Fault.callers());
    return Tensor.of(leaf, Tensor.variable(value)); // all that depends on a variable is kept
  }

  @Override
  public Op follow(Op next) {
    if (next instanceof Recorded made) {
      boolean either = made.isGiven || isGiven;
      return new Recorded(made.op, made.kind, either, made.callers);
    }
    return new Recorded(next, Kind.CALL, isGiven, Fault.callers());
  }

  @Override
  public NdArray read(NdArray value) {
    if (isGiven) {
      throw new IllegalStateException(
          ("recording: the value of the output of %s, called %s, is read; it is that of an"
                  + " example, and what comes of it outside of ops would be wrong for others")
              .formatted(name(), Fault.place(callers)));
    }
    return value;
  }

  @Override
  public Tensor detach(Tensor output) {
    return Tensor.of(new Recorded(new Watch(), Kind.DETACH, isGiven, Fault.callers()), output);
  }

  @Override
  public String name() {
    return kind == Kind.CALL ? op.name() : kind == Kind.LEAF ? "input" : "detach";
  }

  @Override
  public int arity() {
    return op.arity();
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    return op.forward(in);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return kind == Kind.CALL ? op.vjp(input, g, y, in) : Ops.zeros(g);
  }

  /** Without the callers, for messages that print an op. */
  @Override
  public String toString() {
    return "Recorded[" + op + "]";
  }
}
