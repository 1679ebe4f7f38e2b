package org.gradus.onnx;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gradus.layers.files.FileFormatException;

/** Reads numbers that a model keeps in files beside it. */
final class ExternalData {
  /** How many times a file may be read: tensors may share numbers, but not make much of few. */
  private static final int MOST_TIMES = 4;

  private final Optional<Path> folder;

  /** How many bytes were read of each file. */
  private final Map<Path, Long> read = new HashMap<>();

  /**
   * For one model.
   *
   * @param folder of the model; empty if it has none, and so no such files
   */
  ExternalData(Optional<Path> folder) {
    this.folder = folder;
  }

  /**
   * The bytes of a tensor.
   *
   * @param file the model, named in errors
   * @param what the tensor, such as {@code initializer conv1.weight}
   * @param entries its location, offset and length
   * @param expected how many bytes it has
   * @throws FileFormatException if the location is not a file within the folder of the model, or
   *     does not have as much
   */
  ByteBuffer read(String file, String what, List<StringStringEntryProto> entries, long expected)
      throws IOException {
    Map<String, String> keys = new LinkedHashMap<>();
    entries.forEach(entry -> keys.put(entry.getKey(), entry.getValue()));
    String location = keys.getOrDefault("location", "");
    Path path = path(file, what, location);
    long offset = number(file, what, keys, "offset", 0);
    long length = number(file, what, keys, "length", expected);
    if (length != expected || expected > Integer.MAX_VALUE - 8) {
      throw wrong(file, what, location, "length is %s, expected %s".formatted(length, expected));
    }
    try (FileChannel channel = FileChannel.open(path)) {
      if (offset > channel.size() - expected) {
        throw wrong(
            file,
            what,
            location,
            "%s bytes at %s are announced, but it has %s"
                .formatted(expected, offset, channel.size()));
      }
      if (read.merge(path, expected, Long::sum) > MOST_TIMES * channel.size()) {
        throw wrong(
            file,
            what,
            location,
            "tensors have %s bytes of its %s, expected at most %s times as many"
                .formatted(read.get(path), channel.size(), MOST_TIMES));
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) expected);
      channel.position(offset);
      while (bytes.hasRemaining()) {
        if (channel.read(bytes) < 0) {
          throw new EOFException(path + ": it became shorter while it was read");
        }
      }
      return bytes.flip();
    }
  }

  /** A file in the folder of the model, or below it, wherever links lead to. */
  private Path path(String file, String what, String location) throws IOException {
    try {
      Path relative = Path.of(location);
      boolean leaves = relative.isAbsolute() || location.isBlank();
      for (Path step : relative) {
        leaves |= step.toString().equals("..");
      }
      if (folder.isPresent() && !leaves) {
        Path root = folder.orElseThrow().toRealPath();
        Path path = root.resolve(relative);
        if (!Files.isRegularFile(path)) {
          throw wrong(file, what, location, "there is no such file beside the model");
        }
        Path real = path.toRealPath();
        if (real.startsWith(root)) {
          return real;
        }
      }
    } catch (InvalidPathException e) {
      throw new FileFormatException(file, what + ": location '" + location + "' is no path", e);
    }
    throw wrong(
        file,
        what,
        location,
        folder.isPresent()
            ? "it is outside the model's folder, expected a file within"
            : "the model is no file, expected all numbers in it");
  }

  private static long number(
      String file, String what, Map<String, String> keys, String key, long other)
      throws FileFormatException {
    String text = keys.getOrDefault(key, Long.toString(other));
    if (!text.matches("[0-9]{1,18}")) {
      throw new FileFormatException(
          file, "%s: %s is '%s', expected a whole number".formatted(what, key, text));
    }
    return Long.parseLong(text);
  }

  private static FileFormatException wrong(
      String file, String what, String location, String message) {
    return new FileFormatException(
        file, "%s: external data '%s': %s".formatted(what, location, message));
  }
}
