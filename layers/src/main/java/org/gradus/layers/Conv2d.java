package org.gradus.layers;

import static org.gradus.autograd.ops.Ops.conv2d;

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
 * Learned filters that slide over images, and a bias for each: cross-correlation, as is usual.
 *
 * <pre>
 *   x [N, C, H, W], weight w [F, C / groups, KH, KW], bias b [F]
 *   y = conv2d(x, w) + b [N, F, OH, OW]
 * </pre>
 *
 * <p>See {@link org.gradus.autograd.ops.Ops#conv2d(Tensor, Tensor, ConvOptions)} for the formula,
 * the size of the output and the errors. Fan in is C / groups * KH * KW, the number of inputs that
 * an output sees; fan out is F / groups * KH * KW, the number of outputs that see an input.
 */
public final class Conv2d extends Filters {

  /**
   * A float32 layer with square filters, stride 1 and no padding, the weight drawn by {@link
   * Initializer#heNormal}, the bias zero.
   *
   * @param in channels of the input, at least 1
   * @param out channels of the output, which is the number of filters, at least 1
   * @param kernel height and width of a filter, at least 1
   * @param random draws the weight
   * @throws IllegalArgumentException if a number is out of its range
   */
  public Conv2d(int in, int out, int kernel, RandomGenerator random) {
    this(in, out, kernel, ConvOptions.valid(), random);
  }

  /**
   * As {@link #Conv2d(int, int, int, RandomGenerator)}, with these options.
   *
   * @throws IllegalArgumentException also if the groups do not divide both channel numbers
   */
  public Conv2d(int in, int out, int kernel, ConvOptions options, RandomGenerator random) {
    this(in, out, kernel, options, Initializer.heNormal(), DType.FLOAT32, random);
  }

  /**
   * As {@link #Conv2d(int, int, int, ConvOptions, RandomGenerator)}, with these first weights and
   * element type.
   *
   * @throws IllegalArgumentException also if the initialiser makes another shape or element type
   */
  public Conv2d(
      int in,
      int out,
      int kernel,
      ConvOptions options,
      Initializer initializer,
      DType dtype,
      RandomGenerator random) {
    this(in, out, kernel, kernel, options, initializer, dtype, random);
  }

  /**
   * A float32 layer with filters of this height and width; else as {@link #Conv2d(int, int, int,
   * ConvOptions, RandomGenerator)}.
   *
   * @param height of a filter, at least 1
   * @param width of a filter, at least 1
   */
  public Conv2d(
      int in, int out, int height, int width, ConvOptions options, RandomGenerator random) {
    this(in, out, height, width, options, Initializer.heNormal(), DType.FLOAT32, random);
  }

  /**
   * As {@link #Conv2d(int, int, int, int, ConvOptions, RandomGenerator)}, with these first weights
   * and element type.
   *
   * @throws IllegalArgumentException also if the initialiser makes another shape or element type
   */
  public Conv2d(
      int in,
      int out,
      int height,
      int width,
      ConvOptions options,
      Initializer initializer,
      DType dtype,
      RandomGenerator random) {
    this(
        weight(
            new Draw("conv2d", initializer, dtype, random),
            in,
            out,
            options,
            /* transposed= */ false,
            height,
            width),
        NdArray.zeros(dtype, Shape.of(out)),
        options);
  }

  /**
   * A layer with these first values.
   *
   * @param weight [F, C / groups, KH, KW]
   * @param bias [F]
   * @param options how the filters move over the image, and in how many groups
   * @throws ShapeException if the shapes are others, or the groups do not divide F
   * @throws org.gradus.autograd.array.DTypeException if the element types differ
   */
  public Conv2d(NdArray weight, NdArray bias, ConvOptions options) {
    this(
        weight,
        Optional.of(Nulls.given("conv2d: bias", bias)),
        Nulls.given("conv2d: options", options));
  }

  /**
   * A layer without a bias, with this first weight.
   *
   * @param weight [F, C / groups, KH, KW]
   * @param options how the filters move over the image, and in how many groups
   * @throws ShapeException if the shape is another, or the groups do not divide F
   */
  public Conv2d(NdArray weight, ConvOptions options) {
    this(weight, Optional.empty(), Nulls.given("conv2d: options", options));
  }

  private Conv2d(NdArray weight, Optional<NdArray> bias, ConvOptions options) {
    super("conv2d", /* rank= */ 4, /* axis= */ 0, /* groups= */ 1, weight, bias, options);
    requireDivisible("conv2d", "out", weight.shape().dim(0), options.groups());
  }

  /** A layer with the weight that this one has now, and no bias. */
  public Conv2d withoutBias() {
    return new Conv2d(weight().value(), options());
  }

  @Override
  protected Tensor compute(Tensor x, Pass pass) {
    Tensor w = pass.use(weight());
    return bias()
        .map(b -> conv2d(x, w, pass.use(b), options()))
        .orElseGet(() -> conv2d(x, w, options()));
  }
}
