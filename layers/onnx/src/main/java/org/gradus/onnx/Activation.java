package org.gradus.onnx;

import java.util.List;
import java.util.function.UnaryOperator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/** The activations of recurrent nodes, by name. */
final class Activation {
  private Activation() {}

  /** Refuses names that are not known here. */
  static void check(Node node) {
    List<String> known =
        List.of(
            "Affine",
            "Elu",
            "HardSigmoid",
            "LeakyRelu",
            "Relu",
            "ScaledTanh",
            "Sigmoid",
            "Softplus",
            "Softsign",
            "Tanh",
            "ThresholdedRelu");
    for (String name : node.texts("activations")) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "attribute activations has '%s', expected %s".formatted(name, known));
      }
    }
  }

  /**
   * An activation of a node.
   *
   * @param number of it, over all directions
   * @param others names where the node has none
   */
  static UnaryOperator<Tensor> of(Node node, int number, List<String> others) {
    List<String> given = node.texts("activations");
    String name =
        given.isEmpty() ? others.get(number % others.size()) : given.get(number % given.size());
    double clip = node.number("clip", 0);
    double alpha = at(node.numbers("activation_alpha"), number, standard(name));
    double beta = at(node.numbers("activation_beta"), number, name.equals("HardSigmoid") ? 0.5 : 1);
    UnaryOperator<Tensor> function = of(name, alpha, beta);
    return clip == 0 ? function : x -> function.apply(Ops.clamp(x, -clip, clip));
  }

  private static double at(double[] values, int number, double other) {
    return number < values.length ? values[number] : other;
  }

  private static double standard(String name) {
    return switch (name) {
      case "LeakyRelu" -> 0.01;
      case "HardSigmoid" -> 0.2;
      default -> 1;
    };
  }

  private static UnaryOperator<Tensor> of(String name, double alpha, double beta) {
    return switch (name) {
      case "Affine" -> x -> Ops.add(Ops.mul(x, alpha), beta);
      case "Elu" -> x -> Ops.elu(x, alpha);
      case "HardSigmoid" -> x -> Ops.clamp(Ops.add(Ops.mul(x, alpha), beta), 0, 1);
      case "LeakyRelu" -> x -> Ops.leakyRelu(x, alpha);
      case "Relu" -> Ops::relu;
      case "ScaledTanh" -> x -> Ops.mul(Ops.tanh(Ops.mul(x, beta)), alpha);
      case "Sigmoid" -> Ops::sigmoid;
      case "Softplus" -> Ops::softplus;
      case "Softsign" -> Ops::softsign;
      case "Tanh" -> Ops::tanh;
      default -> x -> Ops.where(Ops.greater(x, alpha), x, 0);
    };
  }
}
