package org.gradus.layers.files;

import java.io.IOException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import javax.imageio.ImageReader;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.stream.ImageInputStream;

/**
 * The compressed strips or tiles of a TIFF file, which Java's decoder leaves black where their data
 * end too early.
 */
final class TiffStrips {
  private static final int CHUNK = 1 << 16;
  private static final int MARKER = 2;

  private final ImageInputStream in;
  private final TiffFields fields;
  private final String name;

  private TiffStrips(ImageInputStream in, TiffFields fields, String name) {
    this.in = in;
    this.fields = fields;
    this.name = name;
  }

  /**
   * Refuses strips that become fewer bytes than their samples have. That they are in the file, the
   * decoder has seen to; what is wrong with facsimiles, it warns of.
   *
   * @param in a TIFF file
   */
  static void require(ImageInputStream in, TiffFields fields, ImageReader reader, String name)
      throws IOException {
    int compression = fields.compression();
    if (compression != BaselineTIFFTagSet.COMPRESSION_NONE
        && compression != BaselineTIFFTagSet.COMPRESSION_OLD_JPEG) { // which has other fields
      new TiffStrips(in, fields, name).require(reader);
    }
  }

  private void require(ImageReader reader) throws IOException {
    int width = reader.getTileWidth(0);
    int height = reader.getTileHeight(0);
    int across = ceil(reader.getWidth(0), width);
    int plane = across * ceil(reader.getHeight(0), height);
    long[] offsets = fields.offsets();
    long[] counts = fields.byteCounts();
    boolean isPlanar = fields.isPlanar() && offsets.length > plane;
    int strips = isPlanar ? plane * fields.samples() : plane;
    long all = Arrays.stream(counts).sum();
    if (all > in.length()) { // strips that share bytes cost more than the size of the file tells
      throw new FileFormatException(
          name, "strips or tiles of %s bytes in a file of %s".formatted(all, in.length()));
    }
    for (int i = 0; i < strips; i++) {
      int top = i % plane / across * height;
      int rows = reader.isImageTiled(0) ? height : Math.min(height, reader.getHeight(0) - top);
      long expected = fields.bytes(rows, width, isPlanar ? i / plane : -1);
      byte[] data = new byte[(int) counts[i]];
      in.seek(offsets[i]);
      in.readFully(data);
      if (fields.compression() == BaselineTIFFTagSet.COMPRESSION_JPEG) {
        ImageDecoder.requireJpeg(jpeg(data), name, (long) height * width);
      }
      long found = found(data, expected);
      if (found < expected) {
        throw new FileFormatException(
            name,
            "strip or tile %s of %s has %s bytes, expected %s"
                .formatted(i, strips, found, expected));
      }
    }
  }

  private static int ceil(int number, int divisor) {
    return (int) (((long) number + divisor - 1) / divisor);
  }

  /** A whole JPEG file, of which the tables stand elsewhere. */
  private byte[] jpeg(byte[] data) {
    byte[] tables = fields.jpegTables();
    if (tables.length < 2 * MARKER || data.length < MARKER) {
      return data;
    }
    int before = tables.length - MARKER; // without the end, as the data without their beginning
    byte[] whole = Arrays.copyOf(tables, before + data.length - MARKER);
    System.arraycopy(data, MARKER, whole, before, data.length - MARKER);
    return whole;
  }

  private long found(byte[] data, long expected) throws IOException {
    return switch (fields.compression()) {
      case BaselineTIFFTagSet.COMPRESSION_LZW -> unpackedCodes(data, expected);
      case BaselineTIFFTagSet.COMPRESSION_PACKBITS -> unpackedRuns(data);
      case BaselineTIFFTagSet.COMPRESSION_ZLIB, BaselineTIFFTagSet.COMPRESSION_DEFLATE ->
          inflated(data, expected);
      default -> expected;
    };
  }

  private static long unpackedCodes(byte[] data, long enough) throws IOException {
    LzwCodes codes = new LzwCodes(Byte.SIZE, 1, -1);
    int[] place = {0};
    codes.read(
        bits -> {
          int end = place[0] + bits;
          if (end > data.length * (long) Byte.SIZE) {
            return -1;
          }
          int code = 0;
          for (; place[0] < end; place[0]++) { // the highest bit first
            code = 2 * code + (data[place[0] / 8] >> (7 - place[0] % 8) & 1);
          }
          return code;
        },
        enough);
    return codes.count();
  }

  /** Up to the byte -128, for which Java's decoder passes over the next one too. */
  private static long unpackedRuns(byte[] data) {
    long count = 0;
    for (int i = 0; i < data.length && data[i] > Byte.MIN_VALUE; ) {
      int literals = Math.min(data[i] + 1, data.length - 1 - i);
      boolean isRun = data[i] < 0;
      count += isRun ? (i + 1 < data.length ? 1 - data[i] : 0) : literals;
      i += isRun ? 2 : 1 + literals;
    }
    return count;
  }

  private static long inflated(byte[] data, long enough) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(data);
      byte[] chunk = new byte[CHUNK];
      long count = 0;
      for (int n = 1; n > 0 && count < enough; count += n) {
        n = inflater.inflate(chunk, 0, (int) Math.min(CHUNK, enough - count));
      }
      return count;
    } catch (DataFormatException e) {
      return inflater.getBytesWritten();
    } finally {
      inflater.end();
    }
  }
}
