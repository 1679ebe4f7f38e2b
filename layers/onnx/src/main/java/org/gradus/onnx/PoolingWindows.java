package org.gradus.onnx;

import static org.gradus.autograd.ops.Axes.axes;

import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Axes;
import org.gradus.autograd.ops.Ops;
import org.gradus.autograd.ops.PoolOptions;
import org.gradus.autograd.ops.WindowOptions;

/** Pooling of sequences, images and volumes. */
final class PoolingWindows {
  private static final WindowOptions STILL = new WindowOptions(1, 0, 0, 1, false, false);

  private PoolingWindows() {}

  static List<Operator> operators() {
    return List.of(
        Operator.of(
                "MaxPool",
                1,
                1,
                1,
                Slide.RULES
                    + " kernel_shape:ints! ceil_mode:int@10- dilations:ints@10-"
                    + " storage_order:int@8-",
                call -> call.moved(x -> pooled(call, x, Ops::maxPool2d, true)))
            .checked(Slide::check),
        Operator.of(
                "AveragePool",
                1,
                1,
                1,
                Slide.RULES
                    + " kernel_shape:ints! ceil_mode:int@10- dilations:ints@19-"
                    + " count_include_pad:int",
                call ->
                    call.moved(
                        x ->
                            pooled(
                                call,
                                x,
                                Ops::avgPool2d,
                                call.node().flag("count_include_pad", false))))
            .checked(Slide::check),
        Operator.of(
                "LpPool",
                1,
                1,
                1,
                Slide.RULES + " kernel_shape:ints! ceil_mode:int@18- dilations:ints@18- p:int",
                PoolingWindows::lpPool)
            .checked(Slide::check)
            .checked(node -> node.whole("p", 2, 1, Integer.MAX_VALUE)),
        global("GlobalAveragePool", Ops::mean),
        global("GlobalMaxPool", Ops::max),
        Operator.of("GlobalLpPool", 1, 1, 1, "p:int", PoolingWindows::globalLpPool)
            .checked(node -> node.whole("p", 2, 1, Integer.MAX_VALUE)));
  }

  private static Slide slide(Call call, Shape x) {
    long[] kernel = call.node().wholes("kernel_shape");
    return Slide.of(call, x, kernel == null ? new int[0] : Call.ints(kernel));
  }

  // ---- windows ---------------------------------------------------------------------------------

  private static Tensor pooled(
      Call call, Tensor x, BiFunction<Tensor, PoolOptions, Tensor> pool, boolean countPadding) {
    Slide slide = slide(call, x.shape());
    boolean roundUp = call.node().flag("ceil_mode", false);
    return pooled(x, slide, pool, roundUp, countPadding);
  }

  /** Along the last two axes, and then along the depth, if there is one. */
  private static Tensor pooled(
      Tensor x,
      Slide slide,
      BiFunction<Tensor, PoolOptions, Tensor> pool,
      boolean roundUp,
      boolean countPadding) {
    int[] d = x.shape().toArray();
    int last = slide.rank() - 1;
    boolean isFlat = last == 0;
    PoolOptions options =
        new PoolOptions(
            isFlat ? 1 : slide.kernel()[last - 1],
            slide.kernel()[last],
            isFlat ? STILL : slide.along(last - 1),
            slide.along(last),
            roundUp,
            countPadding);
    if (isFlat) {
      Tensor y = pool.apply(Ops.reshape(x, d[0], d[1], 1, d[2]), options);
      return Ops.squeeze(y, 2);
    }
    if (last == 1) {
      return pool.apply(x, options);
    }
    Tensor images = pool.apply(Ops.reshape(x, d[0], d[1] * d[2], d[3], d[4]), options);
    int h = images.shape().dim(2);
    int w = images.shape().dim(3);
    PoolOptions deep =
        new PoolOptions(slide.kernel()[0], 1, slide.along(0), STILL, roundUp, countPadding);
    Tensor y = pool.apply(Ops.reshape(images, d[0], d[1], d[2], h * w), deep);
    return Ops.reshape(y, d[0], d[1], y.shape().dim(2), h, w);
  }

  /** The mean of powers times their number, of x with all padding as zeros. */
  private static Value lpPool(Call call) {
    double p = call.node().whole("p", 2);
    return call.moved(
        x -> {
          Slide slide = slide(call, x.shape());
          boolean roundUp = call.node().flag("ceil_mode", false);
          int rank = slide.rank();
          int[] before = new int[rank + 2];
          int[] after = new int[rank + 2];
          Slide whole = slide;
          for (int i = 0; i < rank; i++) {
            before[i + 2] = slide.before()[i];
            after[i + 2] = slide.after()[i] + (roundUp ? overhang(slide, x.shape(), i) : 0);
            whole = whole.unpadded(i);
          }
          Tensor powers = Ops.pad(Ops.pow(Ops.abs(x), p), before, after, 0);
          Tensor means = pooled(powers, whole, Ops::avgPool2d, false, true);
          int size = IntStream.of(slide.kernel()).reduce(1, (a, b) -> a * b);
          return Ops.pow(Ops.mul(means, size), 1 / p);
        });
  }

  /** How far a last window hangs over the end, if what is left over gets one. */
  private static int overhang(Slide slide, Shape x, int axis) {
    int stride = slide.stride()[axis];
    int span = slide.dilation()[axis] * (slide.kernel()[axis] - 1) + 1;
    int padded = x.dim(axis + 2) + slide.before()[axis] + slide.after()[axis];
    int left = (padded - span) % stride;
    boolean starts =
        ((padded - span) / stride + 1) * stride < x.dim(axis + 2) + slide.before()[axis];
    return left > 0 && starts ? stride - left : 0;
  }

  // ---- whole images ----------------------------------------------------------------------------

  private static Operator global(String name, BiFunction<Tensor, Axes, Tensor> function) {
    return Operator.of(
        name, 1, 1, 1, "", call -> call.moved(x -> function.apply(x, places(call, x.shape()))));
  }

  /** All axes but the batch and the channels. */
  private static Axes places(Call call, Shape shape) {
    if (shape.rank() < 3) {
      throw call.refused("input %s, expected rank 3 or higher".formatted(shape));
    }
    return axes(IntStream.range(2, shape.rank()).toArray()).keepDims();
  }

  private static Value globalLpPool(Call call) {
    double p = call.node().whole("p", 2);
    return call.moved(
        x -> Ops.pow(Ops.sum(Ops.pow(Ops.abs(x), p), places(call, x.shape())), 1 / p));
  }
}
