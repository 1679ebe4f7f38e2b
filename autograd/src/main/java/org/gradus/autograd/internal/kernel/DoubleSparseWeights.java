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
      long some = 0;
      for (int i = 0; i < Math.min(Long.SIZE, n - first); i++) {
        some |= Bits.notZero(from[at + first + i]) << i;
      }
      int to = word + (bit + first) / Long.SIZE;
      bits[to] |= some << (bit + first);
      bits[to + 1] |= some >>> 1 >>> ~(bit + first); // what does not fit
    }
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
    int firstX = channel(at) * s.batch() * words;
    int firstY = filter(at) * s.batch() * words;
    int shift = shift(at);
    for (int i = 0; i < s.batch() * words; i++) {
      if (both(firstX + i, firstY + i, shift) != 0) {
        return true;
      }
    }
    return false;
  }

  /** A weight, all of whose products are finite. */
  double weight(int at) {
    int channel = channel(at);
    int filter = filter(at);
    int shift = shift(at);
    /*wide*/ double total = 0;
    for (int image = 0; image < s.batch(); image++) {
      int planeX = (image * s.channels() + channel) * v.inPlane();
      int planeY = (image * s.filters() + filter) * v.outPlane();
      int firstX = (channel * s.batch() + image) * words;
      int firstY = (filter * s.batch() + image) * words;
      for (int i = 0; i < words; i++) {
        /*wide*/ double sum = 0;
        for (long bits = both(firstX + i, firstY + i, shift); bits != 0; bits &= bits - 1) {
          int bit = i * Long.SIZE + Long.numberOfTrailingZeros(bits);
          int row = (bit + shift) / pitch - v.padTop();
          int column = (bit + shift) % pitch - v.padLeft();
          int place = bit / pitch * v.outW() + bit % pitch;
          sum += (/*wide*/ double) x[planeX + row * v.inW() + column] * y[planeY + place];
        }
        total += sum;
      }
    }
    return (double) total;
  }

  /** Where a word of a cotangent, and what it meets so many bits behind a word, are both not 0. */
  private long both(int wordX, int wordY, int shift) {
    long cotangent = bitsY[wordY];
    if (cotangent == 0) {
      return 0;
    }
    int i = wordX + shift / Long.SIZE;
    return cotangent & (bitsX[i] >>> shift | bitsX[i + 1] << 1 << ~shift);
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
