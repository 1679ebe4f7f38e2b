package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.sum;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.internal.kernel.Binary;

/**
 * Adds a number to each channel of x [N, C, H, W], or to each feature of x [N, F].
 *
 * <pre>
 *   y[n, c, ...] = x[n, c, ...] + b[c]
 *   VJP x: g
 *   VJP b: db[c] = sum over n, ... of g[n, c, ...]
 * </pre>
 *
 * db is as accurate as {@link Sum}. x has rank 2 or higher, and its axis 1 the length of b [C]; all
 * else is refused.
 */
public record Bias() implements BinaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    NdArray b = in.get(1);
    Shape shape = x.shape();
    if (shape.rank() < 2) {
      throw new ShapeException(
          name(), "input %s has rank %s, expected 2 or higher".formatted(shape, shape.rank()));
    }
    if (b.shape().rank() != 1 || b.size() != shape.dim(1)) {
      throw new ShapeException(
          name(),
          "input %s has %s channels, but the bias has shape %s, expected [%s]"
              .formatted(shape, shape.dim(1), b.shape(), shape.dim(1)));
    }
    int[] column = new int[shape.rank() - 1];
    Arrays.fill(column, 1);
    column[0] = b.size();
    return ArrayMath.binary(name(), Binary.ADD, x, b.reshape(Shape.of(column)));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    int[] others = IntStream.range(0, g.shape().rank()).filter(axis -> axis != 1).toArray();
    return input == 0 ? g : sum(g, others);
  }
}
