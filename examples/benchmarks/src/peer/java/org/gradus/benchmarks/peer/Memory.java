package org.gradus.benchmarks.peer;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** How much memory training takes: each side in a process of its own. */
final class Memory {
  private static final StepWork WORK = new StepWork(Net.VGG, 64);
  private static final int STEPS = 30;
  private static final int STEADY_FROM = 20;

  private Memory() {}

  /** Prints a line for each side. */
  static void print(PrintWriter out) {
    out.println("%d times %s:".formatted(STEPS, WORK.name()));
    for (Library library : Library.values()) {
      Child.run(Memory.class, library, (time, line) -> out.println(line));
      out.flush();
    }
    out.println();
  }

  /** The child: takes steps with the library of the first argument, and prints what they took. */
  public static void main(String[] args) throws IOException {
    Library library = Library.valueOf(args[0]);
    try (Side side = WORK.side(library)) {
      long before = 0;
      for (int step = 0; step < STEPS; step++) {
        before = step == STEADY_FROM ? allocatedBytes() : before;
        side.run();
      }
      double perStep = (double) (allocatedBytes() - before) / (STEPS - STEADY_FROM);
      System.out.println(
          Table.text(
              "%s: peak resident memory %s; a step allocates %.1f MB in Java's heap",
              library.title(), peakResident(), perStep / 1e6));
    }
    System.exit(0); // whatever threads are left
  }

  /** Bytes that all threads that live have allocated so far, those of the pool too. */
  private static long allocatedBytes() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] bytes = threads.getThreadAllocatedBytes(threads.getAllThreadIds());
    return Arrays.stream(bytes).filter(count -> count > 0).sum(); // -1: ended since
  }

  private static String peakResident() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024 + " MiB")
        .findFirst()
        .orElse("unknown");
  }
}
