package org.gradus.layers.files;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.UUID;
import org.gradus.autograd.array.Nulls;

/**
 * Writes a file so that it always has its old content or its new one, whole, whatever happens on
 * the way: an exception, the end of the process, a loss of power.
 *
 * <p>The content is written into another file of the same folder, forced to the disk, and moved
 * into place in one step; then the folder is forced too, where the system allows it. If anything
 * fails, the other file is removed, and the target is as it was. What a killed process left is
 * removed by the next write to the same target. Its name is {@code
 * .gradus-HASH-PROCESS-NUMBER.part}, and a lock, which the system releases when its process ends,
 * tells it from the file of a process that still writes, be it in another container or on another
 * machine. Where files cannot be locked, nothing is removed.
 *
 * <p>Several threads and processes may write to one target at once: the last one wins. A target
 * that is a symbolic link stays one, and the file that it leads to is written; that file must be
 * there. A hard link is cut: other names of the old file keep the old content. An old file hands
 * its permissions on where they are those of POSIX; the new file belongs to the user who writes it,
 * though. A target that is there and is write-protected, or is no regular file, such as a folder, a
 * pipe or a device, is refused. An interrupt of the thread fails the write.
 *
 * <p>In a file system that is not the default one, such as that of a zip file, there are no locks,
 * and left-overs are not removed.
 */
public final class SafeFile {
  private static final String SUFFIX = ".part";

  /** How often a new file may be gone at once before the write fails. */
  private static final int TRIES = 3;

  private SafeFile() {}

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes all of it.
     *
     * @param out an empty file; stays open
     * @throws IOException if it cannot be written
     */
    void writeTo(FileChannel out) throws IOException;
  }

  /**
   * Puts content into a file, which need not be there yet; its folder must be.
   *
   * @throws IOException if it cannot be written; the message names the target, and the target is as
   *     it was. Exceptions of the content that are no IOExceptions are passed on
   */
  public static void write(Path target, Content content) throws IOException {
    Nulls.refuse("write: target, content", target, content);
    try {
      Place place = place(target);
      if (hasLocks(place.file)) {
        removeLeftOvers(place.file, place.folder);
      }
      writeAside(place.file, place.folder, content);
      force(place.folder);
    } catch (IOException e) {
      throw new IOException(target + ": cannot be written: " + why(e), e);
    }
  }

  /**
   * Refuses what {@link #write} would refuse before it writes: better now than after the work.
   *
   * @param target the file to be written
   * @throws IOException if it is a folder, no regular file, or write-protected, or its folder is
   *     not there; the message tells which
   */
  public static void requireTarget(Path target) throws IOException {
    Nulls.refuse("requireTarget: target", target);
    try {
      place(target);
    } catch (IOException e) {
      throw new IOException(target + ": cannot be written: " + why(e), e);
    }
  }

  /** A file, and the folder that it is in. */
  private record Place(Path file, Path folder) {}

  /** Where a target lies, behind links, if it can be written. */
  private static Place place(Path target) throws IOException {
    Path file = Files.isSymbolicLink(target) ? followed(target) : target.toAbsolutePath();
    Path folder = file.getParent();
    if (Files.isDirectory(file)) {
      throw new IOException("it is a folder, expected a file");
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new IOException("it is a pipe, a device or the like, expected a regular file");
    }
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IOException("there is no folder " + folder);
    }
    if (folder.getFileSystem().isReadOnly()) {
      throw new IOException("its file system is read-only");
    }
    if (Files.exists(file) && isProtected(file)) {
      throw new IOException("it is write-protected");
    }
    return new Place(file, folder);
  }

  private static Path followed(Path link) throws IOException {
    try {
      return link.toRealPath();
    } catch (NoSuchFileException e) {
      throw new IOException(
          "it is a symbolic link to %s, which is not there".formatted(Files.readSymbolicLink(link)),
          e);
    }
  }

  /** Whether an old file must not be written; its mode counts for those too who may do anything. */
  private static boolean isProtected(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    return !Files.isWritable(file)
        || (view != null
            && !PosixFilePermissions.toString(view.readAttributes().permissions()).contains("w"));
  }

  private static boolean hasLocks(Path file) {
    return file.getFileSystem() == FileSystems.getDefault();
  }

  /** The message; where that is no more than the name of a file, the kind of failure too. */
  private static String why(IOException e) {
    boolean isBare = e instanceof FileSystemException file && file.getReason() == null;
    String kind = e.getClass().getSimpleName();
    if (e.getMessage() == null) {
      return kind;
    }
    return isBare ? kind + " " + e.getMessage() : e.getMessage();
  }

  private static void writeAside(Path file, Path folder, Content content) throws IOException {
    for (int i = 0; i < TRIES; i++) {
      if (isWrittenAside(file, folder, content)) {
        return;
      }
    }
    throw new IOException("a new file in %s was gone at once, %s times".formatted(folder, TRIES));
  }

  /** Writes; false, with nothing done, if another process took the new file for a left-over. */
  private static boolean isWrittenAside(Path file, Path folder, Content content)
      throws IOException {
    Path aside = folder.resolve(nameFor(file) + UUID.randomUUID() + SUFFIX);
    try {
      try (FileChannel out =
          FileChannel.open(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        if (hasLocks(file)) {
          if (!isOurs(out, aside)) {
            return false;
          }
          copyPermissions(file, aside);
        }
        content.writeTo(out);
        out.force(true);
        if (hasLocks(file)) { // it stays locked until it is in place
          Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
        }
      }
      if (!hasLocks(file)) { // a zip file has no file before it is closed
        copyPermissions(file, aside);
        Files.move(
            aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
      return true;
    } catch (Throwable failure) {
      remove(aside, failure);
      if (failure instanceof FileSystemException e && aside.toString().equals(e.getFile())) {
        String reason = e.getReason() != null ? e.getReason() : e.getClass().getSimpleName();
        throw new IOException("a new file in the folder %s: %s".formatted(folder, reason), e);
      }
      throw failure;
    }
  }

  /** Locks a new file; whether it is still there. Where there are no locks, nobody removes it. */
  private static boolean isOurs(FileChannel out, Path aside) throws IOException {
    try {
      out.lock();
    } catch (ClosedChannelException | FileLockInterruptionException interrupted) {
      throw interrupted;
    } catch (IOException unsupported) {
      return true;
    }
    return Files.exists(aside, LinkOption.NOFOLLOW_LINKS);
  }

  private static void copyPermissions(Path from, Path to) throws IOException {
    PosixFileAttributeView old = Files.getFileAttributeView(from, PosixFileAttributeView.class);
    if (old != null && Files.exists(from)) {
      Files.setPosixFilePermissions(to, old.readAttributes().permissions());
    }
  }

  private static void remove(Path aside, Throwable failure) {
    try {
      Files.deleteIfExists(aside);
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** Makes the move last; some systems do not open folders, and some do not force them. */
  private static void force(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException | UnsupportedOperationException unsupported) {
      return; // the new file is in place all the same
    }
  }

  // ---- left-overs ------------------------------------------------------------------------------

  /** What the names of all files begin with that this process writes for a target. */
  private static String nameFor(Path file) {
    ProcessHandle process = ProcessHandle.current();
    long start = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    return prefix(file) + process.pid() + "_" + Long.toHexString(start) + "-";
  }

  /** What they begin with in every process; short, however long the name of the target is. */
  private static String prefix(Path file) {
    return ".gradus-%08x-".formatted(String.valueOf(file.getFileName()).hashCode());
  }

  private static void removeLeftOvers(Path file, Path folder) {
    String own = nameFor(file);
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(folder, prefix(file) + "*" + SUFFIX)) {
      for (Path path : all) {
        // Another thread writes what is this process's own. To open and close it would unlock it.
        if (!String.valueOf(path.getFileName()).startsWith(own)) {
          removeIfLeft(path);
        }
      }
    } catch (IOException | RuntimeException e) {
      return; // left-overs do no harm, so they stop no write
    }
  }

  private static void removeIfLeft(Path path) {
    try (FileChannel channel =
            FileChannel.open(path, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        FileLock lock = channel.tryLock()) {
      if (lock != null) { // its process has ended, or it was moved into place
        Files.deleteIfExists(path);
      }
    } catch (IOException | OverlappingFileLockException e) {
      return; // it is gone, or not ours to remove
    }
  }
}
