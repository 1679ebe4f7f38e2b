package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/**
 * In training, sets a share of the elements of x to 0, drawn at random, and enlarges the others so
 * that the expected sum stays; in inference, returns x. Which elements are dropped is a function of
 * the pass and of the place in the net: two layers never drop the same places, nor do two steps.
 * For x of any shape; see {@link Ops#dropout}.
 *
 * @see <a href="https://jmlr.org/papers/v15/srivastava14a.html">Srivastava et al., Dropout</a>
 */
public final class Dropout extends AbstractLayer {
  private final double rate;

  /**
   * A layer that drops a share.
   *
   * @param rate the share, from 0 to 1; at 1 all is dropped
   * @throws IllegalArgumentException if the rate is out of its range
   */
  public Dropout(double rate) {
    if (!(rate >= 0 && rate <= 1)) {
      throw new IllegalArgumentException("dropout: rate %s, expected 0 to 1".formatted(rate));
    }
    this.rate = rate;
  }

  @Override
  protected Tensor compute(Tensor x, Pass pass) {
    return pass.isTraining() && rate > 0 ? Ops.dropout(x, rate, pass.random().nextLong()) : x;
  }

  /** For example {@code Dropout[0.5]}. */
  @Override
  public String toString() {
    return "Dropout[%s]".formatted(rate);
  }
}
