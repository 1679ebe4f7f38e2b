package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Nulls;

/**
 * The part of the catalogue where windows slide over images and sequences: convolutions, pooling,
 * resizing. Users call these functions as members of {@link Ops}.
 */
abstract class WindowOps extends PartOps {
  WindowOps() {}

  // ---- convolutions, pooling -------------------------------------------------------------------

  /** x [N, C, ...] plus b [C] on each channel; see {@link Bias}. */
  public static Tensor bias(Tensor x, Tensor b) {
    return Tensor.of(new Bias(), x, b);
  }

  /** x [N, C, H, W] with filters w [F, C, KH, KW], stride 1, no padding. */
  public static Tensor conv2d(Tensor x, Tensor w) {
    return conv2d(x, w, ConvOptions.valid());
  }

  /**
   * Two-dimensional convolution, as deep learning has it: cross-correlation, no filter is flipped.
   *
   * <pre>
   *   x [N, C, H, W], w [F, C/G, KH, KW], y [N, F, OH, OW]; s stride, p padding, d dilation, G groups
   *   y[n, f, i, j] = sum over c, a, b of  w[f, c, a, b] x[n, c', i s - p + a d, j s - p + b d]
   *     c from 0 to C/G - 1, c' = c + (C/G) floor(f / (F/G)); x is 0 outside of the image
   *   OH = floor((H + pTop + pBottom - d (KH - 1) - 1) / s) + 1, and OW likewise
   * </pre>
   *
   * <p>This is the function y = F_y(x, w) of a family of three: T(x, w, y) = &lt;y, F_y(x, w)&gt;
   * is linear in each of its three tensors, and F_x, F_w ({@link #conv2dInput}, {@link
   * #conv2dWeight}) are its derivatives in the other two. Each VJP of one of the three is another
   * of the three.
   *
   * <p>Depth, stride, several filters and the bias in the backward equations, which often are given
   * for one channel, one filter and stride 1 only. With delta' = g the error of the output, and
   * delta that of the input,
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
   * <p>So the depth c stays an index of dx and dw and is never slid over; several filters f add up
   * in dx, and each has its own dw; a stride lets only those outputs contribute whose window really
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
   * <p>with Euclidean norms, and besides half an ulp of the output, and n times the smallest
   * number. Tiles are transformed for windows of 3x3 of many channels, and only if their pixels and
   * the weights are even enough for that bound. Pixels outside of the window have no part in it. An
   * output whose products are all 0 is 0. Infinities and NaN reach the outputs that have them in
   * their products, where padding is no product, and no others. No sum overflows on the way to an
   * output that does not. How an output is computed depends on the shapes, on the weights and on
   * its own image, and not on threads or the rest of the batch.
   *
   * <p>Refuses channels that the weights do not expect, filters that the groups do not divide, and
   * a window larger than the padded image. A batch of 0 images is all right.
   *
   * @param options how the filters slide over x, and in how many groups
   * @see <a href="https://arxiv.org/abs/1603.07285">Dumoulin and Visin, A guide to convolution
   *     arithmetic for deep learning</a>
   */
  public static Tensor conv2d(Tensor x, Tensor w, ConvOptions options) {
    Nulls.refuse("conv2d: x, w, options", x, w, options);
    return conv2d(x, w, options.geometry(x.shape(), w.shape()));
  }

  /** {@link #conv2d(Tensor, Tensor, ConvOptions)} of a geometry. */
  public static Tensor conv2d(Tensor x, Tensor w, ConvGeometry geometry) {
    return Tensor.of(new Conv2d(geometry), x, w);
  }

  /**
   * Convolution with a bias: {@link #bias} after {@link #conv2d(Tensor, Tensor, ConvOptions)}, in
   * one pass and one array.
   *
   * <pre>
   *   x [N, C, H, W], w [F, C/G, KH, KW], b [F], y [N, F, OH, OW]
   *   y[n, f, i, j] = conv2d(x, w)[n, f, i, j] + b[f]
   * </pre>
   *
   * <p>The same to the bit as these two, except where an output overflows without its bias, and
   * with it does not: that is right here. Refuses what they refuse.
   *
   * @param options how the filters slide over x, and in how many groups
   */
  public static Tensor conv2d(Tensor x, Tensor w, Tensor b, ConvOptions options) {
    Nulls.refuse("conv2d: x, w, b, options", x, w, b, options);
    return Tensor.of(new BiasedConv2d(options.geometry(x.shape(), w.shape())), x, w, b);
  }

  /**
   * The adjoint of {@link #conv2d(Tensor, Tensor, ConvOptions)} in its input, also known as
   * transposed convolution: the function x = F_x(w, y) of the family that is described there.
   *
   * <pre>
   *   w [F, C/G, KH, KW], y [N, F, OH, OW], x [N, C, H, W]
   *   x[n, c, h, v] = sum over f, a, b of  y[n, f, i, j] w[f, c, a, b]
   *                   for those i, j with  i s - p + a d = h  and  j s - p + b d = v
   *   &lt;y, F_y(x, w)&gt; = &lt;x, F_x(w, y)&gt;  for all x, w, y
   * </pre>
   *
   * <p>Every filter f adds to every channel c of its group; the depth is not slid over. H and W
   * come from the geometry: where the stride leaves a remainder, the output's size does not tell
   * them, and the elements behind the last window are 0.
   *
   * <p>Each element is as accurate as those of {@link #conv2d(Tensor, Tensor, ConvOptions)}, and
   * special values reach as far: its products are those above, n = (F/G) KH KW at most, and the
   * norms are over the elements of y, and the taps, of one filter.
   *
   * <p>Refuses weights and outputs that do not fit each other or the geometry.
   *
   * @param geometry how the window slides over x
   */
  public static Tensor conv2dInput(Tensor w, Tensor y, ConvGeometry geometry) {
    return Tensor.of(new Conv2dInput(geometry), w, y);
  }

  /**
   * The adjoint of {@link #conv2d(Tensor, Tensor, ConvOptions)} in its weights: the function w =
   * F_w(x, y) of the family that is described there.
   *
   * <pre>
   *   x [N, C, H, W], y [N, F, OH, OW], w [F, C/G, KH, KW]
   *   w[f, c, a, b] = sum over n, i, j of  y[n, f, i, j] x[n, c', i s - p + a d, j s - p + b d]
   *   &lt;y, F_y(x, w)&gt; = &lt;w, F_w(x, y)&gt;  for all x, w, y
   * </pre>
   *
   * <p>Each filter f has weights of its own, for each channel c that it sees; images and places add
   * up. The sum over images is cut into parts that depend on the shapes alone.
   *
   * <p>Accuracy, of each weight by itself and for any values. Let u be half an ulp of 1, and m = N
   * OH OW the number of its products, or 8192 if that is smaller: long sums are added up in double
   * part by part. Its error is at most
   *
   * <pre>
   *   8 m u sum over n, i, j of  |y[n, f, i, j] x[n, c', ...]|     where it is summed up directly
   *   8 m u sum over tiles of  ||y_f|| ||x_c||                     where tiles are transformed
   * </pre>
   *
   * <p>with Euclidean norms over the 4x4 outputs of a tile and the pixels that the weight's own tap
   * meets there, and besides half an ulp of the weight, and m times the smallest number. Tiles are
   * transformed for windows of 3x3 of many channels, if less than about a third of y is 0, and only
   * if they are even enough for that bound and none is much of a sum. A weight whose products are
   * all 0 is 0. Infinities and NaN reach the weights that have them in their products, where
   * padding is no product, and no others. No sum overflows on the way to a weight that does not.
   *
   * <p>Refuses images and outputs that do not fit each other or the geometry.
   *
   * @param geometry how the window slides over x
   */
  public static Tensor conv2dWeight(Tensor x, Tensor y, ConvGeometry geometry) {
    return Tensor.of(new Conv2dWeight(geometry), x, y);
  }

  /**
   * Convolution of sequences: of images that have one row.
   *
   * <pre>
   *   x [N, C, L], w [F, C/G, K], y [N, F, OL]; s stride, p padding, d dilation, G groups
   *   y[n, f, i] = sum over c, a of  w[f, c, a] x[n, c', i s - p + a d]
   *     c from 0 to C/G - 1, c' = c + (C/G) floor(f / (F/G)); x is 0 outside of the sequence
   *   OL = floor((L + pLeft + pRight - d (K - 1) - 1) / s) + 1
   * </pre>
   *
   * What the options say of columns (width) is meant; what they say of rows is not looked at, so
   * that {@code padding(1)} will do. A convolution is causal, each output seeing only what comes
   * before it, with {@code padding(0, 0, d * (K - 1), 0)}.
   *
   * <p>Refuses what {@link #conv2d(Tensor, Tensor, ConvOptions)} refuses, and ranks other than 3.
   */
  public static Tensor conv1d(Tensor x, Tensor w, ConvOptions options) {
    return Convolutions.conv1d(x, w, options);
  }

  /**
   * {@link #conv1d(Tensor, Tensor, ConvOptions)} with a bias b [F], in one pass and one array, as
   * {@link #conv2d(Tensor, Tensor, Tensor, ConvOptions)} has it.
   *
   * @param options how the filters slide along x, and in how many groups
   */
  public static Tensor conv1d(Tensor x, Tensor w, Tensor b, ConvOptions options) {
    return Convolutions.conv1d(x, w, b, options);
  }

  /**
   * Convolution of each channel by itself, with M filters each: as many groups as channels.
   *
   * <pre>
   *   x [N, C, H, W], w [C M, 1, KH, KW], y [N, C M, OH, OW]
   *   y[n, c M + m, i, j] = sum over a, b of  w[c M + m, 0, a, b] x[n, c, i s - p + a d, j s - p + b d]
   * </pre>
   *
   * Refuses options that name groups, and filters of more than one channel or whose number is no
   * multiple of the channels.
   */
  public static Tensor depthwiseConv2d(Tensor x, Tensor w, ConvOptions options) {
    return Convolutions.depthwiseConv2d(x, w, options);
  }

  /**
   * Transposed convolution, x [N, C, H, W], w [C, F / groups, KH, KW], without output padding; see
   * {@link #convTranspose2d(Tensor, Tensor, ConvOptions, int, int)}.
   */
  public static Tensor convTranspose2d(Tensor x, Tensor w, ConvOptions options) {
    return convTranspose2d(x, w, options, 0, 0);
  }

  /**
   * Transposed convolution, which makes images larger: {@link #conv2dInput}, the adjoint of the
   * convolution of these options, in the order in which a layer has its arguments.
   *
   * <pre>
   *   x [N, C, H, W], w [C, F/G, KH, KW], y [N, F, OH, OW]; o output padding
   *   y[n, f, h, v] = sum over c, a, b of  x[n, c, i, j] w[c, f', a, b]
   *                   for those i, j with  i s - p + a d = h  and  j s - p + b d = v
   *     c in the group of f, f' = f mod (F/G)
   *   OH = (H - 1) s - pTop - pBottom + d (KH - 1) + 1 + o, and OW likewise
   * </pre>
   *
   * Padding is cut off the output. A convolution whose stride leaves a remainder gives several
   * sizes of images the same size; the output padding, from 0 to s - 1, says which one is meant: it
   * is that remainder, and {@code strict()} refuses all but 0. An output padding from s to d - 1
   * makes the output as much larger by the same formula; where no i, a lead to h, y is 0. With
   * {@code same()} there is no choice: OH = H s, the output padding must be 0, and y is the adjoint
   * of a convolution with {@code same()} of images of that size.
   *
   * <p>Refuses channels that the weights do not expect or the groups do not divide, and an output
   * of a negative size.
   *
   * @param moreRows the output padding along the height
   * @param moreColumns the output padding along the width
   */
  public static Tensor convTranspose2d(
      Tensor x, Tensor w, ConvOptions options, int moreRows, int moreColumns) {
    return Convolutions.convTranspose2d(x, w, options, moreRows, moreColumns);
  }

  /** With a bias b [F], without output padding. */
  public static Tensor convTranspose2d(Tensor x, Tensor w, Tensor b, ConvOptions options) {
    return convTranspose2d(x, w, b, options, 0, 0);
  }

  /**
   * {@link #convTranspose2d(Tensor, Tensor, ConvOptions, int, int)}, and then {@link #bias}.
   *
   * @param b a number for each of the F channels of the output, [F]
   * @param moreRows the output padding along the height, which gets the bias, too
   * @param moreColumns the output padding along the width
   */
  public static Tensor convTranspose2d(
      Tensor x, Tensor w, Tensor b, ConvOptions options, int moreRows, int moreColumns) {
    return Convolutions.convTranspose2d(x, w, b, options, moreRows, moreColumns);
  }

  /**
   * Transposed convolution of sequences, x [N, C, L], w [C, F / groups, K], without output padding;
   * see {@link #convTranspose1d(Tensor, Tensor, ConvOptions, int)}.
   */
  public static Tensor convTranspose1d(Tensor x, Tensor w, ConvOptions options) {
    return convTranspose1d(x, w, options, 0);
  }

  /**
   * Transposed convolution of sequences: {@link #convTranspose2d(Tensor, Tensor, ConvOptions, int,
   * int)} of images that have one row.
   *
   * <pre>
   *   x [N, C, L], w [C, F/G, K], y [N, F, OL]; o output padding
   *   y[n, f, h] = sum over c, a of  x[n, c, i] w[c, f', a]   for those i with  i s - p + a d = h
   *     c in the group of f, f' = f mod (F/G)
   *   OL = (L - 1) s - pLeft - pRight + d (K - 1) + 1 + o
   * </pre>
   *
   * What the options say of columns (width) is meant; what they say of rows is not looked at.
   * Refuses what convTranspose2d refuses, and ranks other than 3.
   *
   * @param more the output padding
   */
  public static Tensor convTranspose1d(Tensor x, Tensor w, ConvOptions options, int more) {
    return Convolutions.convTranspose1d(x, w, options, more);
  }

  /** With a bias b [F], without output padding. */
  public static Tensor convTranspose1d(Tensor x, Tensor w, Tensor b, ConvOptions options) {
    return convTranspose1d(x, w, b, options, 0);
  }

  /**
   * {@link #convTranspose1d(Tensor, Tensor, ConvOptions, int)}, and then {@link #bias}.
   *
   * @param b a number for each of the F channels of the output, [F]
   * @param more the output padding, which gets the bias, too
   */
  public static Tensor convTranspose1d(
      Tensor x, Tensor w, Tensor b, ConvOptions options, int more) {
    return Convolutions.convTranspose1d(x, w, b, options, more);
  }

  /**
   * The largest element of each window.
   *
   * <pre>
   *   x [N, C, H, W], y [N, C, OH, OW]
   *   y[n, c, i, j] = max over the window's taps (h, v) inside the image of x[n, c, h, v]
   * </pre>
   *
   * The kink is where two elements of a window tie: the first in row-major order gets the gradient.
   * Padding never is the maximum. NaN counts as the largest of all. Refuses a window that does not
   * fit, or that lies on padding alone.
   *
   * <p>A gradient of 0 goes on to the op that made the input, and times an infinite derivative it
   * is NaN there. Where that may happen, choose a safe input of that op first: for example {@code
   * log(where(greater(x, 0), x, 1))} in place of {@code log(x)}.
   *
   * @param options the size of the window, and how it slides
   */
  public static Tensor maxPool2d(Tensor x, PoolOptions options) {
    Nulls.refuse("maxPool2d: x, options", x, options);
    return Tensor.of(new MaxPool2d(options.geometry("maxPool2d", x.shape())), x);
  }

  /** As {@link #maxPool2d(Tensor, PoolOptions)}, with square windows that tile the image. */
  public static Tensor maxPool2d(Tensor x, int size) {
    return maxPool2d(x, PoolOptions.tiles("maxPool2d", size));
  }

  /** y taken to the places of the maxima of x; see {@link MaxPool2dInput}. */
  static Tensor maxPool2dInput(Tensor x, Tensor y, PoolGeometry geometry) {
    return Tensor.of(new MaxPool2dInput(geometry), x.detach(), y);
  }

  /** The elements of h at the places of the maxima of x; see {@link MaxPool2dPick}. */
  static Tensor maxPool2dPick(Tensor x, Tensor h, PoolGeometry geometry) {
    return Tensor.of(new MaxPool2dPick(geometry), x.detach(), h);
  }

  /**
   * The mean of each window.
   *
   * <pre>
   *   x [N, C, H, W], y [N, C, OH, OW]
   *   y[n, c, i, j] = 1/k sum over the window's taps (h, v) inside the image of x[n, c, h, v]
   *     k = the number of taps inside the image and, if padding counts, on it:
   *         KH KW unless the window hangs over the end of the padding
   * </pre>
   *
   * Linear. Elements are added up in double precision, those of large windows as trees: within 70 +
   * log2(k) units of rounding of a double (2^-53) of the mean of magnitudes, and, in float32, the
   * rounding of the result. Refuses a window that does not fit, or that lies on padding alone.
   *
   * @param options the size of the window, how it slides, and whether padding counts
   */
  public static Tensor avgPool2d(Tensor x, PoolOptions options) {
    Nulls.refuse("avgPool2d: x, options", x, options);
    return avgPool2d(x, options.geometry("avgPool2d", x.shape()), options.countPadding());
  }

  /** As {@link #avgPool2d(Tensor, PoolOptions)}, with square windows that tile the image. */
  public static Tensor avgPool2d(Tensor x, int size) {
    return avgPool2d(x, PoolOptions.tiles("avgPool2d", size));
  }

  /** The mean of each window, padding counted or not; see {@link AvgPool2d}. */
  static Tensor avgPool2d(Tensor x, PoolGeometry geometry, boolean countPadding) {
    return Tensor.of(new AvgPool2d(geometry, countPadding), x);
  }

  /** The adjoint of avgPool2d; see {@link AvgPool2dInput}. */
  static Tensor avgPool2dInput(Tensor y, PoolGeometry geometry, boolean countPadding) {
    return Tensor.of(new AvgPool2dInput(geometry, countPadding), y);
  }

  /**
   * The largest element of each window of sequences: {@link #maxPool2d(Tensor, PoolOptions)} of
   * images that have one row, x [N, C, L]. What the options say of columns (width) is meant; what
   * they say of rows (height) is not looked at.
   *
   * @param options the size of the window, and how it slides
   */
  public static Tensor maxPool1d(Tensor x, PoolOptions options) {
    return Pools.max1d(x, options);
  }

  /** As {@link #maxPool1d(Tensor, PoolOptions)}, with windows that tile the sequence. */
  public static Tensor maxPool1d(Tensor x, int size) {
    return maxPool1d(x, PoolOptions.tiles("maxPool1d", size));
  }

  /**
   * The mean of each window of sequences: {@link #avgPool2d(Tensor, PoolOptions)} of images that
   * have one row, x [N, C, L]. What the options say of columns (width) is meant; what they say of
   * rows (height) is not looked at.
   *
   * @param options the size of the window, how it slides, and whether padding counts
   */
  public static Tensor avgPool1d(Tensor x, PoolOptions options) {
    return Pools.avg1d(x, options);
  }

  /** As {@link #avgPool1d(Tensor, PoolOptions)}, with windows that tile the sequence. */
  public static Tensor avgPool1d(Tensor x, int size) {
    return avgPool1d(x, PoolOptions.tiles("avgPool1d", size));
  }

  /**
   * The mean of each of height x width windows, whatever the size of the images, as PyTorch spreads
   * them.
   *
   * <pre>
   *   x [N, C, H, W], y [N, C, height, width]
   *   y[n, c, i, j] = 1/k sum over h, v of x[n, c, h, v], k of them:
   *     h from floor(i H / height) to ceil((i + 1) H / height) - 1, and v likewise
   * </pre>
   *
   * Windows overlap by an element where the sizes do not divide; where the output is larger than x,
   * they hold one element or two. Linear; as accurate as {@link #avgPool2d(Tensor, PoolOptions)}.
   * Refuses an output of less than 1 x 1, and images without pixels.
   *
   * @param height of the output
   * @param width of the output
   */
  public static Tensor adaptiveAvgPool2d(Tensor x, int height, int width) {
    return Tensor.of(new AdaptiveAvgPool2d(height, width), x);
  }

  /**
   * The largest element of each of height x width windows, which are those of {@link
   * #adaptiveAvgPool2d}.
   *
   * <p>As {@link #maxPool2d(Tensor, PoolOptions)}, the first of equal elements gets the gradient,
   * and NaN counts as the largest of all. Where the sizes divide, it is that very op; otherwise it
   * is one of windows that {@link Take} puts side by side. Refuses an output of less than 1 x 1,
   * and images without pixels.
   *
   * @param height of the output
   * @param width of the output
   */
  public static Tensor adaptiveMaxPool2d(Tensor x, int height, int width) {
    return Pools.adaptiveMax2d(x, height, width);
  }

  /** The maximum of each plane of x [N, C, H, W], as [N, C, 1, 1]. */
  public static Tensor globalMaxPool2d(Tensor x) {
    Nulls.refuse("globalMaxPool2d: x", x);
    return maxPool2d(x, PoolOptions.whole("globalMaxPool2d", x.shape()));
  }

  /** The mean of each plane of x [N, C, H, W], as [N, C, 1, 1]; see {@link Mean}. */
  public static Tensor globalAvgPool2d(Tensor x) {
    Nulls.refuse("globalAvgPool2d: x", x);
    Images.requireRank4("globalAvgPool2d", "input", x.shape());
    return Tensor.of(new Mean(List.of(2, 3), true), x);
  }

  /** x [N, C, H, W], each pixel as scale rows and scale columns; see {@link Resize2d}. */
  public static Tensor upsampleNearest(Tensor x, int scale) {
    return upsampleNearest(x, scale, scale);
  }

  /** x [N, C, H, W], each pixel as so many rows and columns; see {@link Resize2d}. */
  public static Tensor upsampleNearest(Tensor x, int rowScale, int columnScale) {
    return Resize2d.nearest(x, rowScale, columnScale);
  }

  /**
   * x [N, C, H, W] in another size, of pixels mixed from up to four neighbours; see {@link
   * Resize2d}.
   *
   * @param alignCorners whether pixels are points, and corners go to corners; if not, they are
   *     squares, and edges go to edges
   */
  public static Tensor upsampleBilinear(Tensor x, int height, int width, boolean alignCorners) {
    return Resize2d.bilinear(x, height, width, alignCorners);
  }
}
