package org.gradus.layers.files;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/** Files of images as arrays. */
final class ImageDecoder {
  private ImageDecoder() {}

  /** An image [channels, H, W] of 1 or 3 channels. */
  static NdArray read(Path file, int channels, long mostPixels) throws IOException {
    String name = file.toString();
    if (Files.isDirectory(file)) {
      throw new IOException(name + ": is a folder, expected an image");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, Files.size(file), name, channels, mostPixels);
    }
  }

  /**
   * As above.
   *
   * @param size of the file in bytes
   */
  static NdArray read(InputStream in, long size, String name, int channels, long mostPixels)
      throws IOException {
    return FileContent.named(
        name,
        () -> {
          try (Stream stream = new Stream(in, size)) {
            return pixels(decoded(stream, name, mostPixels), channels);
          }
        });
  }

  /**
   * Remembers whether more was asked for than there is: some decoders then make up pixels. Tells
   * decoders how long it is: some then refuse what a file announces beyond that.
   */
  private static final class Stream extends MemoryCacheImageInputStream {
    private final long size;
    private boolean isPastEnd;

    Stream(InputStream in, long size) {
      super(in);
      this.size = size;
    }

    @Override
    public long length() {
      return size;
    }

    @Override
    public int read() throws IOException {
      int found = super.read();
      isPastEnd |= found < 0;
      return found;
    }

    @Override
    public int read(byte[] to, int from, int count) throws IOException {
      int found = super.read(to, from, count);
      isPastEnd |= found < 0;
      return found;
    }
  }

  private static BufferedImage decoded(Stream stream, String name, long mostPixels)
      throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
    if (!readers.hasNext()) {
      throw new FileFormatException(name, "is no image of a known format");
    }
    ImageReader reader = readers.next();
    stream.isPastEnd = false; // what asked for the format may have looked beyond a short file
    try {
      int colours = PngChunks.colours(stream);
      reader.setInput(stream, true, true);
      long height = reader.getHeight(0);
      long width = reader.getWidth(0);
      if (height < 1 || width < 1 || height * width > mostPixels) {
        throw new FileFormatException(
            name,
            "an image of %s x %s, %s pixels, expected at least 1 and at most %s"
                .formatted(height, width, height * width, mostPixels));
      }
      TiffFields.require(reader, name, mostPixels);
      BufferedImage image = reader.read(0);
      if (stream.isPastEnd) {
        throw new FileFormatException(name, "the image ends too early");
      }
      PngChunks.mend(reader, image, colours, name);
      return image;
    } catch (FileFormatException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // decoders throw what they meet
      String format = reader.getOriginatingProvider().getFormatNames()[0];
      throw new FileFormatException(
          name,
          stream.isPastEnd
              ? "the image ends too early"
              : "the image is damaged, or of a kind of %s that is not read".formatted(format),
          e);
    } finally {
      reader.dispose();
    }
  }

  // ---- pixels ----------------------------------------------------------------------------------

  private static NdArray pixels(BufferedImage image, int channels) {
    int height = image.getHeight();
    int width = image.getWidth();
    int plane = height * width;
    Shape shape = Shape.of("read", channels, height, width);
    float[] pixels = new float[shape.size()];
    double[][] row = new double[3][width];
    Rows rows = isPlain(image) ? new Samples(image) : new Colours(image);
    for (int y = 0; y < height; y++) {
      rows.read(y, row);
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

  /** Gives red, green and blue of one row after the other, from 0 to 1. */
  private interface Rows {
    void read(int y, double[][] colours);
  }

  /** Whether samples are grey, or red, green and blue in sRGB, and need no conversion. */
  private static boolean isPlain(BufferedImage image) {
    ColorModel colors = image.getColorModel();
    int type = colors.getTransferType();
    boolean isGrey = colors.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
    return colors instanceof ComponentColorModel
        && (isGrey || colors.getColorSpace().isCS_sRGB())
        && !colors.isAlphaPremultiplied()
        && (type == DataBuffer.TYPE_BYTE || type == DataBuffer.TYPE_USHORT);
  }

  /** Samples of up to 16 bits, as they stand in the file. */
  private static final class Samples implements Rows {
    private final Raster raster;
    private final int colors;
    private final boolean hasAlpha;
    private final int[] samples;

    Samples(BufferedImage image) {
      raster = image.getRaster();
      colors = image.getColorModel().getNumColorComponents();
      hasAlpha = image.getColorModel().hasAlpha();
      samples = new int[image.getWidth()];
    }

    @Override
    public void read(int y, double[][] colours) {
      int width = samples.length;
      for (int c = 0; c < colours.length; c++) {
        int band = Math.min(c, colors - 1); // grey is each of the three
        raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, band, samples);
        double most = most(band);
        for (int x = 0; x < width; x++) {
          colours[c][x] = samples[x] / most;
        }
      }
      if (hasAlpha) {
        raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, colors, samples);
        double most = most(colors);
        for (int x = 0; x < width; x++) {
          overWhite(colours, x, samples[x] / most);
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
    private final int[] packed;

    Colours(BufferedImage image) {
      this.image = image;
      packed = new int[image.getWidth()];
    }

    @Override
    public void read(int y, double[][] colours) {
      image.getRGB(0, y, packed.length, 1, packed, 0, packed.length);
      for (int x = 0; x < packed.length; x++) {
        for (int c = 0; c < colours.length; c++) {
          colours[c][x] = (packed[x] >>> (16 - 8 * c) & 0xff) / 255.0;
        }
        overWhite(colours, x, (packed[x] >>> 24) / 255.0);
      }
    }
  }

  private static void overWhite(double[][] colours, int x, double alpha) {
    if (alpha < 1) {
      for (double[] colour : colours) {
        colour[x] = colour[x] * alpha + (1 - alpha);
      }
    }
  }
}
