package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.conv2d;
import static org.gradus.autograd.ops.Ops.conv2dWeight;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.ConvSizes;

/**
 * The adjoint of {@link Conv2d} in its input, also known as transposed convolution: the function x
 * = F_x(w, y) of the family that is described there.
 *
 * <pre>
 *   w [F, C/G, KH, KW], y [N, F, OH, OW], x [N, C, H, W]
 *   x[n, c, h, v] = sum over f, a, b of  y[n, f, i, j] w[f, c, a, b]
 *                   for those i, j with  i s - p + a d = h  and  j s - p + b d = v
 *   &lt;y, F_y(x, w)&gt; = &lt;x, F_x(w, y)&gt;  for all x, w, y
 *   VJP w: conv2dWeight(g, y)
 *   VJP y: conv2d(g, w)
 * </pre>
 *
 * <p>Every filter f adds to every channel c of its group; the depth is not slid over. H and W come
 * from the geometry: where the stride leaves a remainder, the output's size does not tell them, and
 * the elements behind the last window are 0.
 *
 * <p>Each element is as accurate as those of {@link Conv2d}, and special values reach as far: its
 * products are those above, n = (F/G) KH KW at most, and the norms are over the elements of y, and
 * the taps, of one filter.
 *
 * <p>Refuses weights and outputs that do not fit each other or the geometry.
 *
 * @param geometry how the window slides over x
 */
public record Conv2dInput(ConvGeometry geometry) implements BinaryOp {
  /** Refuses null. */
  public Conv2dInput {
    Nulls.refuse("conv2dInput: geometry", geometry);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray w = in.get(0);
    NdArray y = in.get(1);
    ConvSizes sizes = geometry.sizesOfWY(name(), w.shape(), y.shape());
    Shape shape =
        Shape.of(
            name(),
            sizes.batch(),
            sizes.channels(),
            geometry.rows().input(),
            geometry.columns().input());
    NdArray x = Compute.result(w, shape);
    Compute.kernels(w).conv2dInput(sizes, Compute.array(w), Compute.array(y), Compute.array(x));
    return x;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor x, List<Tensor> in) {
    return input == 0 ? conv2dWeight(g, in.get(1), geometry) : conv2d(g, in.get(0), geometry);
  }
}
