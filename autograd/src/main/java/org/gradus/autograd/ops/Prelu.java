package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.greater;
import static org.gradus.autograd.ops.Ops.minimum;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.reshape;
import static org.gradus.autograd.ops.Ops.sumTo;
import static org.gradus.autograd.ops.Ops.where;

import java.util.Arrays;
import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.internal.kernel.Binary;

/**
 * The op of {@link Ops#prelu}, which says what it computes.
 *
 * <pre>
 *   VJP x: g where x > 0, otherwise g slope
 *   VJP slope: sum of g min(x, 0) over all that has the same slope
 * </pre>
 */
record Prelu() implements BinaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    NdArray slope = in.get(1);
    Shape spread = spread(x.shape(), slope.shape());
    return ArrayMath.binary(name(), Binary.PRELU, x, slope.reshape(spread));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    Tensor slope = in.get(1);
    Shape spread = spread(x.shape(), slope.shape());
    if (input == 0) {
      Tensor slopes = reshape(slope, spread.toArray());
      return where(greater(x, 0), g, mul(g, slopes));
    }
    return reshape(sumTo(mul(g, minimum(x, 0)), spread), slope.shape().toArray());
  }

  /** The shape in which the slopes broadcast to x. */
  private Shape spread(Shape x, Shape slope) {
    if (slope.equals(Shape.of(1))) {
      return Shape.SCALAR;
    }
    if (x.rank() < 2) {
      throw new ShapeException(
          name(),
          "input %s has no channels, and the slope has shape %s, expected [1]".formatted(x, slope));
    }
    int channels = x.dim(1);
    if (!slope.equals(Shape.of(channels))) {
      throw new ShapeException(
          name(),
          "input %s has %s channels, but the slope has shape %s, expected [%s] or [1]"
              .formatted(x, channels, slope, channels));
    }
    int[] column = new int[x.rank() - 1];
    Arrays.fill(column, 1);
    column[0] = channels;
    return Shape.of(column);
  }
}
