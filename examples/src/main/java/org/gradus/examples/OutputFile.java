package org.gradus.examples;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import org.gradus.layers.files.SafeFile;

/** The file that a program writes in the end. */
final class OutputFile {
  private OutputFile() {}

  /**
   * The first argument, or a file of the working directory.
   *
   * @throws IOException if it cannot be written: better now than after the training
   */
  static Path of(String[] args, String name) throws IOException {
    Path file = Path.of(args.length > 0 ? args[0] : name).toAbsolutePath();
    requireWritable(file);
    return file;
  }

  /**
   * Refuses a file that cannot be written in the end: better now than after the training.
   *
   * @throws IOException if its folder is not there or cannot be written, or if it is a folder, no
   *     regular file, or write-protected
   */
  static void requireWritable(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || Files.isDirectory(file)) {
      throw new FileSystemException(file.toString(), null, "it is a folder, expected a file");
    }
    if (!Files.isDirectory(folder)) {
      throw new NoSuchFileException(file.toString(), null, "its folder is not there");
    }
    try { // what the system says of permissions is not all that can be in the way
      Files.delete(Files.createTempFile(folder, ".gradus-", ".part"));
    } catch (IOException | ReadOnlyFileSystemException e) {
      throw new AccessDeniedException(file.toString(), null, "its folder cannot be written");
    }
    SafeFile.requireTarget(file);
  }
}
