package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.broadcastTo;
import static org.gradus.autograd.ops.Ops.reshape;

import java.util.Arrays;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * A whole array repeated along its axes, like tiles on a floor; composed of {@link Reshape} and
 * {@link BroadcastTo}.
 *
 * <pre>
 *   y[i_1, ..., i_n] = x[i_1 mod d_1, ..., i_n mod d_n]   for x [d_1, ..., d_n]
 * </pre>
 *
 * If x has fewer axes than there are repetitions it gets new ones of extent 1 on the left; if it
 * has more, the first are not repeated.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.tile.html">NumPy's tile</a>
 */
final class Tile {
  private Tile() {}

  static Tensor tile(Tensor x, int... repetitions) {
    Nulls.refuse("tile: x, repetitions", x, repetitions);
    int rank = Math.max(x.shape().rank(), repetitions.length);
    int[] dims = onTheRight(x.shape().toArray(), rank);
    int[] times = onTheRight(repetitions, rank);
    int[] apart = new int[2 * rank]; // [1, d_1, 1, d_2, ...]
    int[] repeated = new int[2 * rank]; // [r_1, d_1, r_2, d_2, ...]
    Shape tiled = Shape.of(dims);
    for (int axis = 0; axis < rank; axis++) {
      if (times[axis] < 0) {
        throw new ShapeException(
            "tile",
            "repetitions %s, expected none below 0".formatted(Arrays.toString(repetitions)));
      }
      apart[2 * axis] = 1;
      apart[2 * axis + 1] = dims[axis];
      repeated[2 * axis] = times[axis];
      repeated[2 * axis + 1] = dims[axis];
      tiled = Axes.with("tile", tiled, axis, (long) times[axis] * dims[axis]);
    }
    return reshape(broadcastTo(reshape(x, apart), Shape.of("tile", repeated)), tiled.toArray());
  }

  /** The numbers, with as many ones before them as there are missing. */
  private static int[] onTheRight(int[] numbers, int rank) {
    int[] result = new int[rank];
    Arrays.fill(result, 1);
    System.arraycopy(numbers, 0, result, rank - numbers.length, numbers.length);
    return result;
  }
}
