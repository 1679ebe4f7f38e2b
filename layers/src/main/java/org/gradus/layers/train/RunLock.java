package org.gradus.layers.train;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A run's folder is written by one trainer at a time, of all processes. */
final class RunLock {
  private static final String FILE = "run.lock";

  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the folder.
   *
   * @throws IllegalStateException if another trainer has it
   */
  static RunLock of(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!isOurs(channel)) {
      channel.close();
      throw new IllegalStateException(
          "fit: another trainer writes to %s now; name another folder".formatted(folder));
    }
    return new RunLock(channel);
  }

  private static boolean isOurs(FileChannel channel) {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) { // of this process
      return false;
    } catch (IOException e) { // a file system that has no locks
      return true;
    }
  }

  /** Gives it back; a process that ends does so, too. */
  void close() throws IOException {
    channel.close();
  }
}
