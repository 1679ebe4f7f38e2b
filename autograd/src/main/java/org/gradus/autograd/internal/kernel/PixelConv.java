package org.gradus.autograd.internal.kernel;

import java.util.Arrays;

/**
 * A convolution of images whose channels follow each other: each output reads a window of so many
 * rows and columns of the input, which may lie on its border.
 *
 * @param top rows above the input that the first window reads, and {@code left} columns beside it
 */
public record PixelConv(
    Pixels in,
    Pixels out,
    int kernelRows,
    int kernelColumns,
    int strideRows,
    int strideColumns,
    int top,
    int left) {

  /** The same for so many images. */
  public PixelConv of(int images) {
    return new PixelConv(
        in.of(images),
        out.of(images),
        kernelRows,
        kernelColumns,
        strideRows,
        strideColumns,
        top,
        left);
  }

  /** Numbers of the input for each output, all channels. */
  public int depth() {
    return kernelRows * run();
  }

  /** Numbers that follow each other, of one row of a window. */
  public int run() {
    return kernelColumns * in.channels();
  }

  /** Where the pixels of a window lie, from its beginning on. */
  public int[] taps() {
    int[] taps = new int[kernelRows * kernelColumns];
    Arrays.setAll(taps, i -> i / kernelColumns * in.row() + i % kernelColumns * in.channels());
    return taps;
  }

  /** Where the numbers of a window lie, from its beginning on. */
  public int[] numbers() {
    int[] numbers = new int[depth()];
    Arrays.setAll(numbers, i -> i / run() * in.row() + i % run());
    return numbers;
  }

  /** Where the window of each pixel of an image begins. */
  public int[] windows() {
    int[] places = new int[out.plane()];
    Arrays.setAll(
        places,
        pixel -> {
          int row = pixel / out.width() * strideRows - top;
          return in.place(row, pixel % out.width() * strideColumns - left);
        });
    return places;
  }

  /** Where each pixel of an image lies. */
  public static int[] places(Pixels images) {
    int[] places = new int[images.plane()];
    Arrays.setAll(places, pixel -> images.place(pixel / images.width(), pixel % images.width()));
    return places;
  }
}
