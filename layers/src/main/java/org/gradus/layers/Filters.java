package org.gradus.layers;

import java.util.Arrays;
import java.util.Optional;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.ConvOptions;

/** A layer whose weight is filters that slide, and what convolutions of all kinds share. */
abstract class Filters extends Affine {
  private final ConvOptions options;

  /**
   * @param axis of the weight that has an index for each output
   * @param groups how often the outputs of that axis are there
   */
  Filters(
      String layer,
      int rank,
      int axis,
      int groups,
      NdArray weight,
      Optional<NdArray> bias,
      ConvOptions options) {
    super(layer, rank, axis, groups, weight, bias);
    this.options = options;
  }

  /** How the filters slide, and in how many groups. */
  public final ConvOptions options() {
    return options;
  }

  /** The groups of options that may be null: what is worked out before the constructor is. */
  static int groups(String layer, ConvOptions options) {
    return Nulls.given(layer + ": options", options).groups();
  }

  /**
   * The weight's shape [first, second / groups, kernel, ...], square, once the numbers are checked.
   */
  static Shape shape(
      String layer, int in, int out, int kernel, int axes, int groups, boolean transposed) {
    requirePositive(layer, "in", in);
    requirePositive(layer, "out", out);
    requirePositive(layer, "kernel", kernel);
    requireDivisible(layer, "in", in, groups);
    requireDivisible(layer, "out", out, groups);
    int[] dims = new int[2 + axes];
    Arrays.fill(dims, kernel);
    dims[0] = transposed ? in : out;
    dims[1] = (transposed ? out : in) / groups;
    return Shape.of(layer, dims);
  }

  /** Each output adds up the products of one filter. */
  @Override
  protected long multiplyAdds(Shape input, Shape output) {
    return products(output);
  }

  /** One product for each number of the filter of each element. */
  final long products(Shape elements) {
    Shape w = weight().shape();
    return (long) elements.size() * w.size(1, w.rank());
  }
}
