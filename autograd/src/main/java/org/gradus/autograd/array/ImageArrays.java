package org.gradus.autograd.array;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;

/**
 * Images of Java as arrays [channels, height, width] of numbers from 0 to 1, and back. One channel
 * is grey; three are red, green and blue; four are these and alpha, which is not multiplied into
 * them.
 *
 * <p>The one class that needs the module {@code java.desktop}, which a program that calls it
 * requires by itself; without it, all else works.
 */
@SuppressWarnings("exports") // images need java.desktop
public final class ImageArrays {
  private static final String TO_IMAGE = "toImage";

  private ImageArrays() {}

  /**
   * The pixels of an image, of element type {@code dtype}. Grey images have one channel, whose
   * samples are taken as they are; others have their colours in sRGB, of 8 bits each, and alpha if
   * the image has that.
   */
  public static NdArray toArray(DType dtype, BufferedImage image) {
    Nulls.refuse("toArray: dtype, image", dtype, image);
    int width = image.getWidth();
    int plane = image.getHeight() * width;
    ColorModel colors = image.getColorModel();
    Raster raster = image.getRaster();
    if (colors.getColorSpace().getType() == ColorSpace.TYPE_GRAY
        && raster.getNumBands() == 1
        && !(colors instanceof IndexColorModel)) {
      double most = (1L << raster.getSampleModel().getSampleSize(0)) - 1;
      return NdArray.generate(
          dtype,
          Shape.of(1, image.getHeight(), width),
          i -> raster.getSample(i % width, i / width, 0) / most);
    }
    int[] shifts = {16, 8, 0, 24}; // red, green, blue and alpha in a pixel
    return NdArray.generate(
        dtype,
        Shape.of(colors.hasAlpha() ? 4 : 3, image.getHeight(), width),
        i -> {
          int pixel = image.getRGB(i % plane % width, i % plane / width);
          return (pixel >>> shifts[i / plane] & 0xff) / 255.0;
        });
  }

  /**
   * An image of these pixels ({@code array}) [channels, height, width], of 8 bits for each channel,
   * to which numbers are rounded. What {@link #toArray} makes of 8 bits comes back as it was.
   *
   * @throws ShapeException if there are not 1, 3 or 4 channels, or no pixels
   * @throws IllegalArgumentException if a number is not from 0 to 1
   */
  public static BufferedImage toImage(NdArray array) {
    Nulls.refuse("toImage: array", array);
    Shape shape = array.shape();
    if (shape.rank() != 3 || shape.size() == 0 || !isImage(shape.dim(0))) {
      throw new ShapeException(
          TO_IMAGE,
          "array %s, expected [1, 3 or 4 channels, height, width] and a pixel".formatted(shape));
    }
    int channels = shape.dim(0);
    int height = shape.dim(1);
    int width = shape.dim(2);
    int type =
        switch (channels) {
          case 1 -> BufferedImage.TYPE_BYTE_GRAY;
          case 3 -> BufferedImage.TYPE_INT_RGB;
          default -> BufferedImage.TYPE_INT_ARGB;
        };
    BufferedImage image = new BufferedImage(width, height, type);
    WritableRaster raster = image.getRaster(); // its bands are in the order of the channels
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          raster.setSample(x, y, c, sample(array.get(c, y, x), c, y, x));
        }
      }
    }
    return image;
  }

  private static boolean isImage(int channels) {
    return channels == 1 || channels == 3 || channels == 4;
  }

  private static int sample(double number, int channel, int y, int x) {
    if (!(number >= 0 && number <= 1)) {
      throw new IllegalArgumentException(
          "%s: element %s at [%s, %s, %s], expected 0 to 1"
              .formatted(TO_IMAGE, number, channel, y, x));
    }
    return (int) Math.round(number * 255);
  }
}
