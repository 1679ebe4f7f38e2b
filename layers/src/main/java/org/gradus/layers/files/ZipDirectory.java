package org.gradus.layers.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The directory at the end of a zip file, which tells again what stands before each entry. Java
 * believes the directory alone; here both must tell the same:
 *
 * <pre>
 *   entry       PK 3 4, method, checksum, sizes, name; then the data
 *   ...
 *   directory   PK 1 2, method, checksum, sizes, name, place; for each entry
 *   end         PK 5 6, where the directory is; before it, in large files, PK 6 6 and PK 6 7
 * </pre>
 */
final class ZipDirectory {
  private static final int ENTRY = 0x04034b50;
  private static final int LISTED = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int LARGE_END = 0x06064b50;
  private static final int LOCATOR = 0x07064b50;

  private static final int ENTRY_BYTES = 30;
  private static final int LISTED_BYTES = 46;
  private static final int END_BYTES = 22;
  private static final int LARGE_END_BYTES = 56;
  private static final int LOCATOR_BYTES = 20;
  private static final int LONGEST_COMMENT = 0xffff;

  /** Where it stands instead of a number, the number is in the extra field of this kind. */
  private static final long LARGE = 0xffffffffL;

  private static final int LARGE_FIELD = 1;

  /** The flag of an entry whose checksum and sizes are told behind its data. */
  private static final int TOLD_BEHIND = 8;

  private final FileChannel in;
  private final String file;

  private ZipDirectory(FileChannel in, String file) {
    this.in = in;
    this.file = file;
  }

  /** What the directory, or the header of an entry, tells of the entry; numbers are unsigned. */
  private record Told(String name, int method, long checksum, long packed, long size, long place) {
    String inWords() {
      return "%s, method %s, checksum 0x%08x, %s bytes of %s"
          .formatted(Quoted.of(name), method, checksum, packed, size);
    }
  }

  /** An entry from its first byte to the one behind its data. */
  private record Span(String name, long begin, long end) {}

  /** Where the directory begins, how many bytes it has, and the place that it calls 0. */
  private record Bounds(long begin, long bytes, long zero) {}

  /** Refuses a file of which the two tell different things, or that has a name or bytes twice. */
  static void require(Path path) throws IOException {
    try (FileChannel in = FileChannel.open(path, StandardOpenOption.READ)) {
      new ZipDirectory(in, path.toString()).require();
    }
  }

  private void require() throws IOException {
    Bounds bounds = bounds();
    ByteBuffer all = bytes(bounds.begin, bounds.bytes);
    Set<String> names = new HashSet<>();
    List<Span> spans = new ArrayList<>();
    while (all.hasRemaining()) {
      Told listed = listed(all, names.size());
      if (!names.add(listed.name)) {
        throw new FileFormatException(file, "holds %s twice".formatted(Quoted.of(listed.name)));
      }
      spans.add(entry(listed, bounds));
    }
    spans.sort(Comparator.comparingLong(Span::begin));
    for (int i = 1; i < spans.size(); i++) {
      Span before = spans.get(i - 1);
      Span next = spans.get(i);
      if (next.begin < before.end) {
        throw new FileFormatException(
            file,
            "%s begins at byte %s, within %s, which ends at byte %s"
                .formatted(Quoted.of(next.name), next.begin, Quoted.of(before.name), before.end));
      }
    }
  }

  // ---- where the directory is ------------------------------------------------------------------

  private Bounds bounds() throws IOException {
    long size = in.size();
    int most = (int) Math.min(size, END_BYTES + LONGEST_COMMENT);
    ByteBuffer tail = bytes(size - most, most);
    for (int at = most - END_BYTES; at >= 0; at--) {
      int comment = most - END_BYTES - at;
      if (tail.getInt(at) == END && Short.toUnsignedInt(tail.getShort(at + 20)) == comment) {
        long count = Short.toUnsignedLong(tail.getShort(at + 10));
        long length = Integer.toUnsignedLong(tail.getInt(at + 12));
        long place = Integer.toUnsignedLong(tail.getInt(at + 16));
        long end = size - most + at;
        boolean isLarge = count == 0xffff || length == LARGE || place == LARGE;
        return isLarge ? largeBounds(end, length, place) : bounds(end, length, place);
      }
    }
    throw damaged("its end");
  }

  /** As the records before the end tell, if there are such. */
  private Bounds largeBounds(long end, long length, long place) throws IOException {
    ByteBuffer locator = bytes(end - LOCATOR_BYTES, LOCATOR_BYTES);
    if (locator.getInt(0) != LOCATOR) {
      return bounds(end, length, place);
    }
    long largeEnd = locator.getLong(8);
    ByteBuffer large = bytes(largeEnd, LARGE_END_BYTES);
    if (large.getInt(0) != LARGE_END) {
      throw damaged("its end");
    }
    return bounds(largeEnd, large.getLong(40), large.getLong(48));
  }

  private Bounds bounds(long end, long length, long place) throws FileFormatException {
    if (length < 0 || length > end || place < 0 || place > end - length) {
      throw damaged("its end");
    }
    return new Bounds(end - length, length, end - length - place);
  }

  // ---- what it tells ---------------------------------------------------------------------------

  /** The next entry of the directory. */
  private Told listed(ByteBuffer all, int number) throws FileFormatException {
    String what = "entry %s of the directory".formatted(number);
    int at = all.position();
    if (all.remaining() < LISTED_BYTES || all.getInt(at) != LISTED) {
      throw damaged(what);
    }
    int name = Short.toUnsignedInt(all.getShort(at + 28));
    int extra = Short.toUnsignedInt(all.getShort(at + 30));
    int comment = Short.toUnsignedInt(all.getShort(at + 32));
    if (all.remaining() < LISTED_BYTES + name + extra + comment) {
      throw damaged(what);
    }
    all.position(at + LISTED_BYTES + name + extra + comment);
    ByteBuffer large = largeField(all, at + LISTED_BYTES + name, extra);
    long size = number(all.getInt(at + 24), large, what);
    long packed = number(all.getInt(at + 20), large, what);
    long place = number(all.getInt(at + 42), large, what);
    return new Told(
        text(all, at + LISTED_BYTES, name),
        Short.toUnsignedInt(all.getShort(at + 10)),
        Integer.toUnsignedLong(all.getInt(at + 16)),
        packed,
        size,
        place);
  }

  /** The entry itself, which tells the same. */
  private Span entry(Told listed, Bounds bounds) throws IOException {
    String what = Quoted.of(listed.name);
    long most = bounds.begin - bounds.zero - ENTRY_BYTES;
    if (listed.place < 0 || listed.place > most) {
      throw damaged(what);
    }
    long begin = bounds.zero + listed.place;
    ByteBuffer fixed = bytes(begin, ENTRY_BYTES);
    if (fixed.getInt(0) != ENTRY) {
      throw damaged(what);
    }
    int name = Short.toUnsignedInt(fixed.getShort(26));
    int extra = Short.toUnsignedInt(fixed.getShort(28));
    long data = begin + ENTRY_BYTES + name + extra;
    if (listed.packed < 0 || data > bounds.begin || listed.packed > bounds.begin - data) {
      throw damaged(what);
    }
    ByteBuffer rest = bytes(begin + ENTRY_BYTES, name + extra);
    ByteBuffer large = largeField(rest, name, extra);
    boolean isBehind = (fixed.getShort(6) & TOLD_BEHIND) != 0;
    long size = isBehind ? listed.size : number(fixed.getInt(22), large, what);
    long packed = isBehind ? listed.packed : number(fixed.getInt(18), large, what);
    Told told =
        new Told(
            text(rest, 0, name),
            Short.toUnsignedInt(fixed.getShort(8)),
            isBehind ? listed.checksum : Integer.toUnsignedLong(fixed.getInt(14)),
            packed,
            size,
            listed.place);
    if (!told.inWords().equals(listed.inWords()) || !told.name.equals(listed.name)) {
      throw new FileFormatException(
          file,
          "the directory tells of %s; there is %s".formatted(listed.inWords(), told.inWords()));
    }
    return new Span(listed.name, begin, data + listed.packed);
  }

  /** The extra field for large numbers, of which there may be none. */
  private static ByteBuffer largeField(ByteBuffer all, int from, int length) {
    int at = from;
    while (at + 4 <= from + length) {
      int kind = Short.toUnsignedInt(all.getShort(at));
      int count = Math.min(Short.toUnsignedInt(all.getShort(at + 2)), from + length - at - 4);
      if (kind == LARGE_FIELD) {
        return all.slice(at + 4, count).order(ByteOrder.LITTLE_ENDIAN);
      }
      at += 4 + count;
    }
    return ByteBuffer.allocate(0);
  }

  /** A number that is in its place, or is the next of the large ones. */
  private long number(int inPlace, ByteBuffer large, String what) throws FileFormatException {
    long number = Integer.toUnsignedLong(inPlace);
    if (number != LARGE) {
      return number;
    }
    if (large.remaining() < Long.BYTES) {
      throw damaged(what);
    }
    return large.getLong();
  }

  /** A name, which Java has found to be UTF-8 in the directory. */
  private static String text(ByteBuffer all, int from, int length) {
    byte[] bytes = new byte[length];
    all.get(from, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Bytes of the file, which must be there. */
  private ByteBuffer bytes(long from, long count) throws IOException {
    if (from < 0 || count > FileContent.LARGEST_ARRAY || from > in.size() - count) {
      throw damaged("its end");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) count).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (in.read(bytes, from + bytes.position()) < 0) {
        throw damaged("its end");
      }
    }
    return bytes.flip();
  }

  private FileFormatException damaged(String what) {
    return new FileFormatException(file, "is a damaged zip file: " + what + " is wrong");
  }
}
