package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.conv2dInput;
import static org.gradus.autograd.ops.Ops.conv2dWeight;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.ConvSizes;

/**
 * Two-dimensional convolution, as deep learning has it: cross-correlation, no filter is flipped.
 *
 * <pre>
 *   x [N, C, H, W], w [F, C/G, KH, KW], y [N, F, OH, OW]; s stride, p padding, d dilation, G groups
 *   y[n, f, i, j] = sum over c, a, b of  w[f, c, a, b] x[n, c', i s - p + a d, j s - p + b d]
 *     c from 0 to C/G - 1, c' = c + (C/G) floor(f / (F/G)); x is 0 outside of the image
 *   OH = floor((H + pTop + pBottom - d (KH - 1) - 1) / s) + 1, and OW likewise
 *   VJP x: conv2dInput(w, g)
 *   VJP w: conv2dWeight(x, g)
 * </pre>
 *
 * <p>This is the function y = F_y(x, w) of a family of three: T(x, w, y) = &lt;y, F_y(x, w)&gt; is
 * linear in each of its three tensors, and F_x, F_w ({@link Conv2dInput}, {@link Conv2dWeight}) are
 * its derivatives in the other two. Each VJP of one of the three is another of the three.
 *
 * <p>Depth, stride, several filters and the bias in the backward equations, which often are given
 * for one channel, one filter and stride 1 only. With delta' = g the error of the output, and delta
 * that of the input,
 *
 * <pre>
 *   stride 1, no padding, one group, counting from 1:
 *     delta[m, n, u] = sum over k, a, b of  delta'[m - a + 1, n - b + 1, k] w[a, b, u, k]
 *   here, for one group, counting from 0; p is pTop along the rows, pLeft along the columns:
 *     dx[n, c, h, v]  = sum over f, a, b of  g[n, f, i, j] w[f, c, a, b]
 *                       for those i, j with  i s - p + a d = h  and  j s - p + b d = v
 *     dw[f, c, a, b]  = sum over n, i, j of  g[n, f, i, j] x[n, c, i s - p + a d, j s - p + b d]
 *     db[f]           = sum over n, i, j of  g[n, f, i, j]       (see {@link Bias})
 * </pre>
 *
 * <p>So the depth c stays an index of dx and dw and is never slid over; several filters f add up in
 * dx, and each has its own dw; a stride lets only those outputs contribute whose window really
 * touches (h, v), as if the errors lay s apart with zeros between them; an input behind the last
 * window gets 0.
 *
 * <p>Accuracy, of each output by itself and for any values. Let n = (C/G) KH KW be the number of
 * its products, u half an ulp of 1, and x_c the pixels of one channel in the output's own window.
 * Its error is at most
 *
 * <pre>
 *   n u sum over c, a, b of  |w[f, c, a, b] x[n, c', ...]|     where it is summed up directly
 *   8 n u sum over c of  ||w[f, c]|| ||x_c||                   where tiles are transformed
 * </pre>
 *
 * <p>with Euclidean norms, and besides half an ulp of the output, and n times the smallest number.
 * Tiles are transformed for windows of 3x3 of many channels, and only if their pixels and the
 * weights are even enough for that bound. Pixels outside of the window have no part in it. An
 * output whose products are all 0 is 0. Infinities and NaN reach the outputs that have them in
 * their products, where padding is no product, and no others. No sum overflows on the way to an
 * output that does not. How an output is computed depends on the shapes, on the weights and on its
 * own image, and not on threads or the rest of the batch.
 *
 * <p>Refuses channels that the weights do not expect, filters that the groups do not divide, and a
 * window larger than the padded image. A batch of 0 images is all right.
 *
 * @param geometry how the window slides
 * @see <a href="https://arxiv.org/abs/1603.07285">Dumoulin and Visin, A guide to convolution
 *     arithmetic for deep learning</a>
 */
public record Conv2d(ConvGeometry geometry) implements BinaryOp {
  /** Refuses null. */
  public Conv2d {
    Nulls.refuse("conv2d: geometry", geometry);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    NdArray w = in.get(1);
    ConvSizes sizes = geometry.sizesOfXW(name(), x.shape(), w.shape());
    return compute(name(), sizes, x, w, NdArray.zeros(x.dtype(), Shape.of(0)));
  }

  /** With a bias for each filter, or with none, an array of 0 elements. */
  static NdArray compute(String op, ConvSizes sizes, NdArray x, NdArray w, NdArray b) {
    Shape shape =
        Shape.of(op, sizes.batch(), sizes.filters(), sizes.window().outH(), sizes.window().outW());
    NdArray y = Compute.result(x, shape);
    Compute.kernels(x)
        .conv2d(sizes, Compute.array(x), Compute.array(w), Compute.array(b), Compute.array(y));
    return y;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return input == 0 ? conv2dInput(in.get(1), g, geometry) : conv2dWeight(in.get(0), g, geometry);
  }
}
