package org.gradus.layers.data;

import org.gradus.autograd.array.ShapeException;

/** Brightness, contrast and saturation of an image of one channel, or of red, green and blue. */
final class Colours {
  /** How bright red, green and blue look: ITU-R BT.601. */
  private static final double RED = 0.299;

  private static final double GREEN = 0.587;
  private static final double BLUE = 0.114;

  private Colours() {}

  static void require(Image image) {
    if (image.channels() != 1 && image.channels() != 3) {
      throw new ShapeException(
          "colour",
          "an input of [%s, %s, %s], expected [1, H, W] or [3, H, W]"
              .formatted(image.channels(), image.height(), image.width()));
    }
  }

  /** The image itself, altered by these factors, one after the other. */
  static Image of(Image image, double brightness, double contrast, double saturation) {
    double[] values = image.values();
    int area = image.area();
    for (int i = 0; i < values.length; i++) {
      values[i] *= brightness;
    }
    double mean = 0;
    for (int pixel = 0; pixel < area; pixel++) {
      mean += grey(image, pixel) / area;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = mean + contrast * (values[i] - mean);
    }
    for (int pixel = 0; pixel < area; pixel++) {
      double grey = grey(image, pixel);
      for (int i = pixel; i < values.length; i += area) {
        values[i] = grey + saturation * (values[i] - grey);
      }
    }
    return image;
  }

  private static double grey(Image image, int pixel) {
    double[] values = image.values();
    if (image.channels() == 1) {
      return values[pixel];
    }
    int area = image.area();
    return RED * values[pixel] + GREEN * values[area + pixel] + BLUE * values[2 * area + pixel];
  }
}
