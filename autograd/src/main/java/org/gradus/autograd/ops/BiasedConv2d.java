package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.conv2dInput;
import static org.gradus.autograd.ops.Ops.conv2dWeight;
import static org.gradus.autograd.ops.Ops.sum;

import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.internal.kernel.ConvSizes;

/**
 * The op of {@link Ops#conv2d(Tensor, Tensor, Tensor, ConvOptions)}, which says what it computes.
 *
 * <pre>
 *   VJP x: conv2dInput(w, g)
 *   VJP w: conv2dWeight(x, g)
 *   VJP b: db[f] = sum over n, i, j of g[n, f, i, j]
 * </pre>
 *
 * @param geometry how the window slides
 */
record BiasedConv2d(ConvGeometry geometry) implements Op {
  @Override
  public String name() {
    return "conv2d";
  }

  @Override
  public int arity() {
    return 3;
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    NdArray w = in.get(1);
    ConvSizes sizes = geometry.sizesOfXW(name(), x.shape(), w.shape());
    requireBias(name(), w.shape(), in.get(2).shape());
    return Conv2d.compute(name(), sizes, x, w, in.get(2));
  }

  /** Refuses a bias that is not one number for each filter. */
  static void requireBias(String op, Shape w, Shape b) {
    int filters = w.dim(0);
    if (!b.equals(Shape.of(filters))) {
      throw new ShapeException(
          op,
          "weights %s have %s filters, but the bias has shape %s, expected [%s]"
              .formatted(w, filters, b, filters));
    }
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return switch (input) {
      case 0 -> conv2dInput(in.get(1), g, geometry);
      case 1 -> conv2dWeight(in.get(0), g, geometry);
      default -> sum(g, 0, 2, 3);
    };
  }
}
