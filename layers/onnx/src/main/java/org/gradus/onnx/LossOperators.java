package org.gradus.onnx;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;

/** Losses that are part of a model. */
final class LossOperators {
  private static final String RULES = "ignore_index:int reduction:string=none|sum|mean";

  private LossOperators() {}

  static List<Operator> operators() {
    return List.of(
        Operator.of(
                "NegativeLogLikelihoodLoss",
                12,
                2,
                3,
                RULES,
                call -> call.like(0, loss(call, call.tensor(0))))
            .with(Operator.Role.CONSTANT, 2),
        Operator.many("SoftmaxCrossEntropyLoss", 12, 2, 3, 2, RULES, LossOperators::crossEntropy)
            .with(Operator.Role.CONSTANT, 2));
  }

  private static List<Value> crossEntropy(Call call) {
    Tensor logs = Ops.logSoftmax(call.tensor(0), 1);
    return List.of(call.like(0, loss(call, logs)), call.like(0, logs));
  }

  /** Of logarithms [N, C, ...] at labels [N, ...], each with the weight of its class. */
  private static Tensor loss(Call call, Tensor logs) {
    Shape shape = logs.shape();
    long[] labels = call.wholes(1);
    if (shape.rank() < 2 || !call.shape(1).equals(Shape.of(Shapes.without(shape.toArray(), 1)))) {
      throw call.refused(
          "labels %s for %s, expected one for each line of axis 1".formatted(call.shape(1), shape));
    }
    boolean ignores = call.node().has("ignore_index");
    long ignored = call.node().whole("ignore_index", 0);
    int classes = shape.dim(1);
    int[] index = new int[labels.length];
    double[] weights = new double[labels.length];
    NdArray given =
        call.has(2) ? call.tensor(2).value() : NdArray.full(logs.dtype(), Shape.of(classes), 1);
    if (given.size() != classes) {
      throw call.refused("%s weights, expected %s".formatted(given.size(), classes));
    }
    for (int i = 0; i < labels.length; i++) {
      if (ignores && labels[i] == ignored) {
        continue;
      }
      if (labels[i] < 0 || labels[i] >= classes) {
        throw call.refused("label %s, expected 0 to %s".formatted(labels[i], classes - 1));
      }
      index[i] = (int) labels[i];
      weights[i] = given.at(index[i]);
    }
    Shape one = shape.with(1, 1);
    Tensor chosen = Ops.gather(logs, 1, Indices.wrap(index, one));
    Tensor by = Tensor.constant(NdArray.of(weights, call.shape(1).toArray()).as(logs.dtype()));
    Tensor each = Ops.neg(Ops.mul(Ops.reshape(chosen, call.shape(1).toArray()), by));
    return switch (call.node().text("reduction", "mean")) {
      case "none" -> each;
      case "sum" -> Ops.sum(each);
      default -> Ops.div(Ops.sum(each), Ops.sum(by));
    };
  }
}
