package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.bias;
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

  /** As {@link Ops#conv1d(Tensor, Tensor, ConvOptions)}. */
  static Tensor conv1d(Tensor x, Tensor w, ConvOptions options) {
    Nulls.refuse("conv1d: x, w, options", x, w, options);
    ConvGeometry geometry = geometry1d(x, w, options);
    return inSequences(conv2d(inOneRow(x), inOneRow(w), geometry));
  }

  /** As {@link Ops#conv1d(Tensor, Tensor, Tensor, ConvOptions)}. */
  static Tensor conv1d(Tensor x, Tensor w, Tensor b, ConvOptions options) {
    Nulls.refuse("conv1d: x, w, b, options", x, w, b, options);
    ConvGeometry geometry = geometry1d(x, w, options);
    BiasedConv2d.requireBias("conv1d", w.shape(), b.shape());
    x.dtype().require("conv1d", "input 2", b.dtype());
    return inSequences(Tensor.of(new BiasedConv2d(geometry), inOneRow(x), inOneRow(w), b));
  }

  private static ConvGeometry geometry1d(Tensor x, Tensor w, ConvOptions options) {
    String op = "conv1d";
    Shape xs = x.shape();
    Shape ws = w.shape();
    Images.requireRank(op, "input", xs, 3);
    Images.requireRank(op, "weights", ws, 3);
    Window columns = options.columns().over(op, "length", xs.dim(2), ws.dim(2), false);
    ConvGeometry geometry = new ConvGeometry(Window.WHOLE_OF_ONE, columns, options.groups());
    geometry.requireChannels(op, xs, ws);
    geometry.requireFilters(op, "weights", ws, ws.dim(0));
    x.dtype().require(op, "input 1", w.dtype());
    geometry.requireY(op, xs, ws);
    return geometry;
  }

  private static Tensor inOneRow(Tensor x) {
    return reshape(x, x.shape().dim(0), x.shape().dim(1), 1, x.shape().dim(2));
  }

  /** The reverse of {@link #inOneRow}. */
  private static Tensor inSequences(Tensor y) {
    return reshape(y, y.shape().dim(0), y.shape().dim(1), y.shape().dim(3));
  }

  /** As {@link Ops#convTranspose2d(Tensor, Tensor, ConvOptions, int, int)}. */
  static Tensor convTranspose2d(Tensor x, Tensor w, ConvOptions options, int height, int width) {
    String op = "convTranspose2d";
    Nulls.refuse("convTranspose2d: x, w, options", x, w, options);
    Shape xs = x.shape();
    Shape ws = w.shape();
    requireTransposed(op, xs, ws, 4);
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

  /** As {@link Ops#convTranspose2d(Tensor, Tensor, Tensor, ConvOptions, int, int)}. */
  static Tensor convTranspose2d(
      Tensor x, Tensor w, Tensor b, ConvOptions options, int height, int width) {
    Nulls.refuse("convTranspose2d: x, w, b, options", x, w, b, options);
    return biased("convTranspose2d", convTranspose2d(x, w, options, height, width), w, b);
  }

  /** As {@link Ops#convTranspose1d(Tensor, Tensor, ConvOptions, int)}. */
  static Tensor convTranspose1d(Tensor x, Tensor w, ConvOptions options, int more) {
    String op = "convTranspose1d";
    Nulls.refuse("convTranspose1d: x, w, options", x, w, options);
    Shape xs = x.shape();
    Shape ws = w.shape();
    requireTransposed(op, xs, ws, 3);
    Window columns = options.columns().making(op, "length", xs.dim(2), ws.dim(2), more);
    ConvGeometry geometry = new ConvGeometry(Window.WHOLE_OF_ONE, columns, options.groups());
    ConvGeometry.requireDivided(op, xs, options.groups());
    x.dtype().require(op, "input 1", w.dtype());
    int right = options.columns().beyond(more);
    Shape ys = Shape.of(op, xs.dim(0), geometry.channels(op, ws), columns.input());
    Axes.with(op, ys, 2, (long) columns.input() + right); // refuses what no array holds
    Tensor y = inSequences(conv2dInput(inOneRow(w), inOneRow(x), geometry));
    return right == 0 ? y : pad(y, new int[3], new int[] {0, 0, right}, 0);
  }

  /** As {@link Ops#convTranspose1d(Tensor, Tensor, Tensor, ConvOptions, int)}. */
  static Tensor convTranspose1d(Tensor x, Tensor w, Tensor b, ConvOptions options, int more) {
    Nulls.refuse("convTranspose1d: x, w, b, options", x, w, b, options);
    return biased("convTranspose1d", convTranspose1d(x, w, options, more), w, b);
  }

  private static void requireTransposed(String op, Shape xs, Shape ws, int rank) {
    Images.requireRank(op, "input", xs, rank);
    Images.requireRank(op, "weights", ws, rank);
    if (xs.dim(1) != ws.dim(0)) {
      throw new ShapeException(
          op,
          "input %s has %s channels, but the weights %s expect %s"
              .formatted(xs, xs.dim(1), ws, ws.dim(0)));
    }
  }

  /** The output of a transposed convolution, with a bias on each of its channels. */
  private static Tensor biased(String op, Tensor y, Tensor w, Tensor b) {
    int channels = y.shape().dim(1);
    if (!b.shape().equals(Shape.of(channels))) {
      throw new ShapeException(
          op,
          "weights %s make %s channels, but the bias has shape %s, expected [%s]"
              .formatted(w.shape(), channels, b.shape(), channels));
    }
    y.dtype().require(op, "input 2", b.dtype());
    return bias(y, b);
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
