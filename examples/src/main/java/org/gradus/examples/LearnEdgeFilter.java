package org.gradus.examples;

import static org.gradus.autograd.ops.Ops.bias;
import static org.gradus.autograd.ops.Ops.conv2d;
import static org.gradus.autograd.ops.Ops.mse;
import static org.gradus.autograd.ops.Ops.relu;

import java.io.PrintStream;
import java.util.SplittableRandom;
import java.util.function.ObjDoubleConsumer;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/**
 * Recovers an edge filter from what it does to images: y = relu(conv2d(x, w) + b) is shown for many
 * x, and w and b are found by stochastic gradient descent on the mean squared error.
 *
 * <p>Two things make w unique. ReLU hides every negative response, and an output that is 0 tells
 * the filter nothing; so the bias starts at 0.5, where most outputs are positive, and learns to
 * fall. And in flat regions all nine pixels under the filter are equal, so that only the sum of the
 * weights matters; so the images have grain.
 */
public final class LearnEdgeFilter {
  /** Responds to edges between left and right. */
  static final NdArray SOBEL = NdArray.of(new float[] {-1, 0, 1, -2, 0, 2, -1, 0, 1}, 1, 1, 3, 3);

  /** Responds to edges of all directions. */
  static final NdArray LAPLACE = NdArray.of(new float[] {0, 1, 0, 1, -4, 1, 0, 1, 0}, 1, 1, 3, 3);

  private static final int STEPS = 800;
  private static final int BATCH = 8;
  private static final double LEARNING_RATE = 0.2;

  private LearnEdgeFilter() {}

  /** The filter and the bias after training, and the loss of the last step. */
  record Learned(NdArray filter, double bias, double loss) {}

  /** Learns Sobel's filter and prints how. */
  public static void main(String[] args) {
    run(SOBEL, 1, System.out);
  }

  static void run(NdArray filter, long seed, PrintStream out) {
    ObjDoubleConsumer<Integer> progress =
        (step, loss) -> {
          if (step % 100 == 0) {
            out.println(Numbers.text("step %3d: loss %.2e", step, loss));
          }
        };
    Learned learned = learn(filter, seed, progress);
    out.println();
    out.println("     true filter               learned");
    for (int row = 0; row < 3; row++) {
      out.println(row(filter, row) + "   |" + row(learned.filter, row));
    }
    out.println();
    out.println(
        Numbers.text(
            "largest difference %.6f, bias %.6f (true: 0)",
            Numbers.maxDifference(filter, learned.filter), learned.bias));
  }

  private static String row(NdArray filter, int row) {
    return Numbers.text(
        "%8.4f %8.4f %8.4f",
        filter.get(0, 0, row, 0), filter.get(0, 0, row, 1), filter.get(0, 0, row, 2));
  }

  /**
   * Learns a filter from its outputs.
   *
   * @param filter [1, 1, 3, 3]; used to compute the outputs, and for nothing else
   * @param progress receives the number of each step, from 0, and its loss
   */
  static Learned learn(NdArray filter, long seed, ObjDoubleConsumer<Integer> progress) {
    SplittableRandom random = new SplittableRandom(seed);
    Tensor truth = Tensor.constant(filter);
    NdArray first =
        NdArray.generate(DType.FLOAT32, filter.shape(), i -> 0.1 * random.nextGaussian());
    Tensor w = Tensor.variable(first);
    Tensor b = Tensor.variable(NdArray.of(new float[] {0.5f}, 1));
    double error = Double.NaN;
    for (int step = 0; step < STEPS; step++) {
      Tensor x = Tensor.constant(images(random));
      Tensor target = relu(conv2d(x, truth));

      Tensor loss = mse(relu(bias(conv2d(x, w), b)), target);
      Gradients gradients = Gradients.backward(loss);
      w = descend(w, gradients);
      b = descend(b, gradients);

      error = loss.item();
      progress.accept(step, error);
    }
    return new Learned(w.value(), b.item(), error);
  }

  private static Tensor descend(Tensor parameter, Gradients gradients) {
    NdArray gradient = gradients.of(parameter).value();
    return Tensor.variable(parameter.value().plusScaled(-LEARNING_RATE, gradient));
  }

  /** A batch of 16x16 images: discs and rectangles in shades of grey, and grain. */
  private static NdArray images(SplittableRandom random) {
    int size = 16;
    float[] pixels = new float[BATCH * size * size];
    for (int image = 0; image < BATCH; image++) {
      for (int shape = 0; shape < 6; shape++) {
        drawShape(pixels, image * size * size, size, random);
      }
    }
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] += (float) (0.3 * random.nextGaussian());
    }
    return NdArray.wrap(pixels, Shape.of(BATCH, 1, size, size));
  }

  private static void drawShape(float[] pixels, int offset, int size, SplittableRandom random) {
    boolean disc = random.nextBoolean();
    float shade = (float) random.nextDouble(-1, 1);
    double centreRow = random.nextDouble(size);
    double centreColumn = random.nextDouble(size);
    double radius = random.nextDouble(2, 6);
    for (int row = 0; row < size; row++) {
      for (int column = 0; column < size; column++) {
        double down = Math.abs(row - centreRow);
        double across = Math.abs(column - centreColumn);
        if (disc ? Math.hypot(down, across) < radius : Math.max(2 * down, across) < radius) {
          pixels[offset + row * size + column] = shade;
        }
      }
    }
  }
}
