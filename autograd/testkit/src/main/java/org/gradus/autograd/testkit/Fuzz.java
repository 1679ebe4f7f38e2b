package org.gradus.autograd.testkit;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.gradus.autograd.array.Nulls;

/**
 * Damaged files for a reader, each made of right ones by a few changes: bits, bytes and sizes
 * written over, parts cut, doubled, exchanged between files, words of the format put in.
 *
 * <pre>{@code
 * // given byte[] oneFile, byte[] another
 * new Fuzz(List.of(oneFile, another), List.of("IHDR", "IDAT"))
 *     .run(
 *         "x.png",
 *         new Fuzz.Memory(100_000, 20),
 *         Fuzz.Refusal.named(IOException.class),
 *         (file, name) -> ImageIO.read(new ByteArrayInputStream(file)));
 * }</pre>
 *
 * <p>An input is known by a seed and its number, so that one that fails can be made again:
 *
 * <pre>
 *   mvn test -Dtest=... -Dgradus.fuzz.seed=7 -Dgradus.fuzz.from=1234 -Dgradus.fuzz.inputs=1
 * </pre>
 *
 * <p>{@code gradus.fuzz.inputs} says how many inputs each reader gets: 20,000 unless it is set.
 */
public final class Fuzz {
  private static final int MOST_CHANGES = 4;
  private static final int MOST_BYTES = 1 << 16;

  /** Numbers at which something begins or ends, as bytes. */
  private final long[] extremes = {
    0,
    1,
    2,
    8,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0x8000,
    0xffff,
    0x10000,
    0xffffff,
    0x7ffffff7,
    0x7fffffff,
    0x80000000L,
    0xffffffffL,
    0x100000000L,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1
  };

  /** Such numbers as words. */
  private final List<String> numbers =
      List.of(
          "0", "-1", "2147483639", "2147483648", "9223372036854775807", "1e9", "99999999999999");

  private final List<byte[]> right;
  private final List<byte[]> files;
  private final List<String> words;
  private final Optional<Change> own;
  private final long seed = Long.getLong("gradus.fuzz.seed", 1);
  private final int from = Integer.getInteger("gradus.fuzz.from", 0);
  private final int inputs;

  /** What is fuzzed: refuses a file by an exception. */
  @FunctionalInterface
  public interface Reader {
    /**
     * Reads a file.
     *
     * @param file its bytes
     * @param name of the file, for messages
     * @throws Exception if the file is refused
     */
    void read(byte[] file, String name) throws Exception;
  }

  /** Which exceptions the reader's comment speaks of. */
  @FunctionalInterface
  public interface Refusal {
    /**
     * Whether an exception is one of them.
     *
     * @param e what the reader threw
     * @param name of the file, which a message may have to tell
     */
    boolean isDocumented(Exception e, String name);

    /**
     * Exceptions of one type, whose messages begin with the name of the file and a colon.
     *
     * @param type such as that of a wrong format
     */
    static Refusal named(Class<? extends Exception> type) {
      Nulls.refuse("named: type", type);
      return (e, name) -> {
        Nulls.refuse("isDocumented: e, name", e, name);
        return type.isInstance(e) && String.valueOf(e.getMessage()).startsWith(name + ": ");
      };
    }
  }

  /** A change of a format's own, such as of one number in a message. */
  @FunctionalInterface
  public interface Change {
    /**
     * A changed file.
     *
     * @param file right or damaged; not modified
     * @param random what to change is drawn from it
     */
    byte[] of(byte[] file, SplittableRandom random);
  }

  /**
   * What reading may allocate on the heap.
   *
   * @param bytes whatever the file, at least 0
   * @param forEachByte so many more for each byte of the file, at least 0
   */
  public record Memory(long bytes, long forEachByte) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is below 0
     */
    public Memory {
      if (bytes < 0 || forEachByte < 0) {
        throw new IllegalArgumentException(
            "memory: %s bytes and %s for each byte, expected at least 0"
                .formatted(bytes, forEachByte));
      }
    }
  }

  /**
   * Inputs made of right files.
   *
   * @param files at least one, each of at most 64 KiB
   * @param words of their format, of bytes as those of ISO 8859-1
   * @throws IllegalArgumentException if there is no file, or one is larger
   */
  public Fuzz(List<byte[]> files, List<String> words) {
    this(
        given(files, words),
        List.copyOf(files),
        List.copyOf(words),
        Optional.empty(),
        Integer.getInteger("gradus.fuzz.inputs", 20_000));
  }

  private static List<byte[]> given(List<byte[]> files, List<String> words) {
    Nulls.refuse("fuzz: files, words", files, words);
    return ofRightSize(List.copyOf(files));
  }

  private Fuzz(
      List<byte[]> right,
      List<byte[]> files,
      List<String> words,
      Optional<Change> own,
      int inputs) {
    this.right = right;
    this.files = files;
    this.words = words;
    this.own = own;
    this.inputs = inputs;
  }

  private static List<byte[]> ofRightSize(List<byte[]> files) {
    int most = files.stream().mapToInt(file -> file.length).max().orElse(0);
    if (files.isEmpty() || most > MOST_BYTES) {
      throw new IllegalArgumentException(
          "fuzz: %s files of at most %s bytes, expected at least one, of at most %s each"
              .formatted(files.size(), most, MOST_BYTES));
    }
    return files;
  }

  /**
   * With so many times fewer inputs, for one of the formats of a reader.
   *
   * @param count of the formats, at least 1
   * @throws IllegalArgumentException if it is below 1
   */
  public Fuzz ofFormats(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("ofFormats: %s, expected at least 1".formatted(count));
    }
    return new Fuzz(right, files, words, own, (inputs + count - 1) / count);
  }

  /**
   * With inputs that are made of wrong files too.
   *
   * @param wrong such as files that unzip to large ones, each of at most 64 KiB
   * @throws IllegalArgumentException if one is larger
   */
  public Fuzz andOf(byte[]... wrong) {
    Nulls.refuse("andOf: wrong", (Object) wrong);
    List<byte[]> all = new ArrayList<>(files);
    all.addAll(List.of(wrong));
    return new Fuzz(right, List.copyOf(ofRightSize(all)), words, own, inputs);
  }

  /**
   * With a change of the format's own for every second of the changes: where lengths stand before
   * parts within parts, other changes seldom get as far as what is within.
   *
   * @param change takes any bytes; gives the same for the same numbers drawn
   */
  public Fuzz changedBy(Change change) {
    Nulls.refuse("changedBy: change", change);
    return new Fuzz(right, files, words, Optional.of(change), inputs);
  }

  /**
   * A folder for inputs that are read from files: in memory, where there is such a one.
   *
   * @throws IOException if it cannot be made
   */
  public static Path folder() throws IOException {
    Path memory = Path.of("/dev/shm");
    return Files.isWritable(memory)
        ? Files.createTempDirectory(memory, "gradus-fuzz")
        : Files.createTempDirectory("gradus-fuzz");
  }

  /**
   * Removes such a folder.
   *
   * @param folder with all that is in it
   * @throws IOException if it cannot be removed
   */
  public static void remove(Path folder) throws IOException {
    Nulls.refuse("remove: folder", folder);
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /**
   * Reads the right files, which must be read, then the damaged ones, which must be read or refused
   * as documented, within the memory.
   *
   * @param name that the reader is given for each file
   * @param memory what reading one may allocate, in the thread that calls
   * @param refusal which exceptions may come of a damaged one
   * @param reader is called once for each file
   * @throws AssertionError if something else happens; the message tells the number of the input
   */
  public void run(String name, Memory memory, Refusal refusal, Reader reader) {
    Nulls.refuse("run: name, memory, refusal, reader", name, memory, refusal, reader);
    for (byte[] file : right) {
      try {
        reader.read(file, name);
      } catch (Exception e) {
        throw new AssertionError(name + ": a right file was refused: " + e, e);
      }
    }
    int refused = 0;
    for (int i = from; i < from + inputs; i++) {
      refused += isRefused(i, name, memory, refusal, reader) ? 1 : 0;
    }
    if (inputs > 100 && (refused < inputs / 10 || refused == inputs)) {
      throw new AssertionError(
          "%s: %s of %s inputs were refused: these are no damaged files"
              .formatted(name, refused, inputs));
    }
  }

  private boolean isRefused(
      int number, String name, Memory memory, Refusal refusal, Reader reader) {
    byte[] file = input(number);
    String what = "%s: seed %s, input %s, of %s bytes, ".formatted(name, seed, number, file.length);
    boolean isRefused = false;
    long before = allocated();
    try {
      reader.read(file, name);
    } catch (Exception | StackOverflowError | OutOfMemoryError e) {
      isRefused = true;
      if (!(e instanceof Exception documented && refusal.isDocumented(documented, name))) {
        throw new AssertionError(what + "was met with " + e, e);
      }
    }
    long taken = allocated() - before;
    long most = memory.bytes + memory.forEachByte * file.length;
    if (taken > most) {
      throw new AssertionError(
          what + "cost %s bytes of memory, expected at most %s".formatted(taken, most));
    }
    return isRefused;
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  // ---- inputs ----------------------------------------------------------------------------------

  /**
   * An input: the same for the same seed and files.
   *
   * @param number of the input
   */
  public byte[] input(int number) {
    SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
    byte[] file = files.get(random.nextInt(files.size())).clone();
    int changes = 1 + random.nextInt(MOST_CHANGES);
    for (int i = 0; i < changes; i++) {
      file =
          own.isPresent() && random.nextBoolean()
              ? own.orElseThrow().of(file, random)
              : changed(file, random);
      if (file.length > MOST_BYTES) {
        file = Arrays.copyOf(file, MOST_BYTES);
      }
    }
    return file;
  }

  private byte[] changed(byte[] file, SplittableRandom random) {
    int at = random.nextInt(file.length + 1);
    int some = Math.min(file.length - at, 1 + random.nextInt(1 << random.nextInt(10)));
    int kind = file.length == 0 ? 1 : random.nextInt(10);
    return switch (kind) {
      case 0 -> Arrays.copyOf(file, at);
      case 1 -> joined(file, bytes(1 + random.nextInt(64), random));
      case 2 -> put(file, at, bytes(1 + random.nextInt(4), random));
      case 3 -> put(file, at, extreme(random));
      case 4 -> inserted(file, at, 0, Arrays.copyOfRange(file, at, at + some));
      case 5 -> inserted(file, at, some, new byte[0]);
      case 6 -> put(file, at, part(file, some, random));
      case 7 -> inserted(file, at, random.nextBoolean() ? some : 0, word(random));
      case 8 -> put(file, at, part(files.get(random.nextInt(files.size())), some + 1, random));
      default -> flipped(file, Math.min(at, file.length - 1), random.nextInt(8));
    };
  }

  private static byte[] flipped(byte[] file, int at, int bit) {
    byte[] result = file.clone();
    result[at] ^= (byte) (1 << bit);
    return result;
  }

  private static byte[] bytes(int count, SplittableRandom random) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  /** A number as files write sizes, of 1, 2, 4 or 8 bytes in either order, near an extreme one. */
  private byte[] extreme(SplittableRandom random) {
    long value = extremes[random.nextInt(extremes.length)] + random.nextInt(3) - 1;
    boolean isBig = random.nextBoolean();
    int width = 1 << random.nextInt(4);
    byte[] all =
        ByteBuffer.allocate(Long.BYTES)
            .order(isBig ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
            .putLong(value)
            .array();
    return isBig
        ? Arrays.copyOfRange(all, Long.BYTES - width, Long.BYTES)
        : Arrays.copyOf(all, width);
  }

  private static byte[] part(byte[] file, int count, SplittableRandom random) {
    int from = random.nextInt(file.length + 1);
    return Arrays.copyOfRange(file, from, Math.min(file.length, from + count));
  }

  private byte[] word(SplittableRandom random) {
    int number = random.nextInt(words.size() + numbers.size());
    String word = number < words.size() ? words.get(number) : numbers.get(number - words.size());
    return word.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] put(byte[] file, int at, byte[] over) {
    byte[] result = file.clone();
    System.arraycopy(over, 0, result, at, Math.min(over.length, file.length - at));
    return result;
  }

  private static byte[] joined(byte[] first, byte[] second) {
    return inserted(first, first.length, 0, second);
  }

  /** With bytes in the place of some others. */
  private static byte[] inserted(byte[] file, int at, int replaced, byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(file.length + bytes.length);
    out.write(file, 0, at);
    out.writeBytes(bytes);
    out.write(file, at + replaced, file.length - at - replaced);
    return out.toByteArray();
  }
}
