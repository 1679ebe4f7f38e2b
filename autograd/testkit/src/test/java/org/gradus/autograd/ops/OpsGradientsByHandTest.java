package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.ConvOptions.valid;
import static org.gradus.autograd.ops.PoolOptions.window;
import static org.gradus.autograd.ops.Values.assertClose;
import static org.gradus.autograd.ops.Values.assertExactly;
import static org.gradus.autograd.ops.Values.gradient;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.tensor;
import static org.gradus.autograd.ops.Values.values;
import static org.gradus.autograd.ops.Values.variable;

import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gradients of small cases, each with its working. g is the cotangent of the output. */
class OpsGradientsByHandTest {

  // ---- losses ----------------------------------------------------------------------------------

  /** E = 1/3 sum of (y - t)^2, so dE/dy = 2/3 (y - t). */
  @Test
  void mse() {
    Tensor y = variable(shape(3), 1, 2, 3);
    Tensor t = variable(shape(3), 4, 0, 3);
    Tensor e = Ops.mse(y, t);
    assertClose(f64(shape(3), -2, 4 / 3.0, 0), gradient(e, y));
    assertClose(f64(shape(3), 2, -4 / 3.0, 0), gradient(e, t));
    assertClose(f64(shape(3), -20, 40 / 3.0, 0), gradient(e, values(10), y));
  }

  /** E = 1/2 sum of (t - y)^2, so dE/dy = y - t. */
  @Test
  void halfSquaredError() {
    Tensor y = variable(shape(3), 1, 2, 3);
    Tensor t = variable(shape(3), 4, 0, 3);
    Tensor e = Ops.halfSquaredError(y, t);
    assertExactly(f64(shape(3), -3, 2, 0), gradient(e, y));
    assertExactly(f64(shape(3), 3, -2, -0.0), gradient(e, t));
  }

  /** softmax of (0, ln 3) is (1/4, 3/4), of (0, 0) it is (1/2, 1/2); half of the mean each. */
  @Test
  void crossEntropyWithLabels() {
    Tensor x = variable(shape(2, 2), 0, Math.log(3), 0, 0);
    Tensor e = Ops.crossEntropy(x, 1, 0);
    assertClose(f64(shape(2, 2), 0.125, -0.125, -0.25, 0.25), gradient(e, x));
    assertClose(f64(shape(2, 2), 1, -1, -2, 2), gradient(e, values(8), x));
  }

  /** With t = (1, 1), whose sum is 2: 2 (1/4, 3/4) - (1, 1) = (-1/2, 1/2). A row of zeros: 0. */
  @Test
  void crossEntropyWithRowsThatDoNotSumToOne() {
    Tensor x = variable(shape(2, 2), 0, Math.log(3), 0, 0);
    Tensor t = variable(shape(2, 2), 1, 1, 0, 0);
    Tensor e = Ops.crossEntropy(x, t);
    assertClose(f64(shape(2, 2), -0.25, 0.25, 0, 0), gradient(e, x));
    // -1/2 ln softmax(x)
    double ln2 = Math.log(2);
    assertClose(f64(shape(2, 2), ln2, Math.log(4 / 3.0) / 2, ln2 / 2, ln2 / 2), gradient(e, t));
  }

  /** Classes on axis 1 of [1, 2, 2]: the columns (0, ln 3) and (0, 0) are two places. */
  @Test
  void crossEntropyAtSeveralPlaces() {
    Tensor x = variable(shape(1, 2, 2), 0, 0, Math.log(3), 0);
    Tensor e = Ops.crossEntropy(x, f64(shape(1, 2, 2), 0, 1, 1, 0));
    assertClose(f64(shape(1, 2, 2), 0.125, -0.25, -0.125, 0.25), gradient(e, x));
  }

  /** y = (1/4, 3/4), g = (1, 0): y (g - 1/4) = (3/16, -3/16). */
  @Test
  void softmax() {
    Tensor x = variable(shape(2), 0, Math.log(3));
    assertClose(f64(shape(2), 3 / 16.0, -3 / 16.0), gradient(Ops.softmax(x, 0), values(1, 0), x));
    // all of g alike: the sum of the outputs is 1 whatever x is
    assertClose(f64(shape(2), 0, 0), gradient(Ops.softmax(x, 0), values(7, 7), x));
  }

  /** g - softmax (sum of g): (1, 0) - (1/4, 3/4) = (3/4, -3/4). */
  @Test
  void logSoftmax() {
    Tensor x = variable(shape(2), 0, Math.log(3));
    assertClose(f64(shape(2), 0.75, -0.75), gradient(Ops.logSoftmax(x, 0), values(1, 0), x));
  }

  // ---- element by element, broadcasting --------------------------------------------------------

  /** a = (2, 3) as a column, b = (10, 20, 30) as a row, g = 1 to 6. */
  @Test
  void mulOfAColumnAndARow() {
    Tensor a = variable(shape(2, 1), 2, 3);
    Tensor b = variable(shape(3), 10, 20, 30);
    Tensor y = Ops.mul(a, b);
    double[] g = {1, 2, 3, 4, 5, 6};
    // 1 10 + 2 20 + 3 30 and 4 10 + 5 20 + 6 30
    assertExactly(f64(shape(2, 1), 140, 320), gradient(y, g, a));
    // 1 2 + 4 3, 2 2 + 5 3, 3 2 + 6 3
    assertExactly(f64(shape(3), 14, 19, 24), gradient(y, g, b));
  }

  /** y = x x: both factors are x, so the derivative is 2 x. */
  @Test
  void mulOfATensorWithItself() {
    Tensor x = variable(shape(2), 3, -5);
    assertExactly(f64(shape(2), 6, -10), gradient(Ops.mul(x, x), x));
  }

  /** g = 1 to 4 over [2, 2]: a keeps it, the row b gets minus the sums of its columns. */
  @Test
  void addAndSubOfARow() {
    Tensor a = variable(shape(2, 2), 0, 0, 0, 0);
    Tensor b = variable(shape(2), 0, 0);
    double[] g = {1, 2, 3, 4};
    assertExactly(f64(shape(2, 2), 1, 2, 3, 4), gradient(Ops.add(a, b), g, a));
    assertExactly(f64(shape(2), 4, 6), gradient(Ops.add(a, b), g, b));
    assertExactly(f64(shape(2, 2), 1, 2, 3, 4), gradient(Ops.sub(a, b), g, a));
    assertExactly(f64(shape(2), -4, -6), gradient(Ops.sub(a, b), g, b));
    assertExactly(f64(shape(2), -1, -1), gradient(Ops.sub(5, b), b));
  }

  /** 6 / (2, 3): da = 1/2 + 1/3, db = -6 / (4, 9). */
  @Test
  void divOfAScalarByARow() {
    Tensor a = variable(shape(), 6);
    Tensor b = variable(shape(2), 2, 3);
    Tensor y = Ops.div(a, b);
    assertClose(f64(shape(), 5 / 6.0), gradient(y, a));
    assertClose(f64(shape(2), -1.5, -6 / 9.0), gradient(y, b));
  }

  @ParameterizedTest
  @CsvSource({
    "exp, 0, 1, 1",
    "log, 2, 0.5, -0.25",
    "sqrt, 4, 0.25, -0.03125", // -1/4 x^(-3/2)
    "tanh, 0, 1, 0",
    "sigmoid, 0, 0.25, 0",
    "sigmoid, 1.0986122886681098, 0.1875, -0.09375", // y = 3/4: y (1 - y), y (1 - y) (1 - 2 y)
    "relu, 3, 1, 0",
    "relu, -3, 0, 0",
    "cube, 2, 12, 12", // 3 x^2, 6 x
    "reciprocal, 2, -0.25, 0.25", // -x^-2, 2 x^-3
    "neg, 5, -1, 0",
    "halve, 5, 0.5, 0",
    "shift, 5, 1, 0",
  })
  void firstAndSecondDerivatives(String function, double at, double first, double second) {
    Tensor x = variable(shape(1), at);
    Tensor y =
        switch (function) {
          case "exp" -> Ops.exp(x);
          case "log" -> Ops.log(x);
          case "sqrt" -> Ops.sqrt(x);
          case "tanh" -> Ops.tanh(x);
          case "sigmoid" -> Ops.sigmoid(x);
          case "relu" -> Ops.relu(x);
          case "cube" -> Ops.pow(x, 3);
          case "reciprocal" -> Ops.div(1, x);
          case "neg" -> Ops.neg(x);
          case "halve" -> Ops.div(x, 2);
          case "shift" -> Ops.sub(Ops.add(x, 3), 4);
          default -> throw new IllegalArgumentException(function);
        };
    Tensor derivative = Gradients.backward(y, Mode.DIFFERENTIABLE, x).of(x);
    assertClose(f64(shape(1), first), derivative.detach());
    if (derivative.isTracked()) {
      assertClose(f64(shape(1), second), gradient(derivative, x));
    } else {
      assertExactly(f64(shape(1), second), f64(shape(1), 0)); // a constant
    }
  }

  // ---- sums and shapes -------------------------------------------------------------------------

  /** Each element has a third of its row's mean, and a sixth of that of all. */
  @Test
  void mean() {
    Tensor x = variable(shape(2, 3), 1, 2, 3, 4, 5, 6);
    assertClose(f64(shape(2, 3), 2, 2, 2, 3, 3, 3), gradient(Ops.mean(x, 1), values(6, 9), x));
    assertClose(f64(shape(2, 3), 1, 2, 3, 1, 2, 3), gradient(Ops.mean(x, 0), values(2, 4, 6), x));
    assertClose(f64(shape(2, 3), 2, 2, 2, 2, 2, 2), gradient(Ops.mean(x), values(12), x));
  }

  @Test
  void sum() {
    Tensor x = variable(shape(2, 1, 3), 1, 2, 3, 4, 5, 6);
    assertExactly(
        f64(shape(2, 1, 3), 7, 7, 7, 8, 8, 8), gradient(Ops.sum(x, 2, 1), values(7, 8), x));
    assertExactly(
        f64(shape(2, 1, 3), 1, 2, 3, 1, 2, 3), gradient(Ops.sum(x, 0), values(1, 2, 3), x));
  }

  /** g goes back to where the elements came from, and adds up where they were repeated. */
  @Test
  void shapes() {
    Tensor x = variable(shape(2, 3), 0, 0, 0, 0, 0, 0);
    double[] g = {1, 2, 3, 4, 5, 6};
    assertExactly(f64(shape(2, 3), 1, 3, 5, 2, 4, 6), gradient(Ops.transpose(x), g, x));
    assertExactly(f64(shape(2, 3), 1, 2, 3, 4, 5, 6), gradient(Ops.reshape(x, 3, 2), g, x));
    Tensor row = variable(shape(3), 0, 0, 0);
    assertExactly(f64(shape(3), 5, 7, 9), gradient(Ops.broadcastTo(row, shape(2, 3)), g, row));
    assertExactly(
        f64(shape(2, 3), 1, 2, 3, 1, 2, 3), gradient(Ops.sumTo(x, shape(3)), values(1, 2, 3), x));
    // [2, 1, 3] made [3, 2, 1]: y[i, j, 0] = x[j, 0, i]
    Tensor z = variable(shape(2, 1, 3), 0, 0, 0, 0, 0, 0);
    assertExactly(f64(shape(2, 1, 3), 1, 3, 5, 2, 4, 6), gradient(Ops.permute(z, 2, 0, 1), g, z));
  }

  // ---- products --------------------------------------------------------------------------------

  /**
   * With A = (1 2 | 3 4), B = (5 6 | 7 8) and G = (1 10 | 100 1000), of which each digit shows
   * where it went.
   */
  @Test
  void matmulInAllFourWays() {
    Tensor a = variable(shape(2, 2), 1, 2, 3, 4);
    Tensor b = variable(shape(2, 2), 5, 6, 7, 8);
    double[] g = {1, 10, 100, 1000};
    Shape square = shape(2, 2);
    // Y = A B: dA = G B^T, dB = A^T G
    Tensor y = Ops.matmul(a, b);
    assertExactly(f64(square, 65, 87, 6500, 8700), gradient(y, g, a));
    assertExactly(f64(square, 301, 3010, 402, 4020), gradient(y, g, b));
    // Y = A^T B: dA = B G^T, dB = A G
    Tensor yTransposedA = Ops.matmul(a, b, true, false);
    assertExactly(f64(square, 65, 6500, 87, 8700), gradient(yTransposedA, g, a));
    assertExactly(f64(square, 201, 2010, 403, 4030), gradient(yTransposedA, g, b));
    // Y = A B^T: dA = G B, dB = G^T A
    Tensor yTransposedB = Ops.matmul(a, b, false, true);
    assertExactly(f64(square, 75, 86, 7500, 8600), gradient(yTransposedB, g, a));
    assertExactly(f64(square, 301, 402, 3010, 4020), gradient(yTransposedB, g, b));
    // Y = A^T B^T: dA = (G B)^T, dB = (A G)^T
    Tensor yBoth = Ops.matmul(a, b, true, true);
    assertExactly(f64(square, 75, 7500, 86, 8600), gradient(yBoth, g, a));
    assertExactly(f64(square, 201, 403, 2010, 4030), gradient(yBoth, g, b));
  }

  /** Two rows (1 2), (3 4) times one column (5 6): g = 10, 100 adds up in the column. */
  @Test
  void matmulOfABatchAndOneMatrix() {
    Tensor a = variable(shape(2, 1, 2), 1, 2, 3, 4);
    Tensor b = variable(shape(2, 1), 5, 6);
    Tensor y = Ops.matmul(a, b);
    assertExactly(f64(shape(2, 1, 2), 50, 60, 500, 600), gradient(y, values(10, 100), a));
    assertExactly(f64(shape(2, 1), 310, 420), gradient(y, values(10, 100), b));
  }

  /** db[c] sums g over all but axis 1. */
  @Test
  void bias() {
    Tensor x = variable(shape(2, 2, 1, 2), 0, 0, 0, 0, 0, 0, 0, 0);
    Tensor b = variable(shape(2), 0, 0);
    double[] g = {1, 2, 3, 4, 5, 6, 7, 8};
    assertExactly(f64(shape(2), 1 + 2 + 5 + 6, 3 + 4 + 7 + 8), gradient(Ops.bias(x, b), g, b));
    assertExactly(f64(shape(2, 2, 1, 2), g), gradient(Ops.bias(x, b), g, x));
    Tensor features = variable(shape(3, 2), 0, 0, 0, 0, 0, 0);
    double[] rows = {1, 2, 3, 4, 5, 6};
    assertExactly(f64(shape(2), 1 + 3 + 5, 2 + 4 + 6), gradient(Ops.bias(features, b), rows, b));
  }

  // ---- convolutions ----------------------------------------------------------------------------

  /** x = 1 to 9, w = (1 2 | 3 4), g = (1 2 | 3 4): dx[h, v] = sum of g[i, j] w[h - i, v - j]. */
  @Test
  void conv2d() {
    Tensor x = variable(shape(1, 1, 3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9);
    Tensor w = variable(shape(1, 1, 2, 2), 1, 2, 3, 4);
    Tensor y = Ops.conv2d(x, w);
    double[] g = {1, 2, 3, 4};
    assertExactly(
        f64(
            shape(1, 1, 3, 3), //
            1,
            2 + 2,
            4, //
            3 + 3,
            4 + 6 + 6 + 4,
            8 + 8, //
            9,
            12 + 12,
            16),
        gradient(y, g, x));
    // dw[a, b] = sum of g[i, j] x[i + a, j + b]
    assertExactly(
        f64(shape(1, 1, 2, 2), 1 + 4 + 12 + 20, 47, 67, 5 + 12 + 24 + 36), gradient(y, g, w));
  }

  /** Stride 2 over 3 x 3 leaves the last row and column unread: their gradient is exactly 0. */
  @Test
  void conv2dWithARemainder() {
    Tensor x = variable(shape(1, 1, 3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9);
    Tensor w = variable(shape(1, 1, 2, 2), 1, 2, 3, 4);
    Tensor y = Ops.conv2d(x, w, valid().stride(2));
    assertExactly(
        f64(shape(1, 1, 3, 3), 10, 20, 0, 30, 40, 0, 0, 0, 0), gradient(y, values(10), x));
    assertExactly(f64(shape(1, 1, 2, 2), 10, 20, 40, 50), gradient(y, values(10), w));
  }

  /**
   * Stride 2, dilation 2 and padding 1: taps (0, 0) and (1, 1) of the filter see x[1] or padding.
   */
  @Test
  void conv2dWithPaddingAndDilation() {
    Tensor x = variable(shape(1, 1, 3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9);
    Tensor w = variable(shape(1, 1, 2, 2), 1, 2, 3, 4);
    // rows and columns -1, 1 for output 0 and 1, 3 for output 1: only the middle, 5, is ever read
    Tensor y = Ops.conv2d(x, w, valid().stride(2).dilation(2).padding(1));
    assertExactly(f64(shape(1, 1, 2, 2), 20, 15, 10, 5), y.detach());
    double[] g = {1, 10, 100, 1000};
    assertExactly(
        f64(shape(1, 1, 3, 3), 0, 0, 0, 0, 4 + 30 + 200 + 1000, 0, 0, 0, 0), gradient(y, g, x));
    assertExactly(f64(shape(1, 1, 2, 2), 5000, 500, 50, 5), gradient(y, g, w));
  }

  /** Two channels, two filters, 1 x 1: as a matrix product over the channels. */
  @Test
  void conv2dWithDepthAndSeveralFilters() {
    Tensor x = variable(shape(1, 2, 1, 1), 3, 5);
    Tensor w = variable(shape(2, 2, 1, 1), 1, 2, 3, 4);
    Tensor y = Ops.conv2d(x, w);
    // both filters add up in dx: 10 1 + 100 3, 10 2 + 100 4
    assertExactly(f64(shape(1, 2, 1, 1), 310, 420), gradient(y, values(10, 100), x));
    // each filter has its own dw: 10 (3 5), 100 (3 5)
    assertExactly(f64(shape(2, 2, 1, 1), 30, 50, 300, 500), gradient(y, values(10, 100), w));
    // in two groups each filter sees one channel
    Tensor narrow = variable(shape(2, 1, 1, 1), 7, 8);
    Tensor grouped = Ops.conv2d(x, narrow, valid().groups(2));
    assertExactly(f64(shape(1, 2, 1, 1), 70, 800), gradient(grouped, values(10, 100), x));
    assertExactly(f64(shape(2, 1, 1, 1), 30, 500), gradient(grouped, values(10, 100), narrow));
  }

  /** Transposed convolution: its gradient in y is conv2d, in w it is conv2dWeight. */
  @Test
  void conv2dInput() {
    ConvGeometry geometry = valid().stride(2).geometry(shape(1, 1, 5, 5), shape(1, 1, 2, 2));
    Tensor w = variable(shape(1, 1, 2, 2), 1, 2, 3, 4);
    Tensor y = variable(shape(1, 1, 2, 2), 1, 10, 100, 1000);
    Tensor x = Ops.conv2dInput(w, y, geometry);
    double[] g = {
      1, 2, 3, 4, 99, //
      5, 6, 7, 8, 99, //
      9, 10, 11, 12, 99, //
      13, 14, 15, 16, 99, //
      99, 99, 99, 99, 99 // row and column 4 are 0 whatever w and y are
    };
    // 1 1 + 2 2 + 5 3 + 6 4, and so on
    assertExactly(f64(shape(1, 1, 2, 2), 44, 64, 124, 144), gradient(x, g, y));
    // 1 1 + 10 3 + 100 9 + 1000 11, and so on
    assertExactly(f64(shape(1, 1, 2, 2), 11931, 13042, 16375, 17486), gradient(x, g, w));
  }

  /** The third of the family: its gradient in x is conv2dInput, in y it is conv2d. */
  @Test
  void conv2dWeight() {
    ConvGeometry geometry = valid().geometry(shape(1, 1, 3, 3), shape(1, 1, 2, 2));
    Tensor x = variable(shape(1, 1, 3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9);
    Tensor y = variable(shape(1, 1, 2, 2), 1, 0, 0, 1);
    Tensor w = Ops.conv2dWeight(x, y, geometry);
    double[] g = {1, 2, 3, 4};
    assertExactly(f64(shape(1, 1, 3, 3), 1, 2, 0, 3, 5, 2, 0, 3, 4), gradient(w, g, x));
    assertExactly(f64(shape(1, 1, 2, 2), 37, 47, 67, 77), gradient(w, g, y));
  }

  // ---- pooling ---------------------------------------------------------------------------------

  /** The maxima of the windows are 5, 9, 8, 9: the 9 is the maximum of two. */
  @Test
  void maxPool2d() {
    Tensor x = variable(shape(1, 1, 3, 3), 1, 5, 2, 4, 3, 9, 8, 7, 6);
    assertExactly(
        f64(shape(1, 1, 3, 3), 0, 1, 0, 0, 0, 2 + 4, 3, 0, 0),
        gradient(Ops.maxPool2d(x, window(2).stride(1)), values(1, 2, 3, 4), x));
    assertExactly( // one window only; the last row and column are not read
        f64(shape(1, 1, 3, 3), 0, 7, 0, 0, 0, 0, 0, 0, 0),
        gradient(Ops.maxPool2d(x, 2), values(7), x));
  }

  /** The window's places are constant: the second derivative of the maximum's square is 2 there. */
  @Test
  void maxPool2dTwice() {
    Tensor x = variable(shape(1, 1, 2, 2), 1, 5, 2, 4);
    Tensor square = Ops.pow(Ops.maxPool2d(x, 2), 2);
    Tensor first = Gradients.backward(square, Mode.DIFFERENTIABLE, x).of(x);
    assertExactly(f64(shape(1, 1, 2, 2), 0, 10, 0, 0), first.detach());
    assertExactly(f64(shape(1, 1, 2, 2), 0, 2, 0, 0), gradient(first, x));
  }

  /** Each element of a window gets its share; shares add up where windows overlap. */
  @Test
  void avgPool2d() {
    Tensor x = variable(shape(1, 1, 3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9);
    double[] g = {4, 8, 12, 16};
    assertExactly(
        f64(shape(1, 1, 3, 3), 1, 3, 2, 4, 10, 6, 3, 7, 4),
        gradient(Ops.avgPool2d(x, window(2).stride(1)), g, x));
    assertExactly( // one window only
        f64(shape(1, 1, 3, 3), 1, 1, 0, 1, 1, 0, 0, 0, 0),
        gradient(Ops.avgPool2d(x, 2), values(4), x));
    PoolOptions padded = window(2).padding(1);
    assertExactly( // padding takes its share too
        f64(shape(1, 1, 3, 3), 1, 2, 2, 3, 4, 4, 3, 4, 4),
        gradient(Ops.avgPool2d(x, padded), g, x));
    PoolGeometry geometry = padded.geometry("avgPool2d", x.shape());
    assertExactly( // or not
        f64(shape(1, 1, 3, 3), 4, 4, 4, 6, 4, 4, 6, 4, 4),
        gradient(Ops.avgPool2d(x, geometry, false), g, x));
  }

  private static Tensor f64(Shape shape, double... values) {
    return tensor(DType.FLOAT64, shape, values);
  }
}
