package org.gradus.layers.files;

import java.awt.Transparency;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;
import javax.imageio.ImageReader;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;

/** What a TIFF file announces beside its extents. */
final class TiffFields {
  private static final String FORMAT = "javax_imageio_tiff_image_1.0";

  private static final int MOST_BITS = 16;

  /** With the bits above, a pixel takes up to 16 bytes, and as many while it is decoded. */
  private static final int MOST_SAMPLES = 8;

  /** Tiles of this many pixels may be larger than the image. */
  private static final long TILE = 1 << 16;

  private static final int UNDEFINED = BaselineTIFFTagSet.SAMPLE_FORMAT_UNDEFINED;
  private static final int UNSIGNED = BaselineTIFFTagSet.SAMPLE_FORMAT_UNSIGNED_INTEGER;

  private final TIFFDirectory directory;

  private TiffFields(TIFFDirectory directory) {
    this.directory = directory;
  }

  /** Whether a reader is one of TIFF files. */
  static boolean isOf(ImageReader reader) {
    return FORMAT.equals(reader.getOriginatingProvider().getNativeImageMetadataFormatName());
  }

  /** The fields of the first image of a TIFF file. */
  static TiffFields of(ImageReader reader) throws IOException {
    return new TiffFields(TIFFDirectory.createFromMetadata(reader.getImageMetadata(0)));
  }

  private long[] numbers(int tag) {
    TIFFField field = directory.getTIFFField(tag);
    return field == null
        ? new long[0]
        : IntStream.range(0, field.getCount()).mapToLong(field::getAsLong).toArray();
  }

  private int number(int tag, int otherwise) {
    TIFFField field = directory.getTIFFField(tag);
    return field == null || field.getCount() == 0 ? otherwise : field.getAsInt(0);
  }

  // ---- samples ---------------------------------------------------------------------------------

  /** Refuses samples of other kinds, and what takes memory that neither file nor limit bounds. */
  void require(ImageReader reader, String name, long mostPixels) throws IOException {
    for (long format : numbers(BaselineTIFFTagSet.TAG_SAMPLE_FORMAT)) {
      if (format != UNSIGNED && format != UNDEFINED) {
        throw new FileFormatException(
            name, "samples are %s, expected whole numbers without a sign".formatted(kind(format)));
      }
    }
    for (long bits : numbers(BaselineTIFFTagSet.TAG_BITS_PER_SAMPLE)) {
      if (bits > MOST_BITS) {
        throw new FileFormatException(
            name, "samples of %s bits, expected 1 to %s".formatted(bits, MOST_BITS));
      }
    }
    if (samples() > MOST_SAMPLES) {
      throw new FileFormatException(
          name, "pixels of %s samples, expected 1 to %s".formatted(samples(), MOST_SAMPLES));
    }
    long height = reader.getTileHeight(0);
    long width = reader.getTileWidth(0);
    if (height * width > Math.max(mostPixels, TILE)) {
      throw new FileFormatException(
          name,
          "tiles of %s x %s, %s pixels, expected at most %s"
              .formatted(height, width, height * width, Math.max(mostPixels, TILE)));
    }
  }

  private static String kind(long format) {
    return switch ((int) format) {
      case BaselineTIFFTagSet.SAMPLE_FORMAT_SIGNED_INTEGER -> "numbers with a sign";
      case BaselineTIFFTagSet.SAMPLE_FORMAT_FLOATING_POINT -> "floats";
      default -> "numbers of the kind " + format;
    };
  }

  /** How many samples a pixel has. */
  int samples() {
    return number(BaselineTIFFTagSet.TAG_SAMPLES_PER_PIXEL, 1);
  }

  /**
   * An image that was just read, without what is taken for alpha: of a sample beyond the colours,
   * the file may say that it is something else, or nothing.
   */
  BufferedImage mended(BufferedImage image) {
    int kind = number(BaselineTIFFTagSet.TAG_EXTRA_SAMPLES, 0);
    boolean isAlpha =
        kind == BaselineTIFFTagSet.EXTRA_SAMPLES_ASSOCIATED_ALPHA
            || kind == BaselineTIFFTagSet.EXTRA_SAMPLES_UNASSOCIATED_ALPHA;
    ColorModel old = image.getColorModel();
    if (isAlpha || !old.hasAlpha() || !(old instanceof ComponentColorModel)) {
      return image;
    }
    int count = old.getNumColorComponents();
    int[] bands = IntStream.range(0, count).toArray();
    WritableRaster raster = image.getRaster();
    ColorModel opaque =
        new ComponentColorModel(
            old.getColorSpace(),
            Arrays.copyOf(old.getComponentSize(), count),
            false,
            false,
            Transparency.OPAQUE,
            old.getTransferType());
    return new BufferedImage(
        opaque,
        raster.createWritableChild(0, 0, raster.getWidth(), raster.getHeight(), 0, 0, bands),
        false,
        null);
  }

  // ---- strips and tiles ------------------------------------------------------------------------

  int compression() {
    return number(BaselineTIFFTagSet.TAG_COMPRESSION, BaselineTIFFTagSet.COMPRESSION_NONE);
  }

  /** Whether samples of one kind lie together, if there are strips enough for that. */
  boolean isPlanar() {
    return number(BaselineTIFFTagSet.TAG_PLANAR_CONFIGURATION, 1)
        == BaselineTIFFTagSet.PLANAR_CONFIGURATION_PLANAR;
  }

  /** Where the data of strips or tiles begin. */
  long[] offsets() {
    long[] tiles = numbers(BaselineTIFFTagSet.TAG_TILE_OFFSETS);
    return tiles.length > 0 ? tiles : numbers(BaselineTIFFTagSet.TAG_STRIP_OFFSETS);
  }

  /** How many bytes the data of strips or tiles have. */
  long[] byteCounts() {
    long[] tiles = numbers(BaselineTIFFTagSet.TAG_TILE_BYTE_COUNTS);
    return tiles.length > 0 ? tiles : numbers(BaselineTIFFTagSet.TAG_STRIP_BYTE_COUNTS);
  }

  /** What strips and tiles of JPEG have in common, as a file without an image; may be empty. */
  byte[] jpegTables() {
    TIFFField field = directory.getTIFFField(BaselineTIFFTagSet.TAG_JPEG_TABLES);
    return field == null ? new byte[0] : field.getAsBytes();
  }

  /**
   * How many bytes the samples of a strip or tile have, once they are not compressed.
   *
   * @param sample the one that it has; -1 if it has all of them
   */
  long bytes(long rows, long width, int sample) {
    int photometric = number(BaselineTIFFTagSet.TAG_PHOTOMETRIC_INTERPRETATION, 0);
    if (photometric == BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_Y_CB_CR && sample < 0) {
      long[] given = numbers(BaselineTIFFTagSet.TAG_Y_CB_CR_SUBSAMPLING);
      long across = given.length == 2 ? given[0] : 2;
      long down = given.length == 2 ? given[1] : 2;
      long blocks = ((width + across - 1) / across) * ((rows + down - 1) / down);
      return blocks * (across * down + 2);
    }
    long[] bits = numbers(BaselineTIFFTagSet.TAG_BITS_PER_SAMPLE);
    long ofPixel = 0;
    for (int i = 0; i < samples(); i++) {
      long each = bits.length == samples() ? bits[i] : bits.length > 0 ? bits[0] : 1;
      ofPixel += sample < 0 || sample == i ? each : 0;
    }
    return rows * ((width * ofPixel + Byte.SIZE - 1) / Byte.SIZE);
  }
}
