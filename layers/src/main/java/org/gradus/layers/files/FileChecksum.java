package org.gradus.layers.files;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The checksum of a safetensors file, a CRC-32C of all of its bytes, in which the eight digits of
 * the checksum itself count as zeros. It is metadata, so that other readers see two texts more, and
 * stands where every file of Gradus has it, at the beginning of the header:
 *
 * <pre>
 *   {"__metadata__":{"gradus.format":"1","gradus.checksum":"crc32c:89abcdef", ...
 * </pre>
 *
 * <p>A file with one of the two keys must have the other: so no damage to a single key turns a file
 * that has a checksum into one that has none.
 */
final class FileChecksum {
  static final String FORMAT_KEY = "gradus.format";
  static final String FORMAT = "1";
  static final String KEY = "gradus.checksum";
  private static final String KIND = "crc32c:";
  private static final String ZEROS = "00000000";

  /** The value before the checksum is known. */
  static final String BLANK = KIND + ZEROS;

  private static final String BEFORE =
      "{\"%s\":{\"%s\":\"%s\",\"%s\":\"%s"
          .formatted(SafeTensorsHeader.METADATA, FORMAT_KEY, FORMAT, KEY, KIND);

  private final CRC32C sum = new CRC32C();

  /** Whether metadata have a key of the checksum. */
  static boolean isIn(Map<String, String> metadata) {
    return metadata.containsKey(KEY) || metadata.containsKey(FORMAT_KEY);
  }

  /** Leaves the keys of the checksum out of metadata. */
  static void remove(Map<String, String> metadata) {
    metadata.remove(FORMAT_KEY);
    metadata.remove(KEY);
  }

  /** The digits that a header has, whose metadata are known to have a key of the checksum. */
  static String digits(byte[] header, Map<String, String> metadata, String file)
      throws FileFormatException {
    String format = metadata.getOrDefault(FORMAT_KEY, "nothing");
    if (!format.equals(FORMAT)) {
      throw new FileFormatException(
          file, "%s is %s, expected %s".formatted(FORMAT_KEY, Quoted.of(format), FORMAT));
    }
    int end = BEFORE.length() + ZEROS.length();
    byte[] start = Arrays.copyOf(header, BEFORE.length());
    String value = metadata.getOrDefault(KEY, "nothing");
    if (!value.matches(KIND + "[0-9a-f]{8}") || !new String(start, US_ASCII).equals(BEFORE)) {
      throw new FileFormatException(
          file,
          "%s is %s, expected %s and eight digits at the beginning of the header; %s"
              .formatted(KEY, Quoted.of(value), KIND, ADVICE));
    }
    return new String(Arrays.copyOfRange(header, BEFORE.length(), end), US_ASCII);
  }

  private static final String ADVICE =
      "the file was damaged, or changed by a program that kept this entry of the metadata";

  /** A copy of a header with these digits. */
  static byte[] with(String digits, byte[] header) {
    byte[] result = header.clone();
    byte[] bytes = digits.getBytes(US_ASCII);
    System.arraycopy(bytes, 0, result, BEFORE.length(), bytes.length);
    return result;
  }

  /** A copy of a header with zeros for digits. */
  static byte[] blank(byte[] header) {
    return with(ZEROS, header);
  }

  /** Goes on with the bytes between a buffer's position and its limit, which stay. */
  void update(ByteBuffer bytes) {
    sum.update(bytes.duplicate());
  }

  /** The digits of all bytes so far. */
  String digits() {
    return "%08x".formatted(sum.getValue());
  }

  /** Refuses a file whose bytes have another checksum than it says. */
  void require(String digits, String file) throws FileFormatException {
    if (!digits.equals(digits())) {
      throw new FileFormatException(
          file,
          "the content has the checksum %s, expected %s; %s".formatted(digits(), digits, ADVICE));
    }
  }
}
