package org.gradus.layers.train;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** What a run writes to its folder, and has written. */
final class Saving {
  private final RunFolder folder;

  /** Whether the folder is this run's. */
  private boolean isOurs;

  private Optional<Best> best = Optional.empty();
  private Optional<RunLock> lock = Optional.empty();

  Saving(RunFolder folder) {
    this.folder = folder;
  }

  RunFolder folder() {
    return folder;
  }

  /** The run goes on with what is there. */
  void resumed() {
    isOurs = true;
  }

  /** The run begins or goes on, in no other process; a new one makes the folder. */
  void begin() throws IOException {
    uninterrupted(
        () -> {
          if (!isOurs) {
            folder.make();
            isOurs = true;
          }
          lock = Optional.of(RunLock.of(folder.path()));
        });
  }

  /** The run is over, or goes on later. */
  void end() throws IOException {
    if (lock.isPresent()) {
      lock.get().close();
      lock = Optional.empty();
    }
  }

  void save(Map<String, String> configuration) throws IOException {
    uninterrupted(() -> folder.save(configuration));
  }

  boolean isDue(int batchesDone) {
    return folder.isDue(batchesDone);
  }

  /** Saves the run, also for a thread that was interrupted, and stays so. */
  void save(long steps, Checkpoint checkpoint, boolean isEpoch) throws IOException {
    uninterrupted(
        () -> {
          if (isEpoch) {
            folder.save(checkpoint.history());
          }
          if (checkpoint.best().isPresent() && !checkpoint.best().equals(best)) {
            folder.save(checkpoint.best().get());
            best = checkpoint.best();
          }
          folder.save(steps, checkpoint);
        });
  }

  private interface Writing {
    void run() throws IOException;
  }

  private static void uninterrupted(Writing writing) throws IOException {
    boolean interrupted = Thread.interrupted(); // which would fail the writing
    try {
      writing.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
