package org.gradus.benchmarks.peer;

import java.util.List;
import org.gradus.benchmarks.peer.Case.Peer;

/** Training steps: forward, loss, all gradients, SGD with momentum. */
final class StepCases {
  private static final double TOLERANCE = 1e-3;

  private StepCases() {}

  static List<Case> all() {
    return List.of(
        step(Net.LENET, 64),
        step(Net.LENET, 1),
        step(Net.MLP, 64),
        step(Net.SEQUENCES, 64),
        step(Net.VGG, 64),
        step(Net.RESNET, 32),
        step(Net.MOBILENET, 32),
        step(Net.UNET, 8));
  }

  private static Case step(Net net, int batch) {
    return new Case(
        "step of %s, batch %s".formatted(net.title(), batch),
        Peer.PYTORCH,
        0,
        TOLERANCE,
        () -> new StepSide(Library.GRADUS, net, batch),
        () -> new StepSide(Library.PYTORCH, net, batch));
  }
}
