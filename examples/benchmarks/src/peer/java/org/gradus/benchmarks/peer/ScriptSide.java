package org.gradus.benchmarks.peer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.gradus.benchmarks.turns.Turns;

/** An op in PyTorch, with its gradients or without. */
final class ScriptSide implements Side {
  private final PtNDManager manager = Torch.manager();
  private final NDList arguments = new NDList();
  private final Script script;

  private ScriptSide(List<Input> inputs, String result, boolean gradients, String... lines) {
    String parameters =
        inputs.stream().map(input -> input.name() + ": Tensor").collect(Collectors.joining(", "));
    this.script = new Script(manager, parameters, result, gradients, lines);
    for (Input input : inputs) {
      NDArray array =
          input.kind() == Input.Kind.LABELS
              ? manager.create(input.longs(), Torch.shape(input.shape()))
              : manager.create(input.floats(), Torch.shape(input.shape()));
      arguments.add(array);
    }
  }

  static ScriptSide of(Op op) {
    return new ScriptSide(op.inputs(), "Tensor", false, "return " + op.theirs());
  }

  /**
   * The gradients begin at new leaves on the inputs' storage, so that no run adds to those of the
   * run before.
   */
  static ScriptSide withGradients(Op op) {
    List<Input> inputs = new ArrayList<>(op.inputs());
    inputs.add(op.cotangent());
    List<String> names = op.variables();
    String leaves =
        names.stream()
            .map("%1$s = torch.requires_grad_(torch.detach(%1$s))"::formatted)
            .collect(Collectors.joining("\n    "));
    String results =
        IntStream.range(0, names.size())
            .mapToObj("unchecked_cast(Tensor, g[%s])"::formatted)
            .collect(Collectors.joining(", "));
    return new ScriptSide(
        inputs,
        "List[Tensor]",
        true,
        leaves,
        "y = " + op.theirs(),
        "cotangents = annotate(List[Optional[Tensor]], [cotangent])",
        "g = torch.grad([y], [%s], cotangents, None, False, False)"
            .formatted(String.join(", ", names)),
        "return [y, %s]".formatted(results));
  }

  /** The seconds that a call takes which returns what it is given. */
  static double emptyCall() {
    Op identity = Op.of("identity", in -> in.get(0), "x", Input.constant("x", 1));
    try (ScriptSide side = of(identity)) {
      return new Turns(0.2, 1).take(side::run, side::run).first().median();
    }
  }

  @Override
  public void run() {
    script.call(arguments).close();
  }

  @Override
  public List<float[]> check() {
    return Torch.floats(script.call(arguments));
  }

  @Override
  public void close() {
    script.close();
    manager.close();
  }
}
