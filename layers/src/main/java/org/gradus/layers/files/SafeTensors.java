package org.gradus.layers.files;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;

/**
 * Arrays by name, and texts about them, as a file of the safetensors format, which PyTorch, JAX,
 * TensorFlow and others read and write:
 *
 * <pre>
 *   8 bytes   the size of the header, little-endian
 *   header    JSON, as in {"__metadata__":{"epoch":"3"},
 *             "fc.bias":{"dtype":"F32","shape":[10],"data_offsets":[0,40]}}
 *   the rest  the elements of all arrays, little-endian, rows first
 * </pre>
 *
 * <pre>{@code
 * SafeTensors file = SafeTensors.read(Path.of("digits.safetensors"));
 * SafeTensors.of(Map.of("bias", file.tensors().get("fc.bias"))).write(Path.of("bias.safetensors"));
 * }</pre>
 *
 * <p>Element types F32 and F64 are read and written, bit for bit: a NaN keeps its bits, and -0.0
 * its sign. The order of the names is that of the header. Elements of eight bytes are written
 * before those of four, so that all are aligned. Other types are read where arrays hold their
 * numbers, and a number that is not held exactly is refused with its place:
 *
 * <pre>
 *   F16 BF16, BOOL, I8 U8 I16 U16    FLOAT32
 *   I32 U32 I64 U64                  FLOAT64
 * </pre>
 *
 * <p>All else is refused with a {@link FileFormatException} that names the file, the tensor and
 * both values: another element type, a header of more than {@value #MOST_HEADER_BYTES} bytes, JSON
 * that is wrong or has a key twice, data with gaps or overlaps, sizes that do not fit the shape,
 * bytes that no tensor owns. A header that announces more than the file has costs no memory.
 *
 * <p>What Gradus writes has a checksum of all of its bytes, in two entries of the metadata that
 * other readers pass over ({@code gradus.format}, {@code gradus.checksum}); when such a file is
 * read, they are checked, and left out of {@link #metadata}. A file that has neither is read
 * without a check. A program that keeps these two entries, but changes the file, must remove them.
 *
 * @param tensors by name, in order; the names are any texts but {@code __metadata__}
 * @param metadata texts by name, in order
 * @see SafeTensorsFile for one tensor of a large file
 * @see <a href="https://github.com/huggingface/safetensors">The safetensors format</a>
 */
public record SafeTensors(Map<String, NdArray> tensors, Map<String, String> metadata) {

  /** The most bytes of a header that are read or written, as of every program for the format. */
  public static final int MOST_HEADER_BYTES = 100_000_000;

  /**
   * Tensors and metadata, in maps that cannot be changed.
   *
   * @throws IllegalArgumentException if a name is one that the file needs itself, or a text cannot
   *     be written because it has half a surrogate pair
   */
  public SafeTensors {
    Nulls.refuse("safeTensors: tensors, metadata", tensors, metadata);
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    tensors.forEach(
        (name, tensor) -> {
          requireText("a tensor's name", name);
          Nulls.given("safeTensors: " + name, tensor);
          if (name.equals(SafeTensorsHeader.METADATA)) {
            throw new IllegalArgumentException(
                "safeTensors: a tensor is called %s, which is the name of the metadata"
                    .formatted(name));
          }
        });
    metadata.forEach(
        (key, text) -> {
          requireText("a key of the metadata", key);
          requireText("metadata " + key, text);
          if (key.equals(FileChecksum.KEY) || key.equals(FileChecksum.FORMAT_KEY)) {
            throw new IllegalArgumentException(
                "safeTensors: the metadata have %s, which is written by itself".formatted(key));
          }
        });
  }

  private static void requireText(String what, String text) {
    Nulls.given("safeTensors: " + what, text);
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException(
          "safeTensors: %s has half a surrogate pair: %s".formatted(what, Quoted.of(text)));
    }
  }

  /**
   * These tensors, without metadata.
   *
   * @throws IllegalArgumentException as the constructor
   */
  public static SafeTensors of(Map<String, NdArray> tensors) {
    return new SafeTensors(Nulls.given("of: tensors", tensors), Map.of());
  }

  /**
   * Reads a file of any size.
   *
   * @throws FileFormatException if it is damaged, or has an element type that is not read
   * @throws IOException if it cannot be read, or needs more memory than there is
   */
  public static SafeTensors read(Path file) throws IOException {
    return read(file, Long.MAX_VALUE);
  }

  /**
   * As {@link #read(Path)}, with a limit.
   *
   * @param mostBytes the largest file that is read, at least 1
   */
  public static SafeTensors read(Path file, long mostBytes) throws IOException {
    Nulls.refuse("read: file", file);
    if (mostBytes < 1) {
      throw new IllegalArgumentException(
          "read: a limit of %s bytes, expected at least 1".formatted(mostBytes));
    }
    return used(file, mostBytes, SafeTensorsReader::read);
  }

  /** What is made of a file. */
  static <T> T used(Path file, long mostBytes, SafeTensorsReader.Use<T> use) throws IOException {
    String name = file.toString();
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = in.size();
      if (size > mostBytes) {
        throw new FileFormatException(
            name,
            "the file has %s bytes, expected at most %s; to read it, give a higher limit"
                .formatted(size, mostBytes));
      }
      return FileContent.named(name, () -> use.of(new SafeTensorsReader(in, size, name)));
    }
  }

  /**
   * Reads the bytes of a file, such as a resource of the class path.
   *
   * @param name of the file, for messages
   * @throws FileFormatException if it is damaged, or has an element type that is not read
   * @throws IOException if it needs more memory than there is
   */
  public static SafeTensors read(byte[] file, String name) throws IOException {
    Nulls.refuse("read: file, name", file, name);
    ReadableByteChannel in = Channels.newChannel(new ByteArrayInputStream(file));
    return FileContent.named(name, () -> new SafeTensorsReader(in, file.length, name).read());
  }

  /**
   * Writes a file as {@link SafeFile} does: it is there whole, or as it was before.
   *
   * @throws IllegalArgumentException if the names and texts take more than {@link
   *     #MOST_HEADER_BYTES}, or a tensor has more than 64 axes
   * @throws IOException if it cannot be written
   */
  public void write(Path file) throws IOException {
    Nulls.refuse("write: file", file);
    SafeTensorsWriter writer = new SafeTensorsWriter("write", this, MOST_HEADER_BYTES);
    SafeFile.write(
        file,
        out ->
            writer.write(
                bytes -> {
                  while (bytes.hasRemaining()) {
                    out.write(bytes);
                  }
                }));
  }

  /**
   * The bytes that {@link #write} puts into a file.
   *
   * @throws IllegalArgumentException if they are more than an array holds, the names and texts take
   *     more than {@link #MOST_HEADER_BYTES}, or a tensor has more than 64 axes
   */
  public byte[] toBytes() {
    SafeTensorsWriter writer = new SafeTensorsWriter("toBytes", this, MOST_HEADER_BYTES);
    if (writer.size() > FileContent.LARGEST_ARRAY) {
      throw new IllegalArgumentException(
          "toBytes: the file has %s bytes, and an array holds at most %s"
              .formatted(writer.size(), FileContent.LARGEST_ARRAY));
    }
    ByteBuffer all = ByteBuffer.allocate((int) writer.size());
    writer.write(all::put);
    return all.array();
  }
}
