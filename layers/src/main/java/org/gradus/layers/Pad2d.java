package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.Ops;
import org.gradus.autograd.ops.PadMode;

/**
 * A margin around images x [N, C, H, W]: zeros, or what continues the image; see {@link
 * Ops#pad(Tensor, int[], int[], PadMode)}.
 *
 * @param top rows above the image, at least 0
 * @param bottom rows below it, at least 0
 * @param left columns before it, at least 0
 * @param right columns behind it, at least 0
 * @param mode what the margin holds
 */
public record Pad2d(int top, int bottom, int left, int right, PadMode mode) implements Layer {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is negative
   */
  public Pad2d {
    Nulls.refuse("pad2d: mode", mode);
    if (Math.min(Math.min(top, bottom), Math.min(left, right)) < 0) {
      throw new IllegalArgumentException(
          "pad2d: top %s, bottom %s, left %s, right %s, expected at least 0"
              .formatted(top, bottom, left, right));
    }
  }

  /**
   * With the same margin on all sides.
   *
   * @param all rows and columns, at least 0
   * @param mode what the margin holds
   */
  public Pad2d(int all, PadMode mode) {
    this(all, all, all, all, mode);
  }

  @Override
  public Tensor forward(Tensor x) {
    Nulls.refuse("pad2d: x", x);
    if (x.shape().rank() != 4) {
      throw new ShapeException(
          name(), "input %s has rank %s, expected 4".formatted(x.shape(), x.shape().rank()));
    }
    boolean reflects = mode == PadMode.REFLECT;
    requireFits("height", x, 2, Math.max(top, bottom), reflects);
    requireFits("width", x, 3, Math.max(left, right), reflects);
    return Ops.pad(x, new int[] {0, 0, top, left}, new int[] {0, 0, bottom, right}, mode);
  }

  private void requireFits(String what, Tensor x, int axis, int margin, boolean reflects) {
    int extent = x.shape().dim(axis);
    boolean fits = margin == 0 || mode == PadMode.CONSTANT || extent > (reflects ? margin : 0);
    if (!fits) {
      throw new ShapeException(
          name(),
          "input %s has %s %s, too little for a margin of %s by %s"
              .formatted(x.shape(), what, extent, margin, mode));
    }
  }
}
