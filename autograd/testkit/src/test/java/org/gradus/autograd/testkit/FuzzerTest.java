package org.gradus.autograd.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The fuzzer finds what is wrong with readers that are wrong on purpose. */
class FuzzerTest {
  private static final Fuzz.Memory LITTLE = new Fuzz.Memory(100_000, 10);
  private static final Fuzz.Refusal REFUSED = Fuzz.Refusal.named(FileNotFoundException.class);
  private static final byte[] RIGHT = {1, 2, 3, 4, 5, 6, 7, 8};

  private static Fuzz fuzz() {
    return new Fuzz(List.of(RIGHT), List.of("word"));
  }

  /** Right, where every file that does not begin as the right one is refused. */
  private static void read(byte[] file, String name) throws FileNotFoundException {
    if (file.length < 2 || file[0] != 1 || file[1] != 2) {
      throw new FileNotFoundException(name + ": it begins otherwise");
    }
  }

  private static String fault(Fuzz.Memory memory, Fuzz.Reader reader) {
    return String.valueOf(
        assertThrows(AssertionError.class, () -> fuzz().run("x", memory, REFUSED, reader))
            .getMessage());
  }

  private static void assertMatches(String pattern, String text) {
    assertTrue(text.matches(pattern), text);
  }

  @Test
  void whatIsRightPasses() {
    List<Integer> lengths = new ArrayList<>();
    fuzz()
        .run(
            "x",
            LITTLE,
            REFUSED,
            (file, name) -> {
              lengths.add(file.length);
              read(file, name);
            });
    assertTrue(lengths.size() > 1);
    assertEquals(RIGHT.length, lengths.get(0));
  }

  @Test
  void otherExceptionsAreFaults() {
    String begin = "x: seed -?\\d+, input \\d+, of \\d+ bytes, was met with java\\.";
    assertMatches(
        begin + "lang\\.ArrayIndexOutOfBoundsException: .*",
        fault(
            LITTLE,
            (file, name) -> {
              read(file, name);
              if (file[file[2]] < 0) { // a place that is in the file
                throw new FileNotFoundException(name + ": it is negative");
              }
            }));
    assertMatches(
        begin + "io\\.FileNotFoundException: another: .*",
        fault(LITTLE, (file, name) -> read(file, Arrays.equals(file, RIGHT) ? name : "another")));
    assertMatches(
        begin + "lang\\.StackOverflowError",
        fault(LITTLE, (file, name) -> deep(Arrays.equals(file, RIGHT) ? 1 : Integer.MAX_VALUE)));
  }

  private static int deep(int depth) {
    return depth == 0 ? 0 : 1 + deep(depth - 1);
  }

  @Test
  void muchMemoryIsFault() {
    assertMatches(
        "x: seed -?\\d+, input \\d+, of \\d+ bytes, cost \\d{7} bytes of memory, expected at most"
            + " 100\\d{3}",
        fault(LITTLE, (file, name) -> assertEquals(1 << 20, new byte[1 << 20].length)));
  }

  @Test
  void aRightFileThatIsRefusedIsFault() {
    assertEquals(
        "x: a right file was refused: java.io.IOException: no",
        fault(
            LITTLE,
            (file, name) -> {
              throw new IOException("no");
            }));
  }

  @Test
  void aReaderThatRefusesNothingIsFault() {
    assertMatches(
        "x: 0 of \\d+ inputs were refused: these are no damaged files",
        fault(LITTLE, (file, name) -> {}));
  }

  @Test
  void anInputIsTheSameAgain() {
    Set<String> different = new TreeSet<>();
    for (int i = 0; i < 100; i++) {
      assertArrayEquals(fuzz().input(i), fuzz().input(i));
      different.add(Arrays.toString(fuzz().input(i)));
    }
    assertTrue(different.size() > 80, () -> different.size() + " different inputs");
    assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, RIGHT);
  }

  @Test
  void aChangeOfTheFormatIsMadeForSomeInputs() {
    Fuzz own = fuzz().changedBy((file, random) -> new byte[] {(byte) random.nextInt(3), 99});
    long changed = 0;
    for (int i = 0; i < 1000; i++) {
      byte[] file = own.input(i);
      changed += file.length == 2 && file[1] == 99 ? 1 : 0;
    }
    assertTrue(changed > 300 && changed < 700, changed + " of 1000");
  }

  @Test
  void filesOfTheWrongSizeAreRefused() {
    List<String> words = List.of();
    assertEquals(
        "fuzz: 0 files of at most 0 bytes, expected at least one, of at most 65536 each",
        assertThrows(IllegalArgumentException.class, () -> new Fuzz(List.of(), words))
            .getMessage());
    byte[] large = new byte[65_537];
    assertEquals(
        "fuzz: 2 files of at most 65537 bytes, expected at least one, of at most 65536 each",
        assertThrows(IllegalArgumentException.class, () -> fuzz().andOf(large)).getMessage());
    assertEquals(
        "ofFormats: 0, expected at least 1",
        assertThrows(IllegalArgumentException.class, () -> fuzz().ofFormats(0)).getMessage());
    assertEquals(
        "memory: -1 bytes and 2 for each byte, expected at least 0",
        assertThrows(IllegalArgumentException.class, () -> new Fuzz.Memory(-1, 2)).getMessage());
  }

  @Test
  void aFolderIsRemovedWithAllThatIsInIt() throws IOException {
    Path folder = Fuzz.folder();
    Files.write(Files.createDirectory(folder.resolve("a")).resolve("b"), RIGHT);
    Fuzz.remove(folder);
    assertFalse(Files.exists(folder));
  }
}
