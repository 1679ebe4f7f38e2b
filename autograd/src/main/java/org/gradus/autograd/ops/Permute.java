package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.permute;

import java.util.List;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.ShapeException;

/**
 * The axes in another order; for a matrix, its transpose.
 *
 * <pre>
 *   y[i_0, ..., i_n] = x[j_0, ..., j_n] with j_axes[k] = i_k: axis k of y is axis axes[k] of x
 *   VJP: g with its axes in the inverse order
 * </pre>
 *
 * Any shape. Refuses axes that are not a permutation of those of x.
 *
 * @param axes for each axis of the output, which axis of x it is
 */
public record Permute(List<Integer> axes) implements UnaryOp {
  /** Takes a copy of the list. */
  public Permute {
    axes = Nulls.list("permute: axes", axes);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    int rank = x.shape().rank();
    if (!axes.stream().sorted().toList().equals(IntStream.range(0, rank).boxed().toList())) {
      throw new ShapeException(
          name(),
          "axes %s are not a permutation of the %s axes of %s".formatted(axes, rank, x.shape()));
    }
    return StridedView.of(x).permute(axes.stream().mapToInt(Integer::intValue).toArray()).copy();
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return permute(g, IntStream.range(0, axes.size()).map(axes::indexOf).toArray());
  }
}
