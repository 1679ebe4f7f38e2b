package org.gradus.autograd.ops;

import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/**
 * For each element the product of the others, differentiated along some directions, times a factor:
 * what the VJPs of {@link Prod} are. With {@link ProdAlong}, a family that differentiation does not
 * leave.
 *
 * <pre>
 *   x, v1, v2, ... of one shape; s has extent 1 on the axes
 *   y = s (d/dv1) (d/dv2) ... of the product of all x but that at the place of y
 *   VJP x: prodSlope(x, s, v1, v2, ..., g)
 *   VJP s: prodAlong(x, v1, v2, ..., g)
 *   VJP v: prodSlope(x, s, v1, v2, ...) with g in the place of v
 * </pre>
 *
 * The derivative along a direction is the sum, over all places, of the product with v at the place
 * in place of x. Of nothing but zeros at most one is left out for each direction and y itself, so
 * nothing is divided. Computed as {@link Prod} is. Refuses shapes that differ, and axes that they
 * do not have or that are named twice.
 *
 * @param axes each from 0, or negative to count from the end
 */
record ProdSlope(List<Integer> axes) implements Op {
  /** Takes a copy of the list. */
  ProdSlope {
    axes = List.copyOf(axes);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    if (in.size() < 2) {
      throw new IllegalArgumentException(
          "%s: %s inputs, expected two or more".formatted(name(), in.size()));
    }
    NdArray s = in.get(1);
    Slicing slicing = new Slicing(name(), x.shape(), axes);
    Losses.requireSameShape(name(), "the products", slicing.kept(), "the factor", s.shape());
    List<NdArray> directions = in.subList(2, in.size());
    ProdAlong.requireDirections(name(), x, directions);
    NdArray arranged = slicing.arranged(x);
    NdArray y = ArrayMath.result(x, arranged.shape());
    ArrayMath.kernels(x)
        .productsOfOthers(
            slicing.slices(),
            ArrayMath.array(arranged),
            Prod.arranged(slicing, directions),
            ArrayMath.array(s),
            ArrayMath.array(y));
    return slicing.restored(y);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    List<Tensor> all = new ArrayList<>(in);
    if (input > 0) {
      all.remove(input);
    }
    all.add(g);
    Op op = input == 1 ? new ProdAlong(axes) : this;
    return Tensor.of(op, all.toArray(new Tensor[0]));
  }
}
