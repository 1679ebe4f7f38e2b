package org.gradus.layers.files;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Safetensors files of Gradus without their checksums, so that damage is met by what it damages.
 */
public final class Unsealed {
  private Unsealed() {}

  /** Such a file without its checksum. */
  public static byte[] bytes(byte[] file) {
    int length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt();
    String header = new String(file, Long.BYTES, length, StandardCharsets.UTF_8);
    byte[] plain =
        header
            .replaceFirst(
                "\"gradus.format\":\"1\",\"gradus.checksum\":\"crc32c:[0-9a-f]{8}\",?", "")
            .getBytes(StandardCharsets.UTF_8);
    if (plain.length == length) {
      throw new IllegalArgumentException(String.format(Locale.ROOT, "no checksum in %s", header));
    }
    return ByteBuffer.allocate(file.length - length + plain.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(plain.length)
        .put(plain)
        .put(file, Long.BYTES + length, file.length - Long.BYTES - length)
        .array();
  }
}
