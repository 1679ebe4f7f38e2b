package org.gradus.benchmarks.peer;

import ai.djl.pytorch.jni.JniUtils;
import java.io.PrintWriter;
import java.util.concurrent.ForkJoinPool;
import org.gradus.benchmarks.turns.Times;
import org.gradus.benchmarks.turns.Turns;
import org.gradus.benchmarks.turns.Turns.Pair;

/** What more threads and larger batches bring, on both sides. */
final class Scaling {
  private static final Net DEEP = Net.VGG;
  private static final int BATCH = 64;
  private static final int LARGEST_BATCH = 1024;
  private static final Turns TURNS = new Turns(2, 30);

  private Scaling() {}

  /** Prints both tables. */
  static void print(PrintWriter out) {
    Torch.keepMemory();
    Torch.start();
    printThreads(out);
    printBatches(out);
  }

  /** Steps of the deeper network with one thread and with all, in turn. */
  private static void printThreads(PrintWriter out) {
    int threads = Threads.count();
    out.println(
        "| step of %s, batch %s | 1 thread | %s threads | speed-up |"
            .formatted(DEEP.title(), BATCH, threads));
    out.println("|---|---|---|---|");
    ForkJoinPool one = new ForkJoinPool(1);
    try (Side alone = new StepSide(Library.GRADUS, DEEP, BATCH);
        Side together = new StepSide(Library.GRADUS, DEEP, BATCH)) {
      print(out, Library.GRADUS, TURNS.take(in(one, alone), together::run));
    } finally {
      one.shutdown();
    }
    try (Side alone = new StepSide(Library.PYTORCH, DEEP, BATCH);
        Side together = new StepSide(Library.PYTORCH, DEEP, BATCH)) {
      print(out, Library.PYTORCH, TURNS.take(with(1, alone), with(threads, together)));
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

  private static void print(PrintWriter out, Library library, Pair pair) {
    double speedUp = pair.first().median() / pair.second().median();
    out.println(
        Table.text(
            "| %s, median (best) | %s | %s | %.2f |",
            library.title(), Table.time(pair.first()), Table.time(pair.second()), speedUp));
    out.flush();
  }

  /** The time for each image in steps of the small network with ever larger batches. */
  private static void printBatches(PrintWriter out) {
    out.println("| LeNet-5, for each image | Gradus, median (best) | PyTorch, median (best) |");
    out.println("|---|---|---|");
    for (int batch = BATCH; batch <= LARGEST_BATCH; batch *= 2) {
      try (Side gradus = new StepSide(Library.GRADUS, Net.LENET, batch);
          Side pyTorch = new StepSide(Library.PYTORCH, Net.LENET, batch)) {
        Pair pair = TURNS.take(gradus::run, pyTorch::run);
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
