package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.conv2d;
import static org.gradus.autograd.ops.Ops.conv2dInput;
import static org.gradus.autograd.ops.Ops.reshape;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/** Convolutions that are {@link Conv2d} or its adjoint under another name. */
final class Convolutions {
  private Convolutions() {}

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
   * <p>Refuses what {@link Conv2d} refuses, and ranks other than 3.
   */
  static Tensor conv1d(Tensor x, Tensor w, ConvOptions options) {
    String op = "conv1d";
    Shape xs = x.shape();
    Shape ws = w.shape();
    Images.requireRank(op, "input", xs, 3);
    Images.requireRank(op, "weights", ws, 3);
    Window columns = options.columns().over(op, "length", xs.dim(2), ws.dim(2), false);
    ConvGeometry geometry = new ConvGeometry(Window.WHOLE_OF_ONE, columns, options.groups());
    geometry.requireChannels(op, xs, ws);
    geometry.requireFilters(op, "weights", ws, ws.dim(0));
    Tensor y = conv2d(inOneRow(x), inOneRow(w), geometry);
    return reshape(y, xs.dim(0), ws.dim(0), columns.output());
  }

  private static Tensor inOneRow(Tensor x) {
    return reshape(x, x.shape().dim(0), x.shape().dim(1), 1, x.shape().dim(2));
  }

  /**
   * Transposed convolution, which makes images larger: {@link Conv2dInput}, the adjoint of the
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
   * is that remainder, and {@code strict()} refuses all but 0. With {@code same()} there is no
   * choice: OH = H s, the output padding must be 0, and y is the adjoint of a convolution with
   * {@code same()} of images of that size.
   *
   * <p>Refuses channels that the weights do not expect or the groups do not divide, and an output
   * of a negative size.
   *
   * @param height the output padding along the height
   * @param width the output padding along the width
   */
  static Tensor convTranspose2d(Tensor x, Tensor w, ConvOptions options, int height, int width) {
    String op = "convTranspose2d";
    Shape xs = x.shape();
    Shape ws = w.shape();
    Images.requireRank(op, "input", xs, 4);
    Images.requireRank(op, "weights", ws, 4);
    if (xs.dim(1) != ws.dim(0)) {
      throw new ShapeException(
          op,
          "input %s has %s channels, but the weights %s expect %s"
              .formatted(xs, xs.dim(1), ws, ws.dim(0)));
    }
    ConvGeometry geometry =
        new ConvGeometry(
            options.rows().making(op, "height", xs.dim(2), ws.dim(2), height),
            options.columns().making(op, "width", xs.dim(3), ws.dim(3), width),
            options.groups());
    ConvGeometry.requireDivided(op, xs, options.groups());
    return conv2dInput(w, x, geometry);
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
  static Tensor depthwiseConv2d(Tensor x, Tensor w, ConvOptions options) {
    String op = "depthwiseConv2d";
    Shape xs = x.shape();
    Shape ws = w.shape();
    Images.requireRank(op, "input", xs, 4);
    Images.requireRank(op, "weights", ws, 4);
    if (options.groups() != 1) {
      throw new IllegalArgumentException(
          "%s: options with groups=%s, expected 1: the groups are the channels of input %s"
              .formatted(op, options.groups(), xs));
    }
    int channels = xs.dim(1);
    if (channels == 0 || ws.dim(0) % channels != 0 || ws.dim(1) != 1) {
      throw new ShapeException(
          op,
          "input %s has %s channels, but the weights are %s, expected [a multiple of %s, 1, height, width]"
              .formatted(xs, channels, ws, channels));
    }
    return conv2d(x, w, options.groups(channels).geometry(op, xs, ws));
  }
}
