package org.gradus.autograd.inspect;

import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.inspect.Fault.Part;

/**
 * Another op, whose output and VJPs must be finite; see {@link Watch}.
 *
 * <pre>
 *   y = op(x_0, ..., x_n)
 *   VJPs: those of the op
 * </pre>
 *
 * Shapes and errors are those of the op; NaN and infinities throw.
 *
 * @param op what is watched
 * @param callers the frames that led to the call of the op, outside of this library; the innermost
 *     first
 */
record Watched(Op op, List<StackTraceElement> callers) implements Op.Companion {
  /** Takes a copy of the list. */
  Watched {
    callers = List.copyOf(callers);
  }

  /** The op, watched, as called from where the program called this library. */
  static Watched here(Op op) {
    return new Watched(op, Fault.callers());
  }

  /** What a reader knows an op as: the watched op itself. */
  static Op bare(Op op) {
    return op instanceof Watched watched ? watched.op : op;
  }

  @Override
  public Op follow(Op next) {
    return next instanceof Op.Companion ? next : here(next); // one that records goes on with that
  }

  @Override
  public NdArray read(NdArray value) {
    return value;
  }

  /** Not watched any more. */
  @Override
  public Tensor detach(Tensor output) {
    return Tensor.constant(output.value());
  }

  @Override
  public String name() {
    return op.name();
  }

  @Override
  public int arity() {
    return op.arity();
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray y = op.forward(in);
    if (!y.isFinite()) {
      List<Part> parts = inputs(in);
      parts.add(new Part("output", y));
      throw new NonFiniteException(Fault.text(name(), parts, callers), null);
    }
    return y;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    String what = "VJP of input " + input;
    Tensor product;
    try {
      product = op.vjp(input, g, y, in);
    } catch (NonFiniteException e) { // in a graph of derivatives the ops of the VJP are watched too
      String context = "\n  in the %s of %s, called %s";
      throw new NonFiniteException(
          e.getMessage() + context.formatted(what, name(), Fault.place(callers)), e);
    }
    if (!product.value().isFinite()) {
      List<Part> parts = inputs(in.stream().map(Tensor::value).toList());
      parts.add(0, new Part(Fault.COTANGENT, g.value()));
      parts.add(new Part("output", y.value()));
      parts.add(new Part(what, product.value()));
      Throwable call = new Throwable(name() + " was called here");
      call.setStackTrace(callers.toArray(new StackTraceElement[0]));
      throw new NonFiniteException(Fault.text(name(), parts, callers), call);
    }
    return product;
  }

  /** Without the callers, for messages that print an op. */
  @Override
  public String toString() {
    return "Watched[" + op + "]";
  }

  private static List<Part> inputs(List<NdArray> in) {
    List<Part> parts = new ArrayList<>();
    for (NdArray array : in) {
      parts.add(new Part("input " + parts.size(), array));
    }
    return parts;
  }
}
