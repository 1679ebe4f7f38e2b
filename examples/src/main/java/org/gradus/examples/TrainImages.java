package org.gradus.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.Layer;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.data.Split;
import org.gradus.layers.files.IdxDataset;
import org.gradus.layers.files.Weights;
import org.gradus.layers.optim.NonFiniteStepException;
import org.gradus.layers.optim.Optimizer;
import org.gradus.layers.train.ConfusionMatrix;
import org.gradus.layers.train.Loss;
import org.gradus.layers.train.Metric;
import org.gradus.layers.train.Progress;
import org.gradus.layers.train.RunFolder;
import org.gradus.layers.train.Trainer;
import org.gradus.onnx.OnnxExport;
import org.gradus.report.Report;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What {@link TrainDigits} and {@link TrainFashion} have in common: trains a net on images of 28 x
 * 28 pixels in ten classes, and says how many test images it gets right.
 *
 * <p>A twentieth of the images to learn from are not learnt from: the weights are taken from the
 * epoch that is best by them, so that the test images are looked at once, in the end. The same
 * options give the same bits, whatever the number of threads, and wherever a run was stopped and
 * resumed.
 *
 * <p>Exit codes: 0 if all went well, 1 if the data cannot be read, the run cannot be resumed or the
 * training diverges, 2 if an option is wrong.
 */
@Command(showDefaultValues = true, sortOptions = false, usageHelpWidth = 100)
abstract class TrainImages extends Program {
  static final int CLASSES = 10;
  private static final int SIZE = 28;

  /** So that there is one of them to judge by. */
  private static final int LEAST_IMAGES = 20;

  private static final double SHARE_TO_LEARN_FROM = 0.95;
  private static final int EVALUATION_BATCH = 100;
  private static final String OPTIONS = "options";

  @Option(names = "--net", description = "One of those below; the first if none is named.")
  private @Nullable String net;

  @Option(
      names = "--epochs",
      description = "How often each image is met; fewer, where no epoch becomes better for long.")
  private @Nullable Integer epochs;

  @Option(names = "--batch-size", description = "Images for each step.")
  private @Nullable Integer batchSize;

  @Option(names = "--learning-rate", description = "The largest one.")
  private @Nullable Double learningRate;

  @Option(names = "--seed", defaultValue = "1", description = "Of all that is random.")
  private long seed;

  @Option(
      names = "--images",
      defaultValue = "2147483647",
      showDefaultValue = CommandLine.Help.Visibility.NEVER,
      description = "Learn from the first N images only.",
      paramLabel = "N")
  private int images;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "A folder with four files {train,t10k}-{images-idx3,labels-idx1}-ubyte[.gz].")
  private @Nullable Path data;

  @Option(
      names = "--run",
      paramLabel = "DIR",
      description =
          "A folder for checkpoints, the history, the best weights and report.html. A run that is"
              + " there already goes on where it was stopped.")
  private @Nullable Path run;

  @Option(
      names = "--save",
      paramLabel = "FILE",
      description =
          "Where the best weights go: as safetensors, with the name of the net, or as a net that"
              + " other tools run, if it ends in .onnx. Classify and Serve read those of digits.")
  private @Nullable Path weights;

  TrainImages(PrintStream out, PrintStream err) {
    super(out, err);
  }

  /** Each with its name; the first is the default. */
  abstract Map<String, Recipe> recipes();

  /** What is learnt, as the title of the report. */
  abstract String title();

  abstract List<String> classNames();

  /** The images to learn from and to test with, where no folder is named. */
  abstract Split standard() throws IOException;

  /** What the standard test images are, for the last line. */
  abstract String source();

  @Override
  public Integer call() {
    Recipe recipe = recipe();
    try {
      if (weights != null) {
        OutputFile.requireWritable(weights);
      }
      Split read = data == null ? standard() : IdxDataset.ofFolder(data, CLASSES);
      requireImages("learn from", read.train());
      requireImages("test with", read.test());
      int count = Math.min(images, read.train().size());
      return train(recipe, new Split(read.train().first(count), read.test()));
    } catch (IOException e) {
      err.println("Cannot read or write: " + message(e));
    } catch (UncheckedIOException e) {
      err.println("Cannot read or write: " + message(e));
    } catch (OtherRunException e) {
      err.println(e.getMessage());
    } catch (NonFiniteStepException e) {
      err.println(stopped(e.getMessage()));
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  private int train(Recipe recipe, Split read) throws IOException, OtherRunException {
    Layer layers = recipe.net().apply(new SplittableRandom(seed));
    Split learnt = read.train().stratified(SHARE_TO_LEARN_FROM, seed);
    Batches batches =
        Batches.shuffled(learnt.train(), recipe.batchSize(), seed)
            .augmented(recipe.augmentation())
            .prefetch(2);
    Optimizer optimizer =
        new Optimizer(layers, recipe.method().apply(recipe.rate()))
            .schedule(recipe.schedule().apply((long) recipe.epochs() * batches.count()));
    Trainer trainer =
        new Trainer(layers, optimizer, Loss.crossEntropy())
            .seed(seed)
            .measuring(Metric.accuracy())
            .validating(learnt.test(), EVALUATION_BATCH)
            .stoppingEarly(recipe.patience())
            .telling(Progress.on(err));
    out.println("to learn from: " + learnt.train());
    out.println("to judge by:   " + learnt.test());
    out.println("to test with:  " + read.test());
    if (run != null) {
      resume(trainer, run, options(recipe));
    }
    trainer.fit(batches, recipe.epochs());
    layers.load(trainer.best().orElseThrow().state());
    ConfusionMatrix confusion = ConfusionMatrix.of(layers, read.test(), EVALUATION_BATCH);
    if (weights != null) {
      save(layers, weights, confusion.accuracy());
    }
    if (run != null) {
      report(trainer, layers, read.test(), run.resolve("report.html"));
    }
    out.println("true classes (rows) and those told (columns; the last: none):\n" + confusion);
    out.println(
        Numbers.text(
            "test accuracy %.4f (%s images, %s)",
            confusion.accuracy(), read.test().size(), data == null ? source() : "of " + data));
    return CommandLine.ExitCode.OK;
  }

  /** As weights, or as a net that other tools run. */
  private void save(Layer net, Path file, double accuracy) throws IOException {
    Map<String, String> texts = DigitModel.metadata(name(), classNames());
    texts.put("seed", String.valueOf(seed));
    texts.put("accuracy", Numbers.text("%.4f", accuracy));
    if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".onnx")) {
      Weights.save(file, net, texts);
      return;
    }
    OnnxExport export = OnnxExport.of(net, 1, 1, DigitModel.SIZE, DigitModel.SIZE).named(name());
    for (Map.Entry<String, String> text : texts.entrySet()) {
      export = export.metadata(text.getKey(), text.getValue());
    }
    export.save(file);
  }

  /** A folder has a run with other options. */
  private static final class OtherRunException extends Exception {
    private static final long serialVersionUID = 1L;

    OtherRunException(Path folder, String its, String own) {
      super(
          "%s has a run with the options %s, and these are %s; name another folder"
              .formatted(folder, its, own));
    }
  }

  /** Goes on with the run of a folder, or begins one there. */
  private void resume(Trainer trainer, Path folder, String options)
      throws IOException, OtherRunException {
    RunFolder kept = new RunFolder(folder);
    String before = kept.configuration().getOrDefault(OPTIONS, options);
    if (kept.last().isPresent() && !before.equals(options)) {
      throw new OtherRunException(folder, before, options);
    }
    trainer
        .saving(kept.noting(OPTIONS, options).noting("command", command()))
        .stoppingWithTheJvm()
        .resume();
    out.println(
        "%s epochs are done in %s; a run that is stopped there goes on by the same command"
            .formatted(trainer.history().epochs().size(), folder));
  }

  /** All that the numbers of a run depend on. */
  private String options(Recipe recipe) {
    String from = data == null ? "the standard" : data.toAbsolutePath().normalize().toString();
    return "--net %s --epochs %s --batch-size %s --learning-rate %s --seed %s --images %s, data: %s"
        .formatted(name(), recipe.epochs(), recipe.batchSize(), recipe.rate(), seed, images, from);
  }

  /** A page that cannot be made does not cost what was learnt. */
  private void report(Trainer trainer, Layer layers, Dataset test, Path page) {
    try {
      new Report(title(), layers)
          .history(trainer.history())
          .best(trainer.best())
          .settings(new RunFolder(Objects.requireNonNull(run)).configuration())
          .command(command())
          .classified(test, classNames(), EVALUATION_BATCH)
          .write(page);
      out.println("report: " + page);
    } catch (IOException e) {
      err.println("There is no report: " + e.getMessage());
    }
  }

  /** As a shell takes it. */
  private String command() {
    String start = "java --add-modules jdk.incubator.vector -cp gradus-examples.jar ";
    return Stream.concat(
            Stream.of(start + getClass().getName()), arguments().stream().map(TrainImages::quoted))
        .collect(Collectors.joining(" "));
  }

  private static String quoted(String argument) {
    boolean isPlain = argument.matches("[A-Za-z0-9_./=:,+-]+");
    return isPlain ? argument : "'" + argument.replace("'", "'\\''") + "'";
  }

  private String name() {
    return net == null ? recipes().keySet().iterator().next() : net;
  }

  private Recipe recipe() {
    String name = name();
    require(recipes().containsKey(name), "--net", name, "one of " + recipes().keySet());
    Recipe recipe = Objects.requireNonNull(recipes().get(name));
    int count = Objects.requireNonNullElse(epochs, recipe.epochs());
    int size = Objects.requireNonNullElse(batchSize, recipe.batchSize());
    double rate = Objects.requireNonNullElse(learningRate, recipe.rate());
    require(count >= 1, "--epochs", count, "at least 1");
    require(size >= 1, "--batch-size", size, "at least 1");
    require(rate > 0 && Double.isFinite(rate), "--learning-rate", rate, "a number above 0");
    require(images >= LEAST_IMAGES, "--images", images, "at least " + LEAST_IMAGES);
    return recipe.with(count, size, rate);
  }

  private void requireImages(String what, Dataset found) throws IOException {
    Shape shape = found.select().inputs().shape();
    if (found.size() < LEAST_IMAGES || shape.dim(2) != SIZE || shape.dim(3) != SIZE) {
      throw new IOException(
          "%s has %s to %s, expected at least %s of [1, %s, %s]"
              .formatted(
                  data == null ? "the standard" : data, found, what, LEAST_IMAGES, SIZE, SIZE));
    }
  }
}
