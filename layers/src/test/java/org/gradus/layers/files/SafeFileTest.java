package org.gradus.layers.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeFileTest {
  @TempDir private Path folder;
  private Path target;

  @BeforeEach
  void nameTheTarget() {
    target = folder.resolve("weights");
  }

  private static SafeFile.Content text(String text) {
    return out -> out.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private List<String> leftOvers() throws IOException {
    return names().stream()
        .filter(name -> name.matches("\\.gradus-[0-9a-f]{8}-\\d+_[0-9a-f]+-[-0-9a-f]{36}\\.part"))
        .toList();
  }

  @Test
  void writesANewFileAndOverAnOldOne() throws IOException {
    SafeFile.write(target, text("a long one"));
    assertEquals("a long one", Files.readString(target));
    SafeFile.write(target, text("short"));
    assertEquals("short", Files.readString(target));
    assertEquals(List.of("weights"), names());
  }

  /** Until all is written, the target is as it was. */
  @Test
  void theTargetChangesAtTheEnd() throws IOException {
    SafeFile.write(target, text("old"));
    SafeFile.write(
        target,
        out -> {
          text("new").writeTo(out);
          assertEquals("old", Files.readString(target));
          assertEquals(1, leftOvers().size());
          assertEquals(2, names().size());
        });
    assertEquals("new", Files.readString(target));
  }

  @Test
  void aContentThatFailsLeavesTheOldFileAndNothingElse() throws IOException {
    SafeFile.write(target, text("old"));
    for (Throwable failure :
        List.of(
            new IOException("no more"), new IllegalStateException(), new StackOverflowError())) {
      SafeFile.Content content =
          out -> {
            text("half").writeTo(out);
            SafeFileTest.<RuntimeException>thrown(failure);
          };
      Throwable seen = assertThrows(Throwable.class, () -> SafeFile.write(target, content));
      if (failure instanceof IOException) {
        assertEquals(target + ": cannot be written: no more", seen.getMessage());
        assertSame(failure, seen.getCause());
      } else {
        assertSame(failure, seen);
      }
      assertEquals("old", Files.readString(target));
      assertEquals(List.of("weights"), names());
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void thrown(Throwable failure) throws E {
    throw (E) failure;
  }

  @Test
  void anInterruptFailsTheWrite() throws IOException {
    SafeFile.write(target, text("old"));
    Thread.currentThread().interrupt();
    IOException refusal =
        assertThrows(IOException.class, () -> SafeFile.write(target, text("new")));
    assertTrue(Thread.interrupted());
    assertEquals(
        target + ": cannot be written: FileLockInterruptionException", refusal.getMessage());
    assertEquals("old", Files.readString(target));
    assertEquals(List.of("weights"), names());
  }

  @Test
  void aTargetThatCannotBeIsRefused() throws IOException {
    Path nowhere = folder.resolve("no").resolve("weights");
    IOException refusal =
        assertThrows(IOException.class, () -> SafeFile.write(nowhere, text("new")));
    assertEquals(
        nowhere + ": cannot be written: there is no folder " + folder.resolve("no"),
        refusal.getMessage());
    Files.createDirectories(target.resolve("full"));
    refusal = assertThrows(IOException.class, () -> SafeFile.write(target, text("new")));
    assertTrue(refusal.getMessage().startsWith(target + ": cannot be written: "));
    assertEquals(List.of("weights"), names());
    refusal = assertThrows(IOException.class, () -> SafeFile.write(folder.getRoot(), text("new")));
    assertEquals("/: cannot be written: it is a folder, expected a file", refusal.getMessage());
  }

  @Test
  void aLinkStaysALink() throws IOException {
    Files.createDirectory(folder.resolve("real"));
    Path real = Files.writeString(folder.resolve("real").resolve("file"), "old");
    Files.createSymbolicLink(target, real);
    SafeFile.write(target, text("new"));
    assertEquals("new", Files.readString(real));
    assertTrue(Files.isSymbolicLink(target));
    assertEquals(List.of("real", "weights"), names());
    Files.delete(real);
    IOException refusal =
        assertThrows(IOException.class, () -> SafeFile.write(target, text("new")));
    assertEquals(
        "%s: cannot be written: it is a symbolic link to %s, which is not there"
            .formatted(target, real),
        refusal.getMessage());
  }

  @Test
  void permissionsStay() throws IOException {
    SafeFile.write(target, text("old"));
    for (String permissions : List.of("rw-------", "rw-r-----", "rwxrw-rw-")) {
      Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(permissions));
      SafeFile.write(target, text(permissions));
      assertEquals(permissions, Files.readString(target));
      assertEquals(
          permissions, PosixFilePermissions.toString(Files.getPosixFilePermissions(target)));
    }
  }

  @Test
  void aWriteProtectedFileIsRefused() throws IOException {
    SafeFile.write(target, text("old"));
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("r--r--r--"));
    assertEquals(target + ": cannot be written: it is write-protected", refusal(target));
    assertEquals("old", Files.readString(target));
    assertEquals(List.of("weights"), names());
    Path fixed = Path.of(URI.create("jrt:/java.base/module-info.class"));
    assertEquals(fixed + ": cannot be written: its file system is read-only", refusal(fixed));
  }

  /** Nobody makes files in /proc; where there is none, there is no such folder. */
  @Test
  void aFolderThatCannotBeWrittenIsTold() {
    String message = refusal(Path.of("/proc/weights"));
    assertTrue(message.matches("/proc/weights: cannot be written: .* folder /proc.*"), message);
    assertFalse(message.contains(".gradus-"), message);
  }

  private static String refusal(Path file) {
    return assertThrows(IOException.class, () -> SafeFile.write(file, text("new"))).getMessage();
  }

  @Test
  void aNameMayBeAsLongAsTheSystemAllows() throws IOException {
    target = folder.resolve("w".repeat(255));
    SafeFile.write(target, text("new"));
    assertEquals("new", Files.readString(target));
  }

  /** Threads do not take each other's files for left-overs. */
  @Test
  void manyThreadsWriteOneTarget() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      CountDownLatch all = new CountDownLatch(4);
      List<Future<?>> writes = new ArrayList<>();
      for (long thread = 1; thread <= 4; thread++) {
        long number = thread;
        writes.add(
            threads.submit(
                () -> {
                  for (int round = 0; round < 10; round++) {
                    SafeFile.write(target, numbered(number));
                    all.countDown();
                    all.await();
                    requireWhole(target);
                  }
                  return number;
                }));
      }
      for (Future<?> write : writes) {
        write.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertEquals(List.of("weights"), names());
  }

  // ---- content by which a file is known to be whole --------------------------------------------

  /** A number again and again, as often as it says by itself. */
  private static SafeFile.Content numbered(long number) {
    return out -> {
      ByteBuffer bytes = ByteBuffer.allocate(8 * count(number));
      LongStream.generate(() -> number).limit(count(number)).forEach(bytes::putLong);
      for (int from = 0; from < bytes.capacity(); from += 8192) {
        out.write(bytes.slice(from, Math.min(8192, bytes.capacity() - from)));
      }
    };
  }

  private static int count(long number) {
    return 10_000 + 1_000 * (int) (number % 7);
  }

  private static long requireWhole(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    long[] found = new long[bytes.capacity() / 8];
    bytes.asLongBuffer().get(found);
    assertTrue(found.length > 0, "the file is empty");
    long[] expected = new long[count(found[0])];
    Arrays.fill(expected, found[0]);
    assertTrue(
        Arrays.equals(expected, found), () -> "%s times %s".formatted(found.length, found[0]));
    return found[0];
  }

  // ---- other processes -------------------------------------------------------------------------

  /** Another JVM, which was told a target. */
  private record Child(Process process, BufferedReader said) {
    static Child start(Class<?> main, Path target) throws IOException {
      ProcessBuilder builder =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:TieredStopAtLevel=1",
              "-XX:+UseSerialGC",
              "-cp",
              System.getProperty("java.class.path"),
              main.getName(),
              target.toString());
      builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
      Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
      return new Child(process, process.inputReader());
    }

    void awaitLine() throws IOException {
      assertEquals("writing", said.readLine());
    }

    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }
  }

  /** Puts ever new content into a file, until it is killed. */
  static final class Overwrites {
    private Overwrites() {}

    public static void main(String[] arguments) throws IOException {
      Path target = Path.of(arguments[0]);
      for (long number = 1; ; number++) {
        SafeFile.write(target, numbered(number));
        if (number == 1) {
          say();
        }
      }
    }
  }

  /** Writes a half of a file, and the other one when it is told to. */
  static final class Waits {
    private Waits() {}

    public static void main(String[] arguments) throws IOException {
      SafeFile.write(Path.of(arguments[0]), Waits::inTwoParts);
    }

    private static void inTwoParts(FileChannel out) throws IOException {
      text("one half").writeTo(out);
      say();
      assertEquals('\n', System.in.read());
      text(", the other").writeTo(out);
    }
  }

  /** Writes a file. */
  static final class Once {
    private Once() {}

    public static void main(String[] arguments) throws IOException {
      SafeFile.write(Path.of(arguments[0]), text("of a child"));
      say();
    }
  }

  /** What a child prints is a message to its parent. */
  private static void say() {
    System.out.println("writing");
    System.out.flush();
  }

  @Test
  void aKilledProcessLeavesTheOldFileOrTheNewOne() throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    SafeFile.write(target, numbered(1));
    long last = 0;
    int left = 0;
    for (int round = 0; round < 10; round++) {
      List<Child> children = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        children.add(Child.start(Overwrites.class, target));
      }
      for (Child child : children) {
        child.awaitLine();
      }
      for (Child child : children) {
        Thread.sleep(0, random.nextInt(1_000_000));
        Thread.sleep(random.nextInt(20));
        child.kill();
        last = Math.max(last, requireWhole(target));
      }
      left += leftOvers().size();
    }
    assertTrue(last > 1, "nothing was overwritten");
    assertTrue(left > 0, "no process was killed while it wrote");
    SafeFile.write(target, numbered(5));
    assertEquals(5, requireWhole(target));
    assertEquals(List.of("weights"), names());
  }

  @Test
  void whatALivingProcessWritesIsNotRemoved() throws Exception {
    Child child = Child.start(Waits.class, target);
    try {
      child.awaitLine();
      List<String> aside = leftOvers();
      assertEquals(1, aside.size());
      assertFalse(Files.exists(target));
      SafeFile.write(target, text("mine"));
      assertEquals("mine", Files.readString(target));
      assertEquals(aside, leftOvers());
      child.process().outputWriter().append('\n').flush();
      assertEquals(0, child.process().waitFor());
      assertEquals("one half, the other", Files.readString(target));
      assertEquals(List.of("weights"), names());
    } finally {
      child.kill();
    }
  }

  /** On POSIX systems, a file is unlocked when its process closes it anywhere. */
  @Test
  void aWriteOfTheSameProcessUnlocksNothing() throws Exception {
    SafeFile.write(
        target,
        out -> {
          List<String> aside = leftOvers();
          SafeFile.write(target, text("another"));
          Child child = Child.start(Once.class, target);
          child.awaitLine();
          assertEquals("of a child", Files.readString(target));
          assertEquals(aside, leftOvers());
          text("the last").writeTo(out);
        });
    assertEquals("the last", Files.readString(target));
    assertEquals(List.of("weights"), names());
  }

  @Test
  void whatAKilledProcessLeftIsRemovedByAWriteToTheSameTarget() throws Exception {
    Child child = Child.start(Waits.class, target);
    child.awaitLine();
    child.kill();
    List<String> aside = leftOvers();
    assertEquals(1, aside.size());
    SafeFile.write(folder.resolve("other"), text("mine"));
    assertEquals(aside, leftOvers());
    SafeFile.write(target, text("mine"));
    assertEquals(List.of("other", "weights"), names());
  }

  // ---- other targets and file systems
  // -------------------------------------------------------------

  @Test
  void aFileInsideAZipFileIsWrittenAndOverwritten() throws IOException {
    Path zip = folder.resolve("x.zip");
    try (FileSystem inside = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Path file = inside.getPath("/weights");
      SafeFile.write(file, text("old"));
      assertEquals("old", Files.readString(file));
      SafeFile.write(file, text("new"));
      assertEquals("new", Files.readString(file));
      IOException refusal =
          assertThrows(
              IOException.class,
              () ->
                  SafeFile.write(
                      file,
                      out -> {
                        throw new IOException("no more");
                      }));
      assertEquals("/weights: cannot be written: no more", refusal.getMessage());
      assertEquals("new", Files.readString(file));
      try (Stream<Path> all = Files.list(inside.getPath("/"))) {
        assertEquals(List.of("/weights"), all.map(Path::toString).toList());
      }
    }
    assertEquals(List.of("x.zip"), names());
  }

  @Test
  void aTargetThatIsNoRegularFileIsRefused() throws Exception {
    Files.createDirectory(target);
    IOException refusal =
        assertThrows(IOException.class, () -> SafeFile.write(target, text("new")));
    assertEquals(
        target + ": cannot be written: it is a folder, expected a file", refusal.getMessage());
    assertTrue(Files.isDirectory(target));
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    refusal = assertThrows(IOException.class, () -> SafeFile.write(pipe, text("new")));
    assertEquals(
        pipe + ": cannot be written: it is a pipe, a device or the like, expected a regular file",
        refusal.getMessage());
    assertFalse(Files.isRegularFile(pipe, LinkOption.NOFOLLOW_LINKS));
    assertEquals(List.of("pipe", "weights"), names());
  }

  @Test
  void aHardLinkKeepsTheOldContent() throws IOException {
    SafeFile.write(target, text("old"));
    Path other = Files.createLink(folder.resolve("other"), target);
    SafeFile.write(target, text("new"));
    assertEquals("old", Files.readString(other));
    assertEquals("new", Files.readString(target));
  }
}
