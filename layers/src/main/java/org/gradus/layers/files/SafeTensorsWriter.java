package org.gradus.layers.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.gradus.autograd.array.NdArray;

/** The bytes of a safetensors file, in order: the size of the header, the header, the data. */
final class SafeTensorsWriter {
  private static final int CHUNK = 1 << 20;

  private final byte[] header;
  private final List<NdArray> data;
  private final long dataBytes;

  /** Takes bytes, up to the limit of a buffer. */
  interface Sink<E extends Exception> {
    void take(ByteBuffer bytes) throws E;
  }

  /**
   * A writer of this content.
   *
   * @param function named in messages
   * @param mostHeaderBytes the most that the header may have
   */
  SafeTensorsWriter(String function, SafeTensors content, int mostHeaderBytes) {
    content.tensors().forEach((name, array) -> requireAxes(function, name, array));
    List<Map.Entry<String, NdArray>> byPlace =
        content.tensors().entrySet().stream()
            .sorted(Comparator.comparingInt(entry -> -ElementType.of(entry.getValue()).bytes()))
            .toList();
    Map<String, Long> places = new HashMap<>();
    long end = 0;
    for (Map.Entry<String, NdArray> entry : byPlace) {
      places.put(entry.getKey(), end);
      end += bytes(entry.getValue());
    }
    this.data = byPlace.stream().map(Map.Entry::getValue).toList();
    this.dataBytes = end;
    this.header = padded(header(content, places));
    if (header.length > mostHeaderBytes) {
      throw new IllegalArgumentException(
          "%s: the header has %s bytes, expected at most %s"
              .formatted(function, header.length, mostHeaderBytes));
    }
  }

  private static void requireAxes(String function, String name, NdArray array) {
    if (array.shape().rank() > Elements.MOST_AXES) {
      throw new IllegalArgumentException(
          "%s: tensor %s has %s axes, expected at most %s"
              .formatted(function, Quoted.of(name), array.shape().rank(), Elements.MOST_AXES));
    }
  }

  private static long bytes(NdArray array) {
    return (long) array.size() * ElementType.of(array).bytes();
  }

  /** The bytes of the whole file. */
  long size() {
    return Long.BYTES + header.length + dataBytes;
  }

  /** The size of a header, as a file begins with it. */
  static ByteBuffer length(int headerBytes) {
    return ByteBuffer.allocate(Long.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(headerBytes)
        .flip();
  }

  /** Hands all bytes to a sink. */
  <E extends Exception> void write(Sink<E> sink) throws E {
    FileChecksum sum = new FileChecksum();
    put(header, sum::update);
    put(FileChecksum.with(sum.digits(), header), sink);
  }

  private <E extends Exception> void put(byte[] head, Sink<E> sink) throws E {
    sink.take(length(head.length));
    sink.take(ByteBuffer.wrap(head));
    ByteBuffer chunk =
        ByteBuffer.allocateDirect((int) Math.min(CHUNK, dataBytes)).order(ByteOrder.LITTLE_ENDIAN);
    for (NdArray array : data) {
      ElementType type = ElementType.of(array);
      Object storage = array.storage();
      int most = chunk.capacity() / type.bytes();
      for (int from = 0; from < array.size(); ) {
        int some = Math.min(most, array.size() - from);
        chunk.clear().limit(some * type.bytes());
        ElementType.encode(storage, from, some, chunk);
        sink.take(chunk);
        from += some;
      }
    }
  }

  // ---- the header ------------------------------------------------------------------------------

  private static byte[] header(SafeTensors content, Map<String, Long> places) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
      json.writeStartObject();
      json.writeObjectFieldStart(SafeTensorsHeader.METADATA);
      json.writeStringField(FileChecksum.FORMAT_KEY, FileChecksum.FORMAT);
      json.writeStringField(FileChecksum.KEY, FileChecksum.BLANK);
      for (Map.Entry<String, String> entry : content.metadata().entrySet()) {
        json.writeStringField(entry.getKey(), entry.getValue());
      }
      json.writeEndObject();
      for (Map.Entry<String, NdArray> entry : content.tensors().entrySet()) {
        NdArray array = entry.getValue();
        long begin = Objects.requireNonNull(places.get(entry.getKey()));
        int[] extents = array.shape().toArray();
        json.writeObjectFieldStart(entry.getKey());
        json.writeStringField("dtype", ElementType.of(array).name());
        json.writeFieldName("shape");
        json.writeArray(extents, 0, extents.length);
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {begin, begin + bytes(array)}, 0, 2);
        json.writeEndObject();
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // not from memory
    }
    return bytes.toByteArray();
  }

  /** With spaces at the end, so that the data begin at a multiple of eight bytes. */
  private static byte[] padded(byte[] header) {
    int length = (header.length + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
    byte[] result = Arrays.copyOf(header, length);
    Arrays.fill(result, header.length, length, (byte) ' ');
    return result;
  }
}
