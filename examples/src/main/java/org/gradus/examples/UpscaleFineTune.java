package org.gradus.examples;

import static org.gradus.autograd.ops.Ops.mse;
import static org.gradus.autograd.ops.Ops.stack;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.update.Adam;
import org.gradus.layers.AvgPool2d;
import org.gradus.layers.Pass;
import org.gradus.layers.files.Weights;
import org.gradus.layers.optim.NonFiniteStepException;
import org.gradus.layers.optim.Optimizer;
import org.gradus.layers.optim.Schedule;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Trains a network further that others have trained: {@link Esrgan}, on patches of one image. The
 * image made four times as small by averages is what the network is given; the image itself is what
 * should come out. The lowest quarter of the image is not learnt from: there, the error is measured
 * before and after, as the peak signal-to-noise ratio, 10 log10(255^2 / mean square error) dB.
 *
 * <p>Exit codes: 0 if all went well, 1 if a file cannot be read or written, the training led
 * nowhere, or there is too little memory, 2 if an option is wrong.
 */
@Command(
    name = "java -cp gradus-examples.jar org.gradus.examples.UpscaleFineTune",
    header = "Trains the network that enlarges images further, on an image made smaller.",
    sortOptions = false,
    usageHelpWidth = 100)
public final class UpscaleFineTune extends Program {
  private static final int BATCH = 4;
  private static final int COLOURS = 3;

  /** The side of the parts that errors are measured in. */
  private static final int TILE = 64;

  /** The side of patches of the small image. */
  private static final int PATCH = 16;

  /** The least height and width of an image: patches can be cut from three quarters of it. */
  static final int LEAST = 96;

  @Parameters(
      arity = "0..1",
      paramLabel = "IMAGE",
      description = "Of at least 96 x 96 pixels; an embedded picture of a flower if none is named.")
  private @Nullable Path image;

  @Option(
      names = "--steps",
      defaultValue = "300",
      description = "Steps of Adam, of 4 patches each (${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--learning-rate",
      defaultValue = "1e-4",
      description = "The first one; it falls to 0 along a cosine (${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of all that is random (${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--save",
      paramLabel = "FILE",
      description = "Where the weights go, as safetensors; Upscale takes them by --weights.")
  private @Nullable Path file;

  /** Decibels on what was not learnt from. */
  record Ratios(double before, double after) {}

  /** Patches [N, 3, 4 H, 4 W], and the same ones made smaller, [N, 3, H, W]. */
  private record Pair(NdArray small, NdArray large) {}

  /** Some rows of an image from the first row on, and some columns from the left. */
  private record Part(Picture whole, int first, int height, int width) implements Picture {
    @Override
    public NdArray part(int top, int left, int rows, int columns) {
      return whole.part(first + top, left, rows, columns);
    }
  }

  /** An image made smaller by averages. */
  private record Smaller(Picture large) implements Picture {
    @Override
    public int height() {
      return large.height() / Esrgan.SCALE;
    }

    @Override
    public int width() {
      return large.width() / Esrgan.SCALE;
    }

    @Override
    public NdArray part(int top, int left, int height, int width) {
      int s = Esrgan.SCALE;
      NdArray pixels = large.part(s * top, s * left, s * height, s * width);
      NdArray batch = pixels.reshape(1, COLOURS, s * height, s * width);
      return new AvgPool2d(s).predict(batch).reshape(COLOURS, height, width);
    }
  }

  UpscaleFineTune(PrintStream out, PrintStream err) {
    super(out, err);
  }

  /** Trains, prints, and ends with exit code 0, or 1 or 2 where it cannot. */
  public static void main(String[] args) {
    System.exit(new UpscaleFineTune(System.out, System.err).run(args));
  }

  @Override
  public Integer call() {
    require(steps >= 1, "--steps", steps, "at least 1");
    require(rate > 0 && Double.isFinite(rate), "--learning-rate", rate, "a number above 0");
    try {
      if (file != null) {
        requireOther("--save", file, image);
        OutputFile.requireWritable(file);
      }
      Picture whole = Upscale.picture(image);
      if (whole.height() < LEAST || whole.width() < LEAST) {
        throw new IOException(
            "%s has %s x %s pixels, expected at least %s x %s"
                .formatted(image, whole.width(), whole.height(), LEAST, LEAST));
      }
      Esrgan net = Upscale.pretrained();
      tune(net, whole);
      if (file != null) {
        Weights.save(file, net, Map.of("net", "esrgan-slim, trained further"));
      }
      return CommandLine.ExitCode.OK;
    } catch (IOException e) {
      err.println(message(e));
    } catch (NonFiniteStepException e) {
      err.println(stopped(e.getMessage()));
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  // ---- training --------------------------------------------------------------------------------

  private void tune(Esrgan net, Picture image) throws IOException {
    int unit = 4 * Esrgan.SCALE; // so that quarters, and what is made smaller, are whole
    int height = image.height() / unit * unit;
    int width = image.width() / unit * unit;
    int top = height / 4 * 3;
    Picture heldOut = new Part(image, top, height - top, width);
    Ratios ratios = tune(net, new Part(image, 0, top, width), heldOut);
    out.println(
        Numbers.text(
            "on %d x %d pixels that were not learnt from: %.2f dB before, %.2f dB after %d steps",
            width, height - top, ratios.before(), ratios.after(), steps));
  }

  private Ratios tune(Esrgan net, Picture learnt, Picture heldOut) throws IOException {
    double before = decibels(net, heldOut);
    RandomGenerator random = new SplittableRandom(seed);
    Optimizer adam = new Optimizer(net, new Adam(rate)).schedule(Schedule.cosine(steps));
    int told = Math.max(1, steps / 10);
    double sum = 0;
    for (int step = 1; step <= steps; step++) {
      Pair patches = patches(learnt, random);
      Pass pass = Pass.training(seed, step);
      Tensor loss = mse(net.forward(patches.small(), pass), Tensor.constant(patches.large()));
      adam.minimize(loss, pass);
      sum += loss.item();
      if (step % told == 0) {
        err.println(Numbers.text("step %d of %d: %.2f dB", step, steps, decibels(sum / told)));
        sum = 0;
      }
    }
    return new Ratios(before, decibels(net, heldOut));
  }

  /** Patches at random places. */
  private static Pair patches(Picture from, RandomGenerator random) {
    Picture smaller = new Smaller(from);
    Tensor[] small = new Tensor[BATCH];
    Tensor[] large = new Tensor[BATCH];
    for (int i = 0; i < BATCH; i++) {
      int top = random.nextInt(smaller.height() - PATCH + 1);
      int left = random.nextInt(smaller.width() - PATCH + 1);
      int s = Esrgan.SCALE;
      small[i] = Tensor.constant(smaller.part(top, left, PATCH, PATCH));
      large[i] = Tensor.constant(from.part(s * top, s * left, s * PATCH, s * PATCH));
    }
    return new Pair(stack(0, small).value(), stack(0, large).value());
  }

  // ---- errors ----------------------------------------------------------------------------------

  /** What the network errs by where it makes an image out of the smaller one. */
  private static double decibels(Esrgan net, Picture large) throws IOException {
    double[] sum = {0};
    Enlarger.of(net, TILE)
        .enlarge(
            new Smaller(large),
            (tile, found) -> {
              Shape shape = found.shape();
              int top = Esrgan.SCALE * tile.rows().from();
              int left = Esrgan.SCALE * tile.columns().from();
              NdArray expected = large.part(top, left, shape.dim(1), shape.dim(2));
              for (int i = 0; i < found.size(); i++) {
                double pixel = found.at(i);
                if (!Double.isFinite(pixel)) {
                  throw new NonFiniteStepException("the network makes %s".formatted(pixel));
                }
                sum[0] += Math.pow(Math.max(0, Math.min(255, pixel)) - expected.at(i), 2);
              }
            });
    return decibels(sum[0] / ((double) COLOURS * large.height() * large.width()));
  }

  private static double decibels(double meanSquareError) {
    return 10 * Math.log10(255 * 255 / meanSquareError);
  }
}
