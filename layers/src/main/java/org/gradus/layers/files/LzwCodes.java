package org.gradus.layers.files;

import java.io.IOException;

/**
 * Codes of Lempel, Ziv and Welch as in GIF and TIFF: how many values they stand for, and the
 * largest of these. Java's decoders leave the rest of an image as it is where codes end too early,
 * and do not tell.
 */
final class LzwCodes {
  private static final int MOST_BITS = 12;

  private final int clear;
  private final int early;
  private final int[] lengths = new int[1 << MOST_BITS];
  private final int[] heads = new int[1 << MOST_BITS];
  private final int[] largest = new int[1 << MOST_BITS];

  private long count;
  private int most = -1;

  /** What gives codes. */
  interface Bits {
    /** The next so many bits, or -1 at the end. */
    int next(int bits) throws IOException;
  }

  /**
   * Codes for values of so many bits.
   *
   * @param early how many codes before it is needed a code grows by a bit: 0 in GIF, 1 in TIFF
   * @param passedOver a value that is not looked at for the largest one, or -1
   */
  LzwCodes(int bits, int early, int passedOver) {
    this.clear = 1 << bits;
    this.early = early;
    for (int value = 0; value < clear; value++) {
      lengths[value] = 1;
      heads[value] = value;
      largest[value] = value == passedOver ? -1 : value;
    }
  }

  /** Reads codes until they stand for enough values, or end, or are wrong. */
  void read(Bits in, long enough) throws IOException {
    int shortest = Integer.SIZE - Integer.numberOfLeadingZeros(clear);
    int bits = shortest;
    int next = clear + 2;
    int old = -1;
    while (count < enough) {
      int code = in.next(bits);
      if (code == clear) {
        bits = shortest;
        next = clear + 2;
        old = -1;
        continue;
      }
      if (code < 0 || code == clear + 1 || code > next || (old < 0 && code > clear)) {
        return;
      }
      if (old >= 0 && next < lengths.length) {
        int last = heads[code == next ? old : code];
        lengths[next] = lengths[old] + 1;
        heads[next] = heads[old];
        largest[next] = Math.max(largest[old], largest[last]);
        next++;
      }
      if (code >= next) {
        return;
      }
      count += lengths[code];
      most = Math.max(most, largest[code]);
      old = code;
      if (next + early == 1 << bits && bits < MOST_BITS) {
        bits++;
      }
    }
  }

  /** How many values were read. */
  long count() {
    return count;
  }

  /** The largest value that was read, or -1. */
  int most() {
    return most;
  }
}
