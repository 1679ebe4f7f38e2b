package org.gradus.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.gradus.autograd.array.Shape;
import org.gradus.examples.TrainDigits.Epoch;
import org.gradus.examples.TrainDigits.Settings;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.data.Split;
import org.gradus.layers.files.IdxDataset;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command line of {@link TrainDigits}. Exit codes: 0 if all went well, 1 if the data cannot be
 * read or the training diverges, 2 if an option is wrong.
 */
@Command(
    name = "java -jar gradus-examples.jar",
    header = "Trains a small convolutional network to read handwritten digits.",
    showDefaultValues = true,
    sortOptions = false,
    usageHelpWidth = 100)
final class TrainDigitsCommand implements Callable<Integer> {
  private static final String EMBEDDED = "mnist10k";

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Option(names = "--epochs", defaultValue = "10", description = "How often each image is met.")
  private int epochs;

  @Option(names = "--batch-size", defaultValue = "32", description = "Images for each step.")
  private int batchSize;

  @Option(
      names = "--learning-rate",
      defaultValue = "0.03",
      description = "Of the first epoch; it falls evenly.")
  private double learningRate;

  @Option(names = "--momentum", defaultValue = "0.9", description = "At least 0 and below 1.")
  private double momentum;

  @Option(names = "--weight-decay", defaultValue = "0", description = "At least 0.")
  private double weightDecay;

  @Option(
      names = "--shift",
      defaultValue = "1",
      description = "The most pixels by which images are moved in training, 0 to 27.")
  private int shift;

  @Option(names = "--seed", defaultValue = "1", description = "Of all that is random.")
  private long seed;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "A folder with the four files {train,t10k}-{images-idx3,labels-idx1}-ubyte[.gz];"
              + " without it, 10,000 digits that are embedded here.")
  private @Nullable Path data;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Prints this, and ends.")
  @SuppressWarnings("UnusedVariable") // read by picocli
  private boolean help;

  /** Does what the arguments ask for, and returns the exit code. */
  static int run(PrintStream out, PrintStream err, String... args) {
    return new CommandLine(new TrainDigitsCommand())
        .setOut(new PrintWriter(out, true, UTF_8))
        .setErr(new PrintWriter(err, true, UTF_8))
        .execute(args);
  }

  @Override
  public Integer call() {
    Settings settings = settings();
    PrintWriter out = spec.commandLine().getOut();
    try {
      Split dataset = read();
      out.println("to learn from: " + dataset.train());
      out.println("to test with:  " + dataset.test());
      List<Epoch> done = TrainDigits.train(dataset, settings, epoch -> print(epoch, out)).epochs();
      out.println(
          Numbers.text(
              "test accuracy %.3f (%s images, %s)",
              done.get(done.size() - 1).testAccuracy(),
              dataset.test().size(),
              data == null ? "not the official MNIST test set" : "of " + data));
      return CommandLine.ExitCode.OK;
    } catch (IOException e) {
      spec.commandLine().getErr().println("Cannot read the data: " + e.getMessage());
    } catch (ArithmeticException e) {
      spec.commandLine().getErr().println("Stopped: " + e.getMessage());
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static void print(Epoch epoch, PrintWriter out) {
    out.println(
        Numbers.text(
            "epoch %2d: loss %.4f, training accuracy %.3f, test accuracy %.3f, %.0f images/s,"
                + " %.1f s",
            epoch.number(),
            epoch.loss(),
            epoch.trainAccuracy(),
            epoch.testAccuracy(),
            epoch.imagesPerSecond(),
            epoch.seconds()));
  }

  private Settings settings() {
    require(epochs >= 1, "--epochs", epochs, "at least 1");
    require(batchSize >= 1, "--batch-size", batchSize, "at least 1");
    require(positive(learningRate), "--learning-rate", learningRate, "a number above 0");
    require(momentum >= 0 && momentum < 1, "--momentum", momentum, "at least 0 and below 1");
    boolean decays = weightDecay == 0 || positive(weightDecay);
    require(decays, "--weight-decay", weightDecay, "a number of at least 0");
    require(shift >= 0 && shift < 28, "--shift", shift, "0 to 27");
    return new Settings(epochs, batchSize, learningRate, momentum, weightDecay, shift, seed);
  }

  private static boolean positive(double value) {
    return value > 0 && Double.isFinite(value);
  }

  private void require(boolean holds, String option, Object value, String expected) {
    if (!holds) {
      throw new ParameterException(
          spec.commandLine(), "%s is %s, expected %s".formatted(option, value, expected));
    }
  }

  private Split read() throws IOException {
    Split dataset =
        data == null
            ? IdxDataset.ofResources(TrainDigits.class, EMBEDDED, TrainDigits.CLASSES)
            : IdxDataset.ofFolder(data, TrainDigits.CLASSES);
    requireDigits("learn from", dataset.train());
    requireDigits("test with", dataset.test());
    return dataset;
  }

  private void requireDigits(String what, Dataset images) throws IOException {
    Shape shape = images.select().inputs().shape();
    if (images.size() == 0 || shape.dim(2) != 28 || shape.dim(3) != 28) {
      throw new IOException(
          "%s has %s to %s, expected at least 1 image of [1, 28, 28]"
              .formatted(data == null ? EMBEDDED : data, images, what));
    }
  }
}
