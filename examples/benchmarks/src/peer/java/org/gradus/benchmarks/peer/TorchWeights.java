package org.gradus.benchmarks.peer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.gradus.layers.Layer;
import org.gradus.layers.Parameter;

/**
 * The numbers that Gradus' network begins with, as arguments of a script.
 *
 * @param weights the list {@code w}
 * @param statistics the list {@code s}, of running means and variances
 */
record TorchWeights(List<NDArray> weights, List<NDArray> statistics) {

  static TorchWeights of(Layer net, NDManager manager) {
    return new TorchWeights(
        arrays(net.parameters(), "w[]", manager), arrays(net.buffers(), "s[]", manager));
  }

  private static List<NDArray> arrays(List<Parameter> from, String name, NDManager manager) {
    return from.stream()
        .map(each -> Torch.array(manager, name, each.value().toFloatArray(), each.value().shape()))
        .toList();
  }

  /** The weights by names: {@code w0, w1, ...}. */
  List<String> names() {
    return IntStream.range(0, weights.size()).mapToObj(i -> "w" + i).toList();
  }

  /** Lines that take each weight out of the list; {@code %s} stands for it. */
  String unpacked(String expression) {
    return IntStream.range(0, weights.size())
        .mapToObj(i -> "w%s = %s".formatted(i, expression.formatted("w[" + i + "]")))
        .collect(Collectors.joining("\n    "));
  }
}
