package org.gradus.examples;

import static org.gradus.autograd.Gradients.Mode.VALUES;
import static org.gradus.autograd.ops.ConvOptions.valid;
import static org.gradus.autograd.ops.Ops.bias;
import static org.gradus.autograd.ops.Ops.conv2d;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/**
 * Loops: a 3x3 input with a 2x2 filter, and convolution as naive loops, first for one channel, then
 * for many with bias, stride and padding, after a page without title or author in the copy that was
 * read, "to provide a simple and intuitive explanation of how backprop works for convolutions"; its
 * text stands at https://aman.ai/primers/backprop/gradient-conv/. The formulas are its own:
 *
 * <pre>
 *   h11 = W11 X11 + W12 X12 + W21 X21 + W22 X22, and so on to h22
 *   H' = 1 + (H + 2 * pad - HH) / stride
 *   for each output h, w:  dX[h:h+f, w:w+f] += W * dH(h,w)
 *                          dW += X[h:h+f, w:w+f] * dH(h,w)
 * </pre>
 *
 * <p>The last two lines have a misprint: dH(h,w) calls an array like a function, and dH[h,w] is
 * meant. The loops are in {@link NaiveConvolution}; one channel is a case of many.
 */
final class ConvolutionLoops {
  private static final NdArray SINGLE_W = NdArray.of(new double[] {1, -2, 3, 4}, 1, 1, 2, 2);

  private ConvolutionLoops() {}

  /**
   * What the library computed from the errors dy, and by how much, at most, it differs from the
   * loops.
   */
  record Comparison(NdArray dy, Library library, double y, double dx, double dw, double db) {
    double largest() {
      return Math.max(Math.max(y, dx), Math.max(dw, db));
    }
  }

  /** The library's results. */
  record Library(NdArray y, NdArray dx, NdArray dw, NdArray db) {}

  /**
   * What the walk finds.
   *
   * @param formulas of h11, h12, h21, h22, read off from gradients
   * @param single the loops for one channel
   * @param several the loops for a batch, with several channels and filters, stride 2, padding 1
   * @param refusal the message for a stride that does not divide
   */
  record Result(List<String> formulas, Comparison single, Comparison several, String refusal) {}

  static Result compute() {
    NdArray noBias = NdArray.zeros(DType.FLOAT64, Shape.of(1));
    Comparison single = compare(Numbers.countingUp(1, 1, 3, 3), SINGLE_W, noBias, 1, 0);
    Comparison several =
        compare(
            Numbers.wholeNumbers(1, 2, 3, 7, 5),
            Numbers.wholeNumbers(2, 4, 3, 3, 3),
            Numbers.wholeNumbers(3, 4),
            2,
            1);
    return new Result(formulas(), single, several, refusal());
  }

  /**
   * The formula of each output. With x_ij = 10 i + j, the gradient of an output by the weights
   * spells the indices of the inputs that they are multiplied with.
   */
  private static List<String> formulas() {
    Tensor x =
        Tensor.constant(
            NdArray.generate(
                DType.FLOAT64, Shape.of(1, 1, 3, 3), i -> 10 * (i / 3 + 1) + i % 3 + 1));
    Tensor w = Tensor.variable(NdArray.zeros(DType.FLOAT64, Shape.of(1, 1, 2, 2)));
    Tensor h = conv2d(x, w);
    List<String> formulas = new ArrayList<>();
    for (int output = 0; output < h.shape().size(); output++) {
      Tensor only = Tensor.constant(Numbers.oneHot(h.value(), output));
      NdArray dw = Gradients.pullback(h, only, VALUES, w).of(w).value();
      StringJoiner sum = new StringJoiner(" + ", "h" + indices(output) + " = ", "");
      for (int weight = 0; weight < dw.size(); weight++) {
        sum.add(Numbers.text("W%s X%.0f", indices(weight), dw.at(weight)));
      }
      formulas.add(sum.toString());
    }
    return formulas;
  }

  /** The indices, from 1, of an element of a 2x2 matrix. */
  private static String indices(int flat) {
    return "" + (flat / 2 + 1) + (flat % 2 + 1);
  }

  /** The loops and the library on the same numbers; the errors dy are whole numbers, too. */
  private static Comparison compare(NdArray x, NdArray w, NdArray b, int stride, int padding) {
    NaiveConvolution naive = new NaiveConvolution(x.shape(), w.shape(), stride, padding);
    NdArray dy = Numbers.wholeNumbers(4, naive.y().toArray());
    NdArray naiveY = naive.forward(x, w, b);
    NaiveConvolution.Backward naiveBack = naive.backward(dy, x, w);

    Library library = library(x, w, b, dy, stride, padding);
    return new Comparison(
        dy,
        library,
        Numbers.maxDifference(naiveY, library.y),
        Numbers.maxDifference(naiveBack.dx(), library.dx),
        Numbers.maxDifference(naiveBack.dw(), library.dw),
        Numbers.maxDifference(naiveBack.db(), library.db));
  }

  private static Library library(
      NdArray images, NdArray filters, NdArray biases, NdArray dy, int stride, int padding) {
    Tensor x = Tensor.variable(images);
    Tensor w = Tensor.variable(filters);
    Tensor b = Tensor.variable(biases);
    Tensor y = bias(conv2d(x, w, valid().stride(stride).padding(padding).strict()), b);
    Gradients g = Gradients.pullback(y, Tensor.constant(dy), VALUES, x, w, b);
    return new Library(y.value(), g.of(x).value(), g.of(w).value(), g.of(b).value());
  }

  /** What the library says where the document's code asserts that the stride divides. */
  private static String refusal() {
    Tensor x = Tensor.constant(Numbers.countingUp(1, 1, 4, 4));
    Tensor w = Tensor.constant(Numbers.countingUp(1, 1, 3, 3));
    try {
      return "not refused: " + conv2d(x, w, valid().stride(2).strict());
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
  }

  static void print(Result r, PrintStream out) {
    out.println("Loops: convolution as naive loops");
    out.println("  3x3 input, 2x2 filter; the formulas, read off from gradients of h by W:");
    r.formulas.forEach(formula -> out.println("    " + formula));
    out.println("  All four are those of the document.");
    out.println("  One channel, backward: dX[h:h+f, w:w+f] += W dH[h,w], dW += X[...] dH[h,w]");
    String dh = Numbers.brackets(r.single.dy, "%.0f");
    out.println(
        "    for X = 1, ..., 9, W = " + Numbers.brackets(SINGLE_W, "%.0f") + ", dH = " + dh);
    out.println("    dX = " + Numbers.brackets(r.single.library.dx, "%.0f"));
    out.println("    dW = " + Numbers.brackets(r.single.library.dw, "%.0f"));
    out.println(Numbers.text("    the library is off by %s from the loops", r.single.largest()));
    out.println("  Its code calls dH like a function, dH(h,w), which fails; it means dH[h,w].");
    out.println(
        "  2 images, 3 channels, 4 filters, stride 2, padding 1, bias: " + r.several.dy.shape());
    out.println(
        Numbers.text(
            "    the library is off from the loops by %s in y, %s in dx, %s in dw, %s in db",
            r.several.y, r.several.dx, r.several.dw, r.several.db));
    out.println("  Its code asserts that the stride divides; here strict() refuses, with");
    out.println("    " + r.refusal);
  }
}
