package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.permute;
import static org.gradus.autograd.ops.Ops.reshape;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * Blocks of pixels in the place of channels, and the reverse; composed of {@link Reshape} and
 * {@link Permute}.
 */
final class Blocks {
  private Blocks() {}

  /** As {@link Ops#depthToSpace}. */
  static Tensor depthToSpace(Tensor x, int block) {
    String op = "depthToSpace";
    Shape shape = requireImages(op, x, block);
    long area = (long) block * block;
    if (shape.dim(1) % area != 0) {
      throw new ShapeException(
          op,
          "input %s has %s channels, which %s (the square of block %s) does not divide"
              .formatted(shape, shape.dim(1), area, block));
    }
    int channels = (int) (shape.dim(1) / area);
    Shape wide = Axes.with(op, shape.with(1, channels), 2, (long) shape.dim(2) * block);
    Shape whole = Axes.with(op, wide, 3, (long) shape.dim(3) * block);
    Tensor apart = reshape(x, shape.dim(0), channels, block, block, shape.dim(2), shape.dim(3));
    return reshape(permute(apart, 0, 1, 4, 2, 5, 3), whole.toArray());
  }

  /** As {@link Ops#spaceToDepth}. */
  static Tensor spaceToDepth(Tensor x, int block) {
    String op = "spaceToDepth";
    Shape shape = requireImages(op, x, block);
    int height = shape.dim(2);
    int width = shape.dim(3);
    if (height % block != 0 || width % block != 0) {
      throw new ShapeException(
          op,
          "input %s is %s x %s, which block %s does not divide"
              .formatted(shape, height, width, block));
    }
    int rows = height / block;
    int columns = width / block;
    Shape small = shape.with(2, rows).with(3, columns);
    Shape whole = Axes.with(op, small, 1, (long) shape.dim(1) * block * block);
    Tensor apart = reshape(x, shape.dim(0), shape.dim(1), rows, block, columns, block);
    return reshape(permute(apart, 0, 1, 3, 5, 2, 4), whole.toArray());
  }

  private static Shape requireImages(String op, Tensor x, int block) {
    Nulls.refuse(op + ": x", x);
    Images.requireRank4(op, "input", x.shape());
    WindowOptions.requireAtLeast(op + ": block", block, 1);
    return x.shape();
  }
}
