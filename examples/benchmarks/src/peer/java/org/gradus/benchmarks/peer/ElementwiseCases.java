package org.gradus.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/** Functions of each element, and of each row. */
final class ElementwiseCases {
  private static final int[][] SHAPES = {{64, 32, 32, 32}, {32, 16, 8, 8}};

  private ElementwiseCases() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (int[] dims : SHAPES) {
      Input x = Input.variable("x", dims).within(-3, 3);
      cases.addAll(of("exp", Ops::exp, "torch.exp(x)", x));
      cases.addAll(of("log", Ops::log, "torch.log(x)", x.within(0.01, 10)));
      cases.addAll(of("sigmoid", Ops::sigmoid, "torch.sigmoid(x)", x));
      cases.addAll(of("tanh", Ops::tanh, "torch.tanh(x)", x));
      cases.addAll(of("silu", Ops::silu, "torch.silu(x)", x));
      cases.addAll(of("gelu", Ops::gelu, "torch.gelu(x)", x));
      cases.addAll(of("softplus", Ops::softplus, "torch.softplus(x, 1, 20)", x));
      cases.addAll(of("softmax over rows", t -> Ops.softmax(t, -1), "torch.softmax(x, -1)", x));
      cases.addAll(
          of("logSoftmax over rows", t -> Ops.logSoftmax(t, -1), "torch.log_softmax(x, -1)", x));
    }
    Input maps = Input.variable("x", SHAPES[0]).within(-3, 3);
    cases.addAll(of("softmax over channels", t -> Ops.softmax(t, 1), "torch.softmax(x, 1)", maps));
    return cases;
  }

  private static List<Case> of(String name, UnaryOperator<Tensor> ours, String theirs, Input x) {
    return Op.of(name + " " + x.shape(), in -> ours.apply(in.get(0)), theirs, x).both();
  }
}
