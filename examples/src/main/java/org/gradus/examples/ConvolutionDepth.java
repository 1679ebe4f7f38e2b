package org.gradus.examples;

import static org.gradus.autograd.Gradients.Mode.VALUES;
import static org.gradus.autograd.ops.ConvOptions.valid;
import static org.gradus.autograd.ops.Ops.bias;
import static org.gradus.autograd.ops.Ops.conv2d;

import java.io.PrintStream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/**
 * Depth: several channels and filters, stride and bias in the backward equations, after a question
 * that anx199 asked in July 2018 about the article "Backpropagation In Convolutional Neural
 * Networks" by Jefkine, and its one answer. The copy that was read has no title, no address, and no
 * name of who answered. The answer is, for stride 1 and no padding:
 *
 * <pre>
 *   (7)  delta[m, n, u] = sum over k, a, b of  delta'[m - a + 1, n - b + 1, k] w[a, b, u, k]
 * </pre>
 *
 * <p>Equation (8) of the answer writes w[a, b, k, u] instead, which is wrong unless the last two
 * axes of w are exchanged; and its one bias b is a bias b[k] for each kernel, as the question says.
 * The derivatives of the weights and of the bias are left there as an exercise. Here they are for
 * every stride s and padding p, in the same notation: all indices count from 1, delta is the error
 * of the input and delta' that of the output, which is 0 outside of its range, as z is in the
 * padding.
 *
 * <pre>
 *   delta[m, n, u]    = sum over k, a, b of  delta'[i, j, k] w[a, b, u, k]
 *                       for i = (m - a + p) / s + 1 and j = (n - b + p) / s + 1 that are whole
 *   dJ/dw[a, b, c, k] = sum over i, j of  delta'[i, j, k] z[(i - 1) s - p + a, (j - 1) s - p + b, c]
 *   dJ/db[k]          = sum over i, j of  delta'[i, j, k]
 * </pre>
 *
 * With s = 1 and p = 0 the first line is equation (7).
 */
final class ConvolutionDepth {
  private static final Shape INPUT = Shape.of(1, 3, 6, 8); // 3 channels u, 6 rows m, 8 columns n
  private static final Shape KERNELS =
      Shape.of(4, 3, 2, 3); // 4 kernels k, 3 channels, 2 x 3 (a, b)

  private ConvolutionDepth() {}

  /**
   * The gradients for one stride and padding, and how far they are from the equations and from the
   * loops.
   */
  record Case(
      int stride,
      int padding,
      Shape output,
      NdArray delta,
      double fromEquations,
      double fromLoops) {}

  /**
   * What the walk finds.
   *
   * @param equation7 stride 1, no padding: the document's own case
   * @param stride2 stride 2, no padding: leaves the last column of the input unread
   * @param padded stride 2, padding 1
   */
  record Result(Case equation7, Case stride2, Case padded) {}

  static Result compute() {
    return new Result(check(1, 0), check(2, 0), check(2, 1));
  }

  private static Case check(int stride, int padding) {
    Tensor z = Tensor.variable(Numbers.wholeNumbers(5, INPUT.toArray()));
    Tensor w = Tensor.variable(Numbers.wholeNumbers(6, KERNELS.toArray()));
    Tensor b = Tensor.variable(Numbers.wholeNumbers(7, KERNELS.dim(0)));
    Tensor y = bias(conv2d(z, w, valid().stride(stride).padding(padding)), b);
    NdArray errors = Numbers.wholeNumbers(8, y.shape().toArray());
    Gradients g = Gradients.pullback(y, Tensor.constant(errors), VALUES, z, w, b);
    NdArray dz = g.of(z).value();
    NdArray dw = g.of(w).value();
    NdArray db = g.of(b).value();

    Equations equations = new Equations(z.value(), w.value(), errors, stride, padding);
    NaiveConvolution naive = new NaiveConvolution(INPUT, KERNELS, stride, padding);
    NaiveConvolution.Backward back = naive.backward(errors, z.value(), w.value());
    return new Case(
        stride,
        padding,
        y.shape(),
        dz,
        difference(dz, equations.dz(), dw, equations.dw(), db, equations.db()),
        difference(dz, back.dx(), dw, back.dw(), db, back.db()));
  }

  private static double difference(
      NdArray dz, NdArray dz2, NdArray dw, NdArray dw2, NdArray db, NdArray db2) {
    double input = Numbers.maxDifference(dz, dz2);
    double weights = Numbers.maxDifference(dw, dw2);
    return Math.max(Math.max(input, weights), Numbers.maxDifference(db, db2));
  }

  /** The three equations, element by element; every index counts from 1, as in the document. */
  private record Equations(NdArray z, NdArray w, NdArray errors, int s, int p) {

    NdArray dz() {
      return byIndices(INPUT, (one, u, m, n) -> delta(m, n, u));
    }

    NdArray dw() {
      return byIndices(KERNELS, (k, c, a, b) -> weight(a, b, c, k));
    }

    NdArray db() {
      return NdArray.generate(errors.dtype(), Shape.of(KERNELS.dim(0)), k -> bias(k + 1));
    }

    private double delta(int m, int n, int u) {
      double sum = 0;
      for (int k = 1; k <= KERNELS.dim(0); k++) {
        for (int a = 1; a <= KERNELS.dim(2); a++) {
          for (int b = 1; b <= KERNELS.dim(3); b++) {
            boolean whole = (m - a + p) % s == 0 && (n - b + p) % s == 0;
            if (whole) {
              sum += at(errors, (m - a + p) / s + 1, (n - b + p) / s + 1, k) * w(a, b, u, k);
            }
          }
        }
      }
      return sum;
    }

    private double weight(int a, int b, int c, int k) {
      double sum = 0;
      for (int i = 1; i <= errors.shape().dim(2); i++) {
        for (int j = 1; j <= errors.shape().dim(3); j++) {
          sum += at(errors, i, j, k) * at(z, (i - 1) * s - p + a, (j - 1) * s - p + b, c);
        }
      }
      return sum;
    }

    private double bias(int k) {
      double sum = 0;
      for (int i = 1; i <= errors.shape().dim(2); i++) {
        for (int j = 1; j <= errors.shape().dim(3); j++) {
          sum += at(errors, i, j, k);
        }
      }
      return sum;
    }

    private double w(int a, int b, int c, int k) {
      return w.get(k - 1, c - 1, a - 1, b - 1);
    }

    /** Element (i, j) of a channel of the only image; 0 outside of it. */
    private static double at(NdArray image, int i, int j, int channel) {
      boolean inside = i >= 1 && i <= image.shape().dim(2) && j >= 1 && j <= image.shape().dim(3);
      return inside ? image.get(0, channel - 1, i - 1, j - 1) : 0;
    }
  }

  /** A function of four indices that count from 1. */
  private interface OfIndices {
    double at(int i0, int i1, int i2, int i3);
  }

  private static NdArray byIndices(Shape shape, OfIndices f) {
    double[] values = new double[shape.size()];
    int position = 0;
    for (int i0 = 1; i0 <= shape.dim(0); i0++) {
      for (int i1 = 1; i1 <= shape.dim(1); i1++) {
        for (int i2 = 1; i2 <= shape.dim(2); i2++) {
          for (int i3 = 1; i3 <= shape.dim(3); i3++) {
            values[position++] = f.at(i0, i1, i2, i3);
          }
        }
      }
    }
    return NdArray.wrap(values, shape);
  }

  static void print(Result r, PrintStream out) {
    out.println("Depth: 3 channels, 6x8 input, 4 kernels of 2x3 and a bias for each");
    out.println("  Equation (7), counting from 1, and its exercise, the weights and the bias:");
    out.println("    delta[m, n, u] = sum over k, a, b of delta'[m-a+1, n-b+1, k] w[a, b, u, k]");
    out.println("    dJ/dw[a, b, c, k] = sum over i, j of delta'[i, j, k] x[i+a-1, j+b-1, c]");
    out.println("    dJ/db[k] = sum over i, j of delta'[i, j, k]");
    print(r.equation7, out);
    out.println("  With a stride s and padding p: delta[m, n, u] sums over those a, b, k");
    out.println("    for which i = (m-a+p)/s + 1 and j = (n-b+p)/s + 1 are whole numbers; there");
    out.println("    stands delta'[i, j, k]. dJ/dw reads x[(i-1)s-p+a, (j-1)s-p+b, c].");
    print(r.stride2, out);
    out.println("      the last column of the input, which no window reads, gets 0");
    print(r.padded, out);
    out.println("  Equation (8) there has w[a, b, k, u]: right only for a w whose last two axes");
    out.println("    were exchanged. Its single b is one b[k] for each kernel.");
  }

  private static void print(Case c, PrintStream out) {
    out.println(
        Numbers.text(
            "    stride %s, padding %s: off by %s from the equations, by %s from the loops",
            c.stride, c.padding, c.fromEquations, c.fromLoops));
  }
}
