package org.gradus.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.ImageArrays;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.files.Images;

/** Images as they stand in the page: PNG files within it, large enough to be seen. */
final class Tiles {
  /** No image on the page has more pixels in a row or column. */
  static final int MOST_PIXELS = 256;

  private Tiles() {}

  /** One image [C, H, W] of a batch [N, C, H, W]. */
  static NdArray one(NdArray images, int number) {
    Shape shape = images.shape();
    int size = shape.size(1, 4);
    Shape single = Shape.of(shape.dim(1), shape.dim(2), shape.dim(3));
    return NdArray.generate(images.dtype(), single, i -> images.at(number * size + i));
  }

  /**
   * An image that can be shown: [1 or 3, H, W] from 0 to 1. One of other numbers is scaled to its
   * own range; of one that has neither 1 nor 3 channels, the mean of its channels is grey.
   *
   * @param image [C, H, W], C at least 1
   */
  static NdArray shown(NdArray image) {
    Shape shape = image.shape();
    int channels = shape.dim(0);
    NdArray colours = channels == 1 || channels == 3 ? image : mean(image);
    double low = 0;
    double high = 1;
    for (int i = 0; i < colours.size(); i++) {
      double number = colours.at(i);
      if (Double.isFinite(number)) {
        low = Math.min(low, number);
        high = Math.max(high, number);
      }
    }
    return low < 0 || high > 1 ? scaled(colours) : colours;
  }

  private static NdArray mean(NdArray image) {
    Shape shape = image.shape();
    int channels = shape.dim(0);
    int plane = shape.size(1, 3);
    return NdArray.generate(
        DType.FLOAT64,
        Shape.of(1, shape.dim(1), shape.dim(2)),
        i -> {
          double sum = 0;
          for (int c = 0; c < channels; c++) {
            sum += image.at(c * plane + i);
          }
          return sum / channels;
        });
  }

  /** Numbers in their own range: the least is 0, the largest 1; all are 0.5 where all are equal. */
  static NdArray scaled(NdArray numbers) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < numbers.size(); i++) {
      double number = numbers.at(i);
      if (Double.isFinite(number)) {
        low = Math.min(low, number);
        high = Math.max(high, number);
      }
    }
    double from = low;
    double range = high - low;
    return numbers.as(DType.FLOAT64).map(v -> range > 0 ? (v - from) / range : 0.5);
  }

  /** The data URI of a PNG file of an image [1 or 3, H, W]; NaN is black. */
  static String png(NdArray image) {
    NdArray small = limited(image.map(v -> Double.isNaN(v) ? 0 : Math.max(0, Math.min(1, v))));
    BufferedImage pixels = ImageArrays.toImage(small);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      if (!ImageIO.write(pixels, "png", out)) {
        throw new IllegalStateException("this Java runtime writes no PNG files");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static NdArray limited(NdArray image) {
    int height = image.shape().dim(1);
    int width = image.shape().dim(2);
    int longer = Math.max(height, width);
    if (longer <= MOST_PIXELS) {
      return image;
    }
    int newHeight = Math.max(1, (int) ((long) height * MOST_PIXELS / longer));
    int newWidth = Math.max(1, (int) ((long) width * MOST_PIXELS / longer));
    return Images.resized(image, newHeight, newWidth);
  }

  /**
   * An image in the page, whose pixels are squares.
   *
   * @param image [1 or 3, H, W] from 0 to 1
   * @param about how many pixels of the page the longer side gets, or a little less, or more for a
   *     large image
   * @param words for those who do not see it
   */
  static String image(NdArray image, int about, String words) {
    int height = image.shape().dim(1);
    int width = image.shape().dim(2);
    int longer = Math.max(height, width);
    int whole = about / longer;
    double scale = whole > 0 ? whole : (double) about / longer;
    return "<img class=\"pixels\" width=\"%s\" height=\"%s\" alt=\"%s\" src=\"%s\"/>%n"
        .formatted(
            Math.max(1, Math.round(scale * width)),
            Math.max(1, Math.round(scale * height)),
            Html.text(words),
            png(image))
        .replace(System.lineSeparator(), "\n");
  }

  /** An image or more with words below. */
  static String figure(String images, String caption) {
    return Html.in("figure", Html.in("div", images) + Html.in("figcaption", caption));
  }
}
