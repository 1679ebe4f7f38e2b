package org.gradus.spark;

import java.io.Serializable;
import org.gradus.layers.Layer;
import org.gradus.layers.serve.Predictor;
import org.jspecify.annotations.Nullable;

/** A net with its weights, which all tasks of an executor predict by. */
final class SharedNet implements Serializable {
  private static final long serialVersionUID = 1;

  /** Rows that are predicted at a time. */
  static final int BATCH = 64;

  private final Sent<SparkPredictor.Making> making;
  private final Weights weights;
  private final Field input;
  private final boolean exact;
  private transient @Nullable Predictor predictor;

  SharedNet(Sent<SparkPredictor.Making> making, Weights weights, Field input, boolean exact) {
    this.making = making;
    this.weights = weights;
    this.input = input;
    this.exact = exact;
  }

  /** Made once in each process. */
  synchronized Predictor predictor() {
    if (predictor == null) {
      Layer net = making.get().net();
      weights.putInto(net);
      Predictor usual = Predictor.of(net, input.shape()).maximumBatch(BATCH);
      predictor = exact ? usual.exact() : usual;
    }
    return predictor;
  }
}
