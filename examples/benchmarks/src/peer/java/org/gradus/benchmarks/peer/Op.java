package org.gradus.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Shape;
import org.gradus.benchmarks.peer.Case.Peer;

/**
 * An op on inputs of some sizes, as both sides name it.
 *
 * @param name what it computes, and its sizes
 * @param inputs what it takes
 * @param ours the call of Gradus
 * @param theirs the call of PyTorch, as an expression in TorchScript, of the inputs' names
 * @param flops of the op without its gradients; 0: not told
 * @param tolerance how far results may differ, as a share of the largest
 */
record Op(
    String name,
    List<Input> inputs,
    Function<Values, Tensor> ours,
    String theirs,
    double flops,
    double tolerance) {
  private static final double TOLERANCE = 1e-4;

  /** An op whose operations are not counted. */
  static Op of(String name, Function<Values, Tensor> ours, String theirs, Input... inputs) {
    return new Op(name, List.of(inputs), ours, theirs, 0, TOLERANCE);
  }

  /** With its number of operations. */
  Op flops(double number) {
    return new Op(name, inputs, ours, theirs, number, tolerance);
  }

  /** With another tolerance. */
  Op within(double share) {
    return new Op(name, inputs, ours, theirs, flops, share);
  }

  /** The op alone. */
  Case forward() {
    return new Case(
        name + ", forward",
        Peer.PYTORCH,
        flops,
        tolerance,
        () -> new GradusOp(this, false),
        () -> ScriptSide.of(this));
  }

  /** The op and the gradients of its variables, for a given cotangent of the result. */
  Case gradients() {
    return new Case(
        name + ", and gradients",
        Peer.PYTORCH,
        flops * (1 + variables().size()),
        tolerance,
        () -> new GradusOp(this, true),
        () -> ScriptSide.withGradients(this));
  }

  /** Both. */
  List<Case> both() {
    return List.of(forward(), gradients());
  }

  /** The names of the inputs that have gradients. */
  List<String> variables() {
    List<String> names = new ArrayList<>();
    for (Input input : inputs) {
      if (input.kind() == Input.Kind.VARIABLE) {
        names.add(input.name());
      }
    }
    return names;
  }

  /** The gradient that arrives at the result; of a loss, 1. */
  Input cotangent() {
    Shape result = ours.apply(new Values(inputs, false)).shape();
    Input input = new Input("cotangent", Input.Kind.CONSTANT, -1, 1, result);
    return result.rank() == 0 ? input.within(1, 1 + 1e-9) : input;
  }
}
