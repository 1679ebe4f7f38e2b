package org.gradus.layers.init;

import java.util.random.RandomGenerator;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;

/**
 * Draws the first values of a weight. <em>Fan in</em> is the number of inputs that an output
 * depends on, <em>fan out</em> the number of outputs that an input goes to; layers say what theirs
 * are.
 *
 * <p>The four rules below keep the variance of activations (fan in) or of gradients (fan out) about
 * the same from layer to layer, at the start. They draw one number for each element, in row-major
 * order, in double precision, and round it to the element type; so the same seed gives the same
 * bits, and float32 and float64 weights that differ by rounding alone.
 */
@FunctionalInterface
public interface Initializer {

  /**
   * The first values.
   *
   * @param dtype to round them to
   * @param fanIn at least 1
   * @param fanOut at least 1
   * @param random the generator that is drawn from
   * @return an array of this element type and shape
   */
  NdArray initialize(DType dtype, Shape shape, int fanIn, int fanOut, RandomGenerator random);

  /**
   * He's rule, normal: mean 0, standard deviation sqrt(2 / fanIn). For layers followed by ReLU.
   *
   * @see <a href="https://arxiv.org/abs/1502.01852">He, Zhang, Ren, Sun: Delving Deep into
   *     Rectifiers, 2015, equation 10</a>
   */
  static Initializer heNormal() {
    return (dtype, shape, fanIn, fanOut, random) ->
        normal(dtype, shape, Math.sqrt(2.0 / fanIn), random);
  }

  /**
   * He's rule, uniform: from -a to a with a = sqrt(6 / fanIn), which has the standard deviation of
   * {@link #heNormal}.
   *
   * @see <a href="https://arxiv.org/abs/1502.01852">He, Zhang, Ren, Sun: Delving Deep into
   *     Rectifiers, 2015</a>
   */
  static Initializer heUniform() {
    return (dtype, shape, fanIn, fanOut, random) ->
        uniform(dtype, shape, Math.sqrt(6.0 / fanIn), random);
  }

  /**
   * Glorot's rule, normal: mean 0, standard deviation sqrt(2 / (fanIn + fanOut)). For layers
   * followed by tanh or by no activation.
   *
   * @see <a href="https://proceedings.mlr.press/v9/glorot10a.html">Glorot, Bengio: Understanding
   *     the difficulty of training deep feedforward neural networks, 2010, equation 12</a>
   */
  static Initializer xavierNormal() {
    return (dtype, shape, fanIn, fanOut, random) ->
        normal(dtype, shape, Math.sqrt(2.0 / ((double) fanIn + fanOut)), random);
  }

  /**
   * Glorot's rule, uniform: from -a to a with a = sqrt(6 / (fanIn + fanOut)), which has the
   * standard deviation of {@link #xavierNormal}.
   *
   * @see <a href="https://proceedings.mlr.press/v9/glorot10a.html">Glorot, Bengio: Understanding
   *     the difficulty of training deep feedforward neural networks, 2010, equation 16</a>
   */
  static Initializer xavierUniform() {
    return (dtype, shape, fanIn, fanOut, random) ->
        uniform(dtype, shape, Math.sqrt(6.0 / ((double) fanIn + fanOut)), random);
  }

  /** Zeros; draws nothing. */
  static Initializer zeros() {
    return constant(0);
  }

  /**
   * The same number everywhere; draws nothing.
   *
   * @param value the number, finite
   * @throws IllegalArgumentException if it is NaN or infinite
   */
  static Initializer constant(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "initializer: constant %s, expected a finite number".formatted(value));
    }
    return (dtype, shape, fanIn, fanOut, random) -> {
      Nulls.refuse("initialize: dtype, shape, random", dtype, shape, random);
      return NdArray.full(dtype, shape, value);
    };
  }

  private static NdArray normal(
      DType dtype, Shape shape, double deviation, RandomGenerator random) {
    Nulls.refuse("initialize: dtype, shape, random", dtype, shape, random);
    return NdArray.generate(dtype, shape, i -> deviation * random.nextGaussian());
  }

  private static NdArray uniform(DType dtype, Shape shape, double bound, RandomGenerator random) {
    Nulls.refuse("initialize: dtype, shape, random", dtype, shape, random);
    return NdArray.generate(dtype, shape, i -> bound * (2 * random.nextDouble() - 1));
  }
}
