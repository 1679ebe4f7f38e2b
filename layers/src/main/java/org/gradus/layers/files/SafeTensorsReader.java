package org.gradus.layers.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
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

  /** What reads a file that is open. */
  interface Use<T> {
    T of(SafeTensorsReader reader) throws IOException;
  }

  /** Which tensors are read, and how. */
  interface Choice {
    /** Whether a tensor is read. */
    boolean isWanted(Entry entry);

    /** The type of array that its numbers may be rounded to; none, if they may not be rounded. */
    Optional<DType> rounded(Entry entry);
  }

  /** Every tensor as it is. */
  private static final Choice ALL =
      new Choice() {
        @Override
        public boolean isWanted(Entry entry) {
          return true;
        }

        @Override
        public Optional<DType> rounded(Entry entry) {
          return Optional.empty();
        }
      };

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

  /** A whole file. */
  SafeTensors read() throws IOException {
    return read(head(), ALL);
  }

  /** The tensors of a file that are wanted; the checksum, if it has one, is that of all. */
  SafeTensors read(Head head, Choice choice) throws IOException {
    for (Entry entry : head.content.entries()) {
      if (choice.isWanted(entry)) {
        entry.readType(file);
      }
    }
    Map<String, String> metadata = new LinkedHashMap<>(head.content.metadata());
    if (!FileChecksum.isIn(metadata)) {
      return new SafeTensors(tensors(head, choice, Optional.empty()), metadata);
    }
    String digits = FileChecksum.digits(head.bytes, metadata, file);
    sum.update(SafeTensorsWriter.length(head.bytes.length));
    sum.update(ByteBuffer.wrap(FileChecksum.blank(head.bytes)));
    Map<String, NdArray> tensors = tensors(head, choice, Optional.of(sum));
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
  private Map<String, NdArray> tensors(Head head, Choice choice, Optional<FileChecksum> checksum)
      throws IOException {
    ByteBuffer chunk = chunk(size - head.start());
    Map<String, NdArray> byName = new HashMap<>();
    for (Entry entry : head.content.byPlace()) {
      if (choice.isWanted(entry)) {
        byName.put(entry.name(), tensor(entry, chunk, choice.rounded(entry), checksum));
      } else {
        pass(entry.end() - entry.begin(), chunk, checksum);
      }
    }
    Map<String, NdArray> inOrder = new LinkedHashMap<>();
    for (Entry entry : head.content.entries()) {
      if (choice.isWanted(entry)) {
        inOrder.put(entry.name(), byName.get(entry.name()));
      }
    }
    return inOrder;
  }

  private void pass(long bytes, ByteBuffer chunk, Optional<FileChecksum> checksum)
      throws IOException {
    if (checksum.isEmpty() && in instanceof SeekableByteChannel seekable) {
      seekable.position(seekable.position() + bytes);
      return;
    }
    for (long left = bytes; left > 0; left -= chunk.limit()) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), left));
      fill(chunk);
      checksum.ifPresent(present -> present.update(chunk.rewind()));
    }
  }

  /** Memory for a part of so many bytes. */
  private static ByteBuffer chunk(long bytes) {
    return ByteBuffer.allocateDirect((int) Math.min(CHUNK, bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A tensor whose data are next. */
  NdArray tensor(Entry entry) throws IOException {
    ByteBuffer chunk = chunk(entry.end() - entry.begin());
    return tensor(entry, chunk, Optional.empty(), Optional.empty());
  }

  private NdArray tensor(
      Entry entry, ByteBuffer chunk, Optional<DType> rounded, Optional<FileChecksum> checksum)
      throws IOException {
    ElementType type = entry.readType(file);
    int count = entry.shape().size();
    Object storage = type.allocate(count, rounded);
    int most = chunk.capacity() / type.bytes();
    for (int from = 0; from < count; ) {
      int some = Math.min(most, count - from);
      chunk.clear().limit(some * type.bytes());
      fill(chunk);
      checksum.ifPresent(present -> present.update(chunk.rewind()));
      int held = type.decode(chunk.rewind(), storage, from, some, rounded.isPresent());
      if (held < some) {
        throw new FileFormatException(
            file,
            "tensor %s element %s %s"
                .formatted(
                    Quoted.of(entry.name()),
                    Elements.place(entry.shape(), from + held, false),
                    type.fault(chunk, held * type.bytes())));
      }
      from += some;
    }
    return Elements.wrapped(storage, entry.shape());
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
