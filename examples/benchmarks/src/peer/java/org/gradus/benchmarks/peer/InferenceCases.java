package org.gradus.benchmarks.peer;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.array.NdArray;
import org.gradus.benchmarks.peer.Case.Peer;
import org.gradus.layers.serve.Predictor;

/** Predictions of whole networks, which keep nothing for gradients. */
final class InferenceCases {
  private static final double TOLERANCE = 1e-4;
  private static final List<Net> NETS =
      List.of(Net.LENET, Net.MLP, Net.RESNET, Net.MOBILENET, Net.VGG);
  private static final int[] BATCHES = {1, 64};

  private InferenceCases() {}

  /** Beside both peers. */
  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (Net net : NETS) {
      for (int batch : BATCHES) {
        for (Peer peer : Peer.values()) {
          cases.add(
              new Case(
                  "predict by %s, batch %s".formatted(net.title(), batch),
                  peer,
                  0,
                  TOLERANCE,
                  () -> new Ours(net, batch),
                  () ->
                      peer == Peer.PYTORCH ? new InPyTorch(net, batch) : new OnnxSide(net, batch)));
        }
      }
    }
    return cases;
  }

  private static final class Ours implements Side {
    private final Predictor predictor;
    private final NdArray x;

    Ours(Net kind, int batch) {
      Examples examples = Examples.drawn(kind, batch, 1);
      this.x = NdArray.wrap(examples.inputs(), examples.shape());
      this.predictor = Predictor.of(kind.gradus().net(), x);
    }

    @Override
    public void run() {
      predictor.predict(x);
    }

    @Override
    public List<float[]> check() {
      return List.of(predictor.predict(x).toFloatArray());
    }
  }

  private static final class InPyTorch implements Side {
    private final PtNDManager manager = Torch.manager();
    private final TorchPredictor predictor;
    private final NDArray x;

    InPyTorch(Net kind, int batch) {
      TorchWeights weights = TorchWeights.of(kind.gradus().net(), manager);
      this.predictor = new TorchPredictor(kind, manager, weights);
      Examples examples = Examples.drawn(kind, batch, 1);
      this.x = manager.create(examples.inputs(), Torch.shape(examples.shape()));
    }

    @Override
    public void run() {
      predictor.call(x).close();
    }

    @Override
    public List<float[]> check() {
      return Torch.floats(predictor.call(x));
    }

    @Override
    public void close() {
      predictor.close();
      manager.close();
    }
  }
}
