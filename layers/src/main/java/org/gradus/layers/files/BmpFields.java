package org.gradus.layers.files;

import java.io.IOException;
import javax.imageio.stream.ImageInputStream;

/**
 * What a BMP file announces and Java's decoder takes on trust: the size of its palette, for which
 * it makes room before it reads; and that runs of pixels fill all rows, of which it leaves the
 * others as they are. The format lets runs end before the last row, but by a mark.
 */
final class BmpFields {
  private static final int FILE_SIZE = 2;
  private static final int DATA_PLACE = 10;
  private static final int HEADER_SIZE = 14;
  private static final int HEIGHT = 22;
  private static final int COMPRESSION = 30;
  private static final int COLOURS = 46;
  private static final int RUNS_OF_BYTES = 1;
  private static final int RUNS_OF_HALVES = 2;
  private static final int BITS = 3;
  private static final int HEADER = 40;

  private BmpFields() {}

  /**
   * Refuses a palette of more colours, and packed pixels of more bytes, than the file has.
   *
   * @param in a BMP file, at its beginning, where it is left
   */
  static void requireSizes(ImageInputStream in, String name) throws IOException {
    in.seek(FILE_SIZE);
    long file = number(in);
    in.seek(HEADER_SIZE);
    if (number(in) >= HEADER) {
      in.seek(COMPRESSION);
      long compression = number(in);
      long packed = number(in);
      in.seek(COLOURS);
      requireFit(Integer.BYTES * number(in), "a palette", in, name);
      if (compression == RUNS_OF_BYTES || compression == RUNS_OF_HALVES || compression > BITS) {
        requireFit(packed == 0 ? file : packed, "packed pixels", in, name);
      }
    }
    in.seek(0);
  }

  private static void requireFit(long bytes, String what, ImageInputStream in, String name)
      throws IOException {
    if (bytes > in.length()) {
      throw new FileFormatException(
          name, "%s of %s bytes in a file of %s".formatted(what, bytes, in.length()));
    }
  }

  /**
   * Refuses runs that end before the last row without saying so.
   *
   * @param in a BMP file, whose header is known to be there
   */
  static void requireRuns(ImageInputStream in, String name) throws IOException {
    in.seek(DATA_PLACE);
    long start = number(in);
    if (number(in) < HEADER) { // an older one, without runs
      return;
    }
    in.seek(HEIGHT);
    long height = Math.abs((int) number(in));
    in.skipBytes(4);
    long compression = number(in);
    long announced = number(in);
    if (compression == RUNS_OF_BYTES || compression == RUNS_OF_HALVES) {
      in.seek(start);
      long end = start + (announced == 0 ? in.length() - start : announced);
      long rows = rows(in, end, height, compression == RUNS_OF_HALVES ? 2 : 1);
      if (rows < height) {
        throw new FileFormatException(
            name, "data for %s rows, expected %s or a mark of the end".formatted(rows, height));
      }
    }
  }

  /** How many rows the runs up to a byte of the file fill; all, if a mark says that they end. */
  private static long rows(ImageInputStream in, long end, long height, int inByte)
      throws IOException {
    long rows = 0;
    while (in.getStreamPosition() + 1 < end) {
      int count = in.readUnsignedByte();
      int value = in.readUnsignedByte();
      if (count > 0) {
        continue; // pixels alike
      }
      if (value == 0) {
        rows++;
      } else if (value == 1) {
        return height;
      } else if (value == 2) {
        in.skipBytes(1);
        rows += in.readUnsignedByte();
      } else {
        int bytes = (value + inByte - 1) / inByte;
        in.skipBytes(bytes + bytes % 2); // whole pairs
      }
    }
    return rows;
  }

  private static long number(ImageInputStream in) throws IOException {
    long number = 0;
    for (int i = 0; i < Integer.SIZE; i += Byte.SIZE) {
      number |= (long) in.readUnsignedByte() << i;
    }
    return number;
  }
}
