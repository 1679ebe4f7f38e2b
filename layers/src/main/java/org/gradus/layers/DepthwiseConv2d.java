package org.gradus.layers;

import static org.gradus.autograd.ops.Ops.depthwiseConv2d;

import java.util.Optional;
import java.util.random.RandomGenerator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.ConvOptions;
import org.gradus.autograd.ops.Ops;
import org.gradus.layers.init.Initializer;

/**
 * Learned filters for each channel of images by itself, and a bias for each filter.
 *
 * <pre>
 *   x [N, C, H, W], weight w [C M, 1, KH, KW], bias b [C M]; M the multiplier
 *   y = depthwiseConv2d(x, w) + b [N, C M, OH, OW]
 * </pre>
 *
 * <p>See {@link Ops#depthwiseConv2d} for the formula and the errors. Fan in is KH * KW, fan out M *
 * KH * KW.
 */
public final class DepthwiseConv2d extends Filters {

  /**
   * A float32 layer with one square filter for each channel, the weight drawn by {@link
   * Initializer#heNormal}, the bias zero.
   *
   * @param channels of the input and of the output, at least 1
   * @param kernel height and width of a filter, at least 1
   * @param options how the filters slide, of one group
   * @param random draws the weight
   * @throws IllegalArgumentException if a number is out of its range
   */
  public DepthwiseConv2d(int channels, int kernel, ConvOptions options, RandomGenerator random) {
    this(channels, 1, kernel, options, Initializer.heNormal(), DType.FLOAT32, random);
  }

  /**
   * As {@link #DepthwiseConv2d(int, int, ConvOptions, RandomGenerator)}, with several filters for
   * each channel, these first weights and element type.
   *
   * @param multiplier the filters of each channel, at least 1
   * @throws IllegalArgumentException also if the initialiser makes another shape or element type
   */
  public DepthwiseConv2d(
      int channels,
      int multiplier,
      int kernel,
      ConvOptions options,
      Initializer initializer,
      DType dtype,
      RandomGenerator random) {
    this(channels, multiplier, kernel, kernel, options, initializer, dtype, random);
  }

  /**
   * As {@link #DepthwiseConv2d(int, int, int, ConvOptions, Initializer, DType, RandomGenerator)},
   * with filters of this height and width.
   *
   * @param height of a filter, at least 1
   * @param width of a filter, at least 1
   */
  public DepthwiseConv2d(
      int channels,
      int multiplier,
      int height,
      int width,
      ConvOptions options,
      Initializer initializer,
      DType dtype,
      RandomGenerator random) {
    this(
        new Draw("depthwiseConv2d", initializer, dtype, random)
            .weight(
                shape(channels, multiplier, height, width),
                height * width,
                multiplier * height * width),
        NdArray.zeros(dtype, Shape.of(channels * multiplier)),
        options);
  }

  /**
   * A layer with these first values.
   *
   * @param weight [C M, 1, KH, KW]
   * @param bias [C M]
   * @param options how the filters slide, of one group
   * @throws ShapeException if the shapes are others
   * @throws org.gradus.autograd.array.DTypeException if the element types differ
   */
  public DepthwiseConv2d(NdArray weight, NdArray bias, ConvOptions options) {
    this(
        weight,
        Optional.of(Nulls.given("depthwiseConv2d: bias", bias)),
        Nulls.given("depthwiseConv2d: options", options));
  }

  /**
   * A layer without a bias, with this first weight.
   *
   * @param weight [C M, 1, KH, KW]
   * @param options how the filters slide, of one group
   * @throws ShapeException if the shape is another
   */
  public DepthwiseConv2d(NdArray weight, ConvOptions options) {
    this(weight, Optional.empty(), Nulls.given("depthwiseConv2d: options", options));
  }

  private DepthwiseConv2d(NdArray weight, Optional<NdArray> bias, ConvOptions options) {
    super("depthwiseConv2d", /* rank= */ 4, /* axis= */ 0, /* groups= */ 1, weight, bias, options);
    if (options.groups() != 1 || weight.shape().dim(1) != 1) {
      throw new ShapeException(
          "depthwiseConv2d",
          "weight %s and options with groups=%s, expected filters of one channel, and no groups"
              .formatted(weight.shape(), options.groups()));
    }
  }

  /** A layer with the weight that this one has now, and no bias. */
  public DepthwiseConv2d withoutBias() {
    return new DepthwiseConv2d(weight().value(), options());
  }

  private static Shape shape(int channels, int multiplier, int height, int width) {
    requirePositive("depthwiseConv2d", "channels", channels);
    requirePositive("depthwiseConv2d", "multiplier", multiplier);
    requirePositive("depthwiseConv2d", "kernel", height);
    requirePositive("depthwiseConv2d", "kernel", width);
    long filters = (long) channels * multiplier;
    if (filters > Integer.MAX_VALUE) {
      throw new ShapeException(
          "depthwiseConv2d",
          "%s channels times %s are too many filters".formatted(channels, multiplier));
    }
    return Shape.of("depthwiseConv2d", (int) filters, 1, height, width);
  }

  @Override
  protected Tensor compute(Tensor x, Pass pass) {
    Tensor y = depthwiseConv2d(x, pass.use(weight()), options());
    return bias().map(b -> Ops.bias(y, pass.use(b))).orElse(y);
  }
}
