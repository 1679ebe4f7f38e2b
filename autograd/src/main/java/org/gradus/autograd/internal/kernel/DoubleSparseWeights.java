package org.gradus.autograd.internal.kernel;

/**
 * Single weights of a convolution's gradient by their definition, where images and cotangents are
 * mostly 0, as behind a ReLU or a pooling. A bit for each element says whether it is not 0, in rows
 * of one pitch; so the products that are not 0 are found 64 at once. Strides and dilations are 1.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleSparseWeights {
  private final ConvSizes s;
  private final WindowSizes v;
  private final double[] x;
  private final double[] y;
  private final int pitch;

  /** Words of bits for one plane of an image. */
  private final int words;

  private final long[] bitsX;
  private final long[] bitsY;

  DoubleSparseWeights(ConvSizes s, double[] x, double[] y) {
    this.s = s;
    this.x = x;
    this.y = y;
    v = s.window();
    pitch = v.outW() + v.kernelW() - 1;
    words = ((v.outH() + v.kernelH() - 1) * pitch + Long.SIZE - 1) / Long.SIZE;
    bitsX = bits(s.channels(), x, v.inH(), v.inW(), v.padTop(), v.padLeft());
    bitsY = bits(s.filters(), y, v.outH(), v.outW(), 0, 0);
  }

  /** The bits of [images, planes, height, width] as [planes, images, words], and room behind. */
  private long[] bits(int planes, double[] from, int height, int width, int top, int left) {
    long[] bits = new long[(planes * s.batch() + 1) * words + 1];
    Parallel.ranges(
        planes,
        (long) s.batch() * height * width,
        (first, end) -> {
          for (int i = first * s.batch(); i < end * s.batch(); i++) {
            int plane = i % s.batch() * planes + i / s.batch();
            for (int row = 0; row < height; row++) {
              put(
                  from,
                  (plane * height + row) * width,
                  width,
                  bits,
                  i * words,
                  (top + row) * pitch + left);
            }
          }
        });
    return bits;
  }

  /** Sets the bits of n elements from {@code at} on, to those from {@code bit} on of some words. */
  private static void put(double[] from, int at, int n, long[] bits, int word, int bit) {
    for (int first = 0; first < n; first += Long.SIZE) {
      int end = Math.min(Long.SIZE, n - first);
      long some = 0;
      int i = 0;
      for (; i <= end - 8; i += 8) {
        some |= eight(from, at + first + i) << i;
      }
      for (; i < end; i++) {
        some |= Bits.notZero(from[at + first + i]) << i;
      }
      int to = word + (bit + first) / Long.SIZE;
      bits[to] |= some << (bit + first);
      bits[to + 1] |= some >>> 1 >>> ~(bit + first); // what does not fit
    }
  }

  private static long eight(double[] from, int at) {
    return Bits.notZero(from[at])
        | Bits.notZero(from[at + 1]) << 1
        | Bits.notZero(from[at + 2]) << 2
        | Bits.notZero(from[at + 3]) << 3
        | Bits.notZero(from[at + 4]) << 4
        | Bits.notZero(from[at + 5]) << 5
        | Bits.notZero(from[at + 6]) << 6
        | Bits.notZero(from[at + 7]) << 7;
  }

  /** How many elements of an image's channel are not 0, over all images. */
  long inChannel(int channel) {
    return count(bitsX, channel);
  }

  /** How many elements of a filter's cotangent are not 0, over all images. */
  long inFilter(int filter) {
    return count(bitsY, filter);
  }

  private long count(long[] bits, int plane) {
    long count = 0;
    for (int i = plane * s.batch() * words; i < (plane + 1) * s.batch() * words; i++) {
      count += Long.bitCount(bits[i]);
    }
    return count;
  }

  /** Whether a weight is the sum of anything but zeros. */
  boolean hasProducts(int at) {
    return next(at, 0) < s.batch() * words;
  }

  /** A weight, all of whose products are finite. */
  double weight(int at) {
    int shift = shift(at);
    /*wide*/ double total = 0;
    for (int i = next(at, 0); i < s.batch() * words; i = next(at, i + 1)) {
      int planeX = (i / words * s.channels() + channel(at)) * v.inPlane();
      int planeY = (i / words * s.filters() + filter(at)) * v.outPlane();
      int word = firstY(at) + i;
      /*wide*/ double sum = 0;
      for (long bits = both(word, firstX(at) + i, shift); bits != 0; bits &= bits - 1) {
        int bit = i % words * Long.SIZE + Long.numberOfTrailingZeros(bits);
        int row = (bit + shift) / pitch - v.padTop();
        int column = (bit + shift) % pitch - v.padLeft();
        int place = bit / pitch * v.outW() + bit % pitch;
        sum += (/*wide*/ double) x[planeX + row * v.inW() + column] * y[planeY + place];
      }
      total += sum;
    }
    return (double) total;
  }

  /** The first word, from one on, in which a weight has a product; the number of words if none. */
  private int next(int at, int from) {
    int firstY = firstY(at);
    int firstX = firstX(at);
    int shift = shift(at) % Long.SIZE;
    int i = from;
    while (i < s.batch() * words && both(firstY + i, firstX + i, shift) == 0) {
      i++;
    }
    return i;
  }

  /** Where a word of a cotangent, and what it meets so many bits behind a word, are both not 0. */
  private long both(int wordY, int wordX, int shift) {
    return bitsY[wordY] & (bitsX[wordX] >>> shift | bitsX[wordX + 1] << 1 << ~shift);
  }

  /** Where the words of a weight's filter begin. */
  private int firstY(int at) {
    return filter(at) * s.batch() * words;
  }

  /** Where the words are that those of the filter meet, but for a shift within a word. */
  private int firstX(int at) {
    return channel(at) * s.batch() * words + shift(at) / Long.SIZE;
  }

  private int filter(int at) {
    return at / s.filterSize();
  }

  private int channel(int at) {
    return at % s.filterSize() / (v.kernelH() * v.kernelW());
  }

  /** From a bit of the cotangent to that of the pixel that a weight meets there. */
  private int shift(int at) {
    return at / v.kernelW() % v.kernelH() * pitch + at % v.kernelW();
  }
}
