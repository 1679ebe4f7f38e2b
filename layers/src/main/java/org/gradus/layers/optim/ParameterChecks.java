package org.gradus.layers.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.Parameter;

/** What parameters must be, and their gradients. */
final class ParameterChecks {
  private ParameterChecks() {}

  /** What stands for each parameter now; refuses one that is there twice, or a buffer. */
  static Map<Parameter, Tensor> variables(String function, List<Parameter> parameters) {
    Map<Parameter, Tensor> variables = new LinkedHashMap<>();
    for (Parameter parameter : parameters) {
      requireLearnt(function, parameter);
      if (variables.put(parameter, parameter.tensor()) != null) {
        throw new IllegalArgumentException(
            "%s: the parameter %s is there twice".formatted(function, parameter.name()));
      }
    }
    return variables;
  }

  static void requireLearnt(String function, Parameter parameter) {
    if (!parameter.isLearnt()) {
      throw new IllegalArgumentException(
          "%s: %s is a buffer, which is not learnt".formatted(function, parameter.name()));
    }
  }

  static IllegalStateException stale(String function, Parameter parameter) {
    return new IllegalStateException(
        "%s: the loss was computed with a former value of %s, which another has replaced since (by a step?); compute it anew"
            .formatted(function, parameter.name()));
  }

  static void requireLike(String function, Parameter parameter, NdArray gradient) {
    if (gradient.dtype() != parameter.dtype() || !gradient.shape().equals(parameter.shape())) {
      throw new IllegalArgumentException(
          "%s: the gradient of %s is %s %s, expected %s %s"
              .formatted(
                  function,
                  parameter.name(),
                  gradient.dtype(),
                  gradient.shape(),
                  parameter.dtype(),
                  parameter.shape()));
    }
  }
}
