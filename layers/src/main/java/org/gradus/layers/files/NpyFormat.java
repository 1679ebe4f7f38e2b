package org.gradus.layers.files;

import java.nio.ByteOrder;

/**
 * How an array is written as a {@code .npy} file. Every way is read by NumPy, and by {@link NumPy}.
 *
 * <pre>{@code
 * NpyFormat.standard().fortranOrder().bigEndian().version(2)
 * }</pre>
 *
 * @param version of the format: 1, 2 or 3; from 2 on, a header may be longer than 65,535 bytes, and
 *     from 3 on it is UTF-8: none of which an array of numbers needs
 * @param isFortranOrder whether the elements along the first axis lie side by side, and not those
 *     along the last one; as NumPy does, not where both are the same
 * @param isBigEndian whether the first byte of an element is the most significant one
 */
public record NpyFormat(int version, boolean isFortranOrder, boolean isBigEndian) {

  /**
   * Checks the version.
   *
   * @throws IllegalArgumentException if there is no such version
   */
  public NpyFormat {
    if (version < 1 || version > 3) {
      throw new IllegalArgumentException(
          "npy format: version %s, expected 1, 2 or 3".formatted(version));
    }
  }

  /** Version 1, C order, little-endian: what NumPy writes on most machines. */
  public static NpyFormat standard() {
    return new NpyFormat(1, false, false);
  }

  /**
   * This format in another version.
   *
   * @param other 1, 2 or 3
   * @throws IllegalArgumentException if there is no such version
   */
  public NpyFormat version(int other) {
    return new NpyFormat(other, isFortranOrder, isBigEndian);
  }

  /** This format, in which the elements along the first axis lie side by side. */
  public NpyFormat fortranOrder() {
    return new NpyFormat(version, true, isBigEndian);
  }

  /** This format, in which the first byte of an element is the most significant one. */
  public NpyFormat bigEndian() {
    return new NpyFormat(version, isFortranOrder, true);
  }

  ByteOrder order() {
    return isBigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }
}
