package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.avgPool2dInput;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;

/**
 * The mean of each window.
 *
 * <pre>
 *   x [N, C, H, W], y [N, C, OH, OW]
 *   y[n, c, i, j] = 1/k sum over the window's taps (h, v) inside the image of x[n, c, h, v]
 *     k = the number of taps inside the image and, if padding counts, on it:
 *         KH KW unless the window hangs over the end of the padding
 *   VJP: avgPool2dInput(g)
 * </pre>
 *
 * Linear. Elements are added up in double precision, those of large windows as trees: within 70 +
 * log2(k) units of rounding of a double (2^-53) of the mean of magnitudes, and, in float32, the
 * rounding of the result. Refuses a window that does not fit, or that lies on padding alone.
 *
 * @param geometry how the window slides
 * @param countPadding whether padding counts in the mean
 */
public record AvgPool2d(PoolGeometry geometry, boolean countPadding) implements UnaryOp {
  /** Refuses null. */
  public AvgPool2d {
    Nulls.refuse("avgPool2d: geometry", geometry);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    geometry.requireInput(name(), x.shape());
    NdArray y = geometry.newOutput(name(), x);
    Compute.kernels(x)
        .avgPool(
            PoolGeometry.planes(x),
            geometry.sizes(),
            countPadding,
            Compute.array(x),
            Compute.array(y));
    return y;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return avgPool2dInput(g, geometry, countPadding);
  }
}
