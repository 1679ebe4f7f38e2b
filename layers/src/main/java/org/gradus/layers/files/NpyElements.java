package org.gradus.layers.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.gradus.autograd.array.DType;

/**
 * How the elements of a .npy file are written, and which numbers they are.
 *
 * @param descr the type in NumPy's words, such as {@code <f4}: order of bytes, kind, bytes of each
 */
record NpyElements(String descr) {
  private static final Pattern TYPE = Pattern.compile("[|<>=][iub]1|[<>](?:f[248]|[iu][248])");
  private static final int CHUNK = 1 << 16;

  static NpyElements of(String descr, String name) throws FileFormatException {
    if (!TYPE.matcher(descr).matches()) {
      throw new FileFormatException(
          name,
          ("elements of type %s, expected f2, f4, f8, i1, i2, i4, i8, u1, u2, u4, u8 or b1 with"
                  + " the order of their bytes, such as '<f4'")
              .formatted(Quoted.of(descr)));
    }
    return new NpyElements(descr);
  }

  /** Those of an array's own type. */
  static NpyElements of(DType dtype, boolean isBigEndian) {
    return new NpyElements((isBigEndian ? ">" : "<") + (dtype == DType.FLOAT32 ? "f4" : "f8"));
  }

  private String type() {
    return descr.substring(1);
  }

  int bytes() {
    return descr.charAt(2) - '0';
  }

  private ByteOrder order() {
    return descr.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  /** The type that holds all elements, or, of integers of 64 bits, most of them. */
  DType dtype() {
    boolean isFloat = descr.charAt(1) == 'f';
    return bytes() <= (isFloat ? 4 : 2) ? DType.FLOAT32 : DType.FLOAT64;
  }

  /** What a message says of an element by its number in the order of the file. */
  interface Place {
    String of(int number);
  }

  /**
   * The numbers, a {@code float[]} or {@code double[]}, in the order of the file. Memory grows with
   * what is there, not with what is announced.
   *
   * @param what is announced, for messages
   */
  Object read(InputStream in, String name, String what, int count, Place place) throws IOException {
    int each = bytes();
    byte[] chunk = new byte[Math.min(CHUNK / each, count) * each];
    ByteBuffer buffer = ByteBuffer.wrap(chunk).order(order());
    Object numbers = dtype() == DType.FLOAT32 ? new float[0] : new double[0];
    int length = 0;
    for (int done = 0; done < count; ) {
      int some = Math.min(count - done, CHUNK / each);
      int found = in.readNBytes(chunk, 0, some * each);
      if (found < some * each) {
        throw new FileFormatException(
            name,
            "expected %s, %s bytes, found %s"
                .formatted(what, (long) count * each, (long) done * each + found));
      }
      if (done + some > length) {
        length = (int) Math.min(count, Math.max(2L * length, done + some));
        numbers =
            numbers instanceof float[] floats
                ? Arrays.copyOf(floats, length)
                : Arrays.copyOf((double[]) numbers, length);
      }
      decode(buffer, some, numbers, done, name, place);
      done += some;
    }
    return numbers;
  }

  private void decode(
      ByteBuffer buffer, int count, Object numbers, int from, String name, Place place)
      throws FileFormatException {
    String type = type();
    if (type.equals("f4")) {
      buffer.asFloatBuffer().get((float[]) numbers, from, count);
      return;
    }
    if (type.equals("f8")) {
      buffer.asDoubleBuffer().get((double[]) numbers, from, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      int at = i * bytes();
      double number =
          switch (type) {
            case "f2" -> ExactNumbers.half(buffer.getShort(at));
            case "i1" -> buffer.get(at);
            case "u1" -> buffer.get(at) & 0xff;
            case "i2" -> buffer.getShort(at);
            case "u2" -> buffer.getShort(at) & 0xffff;
            case "i4" -> buffer.getInt(at);
            case "u4" -> Integer.toUnsignedLong(buffer.getInt(at));
            case "i8" -> signed(buffer.getLong(at), name, place, from + i);
            case "u8" -> unsigned(buffer.getLong(at), name, place, from + i);
            default -> bool(buffer.get(at), name, place, from + i);
          };
      if (numbers instanceof float[] floats) {
        floats[from + i] = (float) number;
      } else {
        ((double[]) numbers)[from + i] = number;
      }
    }
  }

  private static double bool(byte bits, String name, Place place, int number)
      throws FileFormatException {
    double held = ExactNumbers.bool(bits);
    if (Double.isNaN(held)) {
      throw new FileFormatException(
          name,
          "element %s is %s, expected 0 or 1, as of type b1"
              .formatted(place.of(number), bits & 0xff));
    }
    return held;
  }

  private static double signed(long bits, String name, Place place, int number)
      throws FileFormatException {
    double held = ExactNumbers.signed(bits);
    if (Double.isNaN(held)) {
      throw inexact(Long.toString(bits), name, place.of(number));
    }
    return held;
  }

  private static double unsigned(long bits, String name, Place place, int number)
      throws FileFormatException {
    double held = ExactNumbers.unsigned(bits);
    if (Double.isNaN(held)) {
      throw inexact(Long.toUnsignedString(bits), name, place.of(number));
    }
    return held;
  }

  private static FileFormatException inexact(String number, String name, String place) {
    return new FileFormatException(
        name, "element %s %s".formatted(place, ExactNumbers.fault(number)));
  }
}
