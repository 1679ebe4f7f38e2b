package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;

/**
 * The product over some axes.
 *
 * <pre>
 *   y[kept indices] = product of x over the other indices
 *   VJP: g times the product of the other elements
 * </pre>
 *
 * Any shape; no axes at all leave x as it is, and a product over an empty axis is 1. Nothing is
 * divided: where one element is 0, it alone has a gradient, and where two are, there is none. A
 * product of n elements is computed in double precision, with exponents beyond those of a double,
 * and rounded once: it is within n units of rounding of a double (2^-53) of itself, and, in
 * float32, the rounding of the result. So is the VJP; both overflow or vanish only if they are too
 * large or too small themselves. Refuses an axis that x does not have or that is named twice.
 *
 * @param axes each from 0, or negative to count from the end
 * @param keepDims whether an axis that was multiplied stays with extent 1, or is removed
 */
public record Prod(List<Integer> axes, boolean keepDims) implements UnaryOp {
  /** Takes a copy of the list. */
  public Prod {
    axes = Nulls.list("prod: axes", axes);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    Shape shape = in.get(0).shape();
    boolean[] marked = Axes.marked(name(), shape, axes);
    return products(name(), axes, in).reshape(Axes.result(shape, marked, keepDims));
  }

  /** The products of x, differentiated along the inputs after it; extent 1 on the axes. */
  static NdArray products(String op, List<Integer> axes, List<NdArray> in) {
    NdArray x = in.get(0);
    Slicing slicing = new Slicing(op, x.shape(), axes);
    NdArray y = ArrayMath.result(x, slicing.kept());
    ArrayMath.kernels(x)
        .products(
            slicing.slices(),
            ArrayMath.array(slicing.arranged(x)),
            arranged(slicing, in.subList(1, in.size())),
            ArrayMath.array(y));
    return y;
  }

  static List<Object> arranged(Slicing slicing, List<NdArray> directions) {
    return directions.stream().map(slicing::arranged).map(ArrayMath::array).toList();
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    return Tensor.of(new ProdSlope(axes), x, Sum.unsqueeze(g, x, axes));
  }
}
