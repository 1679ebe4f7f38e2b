package org.gradus.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/** Losses: means over all examples or elements. */
final class LossCases {
  private static final int[][] LOGITS = {{2048, 1000}, {256, 128}, {64, 10}};
  private static final int[][] IMAGES = {{64, 3, 64, 64}, {64, 10}};

  private LossCases() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (int[] dims : LOGITS) {
      Input x = Input.variable("x", dims).within(-3, 3);
      cases.addAll(
          Op.of(
                  "crossEntropy of labels " + x.shape(),
                  in -> Ops.crossEntropy(in.get(0), in.labels()),
                  "torch.cross_entropy_loss(x, labels, None, 1, -100, 0.)",
                  x,
                  Input.labels(dims[0], dims[1]))
              .both());
    }
    for (int[] dims : IMAGES) {
      cases.addAll(
          of("huber", (x, t) -> Ops.huber(x, t, 1), "torch.huber_loss(x, t, 1, 1.)", dims));
      cases.addAll(of("mse", Ops::mse, "torch.mse_loss(x, t, 1)", dims));
      cases.addAll(of("l1", Ops::l1, "torch.l1_loss(x, t, 1)", dims));
      cases.addAll(
          of(
              "binaryCrossEntropyWithLogits",
              Ops::binaryCrossEntropyWithLogits,
              "torch.binary_cross_entropy_with_logits(x, t, None, None, 1)",
              dims));
    }
    return cases;
  }

  private static List<Case> of(
      String name, BinaryOperator<Tensor> ours, String theirs, int... dims) {
    Input x = Input.variable("x", dims).within(-3, 3);
    Input target = Input.constant("t", dims).within(0, 1);
    return Op.of(name + " " + x.shape(), in -> ours.apply(in.get(0), in.get(1)), theirs, x, target)
        .both();
  }
}
