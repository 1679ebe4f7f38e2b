package org.gradus.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.ops.Ops;
import org.gradus.layers.files.Images;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Reads digits in images of any size, by a net that {@link TrainDigits} has trained, and shows the
 * probabilities as bars. {@link DigitImage} says how images are made ready.
 *
 * <p>Exit codes: 0 if all images were read, 1 if the model or an image could not be read, be it one
 * of many, 2 if an option is wrong.
 */
@Command(
    name = "java -cp gradus-examples.jar org.gradus.examples.Classify",
    header = "Reads handwritten digits in images.",
    sortOptions = false,
    usageHelpWidth = 100)
public final class Classify extends Program {
  private static final int BATCH = 64;
  private static final int BAR = 40;
  private static final Set<String> SUFFIXES =
      Set.of("png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "wbmp");

  @Parameters(
      arity = "1..*",
      paramLabel = "IMAGE",
      description =
          "One digit each, dark on bright or bright on dark; of a folder, all its images.")
  private List<Path> files = List.of();

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description =
          "What TrainDigits --save has written, or any net .onnx for such images; an embedded LeNet"
              + " if none is named.")
  private @Nullable Path model;

  @Option(names = "--brief", description = "One line for each image, without bars.")
  private boolean brief;

  /** An image that is ready for the net. */
  private record Named(Path file, NdArray digit) {}

  Classify(PrintStream out, PrintStream err) {
    super(out, err);
  }

  /** Reads digits, prints, and ends with exit code 0, or 1 or 2 where it cannot. */
  public static void main(String[] args) {
    System.exit(new Classify(System.out, System.err).run(args));
  }

  @Override
  public Integer call() {
    boolean allRead = true;
    try {
      Function<NdArray, NdArray> net =
          model == null ? DigitModel.embedded() : DigitModel.load(model);
      List<Named> batch = new ArrayList<>();
      for (Path file : images()) {
        try {
          NdArray grey = Images.read(file, 1, DigitImage.MOST_PIXELS);
          batch.add(new Named(file, DigitImage.of(grey, file.toString())));
        } catch (IOException e) {
          allRead = false;
          err.println(message(e));
        }
        if (batch.size() == BATCH) {
          print(batch, net);
          batch.clear();
        }
      }
      print(batch, net);
    } catch (IOException e) {
      allRead = false;
      err.println(message(e));
    } catch (UncheckedIOException e) { // of the model
      allRead = false;
      err.println(message(e));
    }
    return allRead ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  /** The files that are named, and those in folders that are named, by name. */
  private List<Path> images() throws IOException {
    List<Path> images = new ArrayList<>();
    for (Path file : files) {
      if (!Files.isDirectory(file)) {
        images.add(file);
        continue;
      }
      try (Stream<Path> inside = Files.list(file)) {
        List<Path> found = inside.filter(Classify::isImage).sorted().toList();
        if (found.isEmpty()) {
          throw new IOException(file + ": a folder without images");
        }
        images.addAll(found);
      }
    }
    return images;
  }

  private static boolean isImage(Path file) {
    String name = file.toString();
    String suffix = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return SUFFIXES.contains(suffix) && Files.isRegularFile(file);
  }

  private void print(List<Named> batch, Function<NdArray, NdArray> net) {
    if (batch.isEmpty()) {
      return;
    }
    Tensor[] digits =
        batch.stream().map(each -> Tensor.constant(each.digit())).toArray(Tensor[]::new);
    NdArray probabilities = net.apply(Ops.stack(0, digits).value());
    for (int i = 0; i < digits.length; i++) {
      print(batch.get(i).file(), probabilities, i);
    }
  }

  private void print(Path file, NdArray probabilities, int row) {
    int classes = probabilities.shape().dim(1);
    int best = 0;
    for (int c = 1; c < classes; c++) {
      best = probabilities.get(row, c) > probabilities.get(row, best) ? c : best;
    }
    out.println(Numbers.text("%s: %d (%.3f)", file, best, probabilities.get(row, best)));
    for (int c = 0; c < classes && !brief; c++) {
      double probability = probabilities.get(row, c);
      String bar = "#".repeat((int) Math.round(BAR * probability));
      out.println(Numbers.text("  %d %.3f %s", c, probability, bar).stripTrailing());
    }
  }
}
