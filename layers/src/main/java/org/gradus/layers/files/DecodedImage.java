package org.gradus.layers.files;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * An image in memory in the samples of its file, parts of which become arrays: for images that are
 * worked at in tiles. A photo of 12 million pixels needs 36 MB so, and 144 MB as an array.
 *
 * <pre>{@code
 * DecodedImage photo = DecodedImage.read(Path.of("photo.jpg"), Images.MOST_PIXELS);
 * NdArray corner = photo.part(3, 0, 0, 64, 64);   // [3, 64, 64]
 * }</pre>
 *
 * <p>Formats and colours are those of {@link Images}. What was decoded is not changed, and any
 * number of threads may read it.
 */
public final class DecodedImage {
  private static final int COLOURS = 3;

  private final BufferedImage image;

  private DecodedImage(BufferedImage image) {
    this.image = image;
  }

  /**
   * Decodes an image, with a limit for what it announces, which is refused before it is decoded.
   *
   * @param file the image
   * @param mostPixels the most pixels H x W, at least 1
   * @throws FileFormatException if the file is no image of a known format, is damaged, or announces
   *     more
   * @throws IllegalArgumentException if the limit is below 1
   * @throws IOException if it cannot be read
   */
  public static DecodedImage read(Path file, long mostPixels) throws IOException {
    Nulls.refuse("read: file", file);
    requireLimit(mostPixels);
    return new DecodedImage(ImageDecoder.read(file, mostPixels));
  }

  /**
   * Decodes the bytes of an image file, with a limit for what it announces.
   *
   * @param file not changed
   * @param name of the file, for messages
   * @param mostPixels the most pixels H x W, at least 1
   * @throws FileFormatException if the bytes are no image of a known format, are damaged, or
   *     announce more
   * @throws IllegalArgumentException if the limit is below 1
   * @throws IOException if the image needs more memory than there is
   */
  public static DecodedImage read(byte[] file, String name, long mostPixels) throws IOException {
    Nulls.refuse("read: file, name", file, name);
    requireLimit(mostPixels);
    return new DecodedImage(
        ImageDecoder.read(new ByteArrayInputStream(file), file.length, name, mostPixels));
  }

  private static void requireLimit(long mostPixels) {
    if (mostPixels < 1) {
      throw new IllegalArgumentException(
          "read: a limit of %s pixels, expected at least 1".formatted(mostPixels));
    }
  }

  /** The number of rows. */
  public int height() {
    return image.getHeight();
  }

  /** The number of columns. */
  public int width() {
    return image.getWidth();
  }

  /**
   * All of it as an array, float32 [channels, height, width], from 0 to 1.
   *
   * @param channels 1 for grey, 3 for red, green and blue
   * @throws IllegalArgumentException if the number of channels is another
   * @throws ShapeException if an array cannot have so many elements
   */
  public NdArray whole(int channels) {
    requireChannels("whole", channels);
    return array("whole", channels, new Part(0, 0, height(), width()));
  }

  /**
   * A part of it as an array, float32 [channels, height, width], from 0 to 1.
   *
   * @param channels 1 for grey, 3 for red, green and blue
   * @param top the first row, at least 0
   * @param left the first column, at least 0
   * @param height how many rows, at least 1
   * @param width how many columns, at least 1
   * @throws IllegalArgumentException if the number of channels is another
   * @throws ShapeException if the image does not have that part, or an array cannot have so many
   *     elements
   */
  public NdArray part(int channels, int top, int left, int height, int width) {
    requireChannels("part", channels);
    Images.requirePart("part", top, left, height, width, Shape.of(height(), width()));
    return array("part", channels, new Part(top, left, height, width));
  }

  static void requireChannels(String function, int channels) {
    if (channels != 1 && channels != COLOURS) {
      throw new IllegalArgumentException(
          "%s: %s channels, expected 1 or 3".formatted(function, channels));
    }
  }

  // ---- samples ---------------------------------------------------------------------------------

  private record Part(int top, int left, int height, int width) {}

  /** One thread at a time: conversions of colours keep state. */
  private synchronized NdArray array(String function, int channels, Part part) {
    int height = part.height;
    int width = part.width;
    int plane = height * width;
    Shape shape = Shape.of(function, channels, height, width);
    float[] pixels = new float[shape.size()];
    double[][] row = new double[COLOURS][width];
    Rows rows = isPlain(image) ? new Samples(image, part) : new Colours(image, part);
    for (int y = 0; y < height; y++) {
      rows.read(part.top + y, row);
      for (int x = 0; x < width; x++) {
        if (channels == 1) {
          pixels[y * width + x] = (float) luma(row[0][x], row[1][x], row[2][x]);
        } else {
          for (int c = 0; c < channels; c++) {
            pixels[c * plane + y * width + x] = (float) row[c][x];
          }
        }
      }
    }
    return NdArray.wrap(pixels, shape);
  }

  /** Grey as it is; else how bright the colours are together by Rec. 601, as in JPEG. */
  private static double luma(double red, double green, double blue) {
    return red == green && green == blue ? red : 0.299 * red + 0.587 * green + 0.114 * blue;
  }

  /** Gives red, green and blue of a part of one row after the other, from 0 to 1. */
  private interface Rows {
    /** The part of row y of the image. */
    void read(int y, double[][] colours);
  }

  /** Whether samples are grey, or red, green and blue in sRGB, and need no conversion. */
  private static boolean isPlain(BufferedImage image) {
    ColorModel colors = image.getColorModel();
    int type = colors.getTransferType();
    boolean isGrey = colors.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
    return colors instanceof ComponentColorModel
        && (isGrey || colors.getColorSpace().isCS_sRGB())
        && (type == DataBuffer.TYPE_BYTE || type == DataBuffer.TYPE_USHORT);
  }

  /** Samples of up to 16 bits, as they stand in the file. */
  private static final class Samples implements Rows {
    private final Raster raster;
    private final int colors;
    private final boolean hasAlpha;
    private final boolean isLaidOver;
    private final int left;
    private final int[] samples;

    Samples(BufferedImage image, Part part) {
      raster = image.getRaster();
      colors = image.getColorModel().getNumColorComponents();
      hasAlpha = image.getColorModel().hasAlpha();
      isLaidOver = image.getColorModel().isAlphaPremultiplied();
      left = raster.getMinX() + part.left;
      samples = new int[part.width];
    }

    @Override
    public void read(int y, double[][] colours) {
      int width = samples.length;
      for (int c = 0; c < colours.length; c++) {
        int band = Math.min(c, colors - 1); // grey is each of the three
        raster.getSamples(left, raster.getMinY() + y, width, 1, band, samples);
        double most = most(band);
        for (int x = 0; x < width; x++) {
          colours[c][x] = samples[x] / most;
        }
      }
      if (hasAlpha) {
        raster.getSamples(left, raster.getMinY() + y, width, 1, colors, samples);
        double most = most(colors);
        for (int x = 0; x < width; x++) {
          overWhite(colours, x, samples[x] / most, isLaidOver);
        }
      }
    }

    private double most(int band) {
      return (1 << raster.getSampleModel().getSampleSize(band)) - 1;
    }
  }

  /** Whatever Java converts to 8 bits of sRGB: palettes, packed pixels, other spaces of colour. */
  private static final class Colours implements Rows {
    private final BufferedImage image;
    private final int left;
    private final int[] packed;

    Colours(BufferedImage image, Part part) {
      this.image = image;
      left = part.left;
      packed = new int[part.width];
    }

    @Override
    public void read(int y, double[][] colours) {
      image.getRGB(left, y, packed.length, 1, packed, 0, packed.length);
      for (int x = 0; x < packed.length; x++) {
        for (int c = 0; c < colours.length; c++) {
          colours[c][x] = (packed[x] >>> (16 - 8 * c) & 0xff) / 255.0;
        }
        overWhite(colours, x, (packed[x] >>> 24) / 255.0, false);
      }
    }
  }

  /**
   * Lays a pixel over white.
   *
   * @param isLaidOver whether the colours are multiplied by alpha already, as over black
   */
  private static void overWhite(double[][] colours, int x, double alpha, boolean isLaidOver) {
    if (alpha < 1) {
      for (double[] colour : colours) {
        double dark = isLaidOver ? colour[x] : colour[x] * alpha;
        colour[x] = Math.min(1, dark + (1 - alpha));
      }
    }
  }
}
