package org.gradus.examples;

import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/**
 * Convolution with bias, stride and padding as bare loops, to compare the library with. Nothing is
 * differentiated here: y is a sum of products x w, and one list of the triples (x, w, y) that meet
 * is read in three ways.
 *
 * <pre>
 *   forward:   y  += x w  for each triple, and the bias of the filter once for each y
 *   backward:  dx += w dy,  dw += x dy  for each triple, and db += dy once for each y
 * </pre>
 *
 * x [N, C, H, W], w [F, C, KH, KW], b [F], y [N, F, OH, OW], all float64.
 *
 * @param x the shape of the images
 * @param w the shape of the filters
 * @param stride of the window, for both axes
 * @param padding zeros on every side
 */
record NaiveConvolution(Shape x, Shape w, int stride, int padding) {

  /** The gradients of a loss whose gradient with respect to y is dy. */
  record Backward(NdArray dx, NdArray dw, NdArray db) {}

  /** Receives the row-major positions of one product: y[output] contains x[input] w[weight]. */
  private interface Product {
    void meet(int input, int weight, int output);
  }

  /** The shape of y; a stride that does not divide is rounded down. */
  Shape y() {
    return Shape.of(x.dim(0), w.dim(0), outputs(2), outputs(3));
  }

  private int outputs(int axis) {
    return (x.dim(axis) + 2 * padding - w.dim(axis)) / stride + 1;
  }

  NdArray forward(NdArray inputs, NdArray weights, NdArray bias) {
    double[] y = new double[y().size()];
    int perFilter = y().dim(2) * y().dim(3);
    for (int output = 0; output < y.length; output++) {
      y[output] = bias.at(output / perFilter % w.dim(0));
    }
    forEachProduct((input, weight, output) -> y[output] += inputs.at(input) * weights.at(weight));
    return NdArray.wrap(y, y());
  }

  Backward backward(NdArray dy, NdArray inputs, NdArray weights) {
    double[] dx = new double[x.size()];
    double[] dw = new double[w.size()];
    double[] db = new double[w.dim(0)];
    int perFilter = y().dim(2) * y().dim(3);
    for (int output = 0; output < dy.size(); output++) {
      db[output / perFilter % w.dim(0)] += dy.at(output);
    }
    forEachProduct(
        (input, weight, output) -> {
          dx[input] += weights.at(weight) * dy.at(output);
          dw[weight] += inputs.at(input) * dy.at(output);
        });
    return new Backward(NdArray.wrap(dx, x), NdArray.wrap(dw, w), NdArray.of(db, db.length));
  }

  private void forEachProduct(Product product) {
    Shape y = y();
    for (int n = 0; n < y.dim(0); n++) {
      for (int f = 0; f < y.dim(1); f++) {
        for (int i = 0; i < y.dim(2); i++) {
          for (int j = 0; j < y.dim(3); j++) {
            forEachProductOf(n, f, i, j, product);
          }
        }
      }
    }
  }

  /** The products of one output; the padding makes none. */
  private void forEachProductOf(int n, int f, int i, int j, Product product) {
    int output = position(y(), n, f, i, j);
    for (int c = 0; c < w.dim(1); c++) {
      for (int a = 0; a < w.dim(2); a++) {
        for (int b = 0; b < w.dim(3); b++) {
          int row = i * stride - padding + a;
          int column = j * stride - padding + b;
          if (row >= 0 && row < x.dim(2) && column >= 0 && column < x.dim(3)) {
            product.meet(position(x, n, c, row, column), position(w, f, c, a, b), output);
          }
        }
      }
    }
  }

  private static int position(Shape shape, int i0, int i1, int i2, int i3) {
    return ((i0 * shape.dim(1) + i1) * shape.dim(2) + i2) * shape.dim(3) + i3;
  }
}
