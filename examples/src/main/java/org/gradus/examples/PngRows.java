package org.gradus.examples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Writes a PNG file of 8 bits for red, green and blue from top to bottom, so that no more of the
 * image than a row is in memory.
 *
 * @see <a href="https://www.w3.org/TR/png-3/">Portable Network Graphics, third edition</a>
 */
final class PngRows {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int COLOURS = 3;
  private static final int CHUNK = 1 << 16;

  /** Each byte is written less the mean of those on its left and above it. */
  private static final int AVERAGE = 3;

  private final OutputStream out;
  private final int width;
  private final int height;
  private final Deflater deflater = new Deflater();
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
  private final DeflaterOutputStream packed = new DeflaterOutputStream(pending, deflater);
  private final byte[] filtered;
  private byte[] above;
  private int rows;

  /** Begins a file of so many pixels, at least 1 x 1. */
  PngRows(OutputStream out, int width, int height) throws IOException {
    this.out = out;
    this.width = width;
    this.height = height;
    filtered = new byte[COLOURS * width];
    above = new byte[COLOURS * width];
    out.write(SIGNATURE);
    byte[] header =
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put(new byte[] {8, 2, 0, 0, 0}) // 8 bits, red, green and blue, not interlaced
            .array();
    chunk("IHDR", header);
  }

  /**
   * Writes the next row.
   *
   * @param pixels red, green and blue of each pixel, from {@code from} on
   */
  void write(byte[] pixels, int from) throws IOException {
    if (rows == height) {
      throw new IllegalStateException("write: a row behind the last of " + height);
    }
    byte[] row = new byte[COLOURS * width];
    System.arraycopy(pixels, from, row, 0, row.length);
    for (int i = 0; i < row.length; i++) {
      int left = i < COLOURS ? 0 : row[i - COLOURS] & 0xff;
      filtered[i] = (byte) (row[i] - (left + (above[i] & 0xff)) / 2);
    }
    packed.write(AVERAGE);
    packed.write(filtered);
    above = row;
    rows++;
    if (pending.size() >= CHUNK) {
      flush();
    }
  }

  /** Ends the file, once all rows are written; the stream stays open. */
  void end() throws IOException {
    if (rows < height) {
      throw new IllegalStateException("end: %s of %s rows".formatted(rows, height));
    }
    packed.finish();
    deflater.end();
    flush();
    chunk("IEND", new byte[0]);
    out.flush();
  }

  private void flush() throws IOException {
    chunk("IDAT", pending.toByteArray());
    pending.reset();
  }

  private void chunk(String name, byte[] content) throws IOException {
    byte[] type = name.getBytes(StandardCharsets.US_ASCII);
    CRC32 checksum = new CRC32();
    checksum.update(type);
    checksum.update(content);
    out.write(ByteBuffer.allocate(4).putInt(content.length).array());
    out.write(type);
    out.write(content);
    out.write(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
  }
}
