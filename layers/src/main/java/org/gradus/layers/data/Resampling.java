package org.gradus.layers.data;

/**
 * A map of places of the image that is made to places of the image that it is made of, about the
 * centre of both:
 *
 * <pre>
 *   c = ((H - 1) / 2, (W - 1) / 2)
 *   source(p) = c + A (p - c - move)
 *   A = [yy yx; xy xx]
 * </pre>
 *
 * @param yy how far a source lies below, for each row; xy: how far to its right
 * @param yx how far a source lies below, for each column; xx: how far to its right
 * @param moveY how many rows the image is moved down
 * @param moveX how many columns the image is moved to the right
 */
record Resampling(double yy, double yx, double xy, double xx, double moveY, double moveX) {

  /**
   * The map that makes an image larger by a factor, then turns it, then moves it.
   *
   * @param degrees anticlockwise, as the image is seen with row 0 on top
   */
  static Resampling of(double factor, double degrees, double moveY, double moveX) {
    double sin = StrictMath.sin(Math.toRadians(degrees)) / factor;
    double cos = StrictMath.cos(Math.toRadians(degrees)) / factor;
    return new Resampling(cos, sin, -sin, cos, moveY, moveX);
  }

  /** The image that is made; each pixel is interpolated between the four around its source. */
  Image of(Image image) {
    Image made = image.blank("affine", image.height(), image.width());
    double centreY = (image.height() - 1) / 2.0;
    double centreX = (image.width() - 1) / 2.0;
    for (int i = 0; i < image.height(); i++) {
      for (int j = 0; j < image.width(); j++) {
        double y = i - centreY - moveY;
        double x = j - centreX - moveX;
        interpolate(
            image,
            centreY + yy * y + yx * x,
            centreX + xy * y + xx * x,
            made,
            i * image.width() + j);
      }
    }
    return made;
  }

  /** The value at (y, x) in every channel; outside of the image are zeros. */
  private static void interpolate(Image image, double y, double x, Image made, int pixel) {
    int top = (int) Math.floor(y);
    int left = (int) Math.floor(x);
    double below = y - top;
    double right = x - left;
    add(image, top, left, (1 - below) * (1 - right), made, pixel);
    add(image, top, left + 1, (1 - below) * right, made, pixel);
    add(image, top + 1, left, below * (1 - right), made, pixel);
    add(image, top + 1, left + 1, below * right, made, pixel);
  }

  /** Adds a pixel by its weight; what weighs nothing is not looked at, were it infinite. */
  private static void add(Image image, int y, int x, double weight, Image made, int pixel) {
    if (weight == 0 || y < 0 || y >= image.height() || x < 0 || x >= image.width()) {
      return;
    }
    for (int c = 0; c < image.channels(); c++) {
      made.values()[c * image.area() + pixel] += weight * image.values()[image.row(c, y) + x];
    }
  }
}
