package org.gradus.autograd.internal.kernel;

/**
 * Kernels for images whose channels follow each other, as {@link Pixels} says: those of
 * predictions, whose weights are laid out once. Results are written to the last array named, but
 * for the borders of images, which stay as they are.
 *
 * <p>Each output is one sum, in order of the window's rows, columns and channels, whatever the
 * batch, the number of threads and the width of vectors.
 *
 * @param <A> the type of array
 */
public interface PixelKernels<A> {

  /** A convolution that is ready to be computed, over and over, by any number of threads. */
  interface Ready<A> {
    /**
     * Computes it.
     *
     * @param added to the sums, if the convolution was prepared for that
     */
    void run(A x, A added, A y);
  }

  /**
   * Lays out the weights of a convolution in which each output reads all channels.
   *
   * @param w [outputs, rows of a window, columns, channels]
   */
  A panels(PixelConv s, A w);

  /** As many elements as {@link #panels} has outputs: the bias, then zeros. */
  A bias(PixelConv s, A b);

  /**
   * Makes a convolution ready, of weights and a bias that were laid out.
   *
   * @param other how the images lie that are added, if some are
   * @param least what smaller sums are replaced by, or -infinity; {@code most} likewise
   */
  Ready<A> dense(
      PixelConv s, A panels, A bias, Pixels other, boolean adds, double least, double most);

  /**
   * Makes a convolution ready in which each output channel reads one channel, that of its number.
   *
   * @param w [rows of a window, columns, channels]
   */
  Ready<A> depthwise(
      PixelConv s, A w, A bias, Pixels other, boolean adds, double least, double most);

  /** The largest number of each window and channel. */
  void maxPool(PixelConv s, A x, A y);

  /** The mean of each channel of each image, which is one pixel of y. */
  void mean(Pixels in, A x, A y);

  /** Images [images, channels, height, width] to pixels. */
  void fromPlanes(Pixels to, A x, A y);

  /** Pixels to images [images, channels, height, width]. */
  void toPlanes(Pixels from, A x, A y);
}
