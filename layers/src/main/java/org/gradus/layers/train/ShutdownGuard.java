package org.gradus.layers.train;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets the JVM end only when what must not be cut off has ended, too. */
final class ShutdownGuard {
  /** Nobody waits longer: what the body waits for may itself wait for the JVM to end. */
  private static final long MOST_SECONDS = 60;

  /** A part of a run. */
  interface Body {
    void run() throws IOException;
  }

  private ShutdownGuard() {}

  /**
   * Runs the body, and stops it when the JVM is told to end. The JVM ends once the body has; this
   * does not return then, since what comes next would see half a run.
   *
   * @throws IllegalStateException if the JVM is ending already, or still is after a minute
   */
  static void during(Body body, Runnable stop) throws IOException {
    Thread thread = Thread.currentThread();
    CountDownLatch done = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              stop.run();
              if (!isEndedBy(thread)) {
                await(done);
              }
            });
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      body.run();
    } catch (IOException | RuntimeException | Error e) {
      if (!isRemoved(hook)) {
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        end(done);
      }
      throw e;
    }
    if (!isRemoved(hook)) {
      end(done);
    }
  }

  /** Whether the thread itself waits for the JVM to end. */
  private static boolean isEndedBy(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(frame -> frame.getClassName().equals("java.lang.Shutdown"));
  }

  private static boolean isRemoved(Thread hook) {
    try {
      return Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) { // the JVM is ending
      return false;
    }
  }

  /** What the outermost body has saved may be looked at by nobody; an inner one is not alone. */
  private static void end(CountDownLatch done) {
    done.countDown();
    long guards =
        Arrays.stream(Thread.currentThread().getStackTrace())
            .filter(frame -> frame.getClassName().equals(ShutdownGuard.class.getName()))
            .filter(frame -> frame.getMethodName().equals("during"))
            .count();
    if (guards == 1) {
      await(new CountDownLatch(1));
    }
    throw new IllegalStateException("fit: the JVM is ending");
  }

  private static void await(CountDownLatch latch) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      try {
        if (latch.await(left, TimeUnit.NANOSECONDS)) {
          return;
        }
      } catch (InterruptedException e) { // the JVM ends, whoever asks for something else
        Thread.interrupted();
      }
    }
  }
}
