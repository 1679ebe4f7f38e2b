package org.gradus.autograd.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.inspect.Recorded.Kind;

/**
 * What a function of tensors computes: the calls of all ops between its inputs and its outputs, for
 * those who write it down in another form.
 *
 * <pre>{@code
 * // given NdArray example, UnaryOperator<Tensor> f
 * Tensor x = Recording.input(example);
 * Recording recording = Recording.of(f.apply(x));
 * }</pre>
 *
 * <p>A recording travels with the data, so nothing is recorded but what depends on its inputs, in
 * any thread. It goes on where a graph ends: a detached tensor, as a mask is, is the output of a
 * {@link Watch}, which is the identity. What cannot be recorded is refused, so that no value of the
 * example is taken for one of all inputs: to read the value of a tensor that depends on an {@link
 * #input}, as {@code item()} and {@code argMax} do, or gradients of it, unless they are
 * differentiable.
 *
 * <p>The value of a tensor that depends on none but {@linkplain #known known} ones may be read.
 *
 * @param calls each behind those that made its inputs
 */
public record Recording(List<Call> calls) {
  /** Takes a copy of the list. */
  public Recording {
    calls = Nulls.list("recording: calls", calls);
  }

  /**
   * One call of an op. Inputs that are no outputs of other calls are those of the recording, or
   * tensors that the function brought along, whose values are the same each time.
   *
   * @param op that was called
   * @param inputs that it was called with
   * @param output that it made
   * @param place where, such as {@code at Net.block(Net.java:12)}
   */
  public record Call(Op op, List<Tensor> inputs, Tensor output, String place) {
    /** Takes a copy of the list. */
    public Call {
      Nulls.refuse("call: op, output, place", op, output, place);
      inputs = Nulls.list("call: inputs", inputs);
    }

    /**
     * The attributes of an op that is a record, by name, in order: {@code axis}, say. That of a
     * module which does not let others see it is {@code ?}.
     */
    public Map<String, Object> attributes() {
      return Attributes.values(op);
    }
  }

  /**
   * An input of a function that is recorded: what is computed from it is.
   *
   * @param value an example, which gives the shape and the element type
   */
  public static Tensor input(NdArray value) {
    return Recorded.leaf(Nulls.given("input: value", value), true);
  }

  /**
   * A value that is the same for all inputs of a function, such as a weight: what is computed from
   * it is recorded, and its value may be read.
   */
  public static Tensor known(NdArray value) {
    return Recorded.leaf(Nulls.given("known: value", value), false);
  }

  /**
   * All calls that tensors come from.
   *
   * @param outputs of the function that is recorded, any number
   */
  public static Recording of(Tensor... outputs) {
    return of(Nulls.list("recording: outputs", outputs));
  }

  /** As {@link #of(Tensor...)}, of outputs in a list. */
  public static Recording of(List<Tensor> outputs) {
    List<Call> calls = new ArrayList<>();
    for (Tensor node : Nodes.of(Nulls.list("recording: outputs", outputs))) {
      if (node.op().orElse(null) instanceof Recorded made && made.kind() != Kind.LEAF) {
        String place = Fault.place(made.callers());
        calls.add(new Call(Watched.bare(made.op()), node.inputs(), node, place));
      }
    }
    return new Recording(calls);
  }

  /** Whether the value of a tensor depends on an {@link #input}. */
  public static boolean isGiven(Tensor tensor) {
    Nulls.refuse("isGiven: tensor", tensor);
    return tensor.op().orElse(null) instanceof Recorded made && made.isGiven();
  }
}
