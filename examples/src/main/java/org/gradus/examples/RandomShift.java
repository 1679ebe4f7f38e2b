package org.gradus.examples;

import java.util.random.RandomGenerator;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/**
 * Moves each image by a few pixels, at random: a digit is the same digit wherever it stands, and a
 * network that never sees an image twice at one place cannot learn it by heart.
 */
final class RandomShift {
  private RandomShift() {}

  /**
   * Copies of images, each moved by its own numbers of rows and columns. What leaves the image is
   * lost, and zeros come in.
   *
   * @param images float32 [N, 1, H, W]
   * @param most pixels in each direction, below H and W; all numbers up to it are equally likely
   */
  static NdArray shifted(NdArray images, int most, RandomGenerator random) {
    Shape shape = images.shape();
    int height = shape.dim(2);
    int width = shape.dim(3);
    float[] from = (float[]) images.storage();
    float[] to = new float[from.length];
    for (int image = 0; image < shape.dim(0); image++) {
      int down = random.nextInt(-most, most + 1);
      int right = random.nextInt(-most, most + 1);
      for (int row = Math.max(0, -down); row < Math.min(height, height - down); row++) {
        int source = (image * height + row) * width + Math.max(0, -right);
        int target = (image * height + row + down) * width + Math.max(0, right);
        System.arraycopy(from, source, to, target, width - Math.abs(right));
      }
    }
    return NdArray.wrap(to, shape);
  }
}
