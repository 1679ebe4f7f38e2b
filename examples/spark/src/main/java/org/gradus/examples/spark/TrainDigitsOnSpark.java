package org.gradus.examples.spark;

import static org.gradus.autograd.ops.ConvOptions.same;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.gradus.autograd.update.Adam;
import org.gradus.layers.BatchNorm2d;
import org.gradus.layers.Conv2d;
import org.gradus.layers.Dropout;
import org.gradus.layers.Flatten;
import org.gradus.layers.GlobalAvgPool2d;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.Relu;
import org.gradus.layers.Residual;
import org.gradus.layers.Sequential;
import org.gradus.layers.data.Batches;
import org.gradus.layers.files.StateHash;
import org.gradus.layers.optim.Optimizer;
import org.gradus.layers.optim.Schedule;
import org.gradus.layers.train.Epoch;
import org.gradus.layers.train.Listener;
import org.gradus.layers.train.Loss;
import org.gradus.layers.train.Metric;
import org.gradus.layers.train.RunFolder;
import org.gradus.layers.train.Trainer;
import org.gradus.spark.SparkPredictor;
import org.gradus.spark.SparkTrainer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Trains a residual network to read digits by the executors of a cluster, and lets them read
 * others. It prints a hash of the weights, which is the same with {@code --here}, on one machine.
 */
@Command(
    name = "submit",
    header = "Trains a network to read handwritten digits on a Spark cluster.",
    mixinStandardHelpOptions = true)
public final class TrainDigitsOnSpark implements Runnable {
  private static final int BATCH = 64;
  private static final int TESTS = 1000;

  @Option(names = "--epochs", description = "How often each digit is met (${DEFAULT-VALUE}).")
  private int epochs = 2;

  @Option(names = "--digits", description = "How many are learnt from (${DEFAULT-VALUE}).")
  private int digits = 9000;

  @Option(names = "--run", description = "Saves the run in this folder, or goes on with it.")
  private Path folder = Path.of("");

  @Option(names = "--here", description = "Trains on this machine, without executors.")
  private boolean here;

  private final PrintStream out;

  TrainDigitsOnSpark(PrintStream out) {
    this.out = out;
  }

  /** Reads options, trains, prints. */
  public static void main(String[] args) {
    int code = new CommandLine(new TrainDigitsOnSpark(System.out)).execute(args);
    if (code != 0) {
      System.exit(code);
    }
  }

  // ---- the net and how it learns: made on the driver and in each executor ----------------------

  static Layer net() {
    RandomGenerator random = new SplittableRandom(1);
    return new Sequential(
        new Conv2d(1, 8, 3, same().stride(2), random).withoutBias(),
        new BatchNorm2d(8),
        new Relu(),
        block(8, 16, random),
        block(16, 32, random),
        new GlobalAvgPool2d(),
        new Flatten(),
        new Dropout(0.1),
        new Linear(32, 10, random));
  }

  private static Layer block(int in, int out, RandomGenerator random) {
    Layer body =
        new Sequential(
            new Conv2d(in, out, 3, same().stride(2), random).withoutBias(),
            new BatchNorm2d(out),
            new Relu(),
            new Conv2d(out, out, 3, same(), random).withoutBias(),
            new BatchNorm2d(out));
    Layer shortcut = new Conv2d(in, out, 1, same().stride(2), random).withoutBias();
    return new Sequential(new Residual(body, shortcut), new Relu());
  }

  static Trainer trainer(int steps) {
    Layer net = net();
    Optimizer optimizer = new Optimizer(net, new Adam(3e-3)).schedule(Schedule.cosine(steps));
    return new Trainer(net, optimizer, Loss.crossEntropy())
        .seed(1)
        .parts(8)
        .measuring(Metric.accuracy());
  }

  static Batches batches(org.gradus.layers.data.Dataset data) {
    return Batches.shuffled(data, BATCH, 1);
  }

  // ---- the run ---------------------------------------------------------------------------------

  @Override
  public void run() {
    int steps = Math.max(1, epochs * ((digits + BATCH - 1) / BATCH));
    try (SparkSession session =
        SparkSession.builder().appName("TrainDigitsOnSpark").getOrCreate()) {
      SparkTrainer spark =
          SparkTrainer.of(
              () -> trainer(steps), TrainDigitsOnSpark::batches, Digits.examples(session, digits));
      Trainer trainer = spark.trainer();
      trainer.validating(Digits.split().test(), 100).telling(Listener.ofEpochs(this::print));
      if (!folder.toString().isEmpty()) {
        trainer.saving(new RunFolder(folder).everySteps(20)).resume();
      }
      if (here) {
        trainer.fit(batches(Digits.split().train().first(digits)), epochs);
      } else {
        spark.fit(epochs);
      }
      say("weights %s", StateHash.of(trainer.net().state()));
      predict(session, trainer.net());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void predict(SparkSession session, Layer net) {
    SparkPredictor predictor =
        SparkPredictor.of(TrainDigitsOnSpark::net, net, Digits.pixels()).classes("read");
    Dataset<Row> tests = Digits.table(session, TESTS, /* isTest= */ true);
    long right = predictor.transform(tests).where("read = digit").count();
    say("executors read %d of %d other digits right", right, TESTS);
  }

  private void print(Epoch epoch) {
    say(
        "epoch %d: loss %.4f, %.3f of the test images right, %.1f s",
        epoch.number(), epoch.value("loss"), epoch.value("val_accuracy"), epoch.seconds());
  }

  private void say(String format, Object... arguments) {
    out.println(String.format(Locale.ROOT, format, arguments));
  }
}
