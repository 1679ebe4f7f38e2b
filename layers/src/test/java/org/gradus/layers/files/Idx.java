package org.gradus.layers.files;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;

/** Writes IDX files. */
final class Idx {
  private Idx() {}

  /** A file of these header words, then these bytes. */
  static byte[] file(int[] header, int... content) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * header.length + content.length);
    for (int word : header) {
      buffer.putInt(word);
    }
    for (int value : content) {
      buffer.put((byte) value);
    }
    return buffer.array();
  }

  /** Images of height 2 and width 3 with these pixels. */
  static byte[] images(int... pixels) {
    return file(new int[] {0x803, pixels.length / 6, 2, 3}, pixels);
  }

  static byte[] labels(int... labels) {
    return file(new int[] {0x801, labels.length}, labels);
  }

  static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
