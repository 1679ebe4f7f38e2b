package org.gradus.spark;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.Layer;
import org.gradus.layers.Parameter;
import org.gradus.layers.optim.ParameterGradients;
import org.jspecify.annotations.Nullable;

/** What a task returns: the sum over its block. */
final class BlockSum implements Serializable {
  private static final long serialVersionUID = 1;

  final Head head;

  /** By parameter, in the order of the net; null where the loss does not depend on it. */
  final @Nullable Serializable[] gradients;

  BlockSum(Head head, @Nullable Serializable... gradients) {
    this.head = head;
    this.gradients = gradients;
  }

  /** The arrays of gradients, in the order of a net's parameters. */
  static @Nullable Serializable[] arrays(ParameterGradients gradients, Layer net) {
    List<Parameter> parameters = net.parameters();
    @Nullable Serializable[] arrays = new Serializable[parameters.size()];
    for (int i = 0; i < arrays.length; i++) {
      Parameter each = parameters.get(i);
      arrays[i] = gradients.reached(each) ? Numbers.storage(gradients.of(each)) : null;
    }
    return arrays;
  }

  /** The same, of another net's parameters. */
  static Map<Parameter, NdArray> gradients(Layer net, @Nullable Serializable... arrays) {
    List<Parameter> parameters = net.parameters();
    Map<Parameter, NdArray> gradients = new HashMap<>();
    for (int i = 0; i < arrays.length; i++) {
      @Nullable Serializable array = arrays[i];
      if (array != null) {
        gradients.put(parameters.get(i), Numbers.wrapped(array, parameters.get(i).shape()));
      }
    }
    return gradients;
  }
}
