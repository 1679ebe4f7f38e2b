package org.gradus.autograd.ops;

import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/**
 * A product over some axes, differentiated along some directions; see {@link ProdSlope}.
 *
 * <pre>
 *   x, v1, v2, ... of one shape
 *   y = (d/dv1) (d/dv2) ... of the product of all x, with extent 1 on the axes
 *   VJP x: prodSlope(x, g, v1, v2, ...)
 *   VJP v: prodSlope(x, g, v1, v2, ...) without that v
 * </pre>
 *
 * Computed as {@link Prod} is, and linear in each direction. Refuses shapes that differ, and axes
 * that they do not have or that are named twice.
 *
 * @param axes each from 0, or negative to count from the end
 */
record ProdAlong(List<Integer> axes) implements Op {
  /** Takes a copy of the list. */
  ProdAlong {
    axes = List.copyOf(axes);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    requireDirections(name(), in.get(0), in.subList(1, in.size()));
    return Prod.products(name(), axes, in);
  }

  static void requireDirections(String op, NdArray x, List<NdArray> directions) {
    for (NdArray direction : directions) {
      Losses.requireSameShape(op, "input", x.shape(), "direction", direction.shape());
    }
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    List<Tensor> all = new ArrayList<>(in);
    if (input > 0) {
      all.remove(input);
    }
    all.add(1, g);
    return Tensor.of(new ProdSlope(axes), all.toArray(new Tensor[0]));
  }
}
