package org.gradus.examples;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The file that a program writes in the end. */
final class OutputFile {
  private OutputFile() {}

  /**
   * The first argument, or a file of the working directory.
   *
   * @throws NoSuchFileException if its folder is not there: better now than after the training
   */
  static Path of(String[] args, String name) throws NoSuchFileException {
    Path file = Path.of(args.length > 0 ? args[0] : name).toAbsolutePath();
    requireFolder(file);
    return file;
  }

  /**
   * Refuses a file that cannot be written in the end.
   *
   * @throws NoSuchFileException if its folder is not there: better now than after the training
   */
  static void requireFolder(Path file) throws NoSuchFileException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new NoSuchFileException(file.toString(), null, "its folder is not there");
    }
  }
}
