package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;

/**
 * Shares each element of y among the elements that it was made of: the adjoint of {@link Resize2d}.
 *
 * <pre>
 *   y [N, C, OH, OW], x [N, C, H, W]
 *   x[n, c, h, v] = sum over i, j of  r[i, h] s[j, v] y[n, c, i, j]
 *   VJP: resize2d(g)
 * </pre>
 *
 * Linear. However many elements are shared to one place, it is within 4 units of rounding (2^-24 in
 * float32, 2^-53 in float64) of the sum of the magnitudes of the shares. Refuses an array of
 * another size than the geometry's outputs have.
 *
 * @param rows along the height
 * @param columns along the width
 */
public record Resize2dInput(Resampling rows, Resampling columns) implements UnaryOp {
  /** Refuses null. */
  public Resize2dInput {
    Nulls.refuse("resize2dInput: rows, columns", rows, columns);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray y = in.get(0);
    Shape shape = y.shape();
    Images.requireSize(name(), "output", shape, rows.output(), columns.output());
    NdArray x =
        ArrayMath.filled(
            y, Shape.of(name(), shape.dim(0), shape.dim(1), rows.input(), columns.input()), 0);
    if (x.size() == 0) { // of any extents
      return x;
    }
    ArrayMath.kernels(y)
        .resizeInput(
            shape.size(0, 2), rows.taps(), columns.taps(), ArrayMath.array(y), ArrayMath.array(x));
    return x;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor x, List<Tensor> in) {
    return Tensor.of(new Resize2d(rows, columns), g);
  }
}
