package org.gradus.examples;

import java.util.Arrays;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.files.FileFormatException;
import org.gradus.layers.files.Images;

/**
 * Makes an image of any size of one digit such as those that the nets have learnt from, in the way
 * of MNIST: ink is 1 on a background of 0; the digit, cut out, fits 20 x 20 pixels in its shape;
 * the centre of its mass is in the middle of 28 x 28 pixels.
 *
 * <p>What is ink is decided by the border of the image: its median is the background, and ink is
 * what is farthest from it in brightness, be it darker or brighter. An image of 28 x 28 pixels is
 * taken as it is, but for what is ink: it has been made in this way already.
 */
final class DigitImage {
  /** The most pixels of an image that is read. */
  static final long MOST_PIXELS = 1L << 24;

  private static final int SIZE = DigitModel.SIZE;

  /** The longer side of a digit. */
  private static final int BOX = 20;

  /** The least difference in brightness between ink and background. */
  private static final double CONTRAST = 0.1;

  /** The least ink of a pixel that is cut out: less is noise, or the blur of an edge. */
  private static final double INKED = 0.25;

  private DigitImage() {}

  /**
   * An image [1, H, W] of greys from 0 to 1 as [1, 28, 28].
   *
   * @param name of the image, for messages
   * @throws FileFormatException if there is no ink
   */
  static NdArray of(NdArray grey, String name) throws FileFormatException {
    NdArray ink = ink(grey, name);
    Shape shape = grey.shape();
    return shape.dim(1) == SIZE && shape.dim(2) == SIZE ? ink : centred(boxed(ink));
  }

  /** The brightness of each pixel as ink: 0 for the background, and 1 for what is farthest. */
  private static NdArray ink(NdArray grey, String name) throws FileFormatException {
    double background = border(grey);
    double least = 1;
    double most = 0;
    for (int i = 0; i < grey.size(); i++) {
      least = Math.min(least, grey.at(i));
      most = Math.max(most, grey.at(i));
    }
    double darkest = least - background;
    double brightest = most - background;
    double farthest = -darkest > brightest ? darkest : brightest;
    if (Math.abs(farthest) < CONTRAST) {
      throw new FileFormatException(
          name, "has no ink: all pixels are about as bright as those at its border");
    }
    return grey.map(v -> Math.max(0, (v - background) / farthest));
  }

  /** The median of the outermost pixels. */
  private static double border(NdArray grey) {
    int height = grey.shape().dim(1);
    int width = grey.shape().dim(2);
    double[] pixels = new double[2 * (height + width)];
    int n = 0;
    for (int x = 0; x < width; x++) {
      pixels[n++] = grey.get(0, 0, x);
      pixels[n++] = grey.get(0, height - 1, x);
    }
    for (int y = 0; y < height; y++) {
      pixels[n++] = grey.get(0, y, 0);
      pixels[n++] = grey.get(0, y, width - 1);
    }
    Arrays.sort(pixels);
    return pixels[pixels.length / 2];
  }

  /** The smallest part with all that is inked, in a size that fits the box. */
  private static NdArray boxed(NdArray ink) {
    int height = ink.shape().dim(1);
    int width = ink.shape().dim(2);
    int top = height;
    int left = width;
    int bottom = 0;
    int right = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        if (ink.get(0, y, x) >= INKED) {
          top = Math.min(top, y);
          left = Math.min(left, x);
          bottom = y + 1;
          right = Math.max(right, x + 1);
        }
      }
    }
    int rows = bottom - top;
    int columns = right - left;
    int longer = Math.max(rows, columns);
    return Images.resized(
        Images.cropped(ink, top, left, rows, columns),
        Math.max(1, Math.round((float) BOX * rows / longer)),
        Math.max(1, Math.round((float) BOX * columns / longer)));
  }

  /** The digit on a background, moved by whole pixels so that its mass is around the middle. */
  private static NdArray centred(NdArray digit) {
    int height = digit.shape().dim(1);
    int width = digit.shape().dim(2);
    double mass = 0;
    double downwards = 0;
    double across = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double ink = digit.get(0, y, x);
        mass += ink;
        downwards += ink * (y + 0.5);
        across += ink * (x + 0.5);
      }
    }
    int top = place(downwards / mass, height);
    int left = place(across / mass, width);
    return NdArray.generate(
        DType.FLOAT32,
        Shape.of(1, SIZE, SIZE),
        i -> {
          int y = i / SIZE - top;
          int x = i % SIZE - left;
          boolean isInside = y >= 0 && y < height && x >= 0 && x < width;
          return isInside ? digit.get(0, y, x) : 0;
        });
  }

  /** Where a length begins so that its centre is in the middle, or as near as there is room. */
  private static int place(double centre, int length) {
    long begin = Math.round(SIZE / 2.0 - centre);
    return (int) Math.max(0, Math.min(SIZE - length, begin));
  }
}
