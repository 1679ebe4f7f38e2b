package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;

/**
 * Normalisation of each example by itself, over its last axes.
 *
 * <pre>
 *   x [..., extents], weight and bias of the shape of the extents
 *   y = weight (x - mean) / sqrt(variance + epsilon) + bias
 * </pre>
 *
 * <p>The weight begins at 1, the bias at 0; epsilon is 1e-5 unless given.
 *
 * @see Ops#layerNorm
 * @see <a href="https://arxiv.org/abs/1607.06450">Ba, Kiros, Hinton: Layer Normalization, 2016</a>
 */
public final class LayerNorm extends AbstractLayer {
  private final Parameter weight;
  private final Parameter bias;
  private final double epsilon;

  /**
   * A float32 layer with epsilon 1e-5.
   *
   * @param extents of the last axes of the input, one or more
   * @throws IllegalArgumentException if there is none, or one is below 1
   */
  public LayerNorm(int... extents) {
    this(Shape.of("layerNorm", Nulls.given("layerNorm: extents", extents)), 1e-5, DType.FLOAT32);
  }

  /**
   * A layer with these numbers.
   *
   * @param shape of the last axes of the input, one or more
   * @param epsilon added to the variance, above 0
   * @param dtype of all parameters
   * @throws IllegalArgumentException if there is no extent, one is 0, or epsilon is out of its
   *     range
   */
  public LayerNorm(Shape shape, double epsilon, DType dtype) {
    Nulls.refuse("layerNorm: shape, dtype", shape, dtype);
    if (shape.rank() == 0 || shape.size() == 0) {
      throw new IllegalArgumentException(
          "layerNorm: shape %s, expected one or more of at least 1".formatted(shape));
    }
    Norm.requireEpsilon("layerNorm", epsilon);
    this.weight = parameter("weight", NdArray.full(dtype, shape, 1));
    this.bias = parameter("bias", NdArray.zeros(dtype, shape));
    this.epsilon = epsilon;
  }

  @Override
  protected Tensor compute(Tensor x, Pass pass) {
    return Ops.layerNorm(x, pass.use(weight), pass.use(bias), epsilon);
  }

  /** For example {@code LayerNorm[8, 8]}. */
  @Override
  public String toString() {
    return "LayerNorm" + weight.shape();
  }
}
