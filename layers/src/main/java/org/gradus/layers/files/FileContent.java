package org.gradus.layers.files;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.stream.LongStream;

/** What readers of files share: errors that name the file, and bytes that cost memory if there. */
final class FileContent {
  /** What every Java virtual machine can be expected to allocate. */
  static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  private static final int CHUNK = 1 << 16;

  private FileContent() {}

  /** What reads a file. */
  interface Reading<T> {
    T get() throws IOException;
  }

  /** What is read; whatever goes wrong, the message names the file. */
  static <T> T named(String name, Reading<T> reading) throws IOException {
    try {
      return reading.get();
    } catch (FileFormatException e) {
      throw e;
    } catch (IOException e) {
      String why = e.getMessage() != null ? e.getMessage() : e.getClass().getSimpleName();
      throw new IOException(name + ": cannot be read: " + why, e);
    } catch (OutOfMemoryError e) { // one large array did not fit; nothing else has changed
      throw new IOException(
          name + ": needs more memory than this virtual machine has left; give it more by -Xmx", e);
    }
  }

  /**
   * As many bytes as are announced, which must be all that is left.
   *
   * @param what is announced, for messages
   * @param most the most bytes that are read
   * @param advice the end of the message where there are more
   */
  static byte[] exactly(
      InputStream in, String name, String what, BigInteger expected, int most, String advice)
      throws IOException {
    int limit = Math.min(most, LARGEST_ARRAY);
    boolean fits = expected.compareTo(BigInteger.valueOf(limit)) <= 0;
    byte[] bytes = in.readNBytes(fits ? expected.intValue() : 0);
    long found = bytes.length + left(in, limit);
    if (found > limit && !fits) {
      throw new FileFormatException(
          name, "%s are %s bytes, expected at most %s%s".formatted(what, expected, limit, advice));
    }
    if (!expected.equals(BigInteger.valueOf(found))) {
      String count = found > limit ? "more than " + limit : "" + found;
      throw new FileFormatException(
          name, "expected %s, %s bytes, found %s".formatted(what, expected, count));
    }
    return bytes;
  }

  /** How many bytes are left, counted until there are more than a limit. */
  static long left(InputStream in, long limit) throws IOException {
    if (in.read() < 0) {
      return 0;
    }
    byte[] chunk = new byte[CHUNK];
    long count = 1;
    for (int n = 0; n >= 0 && count <= limit; n = in.read(chunk)) {
      count += n;
    }
    return count;
  }

  /** The product of numbers, however large it is. */
  static BigInteger product(LongStream factors) {
    return factors.mapToObj(BigInteger::valueOf).reduce(BigInteger.ONE, BigInteger::multiply);
  }
}
