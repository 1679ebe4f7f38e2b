package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.conv2dInput;
import static org.gradus.autograd.ops.Ops.conv2dWeight;
import static org.gradus.autograd.ops.Ops.sum;

import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.internal.kernel.ConvSizes;

/**
 * Convolution with a bias: {@link Bias} after {@link Conv2d}, in one pass and one array. The same
 * to the bit, except where an output overflows without its bias, and with it does not: that is
 * right here.
 *
 * <pre>
 *   x [N, C, H, W], w [F, C/G, KH, KW], b [F], y [N, F, OH, OW]
 *   y[n, f, i, j] = conv2d(x, w)[n, f, i, j] + b[f]
 *   VJP x: conv2dInput(w, g)
 *   VJP w: conv2dWeight(x, g)
 *   VJP b: db[f] = sum over n, i, j of g[n, f, i, j]
 * </pre>
 *
 * <p>Refuses what those two refuse.
 *
 * @param geometry how the window slides
 */
public record BiasedConv2d(ConvGeometry geometry) implements Op {
  /** Refuses null. */
  public BiasedConv2d {
    Nulls.refuse("conv2d: geometry", geometry);
  }

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
    Shape b = in.get(2).shape();
    ConvSizes sizes = geometry.sizesOfXW(name(), x.shape(), w.shape());
    if (!b.equals(Shape.of(sizes.filters()))) {
      throw new ShapeException(
          name(),
          "weights %s have %s filters, but the bias has shape %s, expected [%s]"
              .formatted(w.shape(), sizes.filters(), b, sizes.filters()));
    }
    return Conv2d.compute(name(), sizes, x, w, in.get(2));
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
