package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.broadcastTo;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;

/**
 * The reverse of broadcasting: sums over the axes along which an array of the given shape would be
 * repeated to become x.
 *
 * <pre>
 *   &lt;y, z&gt; = &lt;x, broadcastTo(z, x)&gt; for every z of the given shape
 *   VJP: broadcastTo(g, x)
 * </pre>
 *
 * The adjoint of {@link BroadcastTo}. As accurate as {@link Sum}. Refuses a shape that does not
 * broadcast to that of x.
 *
 * @param shape of the output
 */
public record SumTo(Shape shape) implements UnaryOp {
  /** Refuses null. */
  public SumTo {
    Nulls.refuse("sumTo: shape", shape);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    BroadcastTo.check(name(), shape, x.shape());
    int extra = x.shape().rank() - shape.rank();
    boolean[] summed = new boolean[x.shape().rank()];
    for (int axis = 0; axis < summed.length; axis++) {
      summed[axis] = axis < extra || shape.dim(axis - extra) != x.shape().dim(axis);
    }
    return ArrayMath.sum(x, summed, shape);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return broadcastTo(g, in.get(0).shape());
  }
}
