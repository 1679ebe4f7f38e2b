package org.gradus.autograd.ops;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.Nulls;

/**
 * The part of the catalogue that serves neural networks: activations and losses. Users call these
 * functions as members of {@link Ops}.
 */
abstract class NetworkOps extends NormOps {
  NetworkOps() {}

  // ---- activations -----------------------------------------------------------------------------

  /**
   * The logistic function, element by element.
   *
   * <pre>
   *   y = 1 / (1 + e^-x)
   * </pre>
   *
   * Any shape. Computed without overflow, within 2 units in the last place. Saturates at 0 and 1;
   * the derivative is computed from x, and so is as accurate where y is 1 as where it is not.
   */
  public static Tensor sigmoid(Tensor x) {
    return Tensor.of(new Sigmoid(), x);
  }

  /**
   * The rectified linear unit, element by element.
   *
   * <pre>
   *   y = max(x, 0)
   * </pre>
   *
   * Any shape. At the kink the derivative is taken from the left: relu'(0) = 0. NaN stays NaN.
   *
   * <p>A gradient of 0 goes on to the op that made the input, and times an infinite derivative it
   * is NaN there. Where that may happen, choose a safe input of that op first: for example {@code
   * log(where(greater(x, 0), x, 1))} in place of {@code log(x)}.
   */
  public static Tensor relu(Tensor x) {
    return Tensor.of(new Relu(), x);
  }

  /**
   * The rectified linear unit that leaks, element by element.
   *
   * <pre>
   *   y = x where x > 0, otherwise slope x
   * </pre>
   *
   * Any shape. At the kink the derivative is taken from the left: leakyRelu'(0) = slope. A slope of
   * 0 makes -0 of -infinity. NaN stays NaN, with the derivative slope.
   *
   * @param slope of the left half, mostly a small positive number; NaN and infinities are refused
   */
  public static Tensor leakyRelu(Tensor x, double slope) {
    return Tensor.of(new LeakyRelu(slope), x);
  }

  /**
   * The exponential linear unit, element by element.
   *
   * <pre>
   *   y = x where x > 0, otherwise alpha (e^x - 1)
   * </pre>
   *
   * Any shape. At 0 the derivative is taken from the left: elu'(0) = alpha, which is a kink unless
   * alpha is 1. NaN stays NaN, in all derivatives. Within 2 units in the last place.
   *
   * @param alpha what the function falls to on the left, negated; NaN and infinities are refused
   * @see <a href="https://arxiv.org/abs/1511.07289">Clevert, Unterthiner and Hochreiter, 2015</a>
   */
  public static Tensor elu(Tensor x, double alpha) {
    return Tensor.of(new Elu(alpha), x);
  }

  /**
   * The scaled exponential linear unit, element by element: activations of deep nets keep a mean
   * near 0 and a variance near 1.
   *
   * <pre>
   *   y = 1.0507009873554805 elu(x, 1.6732632423543772)
   * </pre>
   *
   * Any shape. At 0, a kink, the derivative is taken from the left: selu'(0) = 1.7580993408473769.
   * NaN stays NaN, in all derivatives. Within 3 units in the last place.
   *
   * @see <a href="https://arxiv.org/abs/1706.02515">Klambauer et al., 2017</a>
   */
  public static Tensor selu(Tensor x) {
    Nulls.refuse("selu: x", x);
    return Ops.mul(elu(x, 1.6732632423543772), 1.0507009873554805);
  }

  /**
   * The rectified linear unit whose slope on the left is learned, element by element.
   *
   * <pre>
   *   y[n, c, ...] = x[n, c, ...] where that is > 0, otherwise slope[c] x[n, c, ...]
   * </pre>
   *
   * x [N, C, ...] with a slope [C] for its channels, or x of any shape with one slope [1]; other
   * shapes are refused. At the kink the derivative is taken from the left: it is the slope. NaN
   * stays NaN; a slope of 0 makes NaN of -infinity.
   *
   * @see <a href="https://arxiv.org/abs/1502.01852">He et al., 2015</a>
   */
  public static Tensor prelu(Tensor x, Tensor slope) {
    return Tensor.of(new Prelu(), x, slope);
  }

  /**
   * {@link #relu} up to 6, element by element.
   *
   * <pre>
   *   y = min(max(x, 0), 6)
   * </pre>
   *
   * Any shape. At the kinks the derivative is taken from the left: relu6'(0) = 0, relu6'(6) = 1.
   * NaN stays NaN. Of gradients of 0, what {@link #relu} says.
   */
  public static Tensor relu6(Tensor x) {
    Nulls.refuse("relu6: x", x);
    return Ops.minimum(relu(x), 6);
  }

  /**
   * A {@link #sigmoid} made of three straight lines, element by element.
   *
   * <pre>
   *   y = min(max(x / 6 + 1/2, 0), 1)
   * </pre>
   *
   * Any shape. Within 2 units in the last place. At the kinks the derivative is taken from the
   * left: hardSigmoid'(-3) = 0, hardSigmoid'(3) = 1/6. NaN stays NaN, in all derivatives. Of
   * gradients of 0, what {@link #relu} says.
   */
  public static Tensor hardSigmoid(Tensor x) {
    return Tensor.of(new HardSigmoid(), x);
  }

  /**
   * A {@link #silu} without exponentials, element by element.
   *
   * <pre>
   *   y = x hardSigmoid(x)
   * </pre>
   *
   * Any shape. Within 3 units in the last place; from -3 to the left, also at -infinity, it is -0.
   * At the kinks the derivative is taken from the left: hardSwish'(-3) = 0, hardSwish'(3) = 1.5.
   * NaN stays NaN, in all derivatives. Of gradients of 0, what {@link #relu} says.
   *
   * @see <a href="https://arxiv.org/abs/1905.02244">Howard et al., MobileNetV3</a>
   */
  public static Tensor hardSwish(Tensor x) {
    return Tensor.of(new HardSwish(), x);
  }

  /**
   * The softsign function, element by element.
   *
   * <pre>
   *   y = x / (1 + |x|)
   * </pre>
   *
   * Any shape. Within 2 units in the last place, and the VJP within 3; saturates at -1 and 1,
   * slowly. The second derivative jumps at 0, where it is 0. NaN stays NaN, in all derivatives.
   */
  public static Tensor softsign(Tensor x) {
    return Tensor.of(new Softsign(), x);
  }

  /**
   * The softplus function, a smooth {@link #relu}, element by element.
   *
   * <pre>
   *   y = ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|)
   * </pre>
   *
   * Any shape. Computed in the second form, without overflow: far out it is e^x on the left, x on
   * the right. Within 2 units in the last place, and so is the VJP.
   */
  public static Tensor softplus(Tensor x) {
    return Tensor.of(new Softplus(), x);
  }

  /**
   * The sigmoid linear unit, also called swish, element by element.
   *
   * <pre>
   *   y = x s, s = sigmoid(x)
   * </pre>
   *
   * Any shape. Far out it is -0 on the left, x on the right. Within 3 units in the last place, and
   * so is the VJP, but in float64 near x = -1.278, where the slope crosses 0: there, within 2^-52
   * of g. NaN stays NaN, in all derivatives.
   *
   * @see <a href="https://arxiv.org/abs/1702.03118">Elfwing, Uchibe and Doya, 2017</a>
   */
  public static Tensor silu(Tensor x) {
    return Tensor.of(new Silu(), x);
  }

  /**
   * The mish function, element by element.
   *
   * <pre>
   *   y = x tanh(softplus(x))
   * </pre>
   *
   * Any shape. Computed without overflow, and accurate in the left tail, where it is x e^x; far out
   * it is -0 on the left, x on the right. Within 3 units in the last place, and the VJP within a
   * few, but in float64 near x = -1.192, where the slope crosses 0: there, within 2^-52 of g. NaN
   * stays NaN, in all derivatives.
   *
   * @see <a href="https://arxiv.org/abs/1908.08681">Misra, 2019</a>
   */
  public static Tensor mish(Tensor x) {
    return Tensor.of(new Mish(), x);
  }

  /**
   * The Gaussian error linear unit, element by element.
   *
   * <pre>
   *   y = x Phi(x), Phi the standard normal distribution function
   * </pre>
   *
   * Any shape. The exact function, not its approximation by tanh, which is {@link #geluTanh}.
   * Accurate in the left tail; far out it is -0 on the left, x on the right. In float32 within 2
   * units in the last place, and the VJP within 3.
   *
   * @see <a href="https://arxiv.org/abs/1606.08415">Hendrycks and Gimpel, 2016</a>
   */
  public static Tensor gelu(Tensor x) {
    return Tensor.of(new Gelu(), x);
  }

  /**
   * The approximation of {@link #gelu} by the hyperbolic tangent, element by element: for weights
   * that were trained with it, as those of GPT-2.
   *
   * <pre>
   *   y = x/2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))
   * </pre>
   *
   * Any shape. Off the exact function by up to 0.0005, but as accurate in its own left tail; far
   * out it is -0 on the left, x on the right. Within 3 units in the last place, and the VJP within
   * a few, but in float64 near x = -0.752, where the slope crosses 0: there, within 2^-52 of g. NaN
   * stays NaN, in all derivatives.
   *
   * @see <a href="https://arxiv.org/abs/1606.08415">Hendrycks and Gimpel, 2016</a>
   */
  public static Tensor geluTanh(Tensor x) {
    return Tensor.of(new GeluTanh(), x);
  }

  /**
   * Exponentials along an axis, normalised to a sum of 1.
   *
   * <pre>
   *   y[..., i, ...] = e^x[..., i, ...] / sum over j of e^x[..., j, ...]
   * </pre>
   *
   * Any shape of rank 1 or higher. The largest element is subtracted first, so that no exponential
   * overflows, and sums are in double precision: within 2 units in the last place in float32, a few
   * more in float64. The VJP is computed in double precision, and as accurate where y is nearly 0
   * and 1.
   *
   * <p>Elements of -infinity are left out: their y is 0. Where a whole line is left out, as by a
   * mask {@code softmax(where(mask, scores, -infinity), 1)}, there is no distribution: y is 0
   * throughout, and so are all derivatives. A line that has +infinity gives NaN. Refuses an axis
   * that x does not have.
   *
   * @param axis from 0, or negative to count from the end
   */
  public static Tensor softmax(Tensor x, int axis) {
    return Tensor.of(new Softmax(axis), x);
  }

  /**
   * The logarithm of {@link #softmax}, accurate where the softmax itself would underflow.
   *
   * <pre>
   *   y[..., i, ...] = x[..., i, ...] - ln(sum over j of e^x[..., j, ...])
   * </pre>
   *
   * Any shape of rank 1 or higher. Within 2 units in the last place in float32, and as accurate as
   * a {@link Sum} of exponentials in float64: of a sure line too, where the largest y is hardly
   * below 0. What the VJP gives to that element, which is minus the sum of the other probabilities,
   * keeps its relative accuracy. Where a whole line is -infinity there is no distribution: y is
   * -infinity throughout, and all derivatives are 0. Refuses an axis that x does not have.
   *
   * @param axis from 0, or negative to count from the end
   */
  public static Tensor logSoftmax(Tensor x, int axis) {
    return Tensor.of(new LogSoftmax(axis), x);
  }

  // ---- losses ----------------------------------------------------------------------------------

  /** The mean of (prediction - target)^2; see {@link Mse}. */
  public static Tensor mse(Tensor prediction, Tensor target) {
    return Tensor.of(new Mse(), prediction, target);
  }

  /** The mean of |prediction - target|; see {@link L1}. */
  public static Tensor l1(Tensor prediction, Tensor target) {
    return Tensor.of(new L1(), prediction, target);
  }

  /** Squares for errors up to delta, absolute values for larger ones; see {@link Huber}. */
  public static Tensor huber(Tensor prediction, Tensor target, double delta) {
    return Tensor.of(new Huber(delta), prediction, target);
  }

  /** Half of the sum of (target - prediction)^2; see {@link HalfSquaredError}. */
  public static Tensor halfSquaredError(Tensor prediction, Tensor target) {
    return Tensor.of(new HalfSquaredError(), prediction, target);
  }

  /** Cross-entropy of logits [N, K] with target distributions; see {@link CrossEntropy}. */
  public static Tensor crossEntropy(Tensor logits, Tensor targets) {
    return Tensor.of(new CrossEntropy(), logits, targets);
  }

  /** {@link CrossEntropy} of logits [N, K] with N labels, each from 0 to K - 1. */
  public static Tensor crossEntropy(Tensor logits, int... labels) {
    return crossEntropy(logits, labels, 0);
  }

  /**
   * {@link CrossEntropy} of logits [N, K], with targets of 1 - smoothing at each label and
   * smoothing / K on top at each of the K classes, so that no logit gains by being infinite.
   *
   * @param labels N of them, each from 0 to K - 1
   * @param smoothing the part of each target, from 0 on and below 1, that all classes share
   * @see <a href="https://arxiv.org/abs/1512.00567">Szegedy et al., Rethinking the inception
   *     architecture</a>
   */
  public static Tensor crossEntropy(Tensor logits, int[] labels, double smoothing) {
    return Losses.crossEntropyOfLabels(logits, labels, smoothing);
  }

  /**
   * Cross-entropy of logits [N, K, ...] with a label for each place, as of each pixel in a
   * segmentation: {@link #nllLoss(Tensor, Indices, CrossEntropyOptions)} of {@code
   * logSoftmax(logits, 1)}.
   *
   * <p>The logits of an ignored place are not looked at, whatever they are, and have gradient 0. A
   * place that counts and has NaN among its logits gives NaN; a label whose logit is -infinity
   * costs infinity. Of logits [N, K] and {@link CrossEntropyOptions#mean} it is {@link
   * CrossEntropy}, up to a few roundings.
   *
   * @param logits [N, K, ...], such as [N, K, H, W]
   * @param labels [N, ...], such as [N, H, W], each from 0 to K - 1, or the one that is ignored
   * @param options what is ignored, weights of classes, smoothing, and what is made of all places
   * @return one element, or of {@link CrossEntropyOptions#none} the losses [N, ...]
   * @see <a
   *     href="https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html">PyTorch's
   *     CrossEntropyLoss</a>
   */
  public static Tensor crossEntropy(Tensor logits, Indices labels, CrossEntropyOptions options) {
    return LabelLosses.crossEntropy(logits, labels, options);
  }

  /**
   * The same with the labels of all places in row-major order, as many as there are places.
   *
   * @param logits [N, K, ...]
   * @param labels each from 0 to K - 1, or the one that is ignored
   * @param options what is ignored, weights of classes, smoothing, and what is made of all places
   */
  public static Tensor crossEntropy(Tensor logits, int[] labels, CrossEntropyOptions options) {
    return LabelLosses.crossEntropy(logits, labels, options);
  }

  /**
   * Cross-entropy of logits, each of a yes or no of its own; see {@link
   * BinaryCrossEntropyWithLogits}.
   */
  public static Tensor binaryCrossEntropyWithLogits(Tensor logits, Tensor targets) {
    return Tensor.of(new BinaryCrossEntropyWithLogits(), logits, targets);
  }

  /**
   * {@link BinaryCrossEntropyWithLogits} with one target for all logits: 1 where a discriminator is
   * to say that images are real, 0 where it is to say that they are not.
   *
   * @param target from 0 to 1
   */
  public static Tensor binaryCrossEntropyWithLogits(Tensor logits, double target) {
    return Losses.binaryCrossEntropy(logits, target);
  }

  /** {@link BinaryCrossEntropyWithLogits} of logits [N] or [N, 1] with N labels, each 0 or 1. */
  public static Tensor binaryCrossEntropyWithLogits(Tensor logits, int[] labels) {
    return Losses.binaryCrossEntropy(logits, labels);
  }

  /**
   * The negative logarithm of the probability of each label, mean over the batch, from the
   * logarithms [N, K] of probabilities, such as logSoftmax gives. What the other classes have is
   * not looked at. The mean over an empty batch is NaN.
   *
   * @param labels N of them, each from 0 to K - 1
   */
  public static Tensor nllLoss(Tensor logProbabilities, int... labels) {
    return Losses.nll(logProbabilities, labels);
  }

  /**
   * The negative logarithms of the probabilities of labels, one for each place, from the logarithms
   * [N, K, ...] of probabilities, such as logSoftmax gives along axis 1; {@link
   * CrossEntropyOptions} gives the formula.
   *
   * <p>What ignored places have is not looked at, nor what classes of weight 0 have, nor, without
   * smoothing, what others than the label have: there, infinities and NaN do no harm, and the
   * gradient is 0. A label outside its range is refused, as are shapes and numbers of labels and
   * weights that do not fit.
   *
   * @param logProbabilities [N, K, ...]
   * @param labels [N, ...], each from 0 to K - 1, or the one that is ignored
   * @param options what is ignored, weights of classes, smoothing, and what is made of all places
   * @return one element, or of {@link CrossEntropyOptions#none} the losses [N, ...]
   */
  public static Tensor nllLoss(
      Tensor logProbabilities, Indices labels, CrossEntropyOptions options) {
    return LabelLosses.nll(logProbabilities, labels, options);
  }

  /**
   * The same with the labels of all places in row-major order, as many as there are places.
   *
   * @param logProbabilities [N, K, ...]
   * @param labels each from 0 to K - 1, or the one that is ignored
   * @param options what is ignored, weights of classes, smoothing, and what is made of all places
   */
  public static Tensor nllLoss(Tensor logProbabilities, int[] labels, CrossEntropyOptions options) {
    return LabelLosses.nll(logProbabilities, labels, options);
  }

  /** 1/N sum of t (ln t - log-probability), over rows [N, ...]; see {@link KlDivergence}. */
  public static Tensor klDivergence(Tensor logProbabilities, Tensor targets) {
    return Tensor.of(new KlDivergence(), logProbabilities, targets);
  }
}
