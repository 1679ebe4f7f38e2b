package org.gradus.layers;

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

  /**
   * The first weight, [out, in / groups, kernel...] or, of a transposed convolution, [in, out /
   * groups, kernel...], once the numbers are checked.
   */
  static NdArray weight(
      Draw draw, int in, int out, ConvOptions options, boolean transposed, int... kernel) {
    String layer = draw.layer();
    int groups = Nulls.given(layer + ": options", options).groups();
    requirePositive(layer, "in", in);
    requirePositive(layer, "out", out);
    requireDivisible(layer, "in", in, groups);
    requireDivisible(layer, "out", out, groups);
    int[] dims = new int[2 + kernel.length];
    dims[0] = transposed ? in : out;
    dims[1] = (transposed ? out : in) / groups;
    for (int i = 0; i < kernel.length; i++) {
      requirePositive(layer, "kernel", kernel[i]);
      dims[2 + i] = kernel[i];
    }
    Shape shape = Shape.of(layer, dims);
    int taps = shape.size(2, shape.rank());
    return draw.weight(shape, in / groups * taps, out / groups * taps);
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
