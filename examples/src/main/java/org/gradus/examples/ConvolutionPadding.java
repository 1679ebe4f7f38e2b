package org.gradus.examples;

import static org.gradus.autograd.Gradients.Mode.DIFFERENTIABLE;
import static org.gradus.autograd.Gradients.Mode.VALUES;
import static org.gradus.autograd.ops.ConvOptions.valid;
import static org.gradus.autograd.ops.Ops.conv2d;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sum;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/**
 * Padding: a 5x5 input, a 3x3 filter, padding 1, stride 1, after Alexey Kravets, "Forward and
 * Backward propagation in Convolutional Neural Networks. Theory and Code". The copy that was read
 * has no address of its own; it refers to http://cs231n.stanford.edu/. The formulas are its own:
 *
 * <pre>
 *   H_out = floor(1 + (H + 2 * pad - HH) / stride)
 *   (1)  dx11 = dy11 w22 + dy12 w21 + dy21 w12 + dy22 w11
 *   (2)  dw11 = dy11 x00 + dy12 x01 + ... + dy45 x43 + dy55 x44      x padded, counted from 0
 * </pre>
 *
 * <p>Equation (2) has a misprint: dy45 meets x34, not x43. Both equations write dY/dx11 and dY/dw11
 * on the left where the gradients of the loss, dL/dx11 and dL/dw11, are meant. The numbers here are
 * ours: the input and the filter count up, the errors dy count down.
 *
 * <p>Which weight and which error meet in dx11 is not typed in here but found: dx11 is a sum of
 * products dy w, so its mixed second derivative d(d(dx11)/d(dy))/d(w) is 1 for each pair that meets
 * and 0 for all others.
 */
final class ConvolutionPadding {
  private ConvolutionPadding() {}

  /** An element of an image, counting from 0. */
  record Place(int row, int column) {
    @Override
    public String toString() {
      return "(" + row + ", " + column + ")";
    }
  }

  /** Two elements that are multiplied with each other. */
  record Pair(Place dy, Place factor) {}

  /**
   * What the walk finds.
   *
   * @param size the output's, by its formula
   * @param output the shape that conv2d gives
   * @param dx the gradient of the input
   * @param dw the gradient of the filter
   * @param dx11 the products of dx11; the factors are weights
   * @param dx11ByFormula equation (1)
   * @param dx11OfOnes dx11 if all errors are 1
   * @param dw11 the products of dw11; the factors are elements of the padded input
   * @param dw11ByFormula equation (2)
   */
  record Result(
      int size,
      Shape output,
      NdArray dx,
      NdArray dw,
      List<Pair> dx11,
      double dx11ByFormula,
      double dx11OfOnes,
      List<Pair> dw11,
      double dw11ByFormula) {}

  static Result compute() {
    Tensor x = Tensor.variable(Numbers.countingUp(1, 1, 5, 5));
    Tensor w = Tensor.variable(Numbers.countingUp(1, 1, 3, 3));
    Tensor dy = Tensor.variable(x.value().map(v -> 26 - v));
    Tensor y = conv2d(x, w, valid().padding(1));

    Gradients gradients = Gradients.pullback(y, dy, DIFFERENTIABLE, x, w);
    Tensor dx = gradients.of(x);
    Tensor ones = Tensor.constant(NdArray.full(DType.FLOAT64, y.shape(), 1));
    Tensor dxOfOnes = Gradients.pullback(y, ones, VALUES, x).of(x);
    double dx11ByFormula =
        at(dy, 0, 0) * at(w, 1, 1)
            + at(dy, 0, 1) * at(w, 1, 0)
            + at(dy, 1, 0) * at(w, 0, 1)
            + at(dy, 1, 1) * at(w, 0, 0);

    Tensor padded = Tensor.variable(pad(x.value()));
    Tensor same = conv2d(padded, w);
    Tensor dw = Gradients.pullback(same, dy, DIFFERENTIABLE, w).of(w);
    double dw11ByFormula = 0;
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < 5; j++) {
        dw11ByFormula += at(dy, i, j) * at(padded, i, j);
      }
    }
    return new Result(
        (5 + 2 * 1 - 3) / 1 + 1,
        y.shape(),
        dx.value(),
        gradients.of(w).value(),
        products(first(dx), dy, w),
        dx11ByFormula,
        dxOfOnes.value().at(0),
        products(first(dw), dy, padded),
        dw11ByFormula);
  }

  /** The element in the upper left corner, as a scalar. */
  private static Tensor first(Tensor t) {
    return sum(mul(t, Tensor.constant(Numbers.oneHot(t.value(), 0))));
  }

  /** Which elements of dy and of another tensor meet: where d2s / (d(dy) d(other)) is not 0. */
  private static List<Pair> products(Tensor s, Tensor dy, Tensor other) {
    List<Pair> found = new ArrayList<>();
    Tensor once = Gradients.backward(s, DIFFERENTIABLE, dy).of(dy);
    for (int i = 0; i < dy.shape().size(); i++) {
      Tensor element = Tensor.constant(Numbers.oneHot(dy.value(), i));
      NdArray twice = Gradients.pullback(once, element, VALUES, other).of(other).value();
      for (int k = 0; k < twice.size(); k++) {
        if (twice.at(k) != 0) {
          found.add(new Pair(place(dy, i), place(other, k)));
        }
      }
    }
    return found;
  }

  private static Place place(Tensor t, int flat) {
    int columns = t.shape().dim(-1);
    return new Place(flat / columns, flat % columns);
  }

  private static double at(Tensor t, int row, int column) {
    return t.value().get(0, 0, row, column);
  }

  /** [1, 1, 5, 5] with one zero on every side. */
  private static NdArray pad(NdArray x) {
    Shape padded = Shape.of(1, 1, 7, 7);
    return NdArray.generate(
        DType.FLOAT64,
        padded,
        i -> {
          int row = i / 7 - 1;
          int column = i % 7 - 1;
          boolean inside = row >= 0 && row < 5 && column >= 0 && column < 5;
          return inside ? x.get(0, 0, row, column) : 0;
        });
  }

  static void print(Result r, PrintStream out) {
    out.println("Padding: one channel, 5x5 input x, 3x3 filter w, padding 1, stride 1");
    out.println("  Our numbers, row by row: x = 1, ..., 25; w = 1, ..., 9; dy = 25, ..., 1");
    out.println("  Output size: floor(1 + (5 + 2*1 - 3) / 1) = " + r.size);
    out.println("    conv2d makes " + r.output);
    out.println("  Where the second derivative of dx11, by dy and by w, is not 0:");
    out.println("    w_idxs = " + list(r.dx11, Pair::factor));
    out.println("    y_idxs = " + list(r.dx11, Pair::dy));
    out.println("  Equation (1): dx11 = dy11 w22 + dy12 w21 + dy21 w12 + dy22 w11");
    out.println(Numbers.text("    formula %.0f, gradient %.0f", r.dx11ByFormula, r.dx.at(0)));
    out.println(
        Numbers.text("    and w22 + w21 + w12 + w11 = %.0f if all errors are 1", r.dx11OfOnes));
    out.println("  dx has the shape of the unpadded input: " + r.dx.shape());
    out.println("  Equation (2): dw11 = dy11 x00 + dy12 x01 + ... + dy55 x44, x padded, from 0");
    out.println(Numbers.text("    formula %.0f, gradient %.0f", r.dw11ByFormula, r.dw.at(0)));
    out.println("    dw = " + Numbers.brackets(r.dw, "%.0f"));
    Place ofDy45 = r.dw11.get(3 * 5 + 4).factor();
    Place ofDy54 = r.dw11.get(4 * 5 + 3).factor();
    out.println(
        "  A misprint there: dy45 meets x%s%s, where the document writes x43; x%s%s is dy54's."
            .formatted(ofDy45.row, ofDy45.column, ofDy54.row, ofDy54.column));
    out.println("  A slip there: its left sides dY/dx11 and dY/dw11 mean dL/dx11 and dL/dw11.");
  }

  private static String list(List<Pair> pairs, Function<Pair, Place> which) {
    return pairs.stream()
        .map(which)
        .map(Place::toString)
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
