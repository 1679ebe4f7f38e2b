package org.gradus.benchmarks.peer;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gradus.examples.TrainDigits;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Split;
import org.gradus.layers.files.IdxDataset;

/** What a process costs before it is warm: the first prediction, and the first epochs. */
final class FirstUse {
  private static final int STARTS = 5;
  private static final int EPOCHS = 5;
  private static final int BATCH = 32;
  private static final double LEARNING_RATE = 0.01;

  /** What a child does. */
  private enum Task {
    PREDICTION,
    EPOCHS
  }

  private FirstUse() {}

  /** Prints a table. */
  static void print(PrintWriter out) {
    out.println("| of %s, in a new process | Gradus | PyTorch |".formatted(Net.LENET.title()));
    out.println("|---|---|---|");
    out.println(
        "| seconds from the start to the first prediction, median of %s | %s | %s |"
            .formatted(STARTS, prediction(Library.GRADUS), prediction(Library.PYTORCH)));
    out.flush();
    out.println(
        "| training images for each second of a core, epoch by epoch, batch %s | %s | %s |"
            .formatted(BATCH, epochs(Library.GRADUS), epochs(Library.PYTORCH)));
    out.println();
    out.flush();
  }

  private static String prediction(Library library) {
    List<Double> times = new ArrayList<>();
    for (int start = 0; start < STARTS; start++) {
      Child.run(
          FirstUse.class,
          List.of(library.name(), Task.PREDICTION.name()),
          (seconds, line) -> times.add(seconds));
    }
    double[] sorted = times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return Table.text("%.2f", sorted[sorted.length / 2]);
  }

  private static String epochs(Library library) {
    return Child.output(FirstUse.class, List.of(library.name(), Task.EPOCHS.name()))
        .replace(System.lineSeparator(), ", ");
  }

  /** The child: does the task of the second argument with the library of the first. */
  public static void main(String[] args) throws IOException {
    Library library = Library.valueOf(args[0]);
    library.start();
    try (Trainee trainee = library.trainee(Net.LENET, LEARNING_RATE)) {
      switch (Task.valueOf(args[1])) {
        case PREDICTION ->
            System.out.println(
                Arrays.toString(trainee.logits(Examples.drawn(Net.LENET, 1, /* seed= */ 1))));
        case EPOCHS -> train(trainee);
      }
    }
    System.exit(0); // whatever threads are left
  }

  private static void train(Trainee trainee) throws IOException {
    Split digits = IdxDataset.ofResources(TrainDigits.class, "mnist10k", Net.CLASSES);
    Batches batches = Batches.shuffled(digits.train(), BATCH, 1);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      long before = processorTime();
      int count = 0;
      for (Batch batch : batches.epoch(epoch)) {
        float[] images = (float[]) batch.inputs().storage();
        Examples examples =
            new Examples(batch.inputs().shape(), images, batch.labels(), new float[0]);
        try (Trainee.Step step = trainee.prepare(examples)) {
          step.take();
        }
        count += batch.size();
      }
      System.out.println(Table.text("%.0f", count / ((processorTime() - before) / 1e9)));
    }
  }

  /** Nanoseconds that all threads of this process have computed, the JIT's too. */
  private static long processorTime() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
