package org.gradus.examples;

import org.gradus.autograd.array.NdArray;
import org.gradus.layers.files.DecodedImage;
import org.gradus.layers.files.Images;

/** An image that is asked for part by part, in red, green and blue from 0 to 255. */
interface Picture {
  /** The number of rows. */
  int height();

  /** The number of columns. */
  int width();

  /** A part of it, [3, height, width]. */
  NdArray part(int top, int left, int height, int width);

  /** An array [3, H, W] of such numbers. */
  static Picture of(NdArray image) {
    return new Picture() {
      @Override
      public int height() {
        return image.shape().dim(1);
      }

      @Override
      public int width() {
        return image.shape().dim(2);
      }

      @Override
      public NdArray part(int top, int left, int height, int width) {
        return Images.cropped(image, top, left, height, width);
      }
    };
  }

  /** An image in memory as in its file: there is never an array of all of it. */
  static Picture of(DecodedImage image) {
    return new Picture() {
      @Override
      public int height() {
        return image.height();
      }

      @Override
      public int width() {
        return image.width();
      }

      @Override
      public NdArray part(int top, int left, int height, int width) {
        return image.part(3, top, left, height, width).map(v -> 255 * v);
      }
    };
  }
}
