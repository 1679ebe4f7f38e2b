package org.gradus.layers.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.files.SafeTensorsHeader.Content;
import org.gradus.layers.files.SafeTensorsHeader.Entry;

/** Reads a safetensors file, whole or its header alone. */
final class SafeTensorsReader {
  private static final int CHUNK = 1 << 20;

  private final ReadableByteChannel in;
  private final long size;
  private final String file;
  private final FileChecksum sum = new FileChecksum();

  /** A reader of a file of this size; the size is what bounds its memory. */
  SafeTensorsReader(ReadableByteChannel in, long size, String file) {
    this.in = in;
    this.size = size;
    this.file = file;
  }

  /** A whole file, and the element types that its tensors have in it. */
  record Whole(SafeTensors tensors, Map<String, ElementType> types) {}

  /** What a header says, and where the data begin in the file. */
  static final class Head {
    private final byte[] bytes;
    private final Content content;

    private Head(byte[] bytes, Content content) {
      this.bytes = bytes;
      this.content = content;
    }

    Content content() {
      return content;
    }

    long start() {
      return (long) Long.BYTES + bytes.length;
    }
  }

  /** The file up to its data. */
  Head head() throws IOException {
    byte[] header = new byte[headerBytes()];
    fill(ByteBuffer.wrap(header));
    long dataBytes = size - Long.BYTES - header.length;
    return new Head(header, SafeTensorsHeader.parse(header, dataBytes, file));
  }

  Whole read() throws IOException {
    Head head = head();
    Map<String, ElementType> types = new HashMap<>();
    head.content.entries().forEach(entry -> types.put(entry.name(), entry.type()));
    return new Whole(read(head.bytes, head.content, size - head.start()), types);
  }

  private SafeTensors read(byte[] header, Content content, long dataBytes) throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>(content.metadata());
    if (!FileChecksum.isIn(metadata)) {
      return new SafeTensors(tensors(content, dataBytes, Optional.empty()), metadata);
    }
    String digits = FileChecksum.digits(header, metadata, file);
    sum.update(SafeTensorsWriter.length(header.length));
    sum.update(ByteBuffer.wrap(FileChecksum.blank(header)));
    Map<String, NdArray> tensors = tensors(content, dataBytes, Optional.of(sum));
    sum.require(digits, file);
    FileChecksum.remove(metadata);
    return new SafeTensors(tensors, metadata);
  }

  private int headerBytes() throws IOException {
    if (size < Long.BYTES) {
      throw new FileFormatException(
          file, "%s bytes, expected at least %s for the size".formatted(size, Long.BYTES));
    }
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    fill(length);
    long announced = length.getLong(0);
    long most = Math.min(SafeTensors.MOST_HEADER_BYTES, size - Long.BYTES);
    if (Long.compareUnsigned(announced, most) > 0) {
      throw new FileFormatException(
          file,
          "a header of %s bytes, expected at most %s%s"
              .formatted(
                  Long.toUnsignedString(announced),
                  most,
                  most < SafeTensors.MOST_HEADER_BYTES ? ", which is all that follows" : ""));
    }
    return (int) announced;
  }

  /** The tensors in the order of the header; their data are read in their own order. */
  private Map<String, NdArray> tensors(
      Content content, long dataBytes, Optional<FileChecksum> checksum) throws IOException {
    ByteBuffer chunk = chunk(dataBytes);
    Map<String, NdArray> byName = new HashMap<>();
    for (Entry entry : content.byPlace()) {
      byName.put(entry.name(), tensor(entry, chunk, checksum));
    }
    Map<String, NdArray> inOrder = new LinkedHashMap<>();
    for (Entry entry : content.entries()) {
      inOrder.put(entry.name(), byName.get(entry.name()));
    }
    return inOrder;
  }

  /** Memory for a part of so many bytes. */
  private static ByteBuffer chunk(long bytes) {
    return ByteBuffer.allocateDirect((int) Math.min(CHUNK, bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A tensor whose data are next. */
  NdArray tensor(Entry entry) throws IOException {
    return tensor(entry, chunk(entry.end() - entry.begin()), Optional.empty());
  }

  private NdArray tensor(Entry entry, ByteBuffer chunk, Optional<FileChecksum> checksum)
      throws IOException {
    ElementType type = entry.type();
    int count = entry.shape().size();
    Object storage = type.allocate(count);
    int most = chunk.capacity() / type.bytes();
    for (int from = 0; from < count; ) {
      int some = Math.min(most, count - from);
      chunk.clear().limit(some * type.bytes());
      fill(chunk);
      checksum.ifPresent(present -> present.update(chunk.rewind()));
      int held = type.decode(chunk.rewind(), storage, from, some);
      if (held < some) {
        throw new FileFormatException(
            file,
            "tensor %s element %s %s"
                .formatted(
                    Quoted.of(entry.name()),
                    place(entry.shape(), from + held),
                    type.fault(chunk, held * type.bytes())));
      }
      from += some;
    }
    return type.wrap(storage, entry.shape());
  }

  /** The indices of an element by its number. */
  private static String place(Shape shape, int number) {
    int[] indices = new int[shape.rank()];
    int rest = number;
    for (int axis = indices.length - 1; axis >= 0; axis--) {
      indices[axis] = rest % shape.dim(axis);
      rest /= shape.dim(axis);
    }
    return Arrays.toString(indices);
  }

  /** Reads as many bytes as there is room for. */
  private void fill(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (in.read(bytes) < 0) {
        throw new FileFormatException(
            file, "the file ended while it was read, expected %s bytes".formatted(size));
      }
    }
  }
}
