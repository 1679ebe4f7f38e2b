package org.gradus.autograd.internal.kernel;

/**
 * How images lie in an array when the channels of one pixel follow each other: image by image, row
 * by row, with a border of zeros around each image.
 *
 * @param border pixels on each side
 */
public record Pixels(int images, int channels, int height, int width, int border) {

  /** The same for so many images. */
  public Pixels of(int number) {
    return new Pixels(number, channels, height, width, border);
  }

  /** The elements of one row, with its border. */
  public int row() {
    return (width + 2 * border) * channels;
  }

  /** The elements of one image, with its border. */
  public int image() {
    return (height + 2 * border) * row();
  }

  /** The elements of all images, with their borders. */
  public int size() {
    return images * image();
  }

  /** Where a pixel of the first image begins; it may lie on the border. */
  public int place(int row, int column) {
    return (row + border) * row() + (column + border) * channels;
  }

  /** The pixels of an image, without the border. */
  public int plane() {
    return height * width;
  }

  /** Whether an array holds the elements in the same order as one of [images, channels, ...]. */
  public boolean isPlain() {
    return border == 0 && (channels == 1 || plane() == 1);
  }
}
