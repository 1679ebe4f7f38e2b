package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.conv2d;
import static org.gradus.autograd.ops.Ops.conv2dInput;
import static org.gradus.autograd.ops.Ops.pad;
import static org.gradus.autograd.ops.Ops.reshape;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * Convolutions that are {@link Ops#conv2d(Tensor, Tensor, ConvOptions)} or its adjoint under
 * another name.
 */
final class Convolutions {
  private Convolutions() {}

  /** As {@link Ops#conv1d}. */
  static Tensor conv1d(Tensor x, Tensor w, ConvOptions options) {
    String op = "conv1d";
    Nulls.refuse("conv1d: x, w, options", x, w, options);
    Shape xs = x.shape();
    Shape ws = w.shape();
    Images.requireRank(op, "input", xs, 3);
    Images.requireRank(op, "weights", ws, 3);
    Window columns = options.columns().over(op, "length", xs.dim(2), ws.dim(2), false);
    ConvGeometry geometry = new ConvGeometry(Window.WHOLE_OF_ONE, columns, options.groups());
    geometry.requireChannels(op, xs, ws);
    geometry.requireFilters(op, "weights", ws, ws.dim(0));
    x.dtype().require(op, "input 1", w.dtype());
    Shape ys = Shape.of(op, xs.dim(0), ws.dim(0), columns.output());
    return reshape(conv2d(inOneRow(x), inOneRow(w), geometry), ys.toArray());
  }

  private static Tensor inOneRow(Tensor x) {
    return reshape(x, x.shape().dim(0), x.shape().dim(1), 1, x.shape().dim(2));
  }

  /** As {@link Ops#convTranspose2d}. */
  static Tensor convTranspose2d(Tensor x, Tensor w, ConvOptions options, int height, int width) {
    String op = "convTranspose2d";
    Nulls.refuse("convTranspose2d: x, w, options", x, w, options);
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
    x.dtype().require(op, "input 1", w.dtype());
    int below = options.rows().beyond(height);
    int right = options.columns().beyond(width);
    geometry.requireX(op, ws, xs, below, right);
    Tensor y = conv2dInput(w, x, geometry);
    return below + right == 0 ? y : pad(y, new int[4], new int[] {0, 0, below, right}, 0);
  }

  /** As {@link Ops#depthwiseConv2d}. */
  static Tensor depthwiseConv2d(Tensor x, Tensor w, ConvOptions options) {
    String op = "depthwiseConv2d";
    Nulls.refuse("depthwiseConv2d: x, w, options", x, w, options);
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
    x.dtype().require(op, "input 1", w.dtype());
    ConvGeometry geometry = options.groups(channels).geometry(op, xs, ws);
    geometry.requireY(op, xs, ws);
    return conv2d(x, w, geometry);
  }
}
