package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;

/** What programs tell of failures, and when. */
class ProgramTest {
  private final Printed said = new Printed();

  @Test
  void failuresOfFilesAreToldInWords() {
    assertEquals("a: there is no such file", Program.message(new NoSuchFileException("a")));
    assertEquals("a: there is no permission", Program.message(new AccessDeniedException("a")));
    assertEquals("a: it is no folder", Program.message(new NotDirectoryException("a")));
    assertEquals("a: FileSystemLoopException", Program.message(new FileSystemLoopException("a")));
    assertEquals(
        "a: its folder is not there",
        Program.message(new NoSuchFileException("a", null, "its folder is not there")));
    assertEquals(
        "a: Not a directory",
        Program.message(new FileSystemException("a", null, "Not a directory")));
    assertEquals("a: is torn", Program.message(new IOException("a: is torn")));
    assertEquals(
        "a: there is no such file",
        Program.message(new UncheckedIOException(new NoSuchFileException("a"))));
  }

  /** A program that needs more memory than there is. */
  @Command
  private static final class Greedy extends Program {
    Greedy(Printed said) {
      super(said.stream(), said.stream());
    }

    @Override
    String thrift() {
      return "a smaller image, or ";
    }

    @Override
    public Integer call() {
      throw new OutOfMemoryError("Java heap space");
    }
  }

  @Test
  void tooLittleMemoryIsToldInWords() {
    assertEquals(1, new Greedy(said).run());
    long megabytes = Runtime.getRuntime().maxMemory() >> 20;
    assertEquals(
        "%s MB of memory are too little; give a smaller image, or java -Xmx%sm or more\n"
            .formatted(megabytes, 2 * megabytes),
        said.toString());
  }

  @Test
  void aFileThatCannotBeWrittenIsRefusedAtOnce(@TempDir Path folder) throws Exception {
    OutputFile.requireWritable(folder.resolve("new.png"));
    Path old = Files.writeString(folder.resolve("old.png"), "old");
    OutputFile.requireWritable(old);
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(old), files.toList()); // nothing is left of the trial
    }
    assertEquals("old", Files.readString(old));
    assertEquals(
        folder + ": it is a folder, expected a file",
        assertThrows(FileSystemException.class, () -> OutputFile.requireWritable(folder))
            .getMessage());
    Path nowhere = folder.resolve("none").resolve("a.png");
    assertEquals(
        nowhere + ": its folder is not there",
        assertThrows(NoSuchFileException.class, () -> OutputFile.requireWritable(nowhere))
            .getMessage());
    assertTrue(old.toFile().setReadOnly());
    assertEquals(
        old + ": cannot be written: it is write-protected",
        assertThrows(IOException.class, () -> OutputFile.requireWritable(old)).getMessage());
    // Those of the Java runtime cannot be written by anybody.
    Path fixed = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules", "a.png");
    assertEquals(
        "/modules/a.png: its folder cannot be written",
        assertThrows(AccessDeniedException.class, () -> OutputFile.requireWritable(fixed))
            .getMessage());
  }
}
