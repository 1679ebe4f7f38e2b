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

  /** A function whose sizes and weights are known; to be computed over and over. */
  @FunctionalInterface
  interface Prepared<A> {
    /** The function for one thread at a time, to call it from. */
    Ready<A> ready();
  }

  /** A function that makes no objects when it is computed. */
  interface Ready<A> {
    /**
     * Computes it.
     *
     * @param added to the sums, by a convolution that was prepared for that
     */
    void run(A x, A added, A y);

    /** The same on the calling thread alone. */
    Ready<A> alone();
  }

  /** Outputs that are computed at once, at least. */
  int lanes();

  /**
   * Lays out the weights of a convolution in which each output reads all channels.
   *
   * @param w [outputs, rows of a window, columns, channels]
   */
  A panels(PixelConv s, A w);

  /** As many elements as {@link #panels} has outputs: the bias, then zeros. */
  A bias(PixelConv s, A b);

  /**
   * Prepares a convolution, of weights and a bias that were laid out.
   *
   * @param other how the images lie that are added, if some are
   * @param least what smaller sums are replaced by, or -infinity; {@code most} likewise
   */
  Prepared<A> dense(
      PixelConv s, A panels, A bias, Pixels other, boolean adds, double least, double most);

  /**
   * Prepares a convolution in which each output channel reads one channel, that of its number.
   *
   * @param w [rows of a window, columns, channels]
   */
  Prepared<A> depthwise(
      PixelConv s, A w, A bias, Pixels other, boolean adds, double least, double most);

  /** The largest number of each window and channel. */
  Prepared<A> maxPool(PixelConv s);

  /** The mean of each channel of each image, which is one pixel of y. */
  Prepared<A> mean(Pixels in);

  /** Images [images, channels, height, width] to pixels. */
  Prepared<A> fromPlanes(Pixels to);

  /** Pixels to images [images, channels, height, width]. */
  Prepared<A> toPlanes(Pixels from);
}
