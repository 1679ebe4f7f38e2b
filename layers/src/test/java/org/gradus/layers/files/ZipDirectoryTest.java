package org.gradus.layers.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.gradus.autograd.array.NdArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Zip files made by hand, whose two accounts of an entry differ. */
class ZipDirectoryTest {
  @TempDir private Path folder;

  /** A zip file of entries that are not compressed, byte by byte. */
  private static final class Zip {
    private final ByteBuffer bytes = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer directory = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    private int count;

    /** The place of the next entry. */
    int place() {
      return bytes.position();
    }

    Zip entry(String name, byte[] data) {
      int place = place();
      return before(name, data, false).listed(name, data, place, false);
    }

    Zip before(String name, byte[] data, boolean isLarge) {
      bytes.putInt(0x04034b50).putShort((short) 45).putShort((short) 0x800).putShort((short) 0);
      bytes.putInt(0);
      sizes(bytes, data, isLarge);
      bytes.putShort((short) name.getBytes(UTF_8).length).putShort((short) (isLarge ? 20 : 0));
      bytes.put(name.getBytes(UTF_8));
      if (isLarge) {
        bytes.putShort((short) 1).putShort((short) 16).putLong(data.length).putLong(data.length);
      }
      bytes.put(data);
      return this;
    }

    Zip listed(String name, byte[] data, int place, boolean isLarge) {
      directory.putInt(0x02014b50).putShort((short) 45).putShort((short) 45);
      directory.putShort((short) 0x800).putShort((short) 0).putInt(0);
      sizes(directory, data, isLarge);
      directory.putShort((short) name.getBytes(UTF_8).length);
      directory.putShort((short) (isLarge ? 28 : 0)).putShort((short) 0).putLong(0);
      directory.putInt(isLarge ? -1 : place).put(name.getBytes(UTF_8));
      if (isLarge) {
        directory.putShort((short) 1).putShort((short) 24);
        directory.putLong(data.length).putLong(data.length).putLong(place);
      }
      count++;
      return this;
    }

    private static void sizes(ByteBuffer to, byte[] data, boolean isLarge) {
      CRC32 sum = new CRC32();
      sum.update(data);
      to.putInt((int) sum.getValue());
      to.putInt(isLarge ? -1 : data.length).putInt(isLarge ? -1 : data.length);
    }

    byte[] file() {
      int begin = place();
      int length = directory.position();
      bytes.put(directory.flip());
      return end(count, length, begin);
    }

    /** With the records of files of more than four gibibytes. */
    byte[] largeFile() {
      int begin = place();
      int length = directory.position();
      bytes.put(directory.flip());
      int end = place();
      bytes.putInt(0x06064b50).putLong(44).putShort((short) 45).putShort((short) 45);
      bytes.putLong(0).putLong(count).putLong(count).putLong(length).putLong(begin);
      bytes.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
      return end(-1, -1, -1);
    }

    private byte[] end(int count, int length, int begin) {
      bytes.putInt(0x06054b50).putInt(0).putShort((short) count).putShort((short) count);
      bytes.putInt(length).putInt(begin).putShort((short) 0);
      return Arrays.copyOf(bytes.array(), bytes.position());
    }
  }

  private static final NdArray ONE = NdArray.of(1f);
  private static final NdArray TWO = NdArray.of(2f);
  private static final byte[] FIRST = NumPyTest.written(ONE);
  private static final byte[] SECOND = NumPyTest.written(TWO);

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("x.npz"), content);
  }

  private void refuses(String message, byte[] content) throws IOException {
    Path file = file(content);
    assertEquals(
        file + ": " + message,
        assertThrows(FileFormatException.class, () -> NumPy.readAll(file)).getMessage());
  }

  @Test
  void smallAndLargeFilesAreRead() throws IOException {
    Map<String, NdArray> expected = new LinkedHashMap<>();
    expected.put("ä", ONE);
    expected.put("b", TWO);
    byte[] small = new Zip().entry("ä.npy", FIRST).entry("b.npy", SECOND).file();
    assertEquals(expected, NumPy.readAll(file(small)));

    Zip zip = new Zip().before("ä.npy", FIRST, true);
    int place = zip.place();
    zip.before("b.npy", SECOND, true).listed("ä.npy", FIRST, 0, true);
    assertEquals(
        expected, NumPy.readAll(file(zip.listed("b.npy", SECOND, place, true).largeFile())));
  }

  @Test
  void anotherNameInTheDirectoryIsRefused() throws IOException {
    byte[] file = new Zip().before("a.npy", FIRST, false).listed("b.npy", FIRST, 0, false).file();
    CRC32 sum = new CRC32();
    sum.update(FIRST);
    String rest = ", method 0, checksum 0x%08x, 132 bytes of 132".formatted(sum.getValue());
    refuses("the directory tells of b.npy%s; there is a.npy%s".formatted(rest, rest), file);
  }

  @Test
  void aNameThatIsListedTwiceIsRefused() throws IOException {
    refuses("holds a.npy twice", new Zip().entry("a.npy", FIRST).entry("a.npy", SECOND).file());
  }

  /** As in small files that hold very many copies of one large entry. */
  @Test
  void entriesThatShareBytesAreRefused() throws IOException {
    byte[] inner = new Zip().before("b.npy", SECOND, false).file();
    byte[] outer = Arrays.copyOf(inner, 30 + 5 + SECOND.length);
    byte[] file =
        new Zip()
            .before("a.npy", outer, false)
            .listed("a.npy", outer, 0, false)
            .listed("b.npy", SECOND, 35, false)
            .file();
    refuses("b.npy begins at byte 35, within a.npy, which ends at byte 202", file);
  }

  @Test
  void otherSizesAndChecksumsAreRefused() throws IOException {
    byte[] file = new Zip().before("a.npy", FIRST, false).listed("a.npy", SECOND, 0, false).file();
    CRC32 first = new CRC32();
    first.update(FIRST);
    CRC32 second = new CRC32();
    second.update(SECOND);
    refuses(
        ("the directory tells of a.npy, method 0, checksum 0x%08x, 132 bytes of 132;"
                + " there is a.npy, method 0, checksum 0x%08x, 132 bytes of 132")
            .formatted(second.getValue(), first.getValue()),
        file);
  }
}
