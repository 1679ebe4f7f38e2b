package org.gradus.benchmarks.peer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.update.Adam;
import org.gradus.autograd.update.AdamW;
import org.gradus.autograd.update.Sgd;
import org.gradus.autograd.update.UpdateMethod;
import org.gradus.autograd.update.UpdateState;
import org.gradus.benchmarks.peer.Case.Peer;

/** Updates of one array of parameters. PyTorch's are its fused ones, in one pass over memory. */
final class OptimiserCases {
  private static final double RATE = 0.001;
  private static final double TOLERANCE = 1e-5;
  private static final int[] SIZES = {100, 1000};
  private static final String PARAMETERS =
      "w: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], t: List[Tensor]";
  private static final String ADAM =
      "torch._fused_%s_(w, g, m, v, annotate(List[Tensor], []), t, lr=0.001, beta1=0.9,"
          + " beta2=0.999, weight_decay=%s, eps=1e-8, amsgrad=False, maximize=False)";

  private OptimiserCases() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (int size : SIZES) {
      cases.add(
          update(
              "SGD with momentum",
              size,
              new Sgd(RATE).momentum(0.9),
              "torch._fused_sgd_(w, g, m, weight_decay=0., momentum=0.9, lr=0.001,"
                  + " dampening=0., nesterov=False, maximize=False, is_first_step=False)"));
      cases.add(update("Adam", size, new Adam(RATE), ADAM.formatted("adam", "0.")));
      cases.add(
          update(
              "AdamW", size, new AdamW(RATE).weightDecay(0.01), ADAM.formatted("adamw", "0.01")));
    }
    return cases;
  }

  private static Case update(String name, int size, UpdateMethod method, String theirs) {
    Input value = Input.constant("w", size, size);
    Input gradient = Input.constant("g", size, size);
    return new Case(
        "%s of %s".formatted(name, value.shape()),
        Peer.PYTORCH,
        0,
        TOLERANCE,
        () -> new Ours(value, gradient, method),
        () -> new Theirs(value, gradient, theirs));
  }

  /** Gradus' rule, applied to an array. */
  private static final class Ours implements Side {
    private final NdArray gradient;
    private final UpdateMethod method;
    private final UpdateState state;
    private NdArray value;
    private long steps;

    Ours(Input value, Input gradient, UpdateMethod method) {
      this.value = NdArray.wrap(value.floats(), value.shape());
      this.gradient = NdArray.wrap(gradient.floats(), gradient.shape());
      this.method = method;
      this.state = UpdateState.zeros(method.kept().size(), DType.FLOAT32, value.shape());
    }

    @Override
    public void run() {
      value = state.step(method.rule(RATE, ++steps), value, gradient);
    }

    @Override
    public List<float[]> check() {
      run();
      run();
      return List.of(value.toFloatArray());
    }
  }

  /**
   * PyTorch's fused update, in place. It takes lists that it is given: what a script puts into a
   * list of its own, the interpreter takes for values that nobody else sees, and drops the call.
   */
  private static final class Theirs implements Side {
    private final PtNDManager manager = Torch.manager();
    private final NDList arguments;
    private final Script script;

    Theirs(Input value, Input gradient, String call) {
      float[] zeros = new float[value.shape().size()];
      this.arguments =
          new NDList(
              Torch.array(manager, "w[]", value.floats(), value.shape()),
              Torch.array(manager, "g[]", gradient.floats(), value.shape()),
              Torch.array(manager, "m[]", zeros, value.shape()),
              Torch.array(manager, "v[]", zeros, value.shape()),
              Torch.array(manager, "t[]", new float[1], Shape.of()));
      this.script =
          new Script(
              manager,
              PARAMETERS,
              "Tensor",
              false,
              "step = torch.add_(t[0], 1)",
              call,
              "return step");
    }

    @Override
    public void run() {
      script.call(arguments).close();
    }

    @Override
    public List<float[]> check() {
      run();
      run();
      NDArray value = arguments.head();
      return List.of(value.toFloatArray());
    }

    @Override
    public void close() {
      script.close();
      manager.close();
    }
  }
}
