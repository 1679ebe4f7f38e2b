package org.gradus.layers.files;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.ImageArrays;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * Images in files, and images as arrays [C, H, W] of numbers from 0 to 1: read, written, resized,
 * cropped, and laid out on a sheet.
 *
 * <pre>{@code
 * // given NdArray filters
 * NdArray image = Images.covering(Images.read(Path.of("cat.jpg")), 224, 224);
 * Images.write(Path.of("filters.png"), Images.sheet(filters, 8));
 * }</pre>
 *
 * <p>Read are the formats of {@code javax.imageio}: PNG, JPEG, GIF (the first frame), BMP, TIFF,
 * WBMP, and those that are plugged in. Samples are in sRGB, or as they stand in the file where they
 * are grey. What is transparent is laid over white. A GIF frame that is smaller than its screen is
 * read alone, in its own size. Whatever a camera says about which side is up is not looked at.
 *
 * <p>Refused are samples of TIFF files that are floats, have a sign or more than 16 bits, or are
 * more than 8 for a pixel; JPEG files of more than 100 scans; and pixels that a palette has no
 * colour for. Refused as damaged is an image whose data end too early, be it with the file or
 * before the last pixel. No format but PNG has checksums: changed bytes of the others may be read,
 * as other colours, where the data make up an image all the same; and a progressive JPEG file
 * without any scan of its finer details is read without them.
 */
public final class Images {
  /** The most pixels of an image that are read where no limit is given: 2^26, 8192 x 8192. */
  public static final long MOST_PIXELS = 1L << 26;

  private static final int GAP = 1;

  private Images() {}

  // ---- files -----------------------------------------------------------------------------------

  /**
   * Reads an image in colours, float32 [3, H, W]: red, green and blue from 0 to 1, which of a grey
   * image are the same.
   *
   * @throws FileFormatException if the file is no image of a known format, is damaged, or announces
   *     more than {@link #MOST_PIXELS}
   * @throws IOException if it cannot be read
   */
  public static NdArray read(Path file) throws IOException {
    return read(file, 3, MOST_PIXELS);
  }

  /**
   * Reads an image in grey, float32 [1, H, W], from 0 to 1; colours become 0.299 red + 0.587 green
   * + 0.114 blue.
   *
   * @throws FileFormatException if the file is no image of a known format, is damaged, or announces
   *     more than {@link #MOST_PIXELS}
   * @throws IOException if it cannot be read
   */
  public static NdArray readGrey(Path file) throws IOException {
    Nulls.refuse("readGrey: file", file);
    return read(file, 1, MOST_PIXELS);
  }

  /**
   * Reads an image, with a limit for what it announces, which is refused before it is decoded.
   *
   * @param channels 1 for grey, 3 for colours
   * @param mostPixels the most pixels H x W, at least 1
   * @throws FileFormatException if the file is no image of a known format, is damaged, or announces
   *     more
   * @throws IllegalArgumentException if the number of channels or the limit is another
   * @throws IOException if it cannot be read
   */
  public static NdArray read(Path file, int channels, long mostPixels) throws IOException {
    DecodedImage.requireChannels("read", channels);
    return DecodedImage.read(file, mostPixels).whole(channels);
  }

  /**
   * Reads the bytes of an image file, such as the body of a request, with a limit for what it
   * announces.
   *
   * @param file not changed
   * @param name of the file, for messages
   * @param channels 1 for grey, 3 for colours
   * @param mostPixels the most pixels H x W, at least 1
   * @throws FileFormatException if the bytes are no image of a known format, are damaged, or
   *     announce more
   * @throws IllegalArgumentException if the number of channels or the limit is another
   * @throws IOException if the image needs more memory than there is
   */
  public static NdArray read(byte[] file, String name, int channels, long mostPixels)
      throws IOException {
    DecodedImage.requireChannels("read", channels);
    return DecodedImage.read(file, name, mostPixels).whole(channels);
  }

  /**
   * Writes an image as PNG, of 8 bits for each channel. Numbers below 0 become 0, those above 1
   * become 1. The file has its old content or its new one, whole, as {@link SafeFile} says.
   *
   * @param png the file; it is made, or written over
   * @param image [1, H, W] for grey, or [3, H, W] for red, green and blue
   * @throws ShapeException if the image has another shape, or no pixels
   * @throws IllegalArgumentException if a number is NaN
   * @throws IOException if the file cannot be written
   */
  public static void write(Path png, NdArray image) throws IOException {
    Nulls.refuse("write: png, image", png, image);
    Shape shape = image.shape();
    if (shape.rank() != 3 || shape.size() == 0 || (shape.dim(0) != 1 && shape.dim(0) != 3)) {
      throw new ShapeException(
          "write", "image %s, expected [1 or 3, height, width] and a pixel".formatted(shape));
    }
    for (int i = 0; i < image.size(); i++) {
      if (Double.isNaN(image.at(i))) {
        int width = shape.dim(2);
        int plane = shape.dim(1) * width;
        throw new IllegalArgumentException(
            "write: element NaN at [%s, %s, %s], expected a number"
                .formatted(i / plane, i % plane / width, i % width));
      }
    }
    BufferedImage pixels = ImageArrays.toImage(image.map(v -> Math.max(0, Math.min(1, v))));
    SafeFile.write(
        png,
        channel -> {
          try (ImageOutputStream out =
              new MemoryCacheImageOutputStream(Channels.newOutputStream(channel))) {
            if (!ImageIO.write(pixels, "png", out)) {
              throw new IOException("this Java runtime writes no PNG files");
            }
          }
        });
  }

  // ---- sizes -----------------------------------------------------------------------------------

  /**
   * Images in another size. An axis that grows is interpolated linearly between the middles of two
   * pixels; one that shrinks is averaged over all pixels that a new one covers, so that fine
   * patterns become grey and not coarse ones. As {@code antialias} in PyTorch, and Pillow's {@code
   * BILINEAR}, up to rounding.
   *
   * @param image [..., H, W], such as [C, H, W] or [N, C, H, W]
   * @param height the new one, at least 1
   * @param width the new one, at least 1
   * @return [..., height, width] of the same element type
   * @throws ShapeException if there are no pixels
   * @throws IllegalArgumentException if an extent is below 1
   */
  public static NdArray resized(NdArray image, int height, int width) {
    Nulls.refuse("resized: image", image);
    requirePixels("resized", image);
    requireSize("resized", height, width);
    int rank = image.shape().rank();
    return Resizing.resampled(
        image,
        new Resizing(image.shape().dim(rank - 2), height, 0, height),
        new Resizing(image.shape().dim(rank - 1), width, 0, width));
  }

  /**
   * Images resized so that they just cover a size, and cut to it in their middle: nothing is
   * distorted, and the longer side loses as much at both ends.
   *
   * @param image [..., H, W]
   * @param height the new one, at least 1
   * @param width the new one, at least 1
   * @return [..., height, width] of the same element type
   * @throws ShapeException if there are no pixels
   * @throws IllegalArgumentException if an extent is below 1
   */
  public static NdArray covering(NdArray image, int height, int width) {
    Nulls.refuse("covering: image", image);
    requirePixels("covering", image);
    requireSize("covering", height, width);
    int rank = image.shape().rank();
    long oldHeight = image.shape().dim(rank - 2);
    long oldWidth = image.shape().dim(rank - 1);
    // Of the whole resized image, which may be much longer than wide, only the window is computed.
    boolean isTall = height * oldWidth <= width * oldHeight;
    long wholeHeight = isTall ? scaled(oldHeight, width, oldWidth, height) : height;
    long wholeWidth = isTall ? width : scaled(oldWidth, height, oldHeight, width);
    return Resizing.resampled(
        image,
        new Resizing((int) oldHeight, wholeHeight, (wholeHeight - height) / 2, height),
        new Resizing((int) oldWidth, wholeWidth, (wholeWidth - width) / 2, width));
  }

  /** An extent times a ratio, to the nearest whole number that is at least one given. */
  private static long scaled(long extent, long numerator, long denominator, long least) {
    return Math.max(least, (extent * numerator + denominator / 2) / denominator);
  }

  /**
   * A part of images.
   *
   * @param image [..., H, W]
   * @param top the first row, at least 0
   * @param left the first column, at least 0
   * @param height how many rows, at least 1
   * @param width how many columns, at least 1
   * @return [..., height, width], a copy
   * @throws ShapeException if the images do not have that part
   */
  public static NdArray cropped(NdArray image, int top, int left, int height, int width) {
    Nulls.refuse("cropped: image", image);
    return cropped("cropped", image, top, left, height, width);
  }

  /**
   * The middle of images; where as much cannot be cut off both ends, one pixel more is cut off the
   * end.
   *
   * @param image [..., H, W]
   * @param height how many rows, from 1 to H
   * @param width how many columns, from 1 to W
   * @return [..., height, width], a copy
   * @throws ShapeException if the images are smaller
   */
  public static NdArray centred(NdArray image, int height, int width) {
    Nulls.refuse("centred: image", image);
    requirePixels("centred", image);
    int rank = image.shape().rank();
    int top = Math.floorDiv(image.shape().dim(rank - 2) - height, 2);
    int left = Math.floorDiv(image.shape().dim(rank - 1) - width, 2);
    return cropped("centred", image, top, left, height, width);
  }

  private static NdArray cropped(
      String function, NdArray image, int top, int left, int height, int width) {
    requirePixels(function, image);
    Shape old = image.shape();
    int rank = old.rank();
    requirePart(function, top, left, height, width, old);
    int oldHeight = old.dim(rank - 2);
    int oldWidth = old.dim(rank - 1);
    Shape shape = old.with(rank - 2, height).with(rank - 1, width);
    Object from = image.storage();
    Object to = image.dtype() == DType.FLOAT32 ? new float[shape.size()] : new double[shape.size()];
    for (int line = 0; line < shape.size() / width; line++) {
      int row = line / height * oldHeight + top + line % height;
      System.arraycopy(from, row * oldWidth + left, to, line * width, width);
    }
    return Elements.wrapped(to, shape);
  }

  /** Refuses a part that images [..., H, W] do not have. */
  static void requirePart(String function, int top, int left, int height, int width, Shape images) {
    int rank = images.rank();
    if (top < 0
        || left < 0
        || height < 1
        || width < 1
        || top > images.dim(rank - 2) - height
        || left > images.dim(rank - 1) - width) {
      throw new ShapeException(
          function,
          "%s x %s pixels from row %s and column %s on, of images %s"
              .formatted(height, width, top, left, images));
    }
  }

  private static void requirePixels(String function, NdArray image) {
    Shape shape = image.shape();
    if (shape.rank() < 2 || shape.size() == 0) {
      throw new ShapeException(
          function, "image %s, expected [..., height, width] and a pixel".formatted(shape));
    }
  }

  static void requireSize(String function, int height, int width) {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "%s: %s x %s pixels, expected at least 1 x 1".formatted(function, height, width));
    }
  }

  // ---- sheets ----------------------------------------------------------------------------------

  /**
   * Images side by side in rows, in order, with a gap of one pixel between them. The gap, and the
   * places behind the last image, are 1: white.
   *
   * @param images [N, C, H, W]
   * @param columns how many in a row, at least 1; if there are fewer images, as many as there are
   * @return [C, rows (H + 1) - 1, columns (W + 1) - 1]
   * @throws ShapeException if there are no images, or they have no pixels
   * @throws IllegalArgumentException if the number of columns is below 1
   */
  public static NdArray sheet(NdArray images, int columns) {
    Nulls.refuse("sheet: images", images);
    Shape old = images.shape();
    if (old.rank() != 4 || old.size() == 0) {
      throw new ShapeException(
          "sheet",
          "images %s, expected [images, channels, height, width] and a pixel".formatted(old));
    }
    if (columns < 1) {
      throw new IllegalArgumentException(
          "sheet: %s columns, expected at least 1".formatted(columns));
    }
    int across = Math.min(columns, old.dim(0));
    int down = (old.dim(0) + across - 1) / across;
    int stepY = old.dim(2) + GAP;
    int stepX = old.dim(3) + GAP;
    int height = extent("sheet", down, stepY);
    int width = extent("sheet", across, stepX);
    return NdArray.generate(
        images.dtype(),
        Shape.of("sheet", old.dim(1), height, width),
        i -> {
          int x = i % width;
          int y = i / width % height;
          int number = y / stepY * across + x / stepX;
          boolean isGap = y % stepY == old.dim(2) || x % stepX == old.dim(3);
          return isGap || number >= old.dim(0)
              ? 1
              : images.get(number, i / width / height, y % stepY, x % stepX);
        });
  }

  private static int extent(String function, int count, int step) {
    long extent = (long) count * step - GAP;
    if (extent > FileContent.LARGEST_ARRAY) {
      throw new ShapeException(
          function,
          "%s pixels on a side, expected at most %s".formatted(extent, FileContent.LARGEST_ARRAY));
    }
    return (int) extent;
  }
}
