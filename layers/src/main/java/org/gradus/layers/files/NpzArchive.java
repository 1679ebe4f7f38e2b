package org.gradus.layers.files;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.gradus.autograd.array.NdArray;

/** Zip files of {@code .npy} files. */
final class NpzArchive {
  private static final String SUFFIX = ".npy";
  private static final int BUFFER = 1 << 16;

  /** Zip files give an entry 65,535 bytes for its name, its times and more. */
  private static final int LONGEST_NAME = 65_000;

  /**
   * The same always, so that the same arrays give the same bytes. To the first moment of 1980, Java
   * would add what depends on the time zone.
   */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private NpzArchive() {}

  // ---- reading ---------------------------------------------------------------------------------

  static Map<String, NdArray> read(Path file, long mostBytes) throws IOException {
    if (file.getFileSystem() != FileSystems.getDefault()) {
      throw new IOException(file + ": lies in a file system that is not the default one");
    }
    if (Files.readAttributes(file, BasicFileAttributes.class).isDirectory()) {
      throw new IOException(file + ": is a folder, expected an .npz file");
    }
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    FileContent.named(
        file.toString(),
        () -> {
          try (ZipFile zip = opened(file)) {
            ZipDirectory.require(file);
            long left = mostBytes;
            for (ZipEntry entry : entries(zip, file)) {
              NdArray array = array(zip, entry, file + ": " + Quoted.of(entry.getName()), left);
              String name = entry.getName();
              name = name.substring(0, name.length() - SUFFIX.length());
              arrays.put(name, array);
              int bytes = array.storage() instanceof float[] ? Float.BYTES : Double.BYTES;
              left -= (long) array.size() * bytes;
            }
          }
          return arrays;
        });
    return Collections.unmodifiableMap(arrays);
  }

  private static ZipFile opened(Path file) throws IOException {
    try {
      return new ZipFile(file.toFile());
    } catch (ZipException
        | EOFException
        | IllegalArgumentException e) { // the latter of names that are not UTF-8
      throw damaged(file, e);
    }
  }

  private static List<ZipEntry> entries(ZipFile zip, Path file) throws FileFormatException {
    try {
      return zip.stream().<ZipEntry>map(entry -> entry).toList();
    } catch (IllegalArgumentException e) { // of comments that are not UTF-8
      throw damaged(file, e);
    }
  }

  private static FileFormatException damaged(Path file, Exception e) {
    return new FileFormatException(file.toString(), "is no zip file, or a damaged one", e);
  }

  private static NdArray array(ZipFile zip, ZipEntry entry, String name, long mostBytes)
      throws IOException {
    if (!entry.getName().endsWith(SUFFIX)) {
      throw new FileFormatException(name, "is no .npy file, expected nothing else");
    }
    try (InputStream in = zip.getInputStream(entry);
        CheckedInputStream checked = new CheckedInputStream(in, new CRC32())) {
      NdArray array = NumPy.read(checked, name, mostBytes);
      long found = checked.getChecksum().getValue();
      if (found != entry.getCrc()) {
        throw new FileFormatException(
            name, "expected the checksum 0x%08x, found 0x%08x".formatted(entry.getCrc(), found));
      }
      return array;
    } catch (ZipException | EOFException e) {
      throw new FileFormatException(name, "the zip data are damaged", e);
    }
  }

  // ---- writing ---------------------------------------------------------------------------------

  static void write(Path file, Map<String, NdArray> arrays, NpyFormat format) throws IOException {
    arrays.keySet().forEach(NpzArchive::requireName);
    SafeFile.write(
        file,
        channel -> {
          OutputStream buffered =
              new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
          try (ZipOutputStream out = new ZipOutputStream(new Kept(buffered))) {
            for (Map.Entry<String, NdArray> entry : arrays.entrySet()) {
              out.putNextEntry(stored(entry.getKey(), entry.getValue(), format));
              NpyWriter.write(out, entry.getValue(), format);
              out.closeEntry();
            }
          }
        });
  }

  private static void requireName(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("writeAll: an array without a name");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      throw new IllegalArgumentException(
          "writeAll: a name has half a surrogate pair: " + Quoted.of(name));
    }
    if (name.indexOf(0) >= 0) { // where other readers cut it
      throw new IllegalArgumentException(
          "writeAll: a name has the character 0: " + Quoted.of(name));
    }
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "writeAll: the name %s has %s bytes in UTF-8, expected at most %s"
              .formatted(Quoted.of(name), bytes, LONGEST_NAME));
    }
  }

  /** An entry that is not compressed, whose size and checksum stand before its content. */
  private static ZipEntry stored(String name, NdArray array, NpyFormat format) throws IOException {
    Count count = new Count();
    CheckedOutputStream out = new CheckedOutputStream(count, new CRC32());
    NpyWriter.write(out, array, format);
    ZipEntry entry = new ZipEntry(name + SUFFIX);
    entry.setTimeLocal(TIME);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(count.bytes);
    entry.setCompressedSize(count.bytes);
    entry.setCrc(out.getChecksum().getValue());
    return entry;
  }

  /** Flushes and stays open where it is closed. */
  private static final class Kept extends FilterOutputStream {
    Kept(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] b, int from, int count) throws IOException {
      out.write(b, from, count);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }

  /** Keeps nothing but the number of bytes. */
  private static final class Count extends OutputStream {
    private long bytes;

    @Override
    public void write(int b) {
      bytes++;
    }

    @Override
    public void write(byte[] b, int from, int count) {
      bytes += count;
    }
  }
}
