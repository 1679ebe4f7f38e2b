package org.gradus.autograd.functional;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.gradus.autograd.array.NdArray;

/**
 * A cotangent of one tensor for each example: that of example n is the derivative of its loss. If
 * each element of the tensor belongs to one example, and the examples lie apart, it is an array of
 * the tensor's shape; or else one for each example, which is made when it is asked for.
 */
final class PerExampleValue {
  private final Examples examples;
  private final boolean isApart;
  private final Supplier<NdArray> value;
  private final Optional<NdArray> norms;

  private PerExampleValue(
      Examples examples, boolean isApart, Supplier<NdArray> value, Optional<NdArray> norms) {
    this.examples = examples;
    this.isApart = isApart;
    this.value = value;
    this.norms = norms;
  }

  /** Of the tensor's shape. */
  static PerExampleValue apart(Examples examples, NdArray value) {
    return new PerExampleValue(examples, true, () -> value, Optional.empty());
  }

  /**
   * One for each example.
   *
   * @param value [examples, the tensor's shape]
   * @param norms of all elements of each, [examples], where they are known without the value
   */
  static PerExampleValue each(Examples examples, Supplier<NdArray> value, Optional<NdArray> norms) {
    return new PerExampleValue(examples, false, value, norms);
  }

  boolean isApart() {
    return isApart;
  }

  /** Of the tensor's shape, where the examples lie apart. */
  NdArray apart() {
    return value.get();
  }

  /** [examples, the tensor's shape]. */
  NdArray each() {
    NdArray all = value.get();
    return isApart ? examples.stack(n -> examples.alone(all, n)) : all;
  }

  PerExampleValue plus(PerExampleValue other) {
    if (isApart && other.isApart) {
      return apart(examples, apart().plusScaled(1, other.apart()));
    }
    NdArray sum = each().plusScaled(1, other.each());
    return each(examples, () -> sum, Optional.empty());
  }

  /** The length of each example's cotangent, FLOAT64 [examples]. */
  NdArray norms() {
    return norms.orElseGet(this::computeNorms);
  }

  private NdArray computeNorms() {
    NdArray all = value.get();
    double[] each =
        IntStream.range(0, examples.count())
            .mapToDouble(n -> examples.part(all, n).norm())
            .toArray();
    return NdArray.of(each, each.length);
  }
}
