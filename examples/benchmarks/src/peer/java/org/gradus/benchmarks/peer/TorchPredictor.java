package org.gradus.benchmarks.peer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.ArrayList;
import java.util.List;

/** Inference in PyTorch, with nothing recorded for gradients. */
final class TorchPredictor implements AutoCloseable {
  private final TorchWeights weights;
  private final Script script;

  /** Does not own the weights. */
  TorchPredictor(Net kind, PtNDManager manager, TorchWeights weights) {
    this.weights = weights;
    ScriptNet net = kind.script(false);
    List<String> lines = new ArrayList<>();
    lines.add(weights.unpacked("%s"));
    lines.addAll(net.lines());
    lines.add("return " + net.output());
    String statistics = weights.statistics().isEmpty() ? "" : ", s: List[Tensor]";
    this.script =
        new Script(
            manager,
            "x: Tensor, w: List[Tensor]" + statistics,
            "Tensor",
            false,
            lines.toArray(String[]::new));
  }

  NDList call(NDArray x) {
    NDList arguments = new NDList(x);
    arguments.addAll(weights.weights());
    arguments.addAll(weights.statistics());
    return script.call(arguments);
  }

  @Override
  public void close() {
    script.close();
  }
}
