package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.broadcastTo;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.slice;

import java.util.List;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.Slices;

/**
 * Mean and variance of each channel: what {@link Ops#batchStatistics} reads. As an op it reads an
 * input whose memory may be taken back afterwards.
 *
 * <pre>
 *   x [N, C, ...], n elements of each channel, y [2, C]
 *   y[0, c] = 1/n sum over n, ... of x[n, c, ...]
 *   y[1, c] = 1/n sum over n, ... of (x[n, c, ...] - y[0, c])^2
 *   VJP: g[0, c] / n + g[1, c] 2/n (x - y[0, c])
 * </pre>
 *
 * Both are computed in double precision and rounded once, as {@link Mean} and {@link Variance} are.
 * Of no elements, both are NaN. Refuses a rank below 2.
 */
record ChannelMoments() implements UnaryOp {
  @Override
  public String name() {
    return "batchStatistics";
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    Shape shape = x.shape();
    Norms.requireChannels(name(), shape);
    int channels = shape.dim(1);
    Shape both = Shape.of(name(), 2, channels);
    if (shape.size() == 0) { // of any extents
      return ArrayMath.filled(x, both, Double.NaN);
    }
    NdArray y = ArrayMath.result(x, both);
    Slices slices = Slices.of(1, shape.dim(0), channels, shape.size(2, shape.rank()));
    ArrayMath.kernels(x)
        .moments(slices, ArrayMath.array(x), ArrayMath.known(x), ArrayMath.array(y));
    return y;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    List<Integer> axes =
        IntStream.range(0, x.shape().rank()).filter(axis -> axis != 1).boxed().toList();
    double n = Math.max(1, Axes.count(name(), x.shape(), axes)); // if 0, nothing is spread
    Tensor mean = mul(Sum.unsqueeze(slice(g, 0, 0, 1), x, axes), 1 / n);
    Tensor variance = Sum.unsqueeze(slice(g, 0, 1, 2), x, axes);
    return add(broadcastTo(mean, x.shape()), Tensor.of(new Centred(axes, 2 / n), x, variance));
  }
}
