package org.gradus.benchmarks.peer;

import static org.gradus.autograd.ops.Axes.axes;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/** Sums, means and largest elements, over all axes or some. */
final class ReductionCases {
  private static final int[] LARGE = {64, 32, 32, 32};
  private static final int[] SMALL = {32, 16, 8, 8};

  private ReductionCases() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (int[] dims : List.of(LARGE, SMALL)) {
      cases.addAll(
          of("max over rows", x -> Ops.max(x, axes(3)), "torch.amax(x, [3])", dims).both());
      cases.addAll(
          of(
                  "globalMaxPool2d",
                  Ops::globalMaxPool2d,
                  "(torch.adaptive_max_pool2d(x, [1, 1]))[0]",
                  dims)
              .both());
      cases.addAll(of("sum", Ops::sum, "torch.sum(x)", dims).both());
      cases.addAll(
          of("globalAvgPool2d", Ops::globalAvgPool2d, "torch.adaptive_avg_pool2d(x, [1, 1])", dims)
              .both());
    }
    cases.add(of("min over rows", x -> Ops.min(x, axes(3)), "torch.amin(x, [3])", LARGE).forward());
    cases.add(
        of("max over channels", x -> Ops.max(x, axes(1)), "torch.amax(x, [1])", LARGE).forward());
    cases.add(
        of("max over images", x -> Ops.max(x, axes(2, 3)), "torch.amax(x, [2, 3])", LARGE)
            .forward());
    cases.add(of("max", Ops::max, "torch.max(x)", LARGE).forward());
    cases.add(of("sum over rows", x -> Ops.sum(x, 3), "torch.sum(x, [3])", LARGE).forward());
    cases.add(of("sum over channels", x -> Ops.sum(x, 1), "torch.sum(x, [1])", LARGE).forward());
    cases.add(
        of("sum for a bias", x -> Ops.sum(x, 0, 2, 3), "torch.sum(x, [0, 2, 3])", LARGE).forward());
    cases.add(of("mean", Ops::mean, "torch.mean(x)", LARGE).within(1e-3).forward());
    cases.add(of("mean over rows", x -> Ops.mean(x, 3), "torch.mean(x, [3])", LARGE).forward());
    return cases;
  }

  private static Op of(String name, UnaryOperator<Tensor> ours, String theirs, int... dims) {
    Input x = Input.variable("x", dims);
    return Op.of(name + " " + x.shape(), in -> ours.apply(in.get(0)), theirs, x);
  }
}
