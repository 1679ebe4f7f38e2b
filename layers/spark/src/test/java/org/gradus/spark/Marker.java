package org.gradus.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gradus.layers.train.Listener;
import org.gradus.layers.train.Loss;
import org.gradus.layers.train.Step;

/**
 * Something that happens once, to one of the tasks of one step: a file says so, which the driver
 * writes after the step before, and which the task that finds it first takes away.
 */
final class Marker implements Serializable {
  private static final long serialVersionUID = 1;

  private final String file;
  private final Kind kind;

  /** What happens. */
  enum Kind {
    THROW,
    HALT,
    KILL
  }

  Marker(Path folder, Kind kind) {
    this.file = folder.resolve(kind.name()).toString();
    this.kind = kind;
  }

  /** A loss whose second part meets it, when the gradients of the first are there. */
  Loss loss() {
    Loss loss = Loss.crossEntropy();
    return (output, batch) -> {
      meet();
      return loss.of(output, batch);
    };
  }

  /** Tells the tasks of a step, by its number in the run. */
  Listener before(long step) {
    return new Listener() {
      private long taken;

      @Override
      public void onStep(Step done) {
        if (++taken == step - 1) {
          write();
        }
      }
    };
  }

  private void write() {
    try {
      Files.createFile(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void meet() {
    try {
      if (Files.deleteIfExists(Path.of(file))) {
        happen(kind);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isMet() {
    return !Files.exists(Path.of(file));
  }

  /** To this process. */
  static void happen(Kind kind) {
    switch (kind) {
      case THROW -> throw new UnsupportedOperationException("a fault of the test");
      case HALT -> Runtime.getRuntime().halt(3);
      case KILL -> {
        try {
          new ProcessBuilder("kill", "-9", String.valueOf(ProcessHandle.current().pid())).start();
          Thread.sleep(60_000);
        } catch (IOException | InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }
}
