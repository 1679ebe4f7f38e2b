package org.gradus.layers;

import java.util.Optional;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.ShapeException;

/** A layer with a weight, and perhaps a bias. */
abstract class Affine extends AbstractLayer {
  private final Parameter weight;
  private final Optional<Parameter> bias;

  /**
   * @param axis of the weight that has an index for each output
   * @param groups how often the outputs of that axis are there
   */
  Affine(String layer, int rank, int axis, int groups, NdArray weight, Optional<NdArray> bias) {
    Nulls.refuse(layer + ": weight, bias", weight, bias);
    if (weight.shape().rank() != rank) {
      throw new ShapeException(
          layer,
          "weight %s has rank %s, expected %s"
              .formatted(weight.shape(), weight.shape().rank(), rank));
    }
    bias.ifPresent(b -> requireBias(layer, weight, weight.shape().dim(axis) * groups, b));
    this.weight = parameter("weight", weight);
    this.bias = bias.map(b -> parameter("bias", b));
  }

  /** The weight. */
  public final Parameter weight() {
    return weight;
  }

  /** The bias, which has a number for each output; empty for a layer without. */
  public final Optional<Parameter> bias() {
    return bias;
  }

  static void requirePositive(String layer, String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "%s: %s is %s, expected at least 1".formatted(layer, what, value));
    }
  }

  static void requireFinite(String layer, String what, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "%s: %s %s, expected a finite number".formatted(layer, what, value));
    }
  }

  static void requireDivisible(String layer, String what, int channels, int groups) {
    if (channels % groups != 0) {
      throw new ShapeException(
          layer, "%s is %s, which groups=%s does not divide".formatted(what, channels, groups));
    }
  }

  /** Checks that the bias has one element for each output, and the element type of the weight. */
  private static void requireBias(String layer, NdArray weight, int outputs, NdArray bias) {
    if (bias.shape().rank() != 1 || bias.size() != outputs) {
      throw new ShapeException(
          layer,
          "the weight %s has %s outputs, but the bias has shape %s, expected [%s]"
              .formatted(weight.shape(), outputs, bias.shape(), outputs));
    }
    if (bias.dtype() != weight.dtype()) {
      throw new DTypeException(
          layer, "the weight is %s, but the bias is %s".formatted(weight.dtype(), bias.dtype()));
    }
  }
}
