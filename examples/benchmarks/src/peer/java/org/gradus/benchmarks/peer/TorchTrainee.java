package org.gradus.benchmarks.peer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.gradus.layers.Sequential;

/**
 * Training in PyTorch, from the weights that Gradus begins with. A step is one call: forward, loss,
 * all gradients, and PyTorch's fused update by SGD.
 */
final class TorchTrainee implements Trainee {
  private final Net kind;
  private final PtNDManager manager = Torch.manager();
  private final TorchWeights weights;
  private final List<NDArray> momenta;
  private final NDArray rate;
  private final Script step;
  private final TorchPredictor predictor;

  TorchTrainee(Net kind, double learningRate) {
    this.kind = kind;
    Sequential net = kind.gradus().net();
    this.weights = TorchWeights.of(net, manager);
    this.momenta =
        weights.weights().stream()
            .map(
                weight -> {
                  NDArray zeros = manager.zeros(weight.getShape());
                  zeros.setName("m[]");
                  return zeros;
                })
            .toList();
    this.rate = manager.create((float) learningRate);
    this.step = step();
    this.predictor = new TorchPredictor(kind, manager, weights);
  }

  private Script step() {
    ScriptNet net = kind.script(true);
    String gradients =
        IntStream.range(0, weights.weights().size())
            .mapToObj("unchecked_cast(Tensor, g[%s])"::formatted)
            .collect(Collectors.joining(", "));
    List<String> lines = new ArrayList<>();
    lines.add(weights.unpacked("torch.requires_grad_(torch.detach(%s))"));
    lines.addAll(net.lines());
    lines.add(
        kind.makesImages()
            ? "loss = torch.mse_loss(%s, target, 1)".formatted(net.output())
            : "loss = torch.cross_entropy_loss(%s, target, None, 1, -100, 0.)"
                .formatted(net.output()));
    lines.add(
        "g = torch.grad([loss], [%s], None, None, False, False)"
            .formatted(String.join(", ", weights.names())));
    lines.add(
        ("torch._fused_sgd_(w, [%s], m, weight_decay=0., momentum=%s, lr=float(rate),"
                + " dampening=0., nesterov=False, maximize=False, is_first_step=False)")
            .formatted(gradients, MOMENTUM));
    lines.add("return loss");
    String statistics = weights.statistics().isEmpty() ? "" : ", s: List[Tensor]";
    return new Script(
        manager,
        "x: Tensor, target: Tensor, rate: Tensor, w: List[Tensor], m: List[Tensor]" + statistics,
        "Tensor",
        true,
        lines.toArray(String[]::new));
  }

  @Override
  public void learningRate(double newRate) {
    rate.set(new float[] {(float) newRate});
  }

  @Override
  public Step prepare(Examples examples) {
    NDArray x = manager.create(examples.inputs(), Torch.shape(examples.shape()));
    NDArray target =
        kind.makesImages()
            ? manager.create(examples.images(), Torch.shape(examples.shape()))
            : manager.create(
                Arrays.stream(examples.labels()).asLongStream().toArray(),
                new Shape(examples.count()));
    NDList arguments = new NDList(x, target, rate);
    arguments.addAll(weights.weights());
    arguments.addAll(momenta);
    arguments.addAll(weights.statistics());
    return new Step() {
      @Override
      public double take() {
        try (NDList loss = step.call(arguments)) {
          return loss.singletonOrThrow().getFloat();
        }
      }

      @Override
      public void close() {
        x.close();
        target.close();
      }
    };
  }

  @Override
  public float[] logits(Examples examples) {
    try (NDArray x = manager.create(examples.inputs(), Torch.shape(examples.shape()));
        NDList logits = predictor.call(x)) {
      return logits.singletonOrThrow().toFloatArray();
    }
  }

  @Override
  public void close() {
    step.close();
    predictor.close();
    manager.close();
  }
}
