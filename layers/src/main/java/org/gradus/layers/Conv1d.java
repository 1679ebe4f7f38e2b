package org.gradus.layers;

import static org.gradus.autograd.ops.Ops.conv1d;

import java.util.Optional;
import java.util.random.RandomGenerator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.ConvOptions;
import org.gradus.layers.init.Initializer;

/**
 * Learned filters that slide along sequences, and a bias for each.
 *
 * <pre>
 *   x [N, C, L], weight w [F, C / groups, K], bias b [F]
 *   y = conv1d(x, w) + b [N, F, OL]
 * </pre>
 *
 * <p>See {@link org.gradus.autograd.ops.Ops#conv1d(Tensor, Tensor, ConvOptions)} for the formula,
 * the options and the errors. Fan in is C / groups * K, fan out F / groups * K.
 */
public final class Conv1d extends Filters {

  /**
   * A float32 layer with stride 1 and no padding, the weight drawn by {@link Initializer#heNormal},
   * the bias zero.
   *
   * @param in channels of the input, at least 1
   * @param out channels of the output, at least 1
   * @param kernel the length of a filter, at least 1
   * @param random draws the weight
   * @throws IllegalArgumentException if a number is out of its range
   */
  public Conv1d(int in, int out, int kernel, RandomGenerator random) {
    this(in, out, kernel, ConvOptions.valid(), random);
  }

  /**
   * As {@link #Conv1d(int, int, int, RandomGenerator)}, with these options.
   *
   * @throws IllegalArgumentException also if the groups do not divide both channel numbers
   */
  public Conv1d(int in, int out, int kernel, ConvOptions options, RandomGenerator random) {
    this(in, out, kernel, options, Initializer.heNormal(), DType.FLOAT32, random);
  }

  /**
   * As {@link #Conv1d(int, int, int, ConvOptions, RandomGenerator)}, with these first weights and
   * element type.
   *
   * @throws IllegalArgumentException also if the initialiser makes another shape or element type
   */
  public Conv1d(
      int in,
      int out,
      int kernel,
      ConvOptions options,
      Initializer initializer,
      DType dtype,
      RandomGenerator random) {
    this(
        weight(
            new Draw("conv1d", initializer, dtype, random),
            in,
            out,
            options,
            /* transposed= */ false,
            kernel),
        NdArray.zeros(dtype, Shape.of(out)),
        options);
  }

  /**
   * A layer with these first values.
   *
   * @param weight [F, C / groups, K]
   * @param bias [F]
   * @param options how the filters move along the sequence, and in how many groups
   * @throws ShapeException if the shapes are others, or the groups do not divide F
   * @throws org.gradus.autograd.array.DTypeException if the element types differ
   */
  public Conv1d(NdArray weight, NdArray bias, ConvOptions options) {
    this(
        weight,
        Optional.of(Nulls.given("conv1d: bias", bias)),
        Nulls.given("conv1d: options", options));
  }

  /**
   * A layer without a bias, with this first weight.
   *
   * @param weight [F, C / groups, K]
   * @param options how the filters move along the sequence, and in how many groups
   * @throws ShapeException if the shape is another, or the groups do not divide F
   */
  public Conv1d(NdArray weight, ConvOptions options) {
    this(weight, Optional.empty(), Nulls.given("conv1d: options", options));
  }

  private Conv1d(NdArray weight, Optional<NdArray> bias, ConvOptions options) {
    super("conv1d", /* rank= */ 3, /* axis= */ 0, /* groups= */ 1, weight, bias, options);
    requireDivisible("conv1d", "out", weight.shape().dim(0), options.groups());
  }

  /** A layer with the weight that this one has now, and no bias. */
  public Conv1d withoutBias() {
    return new Conv1d(weight().value(), options());
  }

  @Override
  protected Tensor compute(Tensor x, Pass pass) {
    Tensor w = pass.use(weight());
    return bias()
        .map(b -> conv1d(x, w, pass.use(b), options()))
        .orElseGet(() -> conv1d(x, w, options()));
  }
}
