package org.gradus.spark;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.Layer;

/** The values of a net's state, in its order, which any net of the same kind may take. */
final class Weights implements Serializable {
  private static final long serialVersionUID = 1;

  /** Each a {@code float[]} or {@code double[]}; never changed. */
  private final Serializable[] values;

  private Weights(Serializable... values) {
    this.values = values;
  }

  /** Those of a net as it is now. */
  static Weights of(Layer net) {
    return new Weights(
        net.state().values().stream().map(Numbers::storage).toArray(Serializable[]::new));
  }

  /** Puts them in place, without a copy. */
  void putInto(Layer net) {
    Map<String, NdArray> state = new LinkedHashMap<>();
    int i = 0;
    for (Map.Entry<String, NdArray> each : net.state().entrySet()) {
      state.put(each.getKey(), Numbers.wrapped(values[i++], each.getValue().shape()));
    }
    net.load(state);
  }

  long bytes() {
    return Numbers.bytes(values);
  }
}
