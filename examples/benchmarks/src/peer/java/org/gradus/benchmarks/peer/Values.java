package org.gradus.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/** The inputs of an op as Gradus takes them. */
final class Values {
  private final List<Tensor> tensors = new ArrayList<>();
  private final List<Tensor> variables = new ArrayList<>();
  private int[] labels = {};

  Values(List<Input> inputs, boolean gradients) {
    for (Input input : inputs) {
      if (input.kind() == Input.Kind.LABELS) {
        labels = input.classes();
        continue;
      }
      NdArray array = NdArray.wrap(input.floats(), input.shape());
      boolean varies = gradients && input.kind() == Input.Kind.VARIABLE;
      Tensor tensor = varies ? Tensor.variable(array) : Tensor.constant(array);
      tensors.add(tensor);
      if (varies) {
        variables.add(tensor);
      }
    }
  }

  /** The input at a place, labels not counted. */
  Tensor get(int place) {
    return tensors.get(place);
  }

  int[] labels() {
    return labels;
  }

  List<Tensor> variables() {
    return variables;
  }
}
