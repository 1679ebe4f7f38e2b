package org.gradus.benchmarks.peer;

import ai.djl.pytorch.jni.JniUtils;
import java.io.PrintWriter;
import java.util.concurrent.ForkJoinPool;
import org.gradus.benchmarks.peer.Turns.Pair;
import org.gradus.benchmarks.peer.Turns.Times;

/** What more threads and larger batches bring, on both sides. */
final class Scaling {
  private static final int LARGEST_BATCH = 1024;

  private final PrintWriter out;
  private final double seconds;

  /** Prints to {@code out}, and measures each pair for some seconds. */
  Scaling(PrintWriter out, double seconds) {
    this.out = out;
    this.seconds = seconds;
  }

  /** Steps of the deeper network with one thread and with all, in turn. */
  void printThreads() {
    StepWork work = new StepWork(Net.VGG, 64);
    int threads = Runtime.getRuntime().availableProcessors();
    out.printf(
        "| %s | 1 thread | %d threads | speed-up |%n|---|---|---|---|%n", work.name(), threads);
    ForkJoinPool one = new ForkJoinPool(1);
    try (Side alone = work.gradus();
        Side together = work.gradus()) {
      print(Library.GRADUS, Turns.take(in(one, alone), together::run, seconds));
    } finally {
      one.shutdown();
    }
    try (Side alone = work.pyTorch();
        Side together = work.pyTorch()) {
      print(Library.PYTORCH, Turns.take(with(1, alone), with(threads, together), seconds));
    } finally {
      JniUtils.setNumThreads(threads);
    }
    out.println();
  }

  /** Gradus computes on the pool that it is called from. */
  private static Runnable in(ForkJoinPool pool, Side side) {
    return () -> pool.submit(side::run).join();
  }

  private static Runnable with(int threads, Side side) {
    return () -> {
      JniUtils.setNumThreads(threads);
      side.run();
    };
  }

  private void print(Library library, Pair pair) {
    double speedUp = pair.first().median() / pair.second().median();
    out.println(
        Table.text(
            "| %s, median (best) | %s | %s | %.2f |",
            library.title(), Table.time(pair.first()), Table.time(pair.second()), speedUp));
    out.flush();
  }

  /** The time for each image in steps of the small network with ever larger batches. */
  void printBatches() {
    out.println("| LeNet-5, for each image | Gradus, median (best) | PyTorch, median (best) |");
    out.println("|---|---|---|");
    for (int batch = 64; batch <= LARGEST_BATCH; batch *= 2) {
      StepWork work = new StepWork(Net.LENET, batch);
      try (Side gradus = work.gradus();
          Side pyTorch = work.pyTorch()) {
        Pair pair = Turns.take(gradus::run, pyTorch::run, seconds);
        String ours = perImage(pair.first(), batch);
        out.println(
            Table.text("| batch %d | %s | %s |", batch, ours, perImage(pair.second(), batch)));
        out.flush();
      }
    }
    out.println();
  }

  private static String perImage(Times times, int batch) {
    double median = times.median() / batch * 1e6;
    return Table.text("%.1f us (%.1f)", median, times.best() / batch * 1e6);
  }
}
