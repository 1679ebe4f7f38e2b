package org.gradus.layers;

import static org.gradus.autograd.ops.Ops.matmul;
import static org.gradus.autograd.ops.Ops.reshape;

import java.util.List;
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
 *   y = x w^T + b [..., out]
 * </pre>
 *
 * <p>The last axis of x is a row; there may be any number of axes before it, such as [N] or [N, T].
 * Fan in is in, fan out is out. Refuses x of another width with a {@link ShapeException}, and of
 * another element type than the weights.
 */
public final class Linear implements Layer {
  private final Parameter weight;
  private final Parameter bias;

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
        Affine.draw("linear", initializer, dtype, shape(in, out), in, out, random),
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
    Nulls.refuse("linear: weight, bias", weight, bias);
    if (weight.shape().rank() != 2) {
      throw new ShapeException(
          "linear",
          "weight %s has rank %s, expected 2".formatted(weight.shape(), weight.shape().rank()));
    }
    Affine.requireBias("linear", weight, bias);
    this.weight = new Parameter("weight", weight);
    this.bias = new Parameter("bias", bias);
  }

  private static Shape shape(int in, int out) {
    Affine.requirePositive("linear", "in", in);
    Affine.requirePositive("linear", "out", out);
    return Shape.of("linear", out, in);
  }

  /** The weight [out, in]. */
  public Parameter weight() {
    return weight;
  }

  /** The bias [out]. */
  public Parameter bias() {
    return bias;
  }

  @Override
  public Tensor forward(Tensor x) {
    int in = weight.shape().dim(1);
    Shape shape = Nulls.given("linear: x", x).shape();
    int last = shape.rank() - 1;
    if (last < 0 || shape.dim(last) != in) {
      throw new ShapeException(
          name(),
          "input %s has %s features, but the weight %s expects %s%s"
              .formatted(
                  shape,
                  last < 0 ? "no axis of" : shape.dim(last),
                  weight.shape(),
                  in,
                  last > 1 && shape.size(1, last + 1) == in ? "; flatten it first" : ""));
    }
    x.dtype().require(name(), "the weight", weight.dtype());
    int[] dims = shape.toArray();
    dims[last] = weight.shape().dim(0);
    Shape.of(name(), dims); // refuses an output that no array holds
    Tensor rows = last == 1 ? x : reshape(x, shape.size(0, last), in);
    Tensor y = Ops.bias(matmul(rows, weight.tensor(), false, true), bias.tensor());
    return last == 1 ? y : reshape(y, dims);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(weight, bias);
  }

  /** For example {@code Linear[weight FLOAT32 [10, 84], bias FLOAT32 [10]]}. */
  @Override
  public String toString() {
    return "Linear" + parameters();
  }
}
