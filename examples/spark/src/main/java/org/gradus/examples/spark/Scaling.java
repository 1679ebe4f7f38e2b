package org.gradus.examples.spark;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.apache.spark.SparkConf;
import org.apache.spark.io.LZ4CompressionCodec;
import org.apache.spark.io.ZStdCompressionCodec;
import org.apache.spark.sql.SparkSession;
import org.gradus.autograd.update.Sgd;
import org.gradus.examples.TrainDigits;
import org.gradus.layers.Flatten;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;
import org.gradus.layers.Relu;
import org.gradus.layers.Sequential;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.optim.Optimizer;
import org.gradus.layers.optim.ParameterGradients;
import org.gradus.layers.train.Listener;
import org.gradus.layers.train.Loss;
import org.gradus.layers.train.Step;
import org.gradus.layers.train.Trainer;
import org.gradus.spark.SparkTrainer;
import org.gradus.spark.StepCost;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures what a step costs on a cluster, and says what more workers would give. It prints the
 * times of steps of three nets, the bytes they move, what a smaller form of these would save, and a
 * table of steps by up to 1,000 workers, as {@link Costs} models them.
 */
@Command(
    name = "submit --class org.gradus.examples.spark.Scaling",
    header = "Measures steps on a cluster, and models those of larger ones.",
    mixinStandardHelpOptions = true)
public final class Scaling implements Runnable {
  private static final int BATCH = 64;
  private static final int PARTS = 16;
  private static final int WARMING = 60;
  private static final int[] WORKERS = {1, 2, 4, 10, 30, 100, 300, 1000};

  @Option(
      names = "--network",
      description = "Gigabits per second of the modelled network (${DEFAULT-VALUE}).")
  private double network = 10;

  @Option(
      names = "--scheduler",
      description = "Milliseconds for each task, in place of what is measured.")
  private double scheduler = Double.NaN;

  @Option(names = "--plot", description = "Draws the steps of the table into this PNG file.")
  private Path plot = Path.of("");

  private final PrintStream out;

  Scaling(PrintStream out) {
    this.out = out;
  }

  /** Reads options, measures, prints. */
  public static void main(String[] args) {
    int code = new CommandLine(new Scaling(System.out)).execute(args);
    if (code != 0) {
      System.exit(code);
    }
  }

  // ---- nets ------------------------------------------------------------------------------------

  /** A net by its name: executors know no more of it. */
  static Layer net(String name) {
    SplittableRandom random = new SplittableRandom(1);
    return switch (name) {
      case "LeNet" -> TrainDigits.lenet(random);
      case "MLP 1M" -> mlp(1100, random);
      case "MLP 8M" -> mlp(8000, random);
      default -> throw new IllegalArgumentException("net: there is no " + name);
    };
  }

  private static Layer mlp(int width, SplittableRandom random) {
    return new Sequential(
        new Flatten(),
        new Linear(784, width, random),
        new Relu(),
        new Linear(width, 200, random),
        new Relu(),
        new Linear(200, 10, random));
  }

  static Trainer trainer(String name) {
    Layer net = net(name);
    return new Trainer(net, new Optimizer(net, new Sgd(0.01)), Loss.crossEntropy()).parts(PARTS);
  }

  static Batches batches(Dataset data) {
    return Batches.shuffled(data, BATCH, 1);
  }

  // ---- measuring -------------------------------------------------------------------------------

  /** Medians of the steps of a net. */
  private record Measured(
      String name,
      double bytes,
      int tasks,
      double step,
      double computing,
      double longest,
      double broadcasting,
      double adding,
      double back) {

    double overhead() {
      return Math.max(0, step - broadcasting - longest - adding);
    }
  }

  @Override
  public void run() {
    try (SparkSession session = SparkSession.builder().appName("Scaling").getOrCreate()) {
      say("cluster %s", session.sparkContext().master());
      say(
          "%-18s %9s %6s %9s %9s %9s %9s %9s %9s %9s",
          "net",
          "bytes",
          "tasks",
          "step",
          "computing",
          "longest",
          "out",
          "back+spark",
          "adding",
          "bytes back");
      measured(session, "LeNet", 0, 0, WARMING); // kernels are compiled by then
      Measured few = told(measured(session, "LeNet", 0, 0, 20));
      Measured many = told(measured(session, "LeNet", 1, 0, 20));
      told(measured(session, "MLP 1M", 0, 0, 16));
      Measured wide = told(measured(session, "MLP 8M", 0, 0, 12));
      told(measured(session, "MLP 8M", 1, 0, 8));
      told(measured(session, "MLP 8M", 1, PARTS, 8));
      here("LeNet", 200);
      here("MLP 8M", 12);
      Costs costs = costs(few, many, wide);
      smaller("LeNet");
      smaller("MLP 1M");
      model(costs, List.of(few, wide));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Measured told(Measured of) {
    say(
        "%-18s %9.0f %6d %8.1f  %8.1f  %8.1f  %8.1f  %8.1f  %8.1f  %9.0f",
        of.name,
        of.bytes,
        of.tasks,
        1e3 * of.step,
        1e3 * of.computing,
        1e3 * of.longest,
        1e3 * of.broadcasting,
        1e3 * of.overhead(),
        1e3 * of.adding,
        of.back);
    return of;
  }

  /** Of the second half of some steps. */
  private static Measured measured(
      SparkSession session, String name, int block, int slices, int steps) {
    List<StepCost> all = new ArrayList<>();
    SparkTrainer spark =
        SparkTrainer.of(
                () -> trainer(name), Scaling::batches, Digits.examples(session, steps * BATCH))
            .slices(slices)
            .telling(all::add);
    if (block > 0) {
      spark.block(block);
    }
    spark.fit(1);
    List<StepCost> warm = all.subList(all.size() / 2, all.size());
    StepCost last = warm.get(warm.size() - 1);
    return new Measured(
        name + (slices > 0 ? ", sliced" : ""),
        last.bytesOut(),
        last.computing().size(),
        median(warm, StepCost::seconds),
        median(warm, each -> each.computing().stream().mapToDouble(s -> s).sum()),
        median(warm, StepCost::longest),
        median(warm, StepCost::broadcasting),
        median(warm, StepCost::adding),
        last.bytesBack());
  }

  /** The same steps by the driver alone. */
  private void here(String name, int steps) {
    List<Double> ends = new ArrayList<>();
    Listener clock =
        new Listener() {
          @Override
          public void onStep(Step step) {
            ends.add(System.nanoTime() / 1e9);
          }
        };
    Dataset digits = Digits.split().train().first(Math.min(9000, steps * BATCH));
    trainer(name).telling(clock).fit(batches(digits), 1);
    double[] seconds =
        IntStream.range(ends.size() / 2, ends.size())
            .mapToDouble(i -> ends.get(i) - ends.get(i - 1))
            .sorted()
            .toArray();
    say("%-18s %.1f ms a step by the driver alone", name, 1e3 * seconds[seconds.length / 2]);
  }

  private static double median(List<StepCost> costs, ToDoubleFunction<StepCost> of) {
    double[] sorted = costs.stream().mapToDouble(of).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  /** The constants, from steps of few and of many tasks, and of a small and a large net. */
  private Costs costs(Measured few, Measured many, Measured wide) {
    double perTask =
        Double.isNaN(scheduler)
            ? Math.max(0, (spark(many) - spark(few)) / (many.tasks - few.tasks))
            : scheduler / 1e3;
    double moved = (wide.bytes - few.bytes) * (1 + wide.tasks);
    double perByte = Math.max(0, (spark(wide) - spark(few)) / moved);
    double perStep =
        Math.max(0, spark(few) - few.tasks * perTask - few.bytes * (1 + few.tasks) * perByte);
    double adding = Math.max(0, wide.adding / (wide.bytes * wide.tasks));
    say(
        "%nconstants: %.1f ms for a step, %.2f ms for a task, %.2f s for a GB moved, %.2f s for a"
            + " GB added up",
        1e3 * perStep, 1e3 * perTask, 1e9 * perByte, 1e9 * adding);
    return new Costs(perStep, perTask, perByte, adding);
  }

  private static double spark(Measured of) {
    return of.overhead() + of.broadcasting;
  }

  // ---- a smaller form of gradients -------------------------------------------------------------

  private void smaller(String name) {
    Trainer trainer = trainer(name);
    Batch batch = Digits.split().train().first(BATCH).all();
    ParameterGradients gradients = trainer.step().of(batch, Pass.training(1, 0)).gradients();
    ByteBuffer bytes = ByteBuffer.allocate(8 << 20);
    for (Parameter each : trainer.net().parameters()) {
      for (float value : gradients.of(each).toFloatArray()) {
        bytes.putFloat(value);
      }
    }
    byte[] whole = Arrays.copyOf(bytes.array(), bytes.position());
    byte[] planes = new byte[whole.length];
    for (int i = 0; i < whole.length; i++) {
      planes[i % 4 * (whole.length / 4) + i / 4] = whole[i];
    }
    say("%ngradients of %s, %d bytes, smaller without loss", name, whole.length);
    SparkConf conf = new SparkConf();
    UnaryOperator<OutputStream> lz4 = new LZ4CompressionCodec(conf)::compressedOutputStream;
    UnaryOperator<OutputStream> zstd = new ZStdCompressionCodec(conf)::compressedOutputStream;
    UnaryOperator<OutputStream> deflate =
        to -> new DeflaterOutputStream(to, new Deflater(Deflater.BEST_SPEED), 1 << 16);
    smaller("LZ4", whole, lz4);
    smaller("LZ4, bytes in planes", planes, lz4);
    smaller("Zstandard", whole, zstd);
    smaller("Zstandard, bytes in planes", planes, zstd);
    smaller("deflate, bytes in planes", planes, deflate);
  }

  private void smaller(String what, byte[] bytes, UnaryOperator<OutputStream> form) {
    double seconds = Double.MAX_VALUE;
    int size = 0;
    for (int i = 0; i < 20; i++) {
      long start = System.nanoTime();
      ByteArrayOutputStream to = new ByteArrayOutputStream(bytes.length);
      try (OutputStream writing = form.apply(to)) {
        writing.write(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e); // not in memory
      }
      seconds = Math.min(seconds, (System.nanoTime() - start) / 1e9);
      size = to.size();
    }
    double speed = bytes.length / seconds;
    double saved = 1 - (double) size / bytes.length;
    say(
        "%-28s %.3f of the size, %.0f MB/s: it pays on networks below %.0f MB/s",
        what, 1 - saved, speed / 1e6, Math.max(0, saved) * speed / 1e6);
  }

  // ---- the model -------------------------------------------------------------------------------

  private void model(Costs costs, List<Measured> nets) throws IOException {
    double bytesPerSecond = network * 1e9 / 8;
    say("%nsteps by the model, network of %.0f Gbit/s", network);
    XYChart chart =
        new XYChartBuilder()
            .width(800)
            .height(500)
            .title("A step by more workers")
            .xAxisTitle("workers")
            .yAxisTitle("times as fast as one machine")
            .build();
    chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
    StringBuilder header = new StringBuilder();
    for (int each : WORKERS) {
      header.append(String.format(Locale.ROOT, "%9d", each));
    }
    for (Measured net : nets) {
      say(
          "%n%s, %.1f MB: two workers pay from a step of %.0f ms on",
          net.name, net.bytes / 1e6, 1e3 * costs.breakEven(net.bytes, bytesPerSecond));
      say("%12s %s  fewest seconds with", "one machine", header);
      for (double computing : new double[] {net.computing, 1, 10, 100}) {
        double[] workers = Arrays.stream(WORKERS).asDoubleStream().toArray();
        double[] times =
            Arrays.stream(WORKERS)
                .mapToDouble(each -> costs.step(computing, net.bytes, each, bytesPerSecond))
                .toArray();
        StringBuilder row = new StringBuilder();
        for (double each : times) {
          row.append(String.format(Locale.ROOT, "%9.3f", each));
        }
        say(
            "%12.3f %s  %d workers",
            computing, row, costs.best(computing, net.bytes, 1000, bytesPerSecond));
        chart.addSeries(
            String.format(Locale.ROOT, "%s, %.2f s", net.name, computing),
            workers,
            Arrays.stream(times).map(each -> computing / each).toArray());
      }
    }
    if (!plot.toString().isEmpty()) {
      BitmapEncoder.saveBitmap(chart, plot.toString(), BitmapEncoder.BitmapFormat.PNG);
    }
  }

  private void say(String format, Object... arguments) {
    out.println(String.format(Locale.ROOT, format, arguments));
  }
}
