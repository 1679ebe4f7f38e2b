package org.gradus.layers.files;

import java.io.IOException;
import javax.imageio.stream.ImageInputStream;

/**
 * The pixels of the first frame of a GIF file, which Java's decoder does not count, and whose
 * colours it does not look for.
 */
final class GifFrame {
  private static final int SCREEN_FLAGS = 10;
  private static final int EXTENSION = 0x21;
  private static final int CONTROL = 0xf9;
  private static final int FRAME = 0x2c;
  private static final int MOST_BITS = 8;
  private static final int MOST_COLOURS = 256;

  private GifFrame() {}

  /**
   * Refuses a frame that has no data for a pixel, or no colour.
   *
   * @param in a GIF file whose parts are known to be there, up to the data of the frame
   */
  static void require(ImageInputStream in, String name) throws IOException {
    in.seek(SCREEN_FLAGS);
    int flags = in.readUnsignedByte();
    in.skipBytes(2);
    int colours = skippedTable(in, flags, MOST_COLOURS);
    int transparent = -1;
    for (int block = in.read(); block != FRAME; block = in.read()) {
      if (block != EXTENSION) {
        return; // the decoder tells what this is
      }
      if (in.read() == CONTROL) {
        transparent = transparent(in, transparent);
      }
      skipBlocks(in);
    }
    in.skipBytes(4);
    long width = shortNumber(in);
    long height = shortNumber(in);
    colours = skippedTable(in, in.readUnsignedByte(), colours);
    int bits = in.readUnsignedByte();
    if (bits < 1 || bits > MOST_BITS) {
      throw new FileFormatException(
          name, "codes for %s bits of a pixel, expected 1 to %s".formatted(bits, MOST_BITS));
    }
    LzwCodes codes = new LzwCodes(bits, 0, transparent);
    codes.read(new Blocks(in), height * width);
    if (codes.count() < height * width) {
      throw new FileFormatException(
          name, "data for %s pixels, expected %s x %s".formatted(codes.count(), height, width));
    }
    if (codes.most() >= colours) {
      throw new FileFormatException(
          name, "a pixel has the colour %s of a palette of %s".formatted(codes.most(), colours));
    }
  }

  /** How many colours there are behind a table that a byte announces, which may be none. */
  private static int skippedTable(ImageInputStream in, int flags, int before) throws IOException {
    if ((flags & 0x80) == 0) {
      return before;
    }
    int colours = 2 << (flags & 7);
    in.skipBytes(3 * colours);
    return colours;
  }

  /** The colour that is transparent by the block that is next, and need not be in a table. */
  private static int transparent(ImageInputStream in, int before) throws IOException {
    in.mark();
    in.skipBytes(1);
    boolean isThere = (in.readUnsignedByte() & 1) != 0;
    in.skipBytes(2);
    int colour = in.readUnsignedByte();
    in.reset();
    return isThere ? colour : before;
  }

  private static void skipBlocks(ImageInputStream in) throws IOException {
    for (int size = in.readUnsignedByte(); size > 0; size = in.readUnsignedByte()) {
      in.skipBytes(size);
    }
  }

  private static int shortNumber(ImageInputStream in) throws IOException {
    int low = in.readUnsignedByte();
    return low | in.readUnsignedByte() << 8;
  }

  /** Bits in blocks of bytes, the lowest ones first. */
  private static final class Blocks implements LzwCodes.Bits {
    private final ImageInputStream in;
    private int left;
    private int held;
    private int bits;

    Blocks(ImageInputStream in) {
      this.in = in;
    }

    @Override
    public int next(int count) throws IOException {
      while (held < count) {
        if (left == 0) {
          left = in.readUnsignedByte();
          if (left == 0) {
            return -1;
          }
        }
        bits |= in.readUnsignedByte() << held;
        held += Byte.SIZE;
        left--;
      }
      int code = bits & (1 << count) - 1;
      bits >>>= count;
      held -= count;
      return code;
    }
  }
}
