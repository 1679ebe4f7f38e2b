package org.gradus.autograd.ops;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * The catalogue of ops, to be imported statically. Formulas, shapes and errors are described at the
 * records that these functions name.
 *
 * <p>All inputs of an op have one element type. An op refuses what does not fit when it is called,
 * with an {@link IllegalArgumentException} (mostly a {@link ShapeException}) that names the op and
 * both values.
 */
public final class Ops {
  private Ops() {}

  // ---- element by element, broadcasting --------------------------------------------------------

  /** a + b; see {@link Add}. */
  public static Tensor add(Tensor a, Tensor b) {
    return Tensor.of(new Add(), a, b);
  }

  /** a + b; see {@link AddScalar}. */
  public static Tensor add(Tensor a, double b) {
    return Tensor.of(new AddScalar(b), a);
  }

  /** a + b; see {@link AddScalar}. */
  public static Tensor add(double a, Tensor b) {
    return add(b, a);
  }

  /** a - b; see {@link Sub}. */
  public static Tensor sub(Tensor a, Tensor b) {
    return Tensor.of(new Sub(), a, b);
  }

  /** a - b; see {@link AddScalar}. */
  public static Tensor sub(Tensor a, double b) {
    return add(a, -b);
  }

  /** a - b; see {@link AddScalar}. */
  public static Tensor sub(double a, Tensor b) {
    return add(neg(b), a);
  }

  /** a b, element by element; see {@link Mul}. */
  public static Tensor mul(Tensor a, Tensor b) {
    return Tensor.of(new Mul(), a, b);
  }

  /** a b; see {@link MulScalar}. */
  public static Tensor mul(Tensor a, double b) {
    return Tensor.of(new MulScalar(b), a);
  }

  /** a b; see {@link MulScalar}. */
  public static Tensor mul(double a, Tensor b) {
    return mul(b, a);
  }

  /** a / b, element by element; see {@link Div}. */
  public static Tensor div(Tensor a, Tensor b) {
    return Tensor.of(new Div(), a, b);
  }

  /** a / b; see {@link Div}. */
  public static Tensor div(Tensor a, double b) {
    return div(a, Tensor.constant(NdArray.scalar(a.dtype(), b)));
  }

  /** a / b; see {@link Div}. */
  public static Tensor div(double a, Tensor b) {
    return div(Tensor.constant(NdArray.scalar(b.dtype(), a)), b);
  }

  /** -x; see {@link Neg}. */
  public static Tensor neg(Tensor x) {
    return Tensor.of(new Neg(), x);
  }

  /** b where a is positive, otherwise 0; see {@link Gate}. No gradient flows to a. */
  public static Tensor gate(Tensor a, Tensor b) {
    return Tensor.of(new Gate(), a.detach(), b);
  }

  // ---- functions of each element ---------------------------------------------------------------

  /** e^x; see {@link Exp}. */
  public static Tensor exp(Tensor x) {
    return Tensor.of(new Exp(), x);
  }

  /** ln x; see {@link Log}. */
  public static Tensor log(Tensor x) {
    return Tensor.of(new Log(), x);
  }

  /** The square root of x; see {@link Sqrt}. */
  public static Tensor sqrt(Tensor x) {
    return Tensor.of(new Sqrt(), x);
  }

  /** x to the power of a number; see {@link Pow}. */
  public static Tensor pow(Tensor x, double exponent) {
    return Tensor.of(new Pow(exponent), x);
  }

  /** The hyperbolic tangent; see {@link Tanh}. */
  public static Tensor tanh(Tensor x) {
    return Tensor.of(new Tanh(), x);
  }

  /** 1 / (1 + e^-x); see {@link Sigmoid}. */
  public static Tensor sigmoid(Tensor x) {
    return Tensor.of(new Sigmoid(), x);
  }

  /** max(x, 0); see {@link Relu}. */
  public static Tensor relu(Tensor x) {
    return Tensor.of(new Relu(), x);
  }

  /** Softmax along an axis; see {@link Softmax}. */
  public static Tensor softmax(Tensor x, int axis) {
    return Tensor.of(new Softmax(axis), x);
  }

  /** The logarithm of the softmax along an axis; see {@link LogSoftmax}. */
  public static Tensor logSoftmax(Tensor x, int axis) {
    return Tensor.of(new LogSoftmax(axis), x);
  }

  // ---- sums ------------------------------------------------------------------------------------

  /** The sum over these axes, which go; over all axes if none are given. See {@link Sum}. */
  public static Tensor sum(Tensor x, int... axes) {
    return Tensor.of(new Sum(Axes.orAll(x.shape(), axes), false), x);
  }

  /** The mean over these axes, which go; over all axes if none are given. See {@link Mean}. */
  public static Tensor mean(Tensor x, int... axes) {
    return Tensor.of(new Mean(Axes.orAll(x.shape(), axes), false), x);
  }

  // ---- shapes ----------------------------------------------------------------------------------

  /**
   * The same elements in another shape; see {@link Reshape}.
   *
   * @param dims of which one may be -1, for whatever makes up the number of elements
   */
  public static Tensor reshape(Tensor x, int... dims) {
    return Tensor.of(new Reshape(Reshape.infer(x.shape(), dims)), x);
  }

  /** [N, ...] as [N, the product of the rest]; see {@link Reshape}. */
  public static Tensor flatten(Tensor x) {
    Shape shape = x.shape();
    if (shape.rank() == 0) {
      throw new ShapeException("flatten", "[] has rank 0, expected 1 or higher");
    }
    return Tensor.of(new Reshape(Shape.of(shape.dim(0), shape.size(1, shape.rank()))), x);
  }

  /** The axes in another order; see {@link Permute}. */
  public static Tensor permute(Tensor x, int... axes) {
    return Tensor.of(new Permute(Arrays.stream(axes).boxed().toList()), x);
  }

  /** The last two axes exchanged; see {@link Permute}. */
  public static Tensor transpose(Tensor x) {
    int rank = x.shape().rank();
    if (rank < 2) {
      throw new ShapeException(
          "transpose", "%s has rank %s, expected 2 or higher".formatted(x.shape(), rank));
    }
    int[] axes = IntStream.range(0, rank).toArray();
    axes[rank - 2] = rank - 1;
    axes[rank - 1] = rank - 2;
    return permute(x, axes);
  }

  /** x repeated to a shape, by NumPy's rules; see {@link BroadcastTo}. */
  public static Tensor broadcastTo(Tensor x, Shape shape) {
    return x.shape().equals(shape) ? x : Tensor.of(new BroadcastTo(shape), x);
  }

  /** The reverse of broadcasting; see {@link SumTo}. */
  public static Tensor sumTo(Tensor x, Shape shape) {
    return x.shape().equals(shape) ? x : Tensor.of(new SumTo(shape), x);
  }

  // ---- products, convolutions, pooling ---------------------------------------------------------

  /** The matrix product, batched over leading axes; see {@link MatMul}. */
  public static Tensor matmul(Tensor a, Tensor b) {
    return matmul(a, b, false, false);
  }

  /** The matrix product of factors that are transposed first, or not; see {@link MatMul}. */
  public static Tensor matmul(Tensor a, Tensor b, boolean transposeA, boolean transposeB) {
    return Tensor.of(new MatMul(transposeA, transposeB), a, b);
  }

  /** x [N, C, ...] plus b [C] on each channel; see {@link Bias}. */
  public static Tensor bias(Tensor x, Tensor b) {
    return Tensor.of(new Bias(), x, b);
  }

  /** x [N, C, H, W] with filters w [F, C, KH, KW], stride 1, no padding; see {@link Conv2d}. */
  public static Tensor conv2d(Tensor x, Tensor w) {
    return conv2d(x, w, ConvOptions.valid());
  }

  /** x [N, C, H, W] with filters w [F, C / groups, KH, KW]; see {@link Conv2d}. */
  public static Tensor conv2d(Tensor x, Tensor w, ConvOptions options) {
    return conv2d(x, w, options.geometry(x.shape(), w.shape()));
  }

  /** The convolution of a geometry; see {@link Conv2d}. */
  public static Tensor conv2d(Tensor x, Tensor w, ConvGeometry geometry) {
    return Tensor.of(new Conv2d(geometry), x, w);
  }

  /** The adjoint of conv2d in x, which is transposed convolution; see {@link Conv2dInput}. */
  public static Tensor conv2dInput(Tensor w, Tensor y, ConvGeometry geometry) {
    return Tensor.of(new Conv2dInput(geometry), w, y);
  }

  /** The adjoint of conv2d in w; see {@link Conv2dWeight}. */
  public static Tensor conv2dWeight(Tensor x, Tensor y, ConvGeometry geometry) {
    return Tensor.of(new Conv2dWeight(geometry), x, y);
  }

  /** The maximum of each window of x [N, C, H, W]; see {@link MaxPool2d}. */
  public static Tensor maxPool2d(Tensor x, PoolOptions options) {
    return Tensor.of(new MaxPool2d(options.geometry("maxPool2d", x.shape())), x);
  }

  /** As {@link #maxPool2d(Tensor, PoolOptions)}, with square windows that tile the image. */
  public static Tensor maxPool2d(Tensor x, int size) {
    return maxPool2d(x, PoolOptions.window(size));
  }

  /** y taken to the places of the maxima of x; see {@link MaxPool2dInput}. */
  static Tensor maxPool2dInput(Tensor x, Tensor y, PoolGeometry geometry) {
    return Tensor.of(new MaxPool2dInput(geometry), x.detach(), y);
  }

  /** The elements of h at the places of the maxima of x; see {@link MaxPool2dPick}. */
  static Tensor maxPool2dPick(Tensor x, Tensor h, PoolGeometry geometry) {
    return Tensor.of(new MaxPool2dPick(geometry), x.detach(), h);
  }

  /** The mean of each window of x [N, C, H, W], padding counted as 0; see {@link AvgPool2d}. */
  public static Tensor avgPool2d(Tensor x, PoolOptions options) {
    return avgPool2d(x, options.geometry("avgPool2d", x.shape()), true);
  }

  /** As {@link #avgPool2d(Tensor, PoolOptions)}, with square windows that tile the image. */
  public static Tensor avgPool2d(Tensor x, int size) {
    return avgPool2d(x, PoolOptions.window(size));
  }

  /** The mean of each window, padding counted or not; see {@link AvgPool2d}. */
  static Tensor avgPool2d(Tensor x, PoolGeometry geometry, boolean countPadding) {
    return Tensor.of(new AvgPool2d(geometry, countPadding), x);
  }

  /** The adjoint of avgPool2d; see {@link AvgPool2dInput}. */
  static Tensor avgPool2dInput(Tensor y, PoolGeometry geometry, boolean countPadding) {
    return Tensor.of(new AvgPool2dInput(geometry, countPadding), y);
  }

  // ---- losses ----------------------------------------------------------------------------------

  /** The mean of (prediction - target)^2; see {@link Mse}. */
  public static Tensor mse(Tensor prediction, Tensor target) {
    return Tensor.of(new Mse(), prediction, target);
  }

  /** Half of the sum of (target - prediction)^2; see {@link HalfSquaredError}. */
  public static Tensor halfSquaredError(Tensor prediction, Tensor target) {
    return Tensor.of(new HalfSquaredError(), prediction, target);
  }

  /** Cross-entropy of logits [N, K] with target distributions; see {@link CrossEntropy}. */
  public static Tensor crossEntropy(Tensor logits, Tensor targets) {
    return Tensor.of(new CrossEntropy(), logits, targets);
  }

  /**
   * Cross-entropy of logits [N, K] with integer labels; see {@link CrossEntropy}.
   *
   * @param labels N of them, each from 0 to K - 1
   */
  public static Tensor crossEntropy(Tensor logits, int... labels) {
    return crossEntropy(logits, Tensor.constant(CrossEntropy.oneHot(logits.value(), labels)));
  }

  // ---- constants -------------------------------------------------------------------------------

  /** Zeros of the shape and element type of x, as a constant. */
  public static Tensor zeros(Tensor x) {
    return Tensor.constant(NdArray.zeros(x.dtype(), x.shape()));
  }
}
