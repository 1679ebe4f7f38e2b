package org.gradus.layers.files;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;

/**
 * Reads and writes arrays in the formats of NumPy: one in a {@code .npy} file, several by their
 * names in an {@code .npz} file.
 *
 * <pre>{@code
 * NdArray x = NumPy.read(Path.of("x.npy"));                      // numpy.save("x.npy", x)
 * Map<String, NdArray> all = NumPy.readAll(Path.of("all.npz"));  // numpy.savez("all.npz", x=x)
 * }</pre>
 *
 * <p>Read are versions 1.0, 2.0 and 3.0, both orders of bytes, C and Fortran order. These types
 * become these ones; whatever is not held exactly is refused with its place.
 *
 * <pre>
 *   f2 f4, b1, i1 i2 u1 u2    FLOAT32
 *   f8, i4 i8 u4 u8           FLOAT64
 * </pre>
 *
 * <p>Refused with a {@link FileFormatException} is all else: another type, a header of another form
 * than NumPy writes, fewer or more bytes than it announces, a damaged zip file. What a header
 * announces costs no memory; what is there, but not within the memory of the virtual machine, is
 * refused with an {@link IOException}.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">NumPy: the
 *     formats</a>
 */
public final class NumPy {
  /** The most bytes of memory for the arrays of an .npz file where no limit is given: 4 GiB. */
  public static final long MOST_BYTES = 1L << 32;

  private static final int CHUNK = 1 << 16;
  private static final int COUNTED = 1 << 20;

  private NumPy() {}

  // ---- one array -------------------------------------------------------------------------------

  /**
   * Reads a {@code .npy} file.
   *
   * @throws FileFormatException if the file is damaged, or of a type that is not read
   * @throws IOException if it cannot be read
   */
  public static NdArray read(Path file) throws IOException {
    Nulls.refuse("read: file", file);
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, file.toString());
    }
  }

  /**
   * Reads a {@code .npy} file to the end of a stream, which stays open.
   *
   * @param in the file
   * @param name of the file, for messages
   * @throws FileFormatException if the content is damaged, or of a type that is not read
   * @throws IOException if it cannot be read
   */
  public static NdArray read(InputStream in, String name) throws IOException {
    Nulls.refuse("read: in, name", in, name);
    return FileContent.named(
        name, () -> read(new BufferedInputStream(in, CHUNK), name, Long.MAX_VALUE));
  }

  /** As above, of an array that takes at most so many bytes of memory. */
  static NdArray read(InputStream in, String name, long mostBytes) throws IOException {
    NpyHeader header = NpyHeader.read(in, name);
    NpyElements elements = header.elements();
    Shape shape = header.shape();
    DType dtype = elements.dtype();
    String what = "'%s' %s".formatted(elements.descr(), shape);
    long needed = bytes(dtype) * shape.size();
    if (needed > mostBytes) {
      throw new FileFormatException(
          name,
          "%s takes %s bytes of memory, expected at most the %s that are left of the limit"
              .formatted(what, needed, mostBytes));
    }
    Object numbers =
        elements.read(
            in,
            name,
            what,
            shape.size(),
            number -> Elements.place(shape, number, header.fortran()));
    long rest = FileContent.left(in, COUNTED);
    if (rest > 0) {
      long expected = (long) shape.size() * elements.bytes();
      throw new FileFormatException(
          name,
          "expected %s, %s bytes, found %s%s"
              .formatted(
                  what,
                  expected,
                  rest > COUNTED ? "more than " : "",
                  expected + Math.min(rest, COUNTED)));
    }
    if (header.fortran() && shape.rank() > 1) {
      numbers = inRows(numbers, shape);
    }
    return Elements.wrapped(numbers, shape);
  }

  private static long bytes(DType dtype) {
    return dtype == DType.FLOAT32 ? Float.BYTES : Double.BYTES;
  }

  /** The numbers of an array in row-major order, from Fortran's column-major order. */
  private static Object inRows(Object columns, Shape shape) {
    int size = shape.size();
    float[] floats = columns instanceof float[] ? new float[size] : new float[0];
    double[] doubles = columns instanceof float[] ? new double[0] : new double[size];
    NpyWriter.Columns places = new NpyWriter.Columns(shape);
    for (int from = 0; from < size; from++) {
      if (columns instanceof float[] array) {
        floats[places.next()] = array[from];
      } else {
        doubles[places.next()] = ((double[]) columns)[from];
      }
    }
    return columns instanceof float[] ? floats : doubles;
  }

  /**
   * Writes an array as a {@code .npy} file of version 1.0: f4 or f8, little-endian, in C order, as
   * NumPy does. The file has its old content or its new one, whole, as {@link SafeFile} says.
   *
   * @param file is made, or written over
   * @param array of any shape
   * @throws IllegalArgumentException if it has more than 64 axes, which NumPy does not read
   * @throws IOException if the file cannot be written
   */
  public static void write(Path file, NdArray array) throws IOException {
    Nulls.refuse("write: file, array", file, array);
    write(file, array, NpyFormat.standard());
  }

  /**
   * As {@link #write(Path, NdArray)}, in another order or version.
   *
   * @param file is made, or written over
   * @param array of any shape
   * @param format how it is written
   * @throws IllegalArgumentException if it has more than 64 axes, which NumPy does not read
   * @throws IOException if the file cannot be written
   */
  public static void write(Path file, NdArray array, NpyFormat format) throws IOException {
    Nulls.refuse("write: file, array, format", file, array, format);
    SafeFile.write(
        file,
        channel -> {
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), CHUNK);
          NpyWriter.write(out, array, format);
          out.flush();
        });
  }

  // ---- several arrays --------------------------------------------------------------------------

  /**
   * Reads the arrays of an {@code .npz} file, compressed or not, small or large (zip64). A checksum
   * is over each array. A name stands before its array and in the directory at the end of the file;
   * both must be the same, and so must be what else they tell.
   *
   * @param file in the default file system
   * @return the arrays by their names, without {@code .npy}, in the order of the file
   * @throws FileFormatException if the file is damaged, holds something else than arrays, or a name
   *     twice, or arrays that share bytes, or arrays of more than {@link #MOST_BYTES}
   * @throws IOException if it cannot be read
   */
  public static Map<String, NdArray> readAll(Path file) throws IOException {
    return readAll(file, MOST_BYTES);
  }

  /**
   * As {@link #readAll(Path)}, with a limit: a small file may hold large arrays of zeros.
   *
   * @param mostBytes the most bytes of memory that all arrays may take, at least 1
   * @throws IllegalArgumentException if the limit is below 1
   */
  public static Map<String, NdArray> readAll(Path file, long mostBytes) throws IOException {
    Nulls.refuse("readAll: file", file);
    if (mostBytes < 1) {
      throw new IllegalArgumentException(
          "readAll: a limit of %s bytes, expected at least 1".formatted(mostBytes));
    }
    return NpzArchive.read(file, mostBytes);
  }

  /**
   * Writes arrays as an {@code .npz} file, not compressed, in the order of the map; as zip64 where
   * more than 65,535 arrays, or more than 4 GiB, need it. The same arrays give the same bytes. The
   * file has its old content or its new one, whole, as {@link SafeFile} says.
   *
   * @param file is made, or written over
   * @param arrays by their names, which are not empty
   * @throws IllegalArgumentException if a name is empty, takes more than 65,000 bytes in UTF-8, has
   *     half a surrogate pair or the character 0, or an array has more than 64 axes
   * @throws IOException if the file cannot be written
   */
  public static void writeAll(Path file, Map<String, NdArray> arrays) throws IOException {
    Nulls.refuse("writeAll: file, arrays", file, arrays);
    writeAll(file, arrays, NpyFormat.standard());
  }

  /**
   * As {@link #writeAll(Path, Map)}, in another order or version.
   *
   * @param file is made, or written over
   * @param arrays by their names, which are not empty
   * @param format how each is written
   * @throws IllegalArgumentException if a name is empty, takes more than 65,000 bytes in UTF-8, has
   *     half a surrogate pair or the character 0, or an array has more than 64 axes
   * @throws IOException if the file cannot be written
   */
  public static void writeAll(Path file, Map<String, NdArray> arrays, NpyFormat format)
      throws IOException {
    Nulls.refuse("writeAll: file, arrays, format", file, arrays, format);
    Nulls.refuse("writeAll: arrays, arrays", arrays.keySet(), arrays.values());
    NpzArchive.write(file, arrays, format);
  }
}
