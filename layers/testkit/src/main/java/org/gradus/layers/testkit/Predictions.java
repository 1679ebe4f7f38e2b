package org.gradus.layers.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.Layer;
import org.gradus.layers.serve.Predictor;

/** What a layer predicts once it is frozen. */
final class Predictions {
  /** What folding may change, beside all of the output. */
  private static final double FOLDED = 1e-5;

  private Predictions() {}

  /** Compares a predictor with the layer, for a batch of one or more. */
  static void assertSame(Layer layer, NdArray x) {
    if (x.shape().rank() < 2 || x.shape().dim(0) == 0) { // of no axis for a batch, perhaps
      return;
    }
    Predictor folded = Predictor.of(layer, x).maximumBatch(x.shape().dim(0));
    Predictor exact = folded.exact();
    assertEquals(Optional.empty(), exact.reason(), "why there is no plan");
    NdArray y = layer.predict(x);
    for (int again = 0; again < 2; again++) {
      Passes.assertSameBits(y, exact.predict(x), "what the exact predictor says");
    }
    NdArray z = folded.predict(x);
    for (int i = 0; i < y.size(); i++) {
      assertEquals(y.at(i), z.at(i), FOLDED * Math.max(1, y.norm()), "what the predictor says");
    }
  }
}
