package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;

/**
 * The elements in reverse order along some axes.
 *
 * <pre>
 *   y[..., i, ...] = x[..., n - 1 - i, ...] on each of the axes, of extent n
 *   VJP: flip(g)
 * </pre>
 *
 * Any shape; no axes at all leave x as it is. Refuses an axis that x does not have or that is named
 * twice.
 *
 * @param axes each from 0, or negative to count from the end
 */
public record Flip(List<Integer> axes) implements UnaryOp {
  /** Takes a copy of the list. */
  public Flip {
    axes = Nulls.list("flip: axes", axes);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    boolean[] flipped = Axes.marked(name(), x.shape(), axes);
    StridedView view = StridedView.of(x);
    for (int axis = 0; axis < flipped.length; axis++) {
      if (flipped[axis]) {
        int extent = x.shape().dim(axis);
        view = view.range(axis, extent - 1, extent, -1);
      }
    }
    return view.copy();
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Tensor.of(this, g);
  }
}
