package org.gradus.layers;

import static org.gradus.autograd.ops.Ops.matmul;
import static org.gradus.autograd.ops.Ops.reshape;

import java.util.Optional;
import java.util.random.RandomGenerator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.Ops;
import org.gradus.layers.init.Initializer;

/**
 * The affine map of each row, also called dense or fully connected layer.
 *
 * <pre>
 *   x [..., in], weight w [out, in], bias b [out]
 *   y = x w^T + b [..., out], or x w^T without a bias
 * </pre>
 *
 * <p>The last axis of x is a row; there may be any number of axes before it, such as [N] or [N, T].
 * Fan in is in, fan out is out. Refuses x of another width with a {@link ShapeException}, and of
 * another element type than the weights.
 */
public final class Linear extends Affine {

  /**
   * A float32 layer, the weight drawn by {@link Initializer#heNormal}, the bias zero.
   *
   * @param in features of the input, at least 1
   * @param out features of the output, at least 1
   * @param random draws the weight
   * @throws IllegalArgumentException if a number is out of its range
   */
  public Linear(int in, int out, RandomGenerator random) {
    this(in, out, Initializer.heNormal(), DType.FLOAT32, random);
  }

  /**
   * As {@link #Linear(int, int, RandomGenerator)}, with these first weights and element type.
   *
   * @throws IllegalArgumentException also if the initialiser makes another shape or element type
   */
  public Linear(int in, int out, Initializer initializer, DType dtype, RandomGenerator random) {
    this(
        new Draw("linear", initializer, dtype, random).weight(shape(in, out), in, out),
        NdArray.zeros(dtype, Shape.of(out)));
  }

  /**
   * A layer with these first values.
   *
   * @param weight [out, in]
   * @param bias [out]
   * @throws ShapeException if the shapes are others
   * @throws org.gradus.autograd.array.DTypeException if the element types differ
   */
  public Linear(NdArray weight, NdArray bias) {
    this(weight, Optional.of(Nulls.given("linear: bias", bias)));
  }

  /**
   * A layer without a bias, with this first weight.
   *
   * @param weight [out, in]
   * @throws ShapeException if the shape is another
   */
  public Linear(NdArray weight) {
    this(weight, Optional.empty());
  }

  private Linear(NdArray weight, Optional<NdArray> bias) {
    super("linear", /* rank= */ 2, /* axis= */ 0, /* groups= */ 1, weight, bias);
  }

  /** A layer with the weight that this one has now, and no bias. */
  public Linear withoutBias() {
    return new Linear(weight().value());
  }

  private static Shape shape(int in, int out) {
    Affine.requirePositive("linear", "in", in);
    Affine.requirePositive("linear", "out", out);
    return Shape.of("linear", out, in);
  }

  @Override
  protected Tensor compute(Tensor x, Pass pass) {
    Tensor w = pass.use(weight());
    int in = w.shape().dim(1);
    Shape shape = x.shape();
    int last = shape.rank() - 1;
    if (last < 0 || shape.dim(last) != in) {
      throw new ShapeException(
          name(),
          "input %s has %s features, but the weight %s expects %s%s"
              .formatted(
                  shape,
                  last < 0 ? "no axis of" : shape.dim(last),
                  w.shape(),
                  in,
                  last > 1 && shape.size(1, last + 1) == in ? "; flatten it first" : ""));
    }
    x.dtype().require(name(), "the weight", w.dtype());
    int[] dims = shape.toArray();
    dims[last] = w.shape().dim(0);
    Shape.of(name(), dims); // refuses an output that no array holds
    Tensor rows = last == 1 ? x : reshape(x, shape.size(0, last), in);
    Tensor products = matmul(rows, w, false, true);
    Tensor y = bias().map(b -> Ops.bias(products, pass.use(b))).orElse(products);
    return last == 1 ? y : reshape(y, dims);
  }

  @Override
  protected long multiplyAdds(Shape input, Shape output) {
    return (long) output.size() * weight().shape().dim(1);
  }
}
