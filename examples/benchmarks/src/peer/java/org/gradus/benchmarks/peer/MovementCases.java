package org.gradus.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/**
 * What moves data and computes little. Where PyTorch would return a view, it is made to write the
 * elements in their new order, as Gradus does.
 */
final class MovementCases {
  private static final int[] LARGE = {64, 32, 32, 32};
  private static final int[] SMALL = {32, 16, 8, 8};

  private MovementCases() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    cases.add(
        of("transpose", Ops::transpose, "torch.contiguous(torch.transpose(x, 0, 1))", 1024, 1024)
            .forward());
    cases.add(
        of(
                "permute to channels last",
                x -> Ops.permute(x, 0, 2, 3, 1),
                "torch.contiguous(torch.permute(x, [0, 2, 3, 1]))",
                LARGE)
            .forward());
    for (int[] dims : List.of(LARGE, SMALL)) {
      int channels = dims[1];
      cases.add(
          of(
                  "pad by 1",
                  x -> Ops.pad(x, new int[] {0, 0, 1, 1}, new int[] {0, 0, 1, 1}, 0),
                  "torch.constant_pad_nd(x, [1, 1, 1, 1], 0.)",
                  dims)
              .forward());
      cases.add(
          of(
                  "slice half of the channels",
                  x -> Ops.slice(x, 1, channels / 4, 3 * channels / 4),
                  "torch.contiguous(torch.slice(x, 1, %s, %s, 1))"
                      .formatted(channels / 4, 3 * channels / 4),
                  dims)
              .forward());
      cases.add(of("concat channels", (x, z) -> Ops.concat(1, x, z), "torch.cat([x, z], 1)", dims));
      cases.add(
          Op.of(
                  "add to channels " + Input.variable("x", dims).shape(),
                  in -> Ops.add(in.get(0), in.get(1)),
                  "torch.add(x, b)",
                  Input.variable("x", dims),
                  Input.variable("b", channels, 1, 1))
              .forward());
      cases.addAll(of("relu", Ops::relu, "torch.relu(x)", dims).both());
      cases.add(of("add", Ops::add, "torch.add(x, z)", dims));
      cases.add(of("mul", Ops::mul, "torch.mul(x, z)", dims));
    }
    return cases;
  }

  private static Op of(String name, UnaryOperator<Tensor> ours, String theirs, int... dims) {
    Input x = Input.variable("x", dims);
    return Op.of(name + " " + x.shape(), in -> ours.apply(in.get(0)), theirs, x);
  }

  private static Case of(String name, BinaryOperator<Tensor> ours, String theirs, int... dims) {
    Input x = Input.variable("x", dims);
    Input z = Input.variable("z", dims);
    return Op.of(name + " " + x.shape(), in -> ours.apply(in.get(0), in.get(1)), theirs, x, z)
        .forward();
  }
}
