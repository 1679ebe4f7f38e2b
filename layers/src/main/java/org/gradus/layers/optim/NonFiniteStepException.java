package org.gradus.layers.optim;

import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.inspect.Watch;

/**
 * A step was refused because the loss, a gradient, or what a pass has observed for a buffer is NaN
 * or infinite, which would make weights or buffers so; nothing was changed. The message names the
 * parameter or buffer, and where it is known the first op to blame.
 *
 * @see Optimizer#allowNonFinite
 */
public final class NonFiniteStepException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /**
   * An error.
   *
   * @param message what is not finite
   */
  public NonFiniteStepException(String message) {
    super(message);
  }

  /**
   * The first op whose output is not finite, as the end of a message; nothing if there is none.
   *
   * @param loss whose graph is looked through
   */
  public static String blame(Tensor loss) {
    return Watch.firstFault(Nulls.given("blame: loss", loss)).map(fault -> "\n" + fault).orElse("");
  }

  /** How many elements are NaN or infinite. */
  static long faults(NdArray values) {
    return IntStream.range(0, values.size()).filter(i -> !Double.isFinite(values.at(i))).count();
  }
}
