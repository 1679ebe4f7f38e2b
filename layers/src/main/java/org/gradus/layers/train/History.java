package org.gradus.layers.train;

import java.util.List;
import java.util.Optional;
import org.gradus.autograd.array.Nulls;

/**
 * How the epochs of a run went.
 *
 * @param epochs in order
 */
public record History(List<Epoch> epochs) {

  /** Takes a copy of the list. */
  public History {
    epochs = Nulls.list("history: epochs", epochs);
  }

  /** The last epoch; empty if there is none. */
  public Optional<Epoch> last() {
    return epochs.isEmpty() ? Optional.empty() : Optional.of(epochs.get(epochs.size() - 1));
  }
}
