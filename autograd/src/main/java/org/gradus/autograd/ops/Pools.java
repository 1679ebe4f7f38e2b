package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.adaptiveAvgPool2d;
import static org.gradus.autograd.ops.Ops.maxPool2d;
import static org.gradus.autograd.ops.Ops.reshape;
import static org.gradus.autograd.ops.Ops.take;

import java.util.function.BiFunction;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.Axis;
import org.gradus.autograd.internal.kernel.TapsInside;
import org.gradus.autograd.internal.kernel.WindowSizes;

/** Pooling that is {@link Ops#maxPool2d(Tensor, PoolOptions)} or the like under another name. */
final class Pools {
  private Pools() {}

  /** As {@link Ops#maxPool1d(Tensor, PoolOptions)}. */
  static Tensor max1d(Tensor x, PoolOptions options) {
    Nulls.refuse("maxPool1d: x, options", x, options);
    return inOneRow("maxPool1d", x, options, (row, g) -> Tensor.of(new MaxPool2d(g), row));
  }

  /** As {@link Ops#avgPool1d(Tensor, PoolOptions)}. */
  static Tensor avg1d(Tensor x, PoolOptions options) {
    Nulls.refuse("avgPool1d: x, options", x, options);
    return inOneRow(
        "avgPool1d",
        x,
        options,
        (row, g) -> Tensor.of(new AvgPool2d(g, options.countPadding()), row));
  }

  private static Tensor inOneRow(
      String op, Tensor x, PoolOptions options, BiFunction<Tensor, PoolGeometry, Tensor> pool) {
    Shape shape = x.shape();
    Images.requireRank(op, "input", shape, 3);
    Window along =
        options.columns().over(op, "length", shape.dim(2), options.width(), options.roundUp());
    along.requireOnInput(op + ": length");
    Shape.of(op, shape.dim(0), shape.dim(1), along.output()); // refuses what no array holds
    Tensor row = reshape(x, shape.dim(0), shape.dim(1), 1, shape.dim(2));
    Tensor y = pool.apply(row, new PoolGeometry(Window.WHOLE_OF_ONE, along));
    return reshape(y, shape.dim(0), shape.dim(1), along.output());
  }

  /** As {@link Ops#adaptiveMaxPool2d}. */
  static Tensor adaptiveMax2d(Tensor x, int height, int width) {
    String op = "adaptiveMaxPool2d";
    Nulls.refuse("adaptiveMaxPool2d: x", x);
    WindowSizes sizes = AdaptiveAvgPool2d.sizes(op, x.shape(), height, width);
    Shape.of(op, x.shape().dim(0), x.shape().dim(1), height, width); // refuses what no array holds
    if (x.shape().size() == 0) { // of any size, so that no position is to be listed
      return adaptiveAvgPool2d(x, height, width);
    }
    Tensor wide = repeated(op, x, 3, sizes.columns());
    Tensor whole = repeated(op, wide, 2, sizes.rows());
    return maxPool2d(
        whole, PoolOptions.window(whole.shape().dim(2) / height, whole.shape().dim(3) / width));
  }

  /**
   * Windows along one axis, side by side and as long as the longest of them: a shorter one repeats
   * its last elements, which are never the first of the largest.
   */
  private static Tensor repeated(String op, Tensor x, int axis, Axis windows) {
    if (windows.stride() == windows.kernel()) {
      return x; // as they lie side by side already
    }
    int longest = windows.kernel();
    Axes.with(op, x.shape(), axis, (long) windows.output() * longest);
    TapsInside taps = windows.inside(1);
    int[] positions = new int[windows.output() * longest];
    for (int i = 0; i < positions.length; i++) {
      int window = i / longest;
      positions[i] = taps.first()[window] + Math.min(i % longest, taps.count()[window] - 1);
    }
    return take(x, axis, positions);
  }
}
