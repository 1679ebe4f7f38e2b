package org.gradus.layers.files;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.gradus.autograd.array.Shape;

/**
 * What stands before the elements of a .npy file:
 *
 * <pre>
 * 0x93 NUMPY  major minor  length  {'descr': '&lt;f4', 'fortran_order': False, 'shape': (2, 3), }
 * </pre>
 *
 * <p>The length is a little-endian uint16 in version 1.0, and a uint32 in versions 2.0 and 3.0. The
 * text is a Python dict of these three keys, in any order, then spaces and a line feed.
 *
 * @param elements how each is written
 * @param fortran whether the first axis is the one whose elements lie side by side
 */
record NpyHeader(NpyElements elements, boolean fortran, Shape shape) {
  private static final String MAGIC = "\u0093NUMPY"; // one byte each
  private static final int PREFIX = MAGIC.length() + 2;

  /** As NumPy's own limit. */
  private static final int LONGEST = 10_000;

  private static final int ALIGNMENT = 64;

  private static final Pattern DICT = Pattern.compile("\\{(.*)\\}[ \\t]*\\n", Pattern.DOTALL);
  private static final Pattern ENTRY =
      Pattern.compile("\\s*'(\\w+)'\\s*:\\s*('[^'\\\\]*'|True|False|\\([^()]*\\))\\s*(,\\s*|\\z)");
  private static final Pattern EXTENT =
      Pattern.compile("(?:0{1,19}|[1-9]\\d{0,18})L?"); // Python 2 wrote the L

  // ---- reading ---------------------------------------------------------------------------------

  static NpyHeader read(InputStream in, String name) throws IOException {
    byte[] prefix = in.readNBytes(PREFIX);
    String magic =
        new String(prefix, 0, Math.min(prefix.length, MAGIC.length()), StandardCharsets.ISO_8859_1);
    if (!MAGIC.startsWith(magic)) {
      throw new FileFormatException(name, "does not begin with 0x93 NUMPY, as .npy files do");
    }
    if (prefix.length < PREFIX) {
      throw tooShort(name, PREFIX, prefix.length);
    }
    int major = prefix[MAGIC.length()];
    int minor = prefix[MAGIC.length() + 1];
    if (major < 1 || major > 3 || minor != 0) {
      throw new FileFormatException(
          name, "version %s.%s, expected 1.0, 2.0 or 3.0".formatted(major & 0xff, minor & 0xff));
    }
    int width = major == 1 ? Short.BYTES : Integer.BYTES;
    byte[] lengthBytes = in.readNBytes(width);
    if (lengthBytes.length < width) {
      throw tooShort(name, PREFIX + width, PREFIX + lengthBytes.length);
    }
    ByteBuffer buffer = ByteBuffer.wrap(Arrays.copyOf(lengthBytes, Integer.BYTES));
    long length = Integer.toUnsignedLong(buffer.order(ByteOrder.LITTLE_ENDIAN).getInt());
    if (length > LONGEST) {
      throw new FileFormatException(
          name, "a header of %s bytes, expected at most %s".formatted(length, LONGEST));
    }
    byte[] text = in.readNBytes((int) length);
    if (text.length < length) {
      throw tooShort(name, PREFIX + width + length, PREFIX + width + text.length);
    }
    return parsed(new String(text, StandardCharsets.UTF_8), name);
  }

  private static FileFormatException tooShort(String name, long expected, int found) {
    return new FileFormatException(
        name, "expected a header of %s bytes, found %s".formatted(expected, found));
  }

  private static NpyHeader parsed(String text, String name) throws FileFormatException {
    Map<String, String> values = new HashMap<>();
    Matcher dict = DICT.matcher(text);
    boolean isRight = dict.matches();
    String inside = isRight ? dict.group(1) : "";
    Matcher entry = ENTRY.matcher(inside);
    int end = 0;
    while (isRight && end < inside.length()) {
      isRight = entry.region(end, inside.length()).lookingAt();
      if (isRight) {
        isRight = values.put(entry.group(1), entry.group(2)) == null;
        end = entry.end();
      }
    }
    String descr = values.getOrDefault("descr", "");
    String fortran = values.getOrDefault("fortran_order", "");
    String shape = values.getOrDefault("shape", "");
    if (!isRight
        || values.size() != 3
        || !descr.startsWith("'")
        || !fortran.matches("True|False")
        || !shape.startsWith("(")) {
      throw malformed(text, name);
    }
    NpyElements elements = NpyElements.of(descr.substring(1, descr.length() - 1), name);
    return new NpyHeader(elements, fortran.equals("True"), shape(shape, text, name));
  }

  private static Shape shape(String tuple, String text, String name) throws FileFormatException {
    List<String> extents = new ArrayList<>();
    for (String part : tuple.substring(1, tuple.length() - 1).split(",", -1)) {
      extents.add(part.strip());
    }
    int last = extents.size() - 1;
    if (extents.get(last).isEmpty()) { // after the last comma, or of no extents at all
      extents.remove(last);
    } else if (last == 0) { // (3) is a number in Python, (3,) is a tuple
      throw malformed(text, name);
    }
    if (extents.size() > Elements.MOST_AXES) {
      throw new FileFormatException(
          name,
          "a shape of %s axes, expected at most %s".formatted(extents.size(), Elements.MOST_AXES));
    }
    BigInteger product = BigInteger.ONE;
    BigInteger most = BigInteger.valueOf(FileContent.LARGEST_ARRAY);
    int[] dims = new int[extents.size()];
    for (int axis = 0; axis < dims.length; axis++) {
      if (!EXTENT.matcher(extents.get(axis)).matches()) {
        throw malformed(text, name);
      }
      BigInteger extent = new BigInteger(extents.get(axis).replace("L", ""));
      product = product.multiply(extent.max(BigInteger.ONE));
      dims[axis] = extent.min(most).intValue();
    }
    if (product.compareTo(most) > 0) {
      throw new FileFormatException(
          name, "shape %s, expected at most %s elements".formatted(Quoted.of(tuple), most));
    }
    return Shape.of(dims);
  }

  private static FileFormatException malformed(String text, String name) {
    return new FileFormatException(
        name,
        ("the header is %s, expected one such as {'descr': '<f4', 'fortran_order': False, 'shape':"
                + " (2, 3), } and a line feed")
            .formatted(Quoted.of(text.stripTrailing())));
  }

  // ---- writing ---------------------------------------------------------------------------------

  /**
   * The bytes of a header, as NumPy writes them.
   *
   * @param version 1, 2 or 3
   * @throws IllegalArgumentException if there are more axes than NumPy takes
   */
  byte[] written(int version) {
    int rank = shape.rank();
    if (rank > Elements.MOST_AXES) {
      throw new IllegalArgumentException(
          "write: an array of %s axes, expected at most %s".formatted(rank, Elements.MOST_AXES));
    }
    String extents =
        String.join(
            ", ", IntStream.of(shape.toArray()).mapToObj(String::valueOf).toArray(String[]::new));
    String dict =
        "{'descr': '%s', 'fortran_order': %s, 'shape': (%s%s), }"
            .formatted(elements.descr(), fortran ? "True" : "False", extents, rank == 1 ? "," : "");
    int before = PREFIX + (version == 1 ? Short.BYTES : Integer.BYTES);
    int total = (before + dict.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    byte[] header = new byte[total];
    Arrays.fill(header, (byte) ' ');
    ByteBuffer.wrap(header) // of a length below 2^16, whose other bytes are 0
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC.getBytes(StandardCharsets.ISO_8859_1))
        .put((byte) version)
        .put((byte) 0)
        .putInt(total - before)
        .position(before)
        .put(dict.getBytes(StandardCharsets.ISO_8859_1));
    header[total - 1] = '\n';
    return header;
  }
}
