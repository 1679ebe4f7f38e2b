package org.gradus.layers.files;

import java.io.IOException;
import javax.imageio.stream.ImageInputStream;

/**
 * The runs of a compressed BMP file, whose rows Java's decoder leaves as they are where the runs
 * end too early. The format lets them end before the last row, but by a mark.
 */
final class BmpRuns {
  private static final int DATA_PLACE = 10;
  private static final int SIZES = 18;
  private static final int RUNS_OF_BYTES = 1;
  private static final int RUNS_OF_HALVES = 2;
  private static final int HEADER = 40;

  private BmpRuns() {}

  /**
   * Refuses runs that end before the last row without saying so.
   *
   * @param in a BMP file, whose header is known to be there
   */
  static void require(ImageInputStream in, String name) throws IOException {
    in.seek(DATA_PLACE);
    long start = number(in);
    if (number(in) < HEADER) { // an older one, without runs
      return;
    }
    in.seek(SIZES);
    long width = number(in);
    long height = Math.abs((int) number(in));
    in.skipBytes(4);
    long compression = number(in);
    long announced = number(in);
    if (compression == RUNS_OF_BYTES || compression == RUNS_OF_HALVES) {
      in.seek(start);
      long end = start + (announced == 0 ? in.length() - start : announced);
      long rows = rows(in, end, width, height, compression == RUNS_OF_HALVES ? 2 : 1);
      if (rows < height) {
        throw new FileFormatException(
            name, "data for %s rows, expected %s or a mark of the end".formatted(rows, height));
      }
    }
  }

  /** How many rows the runs up to a byte of the file fill; all, if a mark says that they end. */
  private static long rows(ImageInputStream in, long end, long width, long height, int inByte)
      throws IOException {
    long rows = 0;
    long filled = 0;
    while (in.getStreamPosition() + 1 < end) {
      int count = in.readUnsignedByte();
      int value = in.readUnsignedByte();
      if (count > 0) {
        filled += count;
      } else if (value == 0) {
        rows++;
        filled = 0;
      } else if (value == 1) {
        return height;
      } else if (value == 2) {
        filled += in.readUnsignedByte();
        rows += in.readUnsignedByte();
      } else {
        filled += value;
        int bytes = (value + inByte - 1) / inByte;
        in.skipBytes(bytes + bytes % 2); // whole pairs
      }
    }
    return filled < width ? rows : rows + 1;
  }

  private static long number(ImageInputStream in) throws IOException {
    long number = 0;
    for (int i = 0; i < Integer.SIZE; i += Byte.SIZE) {
      number |= (long) in.readUnsignedByte() << i;
    }
    return number;
  }
}
