package org.gradus.layers;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.Ops;

/**
 * Each example in another shape, with the same elements in row-major order: x [N, ...] becomes [N,
 * extents]. The opposite of {@link Flatten}.
 */
public final class Unflatten implements Layer {
  private final List<Integer> extents;

  /** The elements of an example, but for the extent that is worked out. */
  private final int known;

  /**
   * A layer that makes this shape of each example, such as {@code new Unflatten(1, 28, 28)}.
   *
   * @param extents of the shape of one example; one of them may be -1, and is worked out
   * @throws IllegalArgumentException if an extent is below -1, more than one is -1, or no array
   *     holds such an example
   */
  public Unflatten(int... extents) {
    this.extents = Arrays.stream(Nulls.given("unflatten: extents", extents)).boxed().toList();
    long unknown = this.extents.stream().filter(extent -> extent == -1).count();
    if (unknown > 1 || this.extents.stream().anyMatch(extent -> extent < -1)) {
      throw new IllegalArgumentException(
          "unflatten: extents %s, expected at least 0, and at most one -1".formatted(this.extents));
    }
    this.known =
        Shape.of("unflatten", Arrays.stream(extents).filter(extent -> extent >= 0).toArray())
            .size();
  }

  @Override
  public Tensor forward(Tensor x) {
    Shape shape = Nulls.given("unflatten: x", x).shape();
    if (shape.rank() == 0) {
      throw new ShapeException(
          name(), "input %s has rank 0, expected 1 or higher".formatted(shape));
    }
    int batch = shape.dim(0);
    int example = shape.size(1, shape.rank());
    int missing = known == 0 ? 0 : example / known;
    int[] dims =
        Stream.concat(Stream.of(batch), extents.stream().map(e -> e == -1 ? missing : e))
            .mapToInt(e -> e)
            .toArray();
    if (Shape.of(name(), Arrays.copyOfRange(dims, 1, dims.length)).size() != example) {
      throw new ShapeException(
          name(),
          "input %s has examples of %s elements, which are no %s"
              .formatted(shape, example, extents));
    }
    return Ops.reshape(x, dims);
  }

  /** For example {@code Unflatten[1, 28, 28]}. */
  @Override
  public String toString() {
    return "Unflatten" + extents;
  }
}
