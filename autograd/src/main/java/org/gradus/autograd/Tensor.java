package org.gradus.autograd;

import java.util.*;
import java.util.function.*;
import org.gradus.autograd.array.*;
import org.gradus.autograd.internal.kernel.Buffer;
import org.gradus.autograd.internal.memory.Buffers;
import org.jspecify.annotations.Nullable;

/**
 * A node of the graph: an immutable value, and where it came from. A tensor is a <em>variable</em>
 * (a leaf that gradients are wanted for), a <em>constant</em>, or the output of an {@link Op}. It
 * is <em>tracked</em> if it depends on a variable; an output that does not is a constant, and
 * remembers neither op nor inputs. Two tensors are equal only if they are the same node.
 */
public final class Tensor {
  private final NdArray value;
  final Buffer buffer; // of the value: the engine reads it, and does not keep it
  private final @Nullable Op op;
  private final List<Tensor> inputs;
  private final boolean tracked;

  private Tensor(NdArray value, @Nullable Op op, List<Tensor> inputs, boolean tracked) {
    this.value = value;
    this.buffer = Buffers.of(value).shared();
    this.op = tracked || op instanceof Op.Companion ? op : null;
    this.inputs = tracked ? inputs : List.of();
    this.tracked = tracked;
  }

  /** A leaf of this value that gradients are wanted for. */
  public static Tensor variable(NdArray value) {
    Buffers.of(Nulls.given("tensor: value", value)).hold("variable");
    return new Tensor(value, null, List.of(), true);
  }

  /** A leaf of this value that has no gradient. */
  public static Tensor constant(NdArray value) {
    return new Tensor(Nulls.given("tensor: value", value), null, List.of(), false);
  }

  /**
   * The output of an op of one or more inputs: computes it, and records where it came from if an
   * input is tracked. If an {@link Op.Companion} made an input, it may replace the op.
   *
   * @throws IllegalArgumentException if the op refuses its inputs, their number or element types
   */
  public static Tensor of(Op op, Tensor... inputs) {
    String name = Nulls.given("tensor: op", op).name();
    List<Tensor> in = Nulls.inputs(name, op.arity(), inputs);
    Op applied = op;
    for (int i = 0; i < in.size(); i++) {
      in.get(0).dtype().require(name, "input " + i, in.get(i).dtype());
      applied = in.get(i).op instanceof Op.Companion made ? made.follow(applied) : applied;
    }
    NdArray value = Buffers.reading(name, in.stream().map(t -> t.value).toList(), applied::forward);
    in.get(0).dtype().require(name, "the output", value);
    return new Tensor(value, applied, in, in.stream().anyMatch(Tensor::isTracked));
  }

  /** The value. Its memory is not taken back from now on; if it was before, this is refused. */
  public NdArray value() {
    buffer.hold("value");
    return op instanceof Op.Companion made ? made.read(value) : value;
  }

  /** What f makes of the value, and does not keep: its memory may be taken back afterwards. */
  public <R> R read(Function<NdArray, R> f) {
    return Buffers.reading(op instanceof Op.Companion made ? made.read(value) : value, f);
  }

  /** The value's shape. */
  public Shape shape() {
    return value.shape();
  }

  /** The value's element type. */
  public DType dtype() {
    return value.dtype();
  }

  /** The only element of the value; see {@link NdArray#item}. */
  public double item() {
    return value().item();
  }

  /** The op that made this tensor; empty for variables and constants. */
  public Optional<Op> op() {
    return Optional.ofNullable(tracked ? op : null);
  }

  /** The inputs that the op made this tensor from; empty for variables and constants. */
  public List<Tensor> inputs() {
    return inputs;
  }

  /** Whether this tensor is a variable or depends on one. */
  public boolean isTracked() {
    return tracked;
  }

  /** Whether this tensor is a leaf that gradients are wanted for. */
  public boolean isVariable() {
    return tracked && op == null;
  }

  /** A constant of the same value, which no gradient flows through. */
  public Tensor detach() {
    return op instanceof Op.Companion made ? made.detach(this) : tracked ? constant(value()) : this;
  }

  Tensor asConstant() {
    return tracked || op != null ? constant(value) : this;
  }

  /** What the function f makes of this tensor; calls read in order: {@code x.then(Ops::relu)}. */
  public Tensor then(UnaryOperator<Tensor> f) {
    return Nulls.given("then: f", f).apply(this);
  }

  /** As {@link #then(UnaryOperator)}, with f's other argument: {@code x.then(Ops::matmul, w)}. */
  public <A> Tensor then(BiFunction<Tensor, A, Tensor> f, A other) {
    return Nulls.given("then: f", f).apply(this, Nulls.given("then: other", other));
  }

  /** For example {@code relu FLOAT32 [2] {0.0, 1.5}}; see {@link NdArray#toString}. */
  @Override
  public String toString() {
    return op().map(Op::name).orElse(tracked ? "variable" : "constant") + " " + value;
  }
}
