package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.sumTo;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * Repeats x along axes of extent 1, and along new axes on the left, to make the given shape.
 *
 * <pre>
 *   y[i1, ..., in] = x[those indices that x has, 0 where its extent is 1]
 *   VJP: sumTo(g, x)
 * </pre>
 *
 * The adjoint of {@link SumTo}. Refuses a shape that x does not broadcast to.
 *
 * @param shape of the output
 */
public record BroadcastTo(Shape shape) implements UnaryOp {
  /** Refuses null. */
  public BroadcastTo {
    Nulls.refuse("broadcastTo: shape", shape);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    check(name(), x.shape(), shape);
    return x.shape().equals(shape) ? x : ArrayMath.broadcast(x, shape);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return sumTo(g, in.get(0).shape());
  }

  /** Refuses a pair of shapes of which the small one does not broadcast to the large one. */
  static void check(String op, Shape small, Shape large) {
    int extra = large.rank() - small.rank();
    boolean fits = extra >= 0;
    for (int axis = 0; fits && axis < small.rank(); axis++) {
      fits = small.dim(axis) == 1 || small.dim(axis) == large.dim(axis + extra);
    }
    if (!fits) {
      throw new ShapeException(
          op,
          "%s does not broadcast to %s: aligned at the right, expected each extent equal or 1"
              .formatted(small, large));
    }
  }
}
