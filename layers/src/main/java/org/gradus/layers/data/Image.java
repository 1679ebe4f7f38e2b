package org.gradus.layers.data;

import java.util.random.RandomGenerator;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * An image [C, H, W] as doubles in row-major order, while it is altered.
 *
 * @param values of its own: those who alter an image write here
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and never leaves its maker
record Image(DType dtype, double[] values, int channels, int height, int width) {

  /** What is done to an image. */
  @FunctionalInterface
  interface Change {

    /** The image that is made; it may be the given one, altered. */
    Image of(Image image, RandomGenerator random);
  }

  /** Alters images, and refuses what is none. */
  static Augmentation augmentation(String function, Change change) {
    return (input, random) -> {
      Nulls.refuse("apply: input, random", input, random);
      return change.of(of(function, input), random).array();
    };
  }

  /**
   * The image that an array is.
   *
   * @throws ShapeException if the rank is not 3
   */
  static Image of(String function, NdArray input) {
    Shape shape = input.shape();
    if (shape.rank() != 3) {
      throw new ShapeException(function, "an input of %s, expected [C, H, W]".formatted(shape));
    }
    return new Image(input.dtype(), Values.of(input), shape.dim(0), shape.dim(1), shape.dim(2));
  }

  NdArray array() {
    return Values.array(dtype, values, Shape.of(channels, height, width));
  }

  /** An image of this one's element type and channels, of zeros. */
  Image blank(String function, int otherHeight, int otherWidth) {
    Shape shape = Shape.of(function, channels, otherHeight, otherWidth);
    return new Image(dtype, new double[shape.size()], channels, otherHeight, otherWidth);
  }

  /** The number of pixels of a channel. */
  int area() {
    return height * width;
  }

  /** Where a row of a channel begins. */
  int row(int channel, int y) {
    return (channel * height + y) * width;
  }
}
