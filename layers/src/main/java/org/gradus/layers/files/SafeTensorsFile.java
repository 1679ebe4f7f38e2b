package org.gradus.layers.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.files.SafeTensorsHeader.Entry;

/**
 * A safetensors file that is open: its header is read and checked, and each tensor when it is asked
 * for, and no more than that. For files that are larger than the memory, or of which little is
 * wanted:
 *
 * <pre>{@code
 * try (SafeTensorsFile file = SafeTensorsFile.open(Path.of("large.safetensors"))) {
 *   NdArray table = file.read("embedding.weight");
 * }
 * }</pre>
 *
 * <p>What is refused, and what the element types become, is told at {@link SafeTensors}. A checksum
 * is over the whole file, so it is not looked at here. Several threads may read at once.
 */
public final class SafeTensorsFile implements Closeable {
  private final SeekableByteChannel in;
  private final String name;
  private final SafeTensorsReader reader;
  private final long start;
  private final Map<String, Entry> entries;
  private final Map<String, String> metadata;

  private SafeTensorsFile(
      SeekableByteChannel in, String name, SafeTensorsReader reader, SafeTensorsReader.Head head) {
    this.in = in;
    this.name = name;
    this.reader = reader;
    this.start = head.start();
    Map<String, Entry> byName = new LinkedHashMap<>();
    head.content().entries().forEach(entry -> byName.put(entry.name(), entry));
    Map<String, String> texts = new LinkedHashMap<>(head.content().metadata());
    FileChecksum.remove(texts);
    this.entries = Collections.unmodifiableMap(byName);
    this.metadata = Collections.unmodifiableMap(texts);
  }

  /**
   * Opens a file of any size, and reads its header.
   *
   * @throws FileFormatException if the header is wrong, or does not fit the size of the file
   * @throws IOException if it cannot be read
   */
  public static SafeTensorsFile open(Path file) throws IOException {
    Nulls.refuse("open: file", file);
    SeekableByteChannel in = Files.newByteChannel(file);
    try {
      return of(in, file.toString());
    } catch (IOException | RuntimeException | Error e) {
      in.close();
      throw e;
    }
  }

  /** As above, of what is open already. */
  static SafeTensorsFile of(SeekableByteChannel in, String name) throws IOException {
    return FileContent.named(
        name,
        () -> {
          SafeTensorsReader reader = new SafeTensorsReader(in, in.size(), name);
          return new SafeTensorsFile(in, name, reader, reader.head());
        });
  }

  /** The names of the tensors, in the order of the header. */
  public Set<String> names() {
    return entries.keySet();
  }

  /** The texts about the tensors, by name, in order, without those of a checksum. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /**
   * The shape of a tensor.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public Shape shape(String tensor) {
    return entry("shape", tensor).shape();
  }

  /**
   * The element type of a tensor in the file, such as {@code F32} or {@code BF16}; it may be one
   * that is not read.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public String elementType(String tensor) {
    return entry("elementType", tensor).typeName();
  }

  /**
   * Reads a tensor.
   *
   * @throws IllegalArgumentException if there is none of this name
   * @throws FileFormatException if it has an element type that is not read, or a number that the
   *     array does not hold, or the file has become shorter
   * @throws IOException if it cannot be read, or needs more memory than there is
   */
  public NdArray read(String tensor) throws IOException {
    Entry entry = entry("read", tensor);
    return FileContent.named(
        name,
        () -> {
          synchronized (in) {
            in.position(start + entry.begin());
            return reader.tensor(entry);
          }
        });
  }

  private Entry entry(String function, String tensor) {
    Nulls.refuse(function + ": tensor", tensor);
    Entry entry = entries.get(tensor);
    if (entry == null) {
      throw new IllegalArgumentException(
          "%s: %s has no tensor %s among %s"
              .formatted(function, name, Quoted.of(tensor), entries.size()));
    }
    return entry;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** For example {@code net.safetensors: 62 tensors}. */
  @Override
  public String toString() {
    return "%s: %s tensors".formatted(name, entries.size());
  }
}
