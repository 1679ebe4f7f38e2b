package org.gradus.examples;

import static org.gradus.autograd.ops.Ops.bias;
import static org.gradus.autograd.ops.Ops.conv2d;
import static org.gradus.autograd.ops.Ops.halfSquaredError;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/**
 * The step: from the half squared error to one step of gradient descent, after an answer to a
 * question titled "back propagation in CNN". The copy that was read has no author and no address.
 * The formulas are its own:
 *
 * <pre>
 *   x[i, j] = sum over m, n of  w[m, n] o[i + m, j + n]  + b[i, j]
 *   E = 1/2 sum over p of (t[p] - y[p])^2,   delta[i, j] = dE/dx[i, j]
 *   dE/dw[m, n] = sum over i, j of  delta[i, j] o[i + m, j + n]
 *   w(t + 1) = w(t) - eta dE/dw
 * </pre>
 *
 * <p>It has two slips: E is called a mean and is half a sum, and b[i, j] is one b, since the bias
 * is shared like the weights. Its code rotates delta by 180 degrees because convolve2d rotates it
 * back. The arrays o and d (the errors delta) are the answer's, and so is w[0, 0] = -0.13. It does
 * not tell the other weights, the bias and the targets: the weights and the bias here are ours, and
 * the targets are those that make the errors d, t = x - d.
 */
final class ConvolutionStep {
  private static final double LEARNING_RATE = 0.1;

  private static final NdArray O =
      NdArray.of(
          new double[] {
            0.51, 0.90, 0.88, 0.84, 0.05,
            0.40, 0.62, 0.22, 0.59, 0.10,
            0.11, 0.20, 0.74, 0.33, 0.14,
            0.47, 0.01, 0.85, 0.70, 0.09,
            0.76, 0.19, 0.72, 0.17, 0.57
          },
          1,
          1,
          5,
          5);
  private static final NdArray D =
      NdArray.of(
          new double[] {0, 0, 0.0686, 0, 0, 0.0364, 0, 0, 0, 0.0467, 0, 0, 0, 0, 0, -0.0681},
          1,
          1,
          4,
          4);
  private static final NdArray W = NdArray.of(new double[] {-0.13, 0.15, -0.51, 0.62}, 1, 1, 2, 2);

  private ConvolutionStep() {}

  /**
   * What the walk finds.
   *
   * @param error E before the step
   * @param delta dE/dx
   * @param dw dE/dw
   * @param db dE/db
   * @param stepped the weights after the step
   * @param errorAfter E with them
   */
  record Result(
      double error, NdArray delta, NdArray dw, double db, NdArray stepped, double errorAfter) {}

  static Result compute() {
    Tensor o = Tensor.constant(O);
    Tensor w = Tensor.variable(W);
    Tensor b = Tensor.variable(NdArray.zeros(DType.FLOAT64, Shape.of(1)));
    Tensor x = bias(conv2d(o, w), b);
    Tensor target = Tensor.constant(x.value().plusScaled(-1, D));
    Tensor error = halfSquaredError(x, target);

    Gradients gradients = Gradients.backward(error, x, w, b);
    NdArray dw = gradients.of(w).value();
    NdArray stepped = w.value().plusScaled(-LEARNING_RATE, dw);
    Tensor after = halfSquaredError(bias(conv2d(o, Tensor.constant(stepped)), b), target);
    return new Result(
        error.item(), gradients.of(x).value(), dw, gradients.of(b).item(), stepped, after.item());
  }

  static void print(Result r, PrintStream out) {
    out.println("The step: half squared error, weight gradient, one step of gradient descent");
    out.println(Numbers.text("  E = 1/2 sum of (t - x)^2 = %.8f", r.error));
    out.println("  delta = dE/dx = x - t = " + errors(r.delta) + ", and zeros, as in d");
    out.println("  dE/dw[m, n] = sum over i, j of delta[i, j] o[i+m, j+n]");
    out.println("    = " + Numbers.brackets(r.dw, "%.6f") + ", as in the document");
    out.println(Numbers.text("  dE/db = sum of delta = %.4f", r.db));
    out.println(Numbers.text("  w - eta dE/dw with eta = %s:", LEARNING_RATE));
    out.println("    from " + Numbers.brackets(W, "%.2f"));
    out.println("    to   " + Numbers.brackets(r.stepped, "%.7f"));
    out.println(Numbers.text("    E falls to %.8f", r.errorAfter));
    out.println(
        "  Nothing is flipped in this formula: the document's code flips d, and convolve2d");
    out.println(
        "    flips it back. Slips there: E is half a sum, not a mean, and b[i, j] is one b.");
  }

  /** What is not 0, but for rounding, in row-major order. */
  private static String errors(NdArray delta) {
    return Arrays.stream(delta.toDoubleArray())
        .filter(v -> Math.abs(v) > 1e-12)
        .mapToObj(v -> Numbers.text("%.4f", v))
        .collect(Collectors.joining(", "));
  }
}
