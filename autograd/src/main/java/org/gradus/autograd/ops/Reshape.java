package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.reshape;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * The same elements, in the same order, in another shape.
 *
 * <pre>
 *   y[flat index] = x[flat index]
 *   VJP: g in the shape of x
 * </pre>
 *
 * Copies nothing. Refuses a shape with another number of elements.
 *
 * @param shape of the output
 */
public record Reshape(Shape shape) implements UnaryOp {
  /** Refuses null. */
  public Reshape {
    Nulls.refuse("reshape: shape", shape);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    if (x.size() != shape.size()) {
      throw new ShapeException(
          name(),
          "%s has %s elements, but %s has %s".formatted(x.shape(), x.size(), shape, shape.size()));
    }
    return x.reshape(shape);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return reshape(g, in.get(0).shape().toArray());
  }
}
