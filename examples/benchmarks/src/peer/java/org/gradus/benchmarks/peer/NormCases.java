package org.gradus.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.ops.Ops;

/** Normalisations with scale and shift. */
final class NormCases {
  private static final double EPSILON = 1e-5;
  private static final int[][] MAPS = {{64, 32, 32, 32}, {32, 16, 8, 8}};
  private static final int[][] ROWS = {{8192, 256}, {64, 64}};
  private static final int GROUPS = 8;

  private NormCases() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (int[] dims : MAPS) {
      Input x = Input.variable("x", dims);
      Input gamma = Input.variable("gamma", dims[1]);
      Input beta = Input.variable("beta", dims[1]);
      cases.addAll(
          Op.of(
                  "batchNorm in training " + x.shape(),
                  in -> Ops.batchNorm(in.get(0), in.get(1), in.get(2), EPSILON),
                  "torch.batch_norm(x, gamma, beta, None, None, True, 0.1, 1e-5, False)",
                  x,
                  gamma,
                  beta)
              .both());
      cases.add(
          Op.of(
                  "batchNorm in training with running statistics " + x.shape(),
                  in -> {
                    Ops.batchStatistics(in.get(0));
                    return Ops.batchNorm(in.get(0), in.get(1), in.get(2), EPSILON);
                  },
                  "torch.batch_norm(x, gamma, beta, mean, var, True, 0.1, 1e-5, False)",
                  x,
                  gamma,
                  beta,
                  Input.constant("mean", dims[1]),
                  Input.constant("var", dims[1]).within(0.5, 2))
              .gradients());
      cases.add(
          Op.of(
                  "batchNorm in inference " + x.shape(),
                  in ->
                      Ops.batchNorm(in.get(0), in.get(1), in.get(2), in.get(3), in.get(4), EPSILON),
                  "torch.batch_norm(x, gamma, beta, mean, var, False, 0.1, 1e-5, False)",
                  x,
                  gamma,
                  beta,
                  Input.constant("mean", dims[1]),
                  Input.constant("var", dims[1]).within(0.5, 2))
              .forward());
      cases.addAll(
          Op.of(
                  "groupNorm, %s groups, %s".formatted(GROUPS, x.shape()),
                  in -> Ops.groupNorm(in.get(0), GROUPS, in.get(1), in.get(2), EPSILON),
                  "torch.group_norm(x, %s, gamma, beta, 1e-5, False)".formatted(GROUPS),
                  x,
                  gamma,
                  beta)
              .both());
    }
    for (int[] dims : ROWS) {
      Input x = Input.variable("x", dims);
      cases.addAll(
          Op.of(
                  "layerNorm " + x.shape(),
                  in -> Ops.layerNorm(in.get(0), in.get(1), in.get(2), EPSILON),
                  "torch.layer_norm(x, [%s], gamma, beta, 1e-5, False)".formatted(dims[1]),
                  x,
                  Input.variable("gamma", dims[1]),
                  Input.variable("beta", dims[1]))
              .both());
    }
    return cases;
  }
}
