package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;

/**
 * The rectified linear unit whose slope below 0 is learnt: one for all elements, or one for each
 * channel of x [N, C, ...]. See {@link Ops#prelu}.
 *
 * @see <a href="https://arxiv.org/abs/1502.01852">He, Zhang, Ren, Sun: Delving Deep into
 *     Rectifiers, 2015</a>
 */
public final class Prelu extends AbstractLayer {
  private final Parameter weight;

  /** A float32 layer of one slope, which begins at 0.25. */
  public Prelu() {
    this(1);
  }

  /**
   * A float32 layer of slopes that begin at 0.25.
   *
   * @param channels of the input, or 1 for one slope
   * @throws IllegalArgumentException if there are fewer than 1
   */
  public Prelu(int channels) {
    this(channels, 0.25, DType.FLOAT32);
  }

  /**
   * A layer with these numbers.
   *
   * @param channels of the input, or 1 for one slope
   * @param slope the first value, finite
   * @param dtype of the slopes
   * @throws IllegalArgumentException if a number is out of its range
   */
  public Prelu(int channels, double slope, DType dtype) {
    Affine.requirePositive("prelu", "channels", channels);
    Nulls.refuse("prelu: dtype", dtype);
    Affine.requireFinite("prelu", "slope", slope);
    this.weight = parameter("weight", NdArray.full(dtype, Shape.of(channels), slope));
  }

  @Override
  protected Tensor compute(Tensor x, Pass pass) {
    return Ops.prelu(x, pass.use(weight));
  }
}
