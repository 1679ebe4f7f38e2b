package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.ConvOptions.valid;
import static org.gradus.autograd.ops.PoolOptions.window;
import static org.gradus.autograd.ops.Values.assertExactly;
import static org.gradus.autograd.ops.Values.assertWithin;
import static org.gradus.autograd.ops.Values.linspace;
import static org.gradus.autograd.ops.Values.range;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.tensor;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers that others have published, with as many digits as they give. */
class KnownAnswersTest {

  /**
   * The check of {@code conv_forward_naive}.
   *
   * @see <a href="https://cs231n.github.io/assignments2016/assignment2/">CS231n, Convolutional
   *     Neural Networks for Visual Recognition, assignment 2</a>
   */
  @Test
  void convolutionOfCs231n() {
    Tensor x = linspace(-0.1, 0.5, shape(2, 3, 4, 4));
    Tensor w = linspace(-0.2, 0.3, shape(3, 3, 4, 4));
    Tensor b = linspace(-0.1, 0.2, shape(3));
    Tensor expected =
        tensor(
            DType.FLOAT64,
            shape(2, 3, 2, 2),
            -0.08759809,
            -0.10987781,
            -0.18387192,
            -0.2109216, //
            0.21027089,
            0.21661097,
            0.22847626,
            0.23004637, //
            0.50813986,
            0.54309974,
            0.64082444,
            0.67101435, //
            -0.98053589,
            -1.03143541,
            -1.19128892,
            -1.24695841, //
            0.69108355,
            0.66880383,
            0.59480972,
            0.56776003, //
            2.36270298,
            2.36904306,
            2.38090835,
            2.38247847);
    assertWithin(5e-9, expected, Ops.bias(Ops.conv2d(x, w, valid().stride(2).padding(1)), b));
  }

  /** The check of {@code max_pool_forward_naive}, from the same assignment. */
  @Test
  void maxPoolingOfCs231n() {
    Tensor x = linspace(-0.3, 0.4, shape(2, 3, 4, 4));
    Tensor expected =
        tensor(
            DType.FLOAT64,
            shape(2, 3, 2, 2),
            -0.26315789,
            -0.24842105,
            -0.20421053,
            -0.18947368, //
            -0.14526316,
            -0.13052632,
            -0.08631579,
            -0.07157895, //
            -0.02736842,
            -0.01263158,
            0.03157895,
            0.04631579, //
            0.09052632,
            0.10526316,
            0.14947368,
            0.16421053, //
            0.20842105,
            0.22315789,
            0.26736842,
            0.28210526, //
            0.32631579,
            0.34105263,
            0.38526316,
            0.4);
    assertWithin(5e-9, expected, Ops.maxPool2d(x, 2));
  }

  /**
   * Filters of ones over 0, 1, 2, ...: the examples of Conv.
   *
   * @see <a href="https://github.com/onnx/onnx/blob/main/docs/Operators.md#Conv">ONNX operators</a>
   */
  @ParameterizedTest
  @EnumSource
  void convolutionOfOnnx(DType type) {
    Tensor w = ones(type, 1, 1, 3, 3);
    Tensor square = range(type, shape(1, 1, 5, 5), 0);
    assertExactly(
        tensor(
            type,
            shape(1, 1, 5, 5),
            12,
            21,
            27,
            33,
            24, //
            33,
            54,
            63,
            72,
            51, //
            63,
            99,
            108,
            117,
            81, //
            93,
            144,
            153,
            162,
            111, //
            72,
            111,
            117,
            123,
            84),
        Ops.conv2d(square, w, valid().padding(1)));
    assertExactly(
        tensor(type, shape(1, 1, 3, 3), 54, 63, 72, 99, 108, 117, 144, 153, 162),
        Ops.conv2d(square, w));
    Tensor tall = range(type, shape(1, 1, 7, 5), 0);
    assertExactly(
        tensor(type, shape(1, 1, 4, 3), 12, 27, 24, 63, 108, 81, 123, 198, 141, 112, 177, 124),
        Ops.conv2d(tall, w, valid().stride(2).padding(1)));
    assertExactly( // padding above and below only
        tensor(type, shape(1, 1, 4, 2), 21, 33, 99, 117, 189, 207, 171, 183),
        Ops.conv2d(tall, w, valid().stride(2).padding(1, 0)));
  }

  /**
   * The example of ConvTranspose: two filters of ones.
   *
   * @see <a href="https://github.com/onnx/onnx/blob/main/docs/Operators.md#ConvTranspose">ONNX
   *     operators</a>
   */
  @ParameterizedTest
  @EnumSource
  void transposedConvolutionOfOnnx(DType type) {
    Tensor y = range(type, shape(1, 1, 3, 3), 0);
    Tensor w = ones(type, 1, 2, 3, 3);
    double[] plane = {
      0, 1, 3, 3, 2, //
      3, 8, 15, 12, 7, //
      9, 21, 36, 27, 15, //
      9, 20, 33, 24, 13, //
      6, 13, 21, 15, 8
    };
    Tensor expected = tensor(type, shape(1, 1, 5, 5), plane);
    assertExactly(
        Ops.broadcastTo(expected, shape(1, 2, 5, 5)),
        Ops.conv2dInput(w, y, valid().geometry(shape(1, 2, 5, 5), w.shape())));
  }

  /**
   * The precomputed examples of AveragePool and MaxPool, over 1 to 25.
   *
   * @see <a href="https://github.com/onnx/onnx/blob/main/docs/Operators.md#AveragePool">ONNX
   *     operators</a>
   */
  @ParameterizedTest
  @EnumSource
  void poolingOfOnnx(DType type) {
    Tensor x = range(type, shape(1, 1, 5, 5), 1);
    PoolOptions wide = window(5).stride(1).padding(2);
    assertWithin(
        1e-6,
        tensor(
            type,
            shape(1, 1, 5, 5),
            2.5200,
            3.6000,
            4.8000,
            4.0800,
            3.2400, //
            4.5600,
            6.4000,
            8.4000,
            7.0400,
            5.5200, //
            7.2000,
            10.0000,
            13.0000,
            10.8000,
            8.4000, //
            6.9600,
            9.6000,
            12.4000,
            10.2400,
            7.9200, //
            6.1200,
            8.4000,
            10.8000,
            8.8800,
            6.8400),
        Ops.avgPool2d(x, wide));
    assertExactly(
        tensor(
            type,
            shape(1, 1, 5, 5),
            7,
            7.5,
            8,
            8.5,
            9, //
            9.5,
            10,
            10.5,
            11,
            11.5, //
            12,
            12.5,
            13,
            13.5,
            14, //
            14.5,
            15,
            15.5,
            16,
            16.5, //
            17,
            17.5,
            18,
            18.5,
            19),
        Ops.avgPool2d(x, wide.geometry("avgPool2d", x.shape()), false));
    assertExactly( // the last row and column are not read
        tensor(type, shape(1, 1, 2, 2), 4, 6, 14, 16), Ops.avgPool2d(x, 2));
    assertExactly(
        tensor(
            type,
            shape(1, 1, 5, 5),
            13,
            14,
            15,
            15,
            15, //
            18,
            19,
            20,
            20,
            20, //
            23,
            24,
            25,
            25,
            25, //
            23,
            24,
            25,
            25,
            25, //
            23,
            24,
            25,
            25,
            25),
        Ops.maxPool2d(x, wide));
    assertExactly(tensor(type, shape(1, 1, 2, 2), 7, 9, 17, 19), Ops.maxPool2d(x, 2));
  }

  /**
   * The examples of Softmax and LogSoftmax.
   *
   * @see <a href="https://github.com/onnx/onnx/blob/main/docs/Operators.md#Softmax">ONNX
   *     operators</a>
   */
  @ParameterizedTest
  @EnumSource
  void softmaxOfOnnx(DType type) {
    Tensor x = tensor(type, shape(1, 3), -1, 0, 1);
    assertWithin(
        5e-8, tensor(type, shape(1, 3), 0.09003058, 0.24472848, 0.66524094), Ops.softmax(x, 1));
    assertWithin(
        5e-7, tensor(type, shape(1, 3), -2.4076061, -1.407606, -0.407606), Ops.logSoftmax(x, 1));
    Tensor large = tensor(type, shape(2, 4), 0, 1, 2, 3, 10000, 10001, 10002, 10003);
    assertWithin(
        5e-8,
        tensor(
            type,
            shape(2, 4), //
            0.032058604,
            0.08714432,
            0.23688284,
            0.6439143, //
            0.032058604,
            0.08714432,
            0.23688284,
            0.6439143),
        Ops.softmax(large, 1));
    assertWithin(
        5e-7,
        tensor(
            type,
            shape(2, 4), //
            -3.4401896,
            -2.4401896,
            -1.4401896,
            -0.44018966, //
            -3.4401896,
            -2.4401896,
            -1.4401896,
            -0.44018966),
        Ops.logSoftmax(large, 1));
  }

  /**
   * Adding [4, 1] and [3], and the outer sum that the page shows.
   *
   * @see <a href="https://numpy.org/doc/stable/user/basics.broadcasting.html">NumPy,
   *     Broadcasting</a>
   */
  @ParameterizedTest
  @EnumSource
  void broadcastingOfNumpy(DType type) {
    Tensor tens = tensor(type, shape(4, 1), 0, 10, 20, 30);
    assertExactly(
        tensor(type, shape(4, 3), 1, 2, 3, 11, 12, 13, 21, 22, 23, 31, 32, 33),
        Ops.add(tens, tensor(type, shape(3), 1, 2, 3)));
  }

  private static Tensor ones(DType type, int... dims) {
    return Tensor.constant(NdArray.full(type, shape(dims), 1));
  }
}
