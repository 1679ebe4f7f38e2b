package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.maxPool2dInput;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;

/**
 * The largest element of each window.
 *
 * <pre>
 *   x [N, C, H, W], y [N, C, OH, OW]
 *   y[n, c, i, j] = max over the window's taps (h, v) inside the image of x[n, c, h, v]
 *   VJP: maxPool2dInput(x, g): g goes to the place of the window's first maximum
 * </pre>
 *
 * The kink is where two elements of a window tie: the first in row-major order gets the gradient.
 * Padding never is the maximum. NaN counts as the largest of all. Refuses a window that does not
 * fit, or that lies on padding alone.
 *
 * <p>A gradient of 0 is passed on to the op that made the input; if the derivative of that op is
 * infinite, the product is NaN. Where that may happen, choose a safe input of that op first: {@code
 * log(where(greater(x, 0), x, 1))}, for example, in place of {@code log(x)}.
 *
 * @param geometry how the window slides
 */
public record MaxPool2d(PoolGeometry geometry) implements UnaryOp {
  /** Refuses null. */
  public MaxPool2d {
    Nulls.refuse("maxPool2d: geometry", geometry);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    return MaxPool2dPick.pick(name(), geometry, x, x);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return maxPool2dInput(in.get(0), g, geometry);
  }
}
