package org.gradus.layers.train;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** Lets the JVM end only when what must not be cut off has ended, too. */
final class ShutdownGuard {

  /** A part of a run. */
  interface Body {
    void run() throws IOException;
  }

  private ShutdownGuard() {}

  /**
   * Runs the body, and stops it when the JVM is told to end. The JVM ends once the body has; this
   * does not return then, since what comes next would see half a run.
   */
  static void during(Body body, Runnable stop) throws IOException {
    CountDownLatch done = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              stop.run();
              await(done);
            });
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      body.run();
    } finally {
      if (!isRemoved(hook)) {
        done.countDown();
        await(new CountDownLatch(1));
      }
    }
  }

  private static boolean isRemoved(Thread hook) {
    try {
      return Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) { // the JVM is ending
      return false;
    }
  }

  private static void await(CountDownLatch latch) {
    while (true) {
      try {
        latch.await();
        return;
      } catch (InterruptedException e) { // the JVM ends, whoever asks for something else
        Thread.interrupted();
      }
    }
  }
}
