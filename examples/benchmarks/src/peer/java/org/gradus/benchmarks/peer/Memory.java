package org.gradus.benchmarks.peer;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.update.Sgd;
import org.gradus.examples.TrainDigits;
import org.gradus.layers.Conv2d;
import org.gradus.layers.Flatten;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.MaxPool2d;
import org.gradus.layers.Relu;
import org.gradus.layers.Sequential;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Split;
import org.gradus.layers.files.IdxDataset;
import org.gradus.layers.optim.Optimizer;
import org.gradus.layers.train.Loss;
import org.gradus.layers.train.Trainer;

/** How much memory is taken: by each library in processes of its own. */
final class Memory {
  private static final int STEPS = 30;
  private static final int COUNTED_RUNS = 10;
  private static final double WARM_UP_SECONDS = 5;
  private static final int EPOCHS = 3;

  /** What a child does. */
  private enum Task {
    /** Training steps; prints the peak of resident memory. */
    PEAK_OF_STEPS,
    /** Training steps; prints the bytes that one allocates. */
    STEP,
    /** Predictions; prints the bytes that one allocates. */
    PREDICTION,
    /** A run of training on the digits, with default options; prints the peak. */
    DIGITS
  }

  private Memory() {}

  /** Prints a table. */
  static void print(PrintWriter out) {
    out.println("| memory | Gradus | PyTorch |");
    out.println("|---|---|---|");
    for (Net net : List.of(Net.LENET, Net.RESNET, Net.MOBILENET, Net.VGG)) {
      line(out, "Java heap allocated by a step of %s, batch 32", Task.STEP, net, 32, false);
    }
    for (Net net : List.of(Net.LENET, Net.RESNET, Net.MOBILENET, Net.VGG)) {
      line(out, "Java heap allocated by a prediction of %s", Task.PREDICTION, net, 1, false);
    }
    String steps = "peak resident memory of " + STEPS + " steps of %s, batch 64";
    line(out, steps, Task.PEAK_OF_STEPS, Net.VGG, 64, true);
    String digits = "peak resident memory of %s epochs by Trainer, of a net of two convolutions";
    line(out, digits.formatted(EPOCHS), Task.DIGITS, Net.LENET, 1, false);
    out.println();
  }

  private static void line(
      PrintWriter out, String name, Task task, Net net, int batch, boolean both) {
    out.println(
        "| %s | %s | %s |"
            .formatted(
                name.formatted(net.title()),
                measured(Library.GRADUS, task, net, batch),
                both ? measured(Library.PYTORCH, task, net, batch) : ""));
    out.flush();
  }

  private static String measured(Library library, Task task, Net net, int batch) {
    return Child.output(
        Memory.class, List.of(library.name(), task.name(), net.name(), String.valueOf(batch)));
  }

  /** The child: measures what the arguments say, and prints it. */
  public static void main(String[] args) {
    Library library = Library.valueOf(args[0]);
    Net net = Net.valueOf(args[2]);
    int batch = Integer.parseInt(args[3]);
    library.start();
    System.out.println(
        switch (Task.valueOf(args[1])) {
          case PEAK_OF_STEPS -> {
            try (Side side = new StepSide(library, net, batch)) {
              IntStream.range(0, STEPS).forEach(step -> side.run());
            }
            yield peakResident();
          }
          case STEP -> {
            try (Side side = new StepSide(library, net, batch)) {
              yield allocated(side::run);
            }
          }
          case PREDICTION -> allocatedByPrediction(net, batch);
          case DIGITS -> {
            trainDigits();
            yield peakResident();
          }
        });
    System.exit(0); // whatever threads are left
  }

  private static String allocatedByPrediction(Net kind, int batch) {
    Layer net = kind.gradus().net();
    Examples examples = Examples.drawn(kind, batch, 1);
    NdArray x = NdArray.wrap(examples.inputs(), examples.shape());
    return allocated(() -> net.predict(x));
  }

  /** By one run, once the JIT is done with it: until then, vectors are objects. */
  private static String allocated(Runnable work) {
    long end = System.nanoTime() + (long) (WARM_UP_SECONDS * 1e9);
    while (System.nanoTime() < end) {
      work.run();
    }
    long before = allocatedBytes();
    IntStream.range(0, COUNTED_RUNS).forEach(run -> work.run());
    return bytes((double) (allocatedBytes() - before) / COUNTED_RUNS);
  }

  /** Bytes that all threads that live have allocated so far, those of the pool too. */
  private static long allocatedBytes() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] bytes = threads.getThreadAllocatedBytes(threads.getAllThreadIds());
    return Arrays.stream(bytes).filter(count -> count > 0).sum(); // -1: ended since
  }

  private static String bytes(double count) {
    return count < 1e6 ? Table.text("%.1f kB", count / 1e3) : Table.text("%.2f MB", count / 1e6);
  }

  private static void trainDigits() {
    try {
      Split digits = IdxDataset.ofResources(TrainDigits.class, "mnist10k", Net.CLASSES);
      RandomGenerator random = new SplittableRandom(1);
      Sequential net =
          new Sequential(
              new Conv2d(1, 8, 5, random),
              new Relu(),
              new MaxPool2d(2),
              new Conv2d(8, 16, 5, random),
              new Relu(),
              new MaxPool2d(2),
              new Flatten(),
              new Linear(256, Net.CLASSES, random));
      Optimizer optimizer = new Optimizer(net, new Sgd(0.02).momentum(0.9));
      new Trainer(net, optimizer, Loss.crossEntropy())
          .fit(Batches.shuffled(digits.train(), 64, 1), EPOCHS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String peakResident() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024 + " MiB")
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
