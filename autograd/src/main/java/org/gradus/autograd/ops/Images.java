package org.gradus.autograd.ops;

import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/** What the shapes of images, filters and their outputs must be. */
final class Images {
  private Images() {}

  /** Refuses a shape that is not of rank 4. */
  static void requireRank4(String op, String what, Shape shape) {
    requireRank(op, what, shape, 4);
  }

  /** Refuses a shape that is not of this rank. */
  static void requireRank(String op, String what, Shape shape, int rank) {
    if (shape.rank() != rank) {
      throw new ShapeException(
          op, "%s %s has rank %s, expected %s".formatted(what, shape, shape.rank(), rank));
    }
  }

  /** Refuses images [N, C, H, W] that have no rows or no columns. */
  static void requirePixels(String op, Shape x) {
    requireRank4(op, "input", x);
    if (x.dim(2) == 0 || x.dim(3) == 0) {
      throw new ShapeException(
          op, "input %s is %s x %s, expected at least 1 x 1".formatted(x, x.dim(2), x.dim(3)));
    }
  }

  /** Refuses a shape whose last two of four axes do not have these extents. */
  static void requireSize(String op, String what, Shape shape, int height, int width) {
    requireRank4(op, what, shape);
    if (shape.dim(2) != height || shape.dim(3) != width) {
      throw new ShapeException(
          op,
          "%s %s is %s x %s, but the geometry expects %s x %s"
              .formatted(what, shape, shape.dim(2), shape.dim(3), height, width));
    }
  }
}
