package org.gradus.autograd.ops;

import java.util.Arrays;
import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.Nulls;

/**
 * The part of the catalogue that takes parts of tensors, puts parts together, and moves elements to
 * other places. Users call these functions as members of {@link Ops}.
 */
abstract class PartOps {
  PartOps() {}

  // ---- parts, and what is made of parts -------------------------------------------------------

  /** The elements at the indices {@code from} to {@code to} - 1 of an axis; see {@link Slice}. */
  public static Tensor slice(Tensor x, int axis, int from, int to) {
    return slice(x, axis, from, to, 1);
  }

  /** Every step-th of the indices {@code from} to {@code to} - 1 of an axis; see {@link Slice}. */
  public static Tensor slice(Tensor x, int axis, int from, int to, int step) {
    return Tensor.of(new Slice(axis, from, to, step), x);
  }

  /** The inputs, concatenated along an axis; see {@link Concat}. */
  public static Tensor concat(int axis, Tensor... inputs) {
    List<Tensor> list = Nulls.inputs("concat", 0, inputs);
    return Tensor.of(Concat.of(axis, list.stream().map(Tensor::shape).toList()), inputs);
  }

  /** Tensors of one shape, stacked along a new axis; see {@link Concat}. */
  public static Tensor stack(int axis, Tensor... inputs) {
    return Concat.stack(axis, inputs);
  }

  /** x with a margin of one value around it; see {@link Pad}. */
  public static Tensor pad(Tensor x, int[] before, int[] after, double value) {
    Nulls.refuse("pad: before, after", before, after);
    return Tensor.of(
        new Pad(
            Arrays.stream(before).boxed().toList(), Arrays.stream(after).boxed().toList(), value),
        x);
  }

  /**
   * x with a margin around it that continues it, as NumPy's pad.
   *
   * <pre>
   *   y[..., before_k + i, ...] = x[..., i, ...]     on each axis k, of extent n, and around it
   *     CONSTANT: 0
   *     REFLECT:  x at -i for i &lt; 0, at 2 (n - 1) - i for i >= n: the end is not repeated
   *     EDGE:     x at 0 for i &lt; 0, at n - 1 for i >= n
   * </pre>
   *
   * Any shape. Each element of g is added to where it was taken from, axis by axis, as accurately
   * as by {@link Take}. Refuses margins that are negative, or not one for each axis of x; to
   * reflect more than n - 1 elements; and to repeat the edge of an axis that has none.
   *
   * @param before for each axis, how many elements come before those of x
   * @param after for each axis, how many come after
   * @param mode what they are
   */
  public static Tensor pad(Tensor x, int[] before, int[] after, PadMode mode) {
    Nulls.refuse("pad: x, before, after, mode", x, before, after, mode);
    return mode == PadMode.CONSTANT
        ? pad(x, before, after, 0)
        : Margins.pad(x, before, after, mode);
  }

  /** Reversed along these axes, or along all if none are given; see {@link Flip}. */
  public static Tensor flip(Tensor x, int... axes) {
    return Tensor.of(new Flip(Axes.of("flip", x, axes).in(x.shape())), x);
  }

  /** The whole array repeated along its axes, as NumPy's tile; see {@link Tile}. */
  public static Tensor tile(Tensor x, int... repetitions) {
    return Tile.tile(x, repetitions);
  }

  // ---- by position -----------------------------------------------------------------------------

  /**
   * The slabs of x at these positions along an axis, one behind the other; see {@link Take}.
   *
   * @param axis from 0, or negative to count from the end
   * @param indices the positions, each from 0 to the extent of the axis - 1, as often as wanted
   */
  public static Tensor take(Tensor x, int axis, int... indices) {
    Nulls.refuse("take: x, indices", x, indices);
    return take(x, axis, Indices.of(indices, indices.length));
  }

  /**
   * The slabs of x at positions along an axis, which the axes of the index replace; see {@link
   * Take}. An embedding is such: {@code take(table, 0, words)} of a table [V, D] and words [N, T]
   * is [N, T, D].
   *
   * @param axis from 0, or negative to count from the end
   * @param index the positions, in any shape; no gradient flows to them
   */
  public static Tensor take(Tensor x, int axis, Indices index) {
    return Tensor.of(new Take(axis, index), x);
  }

  /**
   * As {@link #take(Tensor, int, Indices)}, at positions that are a tensor of whole numbers: of
   * words that are an input, say. See {@link TakeAt}.
   *
   * @param axis from 0, or negative to count from the end
   * @param positions in any shape; no gradient flows to them
   */
  public static Tensor take(Tensor x, int axis, Tensor positions) {
    Nulls.refuse("take: x, positions", x, positions);
    return Tensor.of(new TakeAt(axis), x, positions.detach());
  }

  /** Elements chosen by their positions along an axis; see {@link Gather}. */
  public static Tensor gather(Tensor x, int axis, Indices index) {
    return Tensor.of(new Gather(axis, index), x);
  }

  /** Elements added at positions along an axis of zeros; see {@link ScatterAdd}. */
  public static Tensor scatterAdd(Tensor x, int axis, Indices index, int extent) {
    return Tensor.of(new ScatterAdd(axis, index, extent), x);
  }

  // ---- channels and pixels ---------------------------------------------------------------------

  /**
   * Pixels made of channels: PyTorch's pixel_shuffle. The inverse of {@link #spaceToDepth}.
   *
   * <pre>
   *   x [N, C b^2, H, W], y [N, C, H b, W b]
   *   y[n, c, h b + i, v b + j] = x[n, c b^2 + i b + j, h, v]   for i, j from 0 to b - 1
   *   VJP: spaceToDepth(g)
   * </pre>
   *
   * Copies, and computes nothing. Refuses a rank other than 4, and channels that the square of the
   * block does not divide.
   *
   * @param block b, the height and width of the pixels made of one, at least 1
   * @see <a href="https://arxiv.org/abs/1609.05158">Shi et al., Real-time single image and video
   *     super-resolution using an efficient sub-pixel convolutional neural network</a>
   */
  public static Tensor depthToSpace(Tensor x, int block) {
    return Blocks.depthToSpace(x, block);
  }

  /**
   * Channels made of pixels: PyTorch's pixel_unshuffle. The inverse of {@link #depthToSpace}.
   *
   * <pre>
   *   x [N, C, H b, W b], y [N, C b^2, H, W]
   *   y[n, c b^2 + i b + j, h, v] = x[n, c, h b + i, v b + j]   for i, j from 0 to b - 1
   *   VJP: depthToSpace(g)
   * </pre>
   *
   * Copies, and computes nothing. Refuses a rank other than 4, and a height or width that the block
   * does not divide.
   *
   * @param block b, the height and width of the pixels that become channels of one, at least 1
   */
  public static Tensor spaceToDepth(Tensor x, int block) {
    return Blocks.spaceToDepth(x, block);
  }
}
