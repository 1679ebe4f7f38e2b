package org.gradus.layers;

import static org.gradus.autograd.ops.Ops.convTranspose2d;

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
 * Transposed convolution, which makes images larger, and a bias for each channel of the output.
 *
 * <pre>
 *   x [N, C, H, W], weight w [C, F / groups, KH, KW], bias b [F]
 *   y = convTranspose2d(x, w) + b [N, F, OH, OW]
 * </pre>
 *
 * <p>See {@link Ops#convTranspose2d(Tensor, Tensor, ConvOptions, int, int)} for the formula, the
 * size of the output and the errors. Fan in is C / groups * KH * KW, fan out F / groups * KH * KW.
 */
public final class ConvTranspose2d extends Filters {
  private final int moreRows;
  private final int moreColumns;

  /**
   * A float32 layer with square filters, the weight drawn by {@link Initializer#heNormal}, the bias
   * zero.
   *
   * @param in channels of the input, at least 1
   * @param out channels of the output, at least 1
   * @param kernel height and width of a filter, at least 1
   * @param options of the convolution that this is the transpose of
   * @param random draws the weight
   * @throws IllegalArgumentException if a number is out of its range, or the groups do not divide
   *     both channel numbers
   */
  public ConvTranspose2d(int in, int out, int kernel, ConvOptions options, RandomGenerator random) {
    this(in, out, kernel, options, Initializer.heNormal(), DType.FLOAT32, random);
  }

  /**
   * As {@link #ConvTranspose2d(int, int, int, ConvOptions, RandomGenerator)}, with these first
   * weights and element type.
   *
   * @throws IllegalArgumentException also if the initialiser makes another shape or element type
   */
  public ConvTranspose2d(
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
   * A float32 layer with filters of this height and width; else as {@link #ConvTranspose2d(int,
   * int, int, ConvOptions, RandomGenerator)}.
   *
   * @param height of a filter, at least 1
   * @param width of a filter, at least 1
   */
  public ConvTranspose2d(
      int in, int out, int height, int width, ConvOptions options, RandomGenerator random) {
    this(in, out, height, width, options, Initializer.heNormal(), DType.FLOAT32, random);
  }

  /**
   * As {@link #ConvTranspose2d(int, int, int, int, ConvOptions, RandomGenerator)}, with these first
   * weights and element type.
   *
   * @throws IllegalArgumentException also if the initialiser makes another shape or element type
   */
  public ConvTranspose2d(
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
            new Draw("convTranspose2d", initializer, dtype, random),
            in,
            out,
            options,
            /* transposed= */ true,
            height,
            width),
        NdArray.zeros(dtype, Shape.of(out)),
        options);
  }

  /**
   * A layer with these first values.
   *
   * @param weight [C, F / groups, KH, KW]
   * @param bias [F]
   * @param options of the convolution that this is the transpose of
   * @throws ShapeException if the shapes are others, or the groups do not divide C
   * @throws org.gradus.autograd.array.DTypeException if the element types differ
   */
  public ConvTranspose2d(NdArray weight, NdArray bias, ConvOptions options) {
    this(
        weight,
        Optional.of(Nulls.given("convTranspose2d: bias", bias)),
        Nulls.given("convTranspose2d: options", options),
        0,
        0);
  }

  /**
   * A layer without a bias, with this first weight.
   *
   * @param weight [C, F / groups, KH, KW]
   * @param options of the convolution that this is the transpose of
   * @throws ShapeException if the shape is another, or the groups do not divide C
   */
  public ConvTranspose2d(NdArray weight, ConvOptions options) {
    this(weight, Optional.empty(), Nulls.given("convTranspose2d: options", options), 0, 0);
  }

  private ConvTranspose2d(
      NdArray weight, Optional<NdArray> bias, ConvOptions options, int moreRows, int moreColumns) {
    super("convTranspose2d", /* rank= */ 4, /* axis= */ 1, options.groups(), weight, bias, options);
    this.moreRows = moreRows;
    this.moreColumns = moreColumns;
    requireDivisible("convTranspose2d", "in", weight.shape().dim(0), options.groups());
  }

  /** A layer with the weight that this one has now, and no bias. */
  public ConvTranspose2d withoutBias() {
    return new ConvTranspose2d(
        weight().value(), Optional.empty(), options(), moreRows, moreColumns);
  }

  /**
   * A layer with the values that this one has now, whose output is larger at its lower and right
   * end: it says which of several sizes is meant.
   *
   * @param more rows and columns, at least 0
   * @throws IllegalArgumentException if there are fewer; whether there are too many depends on the
   *     options, and is told when the layer computes
   */
  public ConvTranspose2d outputPadding(int more) {
    return outputPadding(more, more);
  }

  /**
   * As {@link #outputPadding(int)}, for each axis by itself.
   *
   * @param rows more at the lower end, at least 0
   * @param columns more at the right end, at least 0
   * @throws IllegalArgumentException if there are fewer
   */
  public ConvTranspose2d outputPadding(int rows, int columns) {
    if (Math.min(rows, columns) < 0) {
      throw new IllegalArgumentException(
          "convTranspose2d: output padding %s, expected at least 0"
              .formatted(Math.min(rows, columns)));
    }
    return new ConvTranspose2d(
        weight().value(), bias().map(Parameter::value), options(), rows, columns);
  }

  @Override
  protected Tensor compute(Tensor x, Pass pass) {
    Tensor w = pass.use(weight());
    return bias()
        .map(b -> convTranspose2d(x, w, pass.use(b), options(), moreRows, moreColumns))
        .orElseGet(() -> convTranspose2d(x, w, options(), moreRows, moreColumns));
  }

  /** Each input is multiplied by the filters of its channel. */
  @Override
  protected long multiplyAdds(Shape input, Shape output) {
    return products(input);
  }
}
