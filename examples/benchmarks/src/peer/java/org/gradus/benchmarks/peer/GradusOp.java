package org.gradus.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Memory;
import org.gradus.autograd.array.NdArray;

/**
 * An op in Gradus, with its gradients or without. They are taken as a training step takes them, and
 * the memory of what nobody reads is given back, as PyTorch gives back that of its results.
 */
final class GradusOp implements Side {
  private final Op op;
  private final Values values;
  private final Tensor[] variables;
  private final Tensor cotangent;

  GradusOp(Op op, boolean gradients) {
    this.op = op;
    this.values = new Values(op.inputs(), gradients);
    this.variables = values.variables().toArray(Tensor[]::new);
    Input arriving = op.cotangent();
    this.cotangent = Tensor.constant(NdArray.wrap(arriving.floats(), arriving.shape()));
  }

  @Override
  public void run() {
    Memory.tidy(this::compute);
  }

  private List<Tensor> compute() {
    Tensor y = op.ours().apply(values);
    if (variables.length == 0) {
      return List.of(y);
    }
    Gradients found = Gradients.pullback(y, cotangent, Mode.CONSUMING, variables);
    List<Tensor> results = new ArrayList<>();
    results.add(y);
    for (Tensor variable : variables) {
      results.add(found.of(variable));
    }
    return results;
  }

  @Override
  public List<float[]> check() {
    return compute().stream().map(tensor -> tensor.value().toFloatArray()).toList();
  }
}
