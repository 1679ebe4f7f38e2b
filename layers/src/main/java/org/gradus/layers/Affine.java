package org.gradus.layers;

import java.util.random.RandomGenerator;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.layers.init.Initializer;

/** What layers with a weight and a bias share. */
final class Affine {
  private Affine() {}

  static void requirePositive(String layer, String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "%s: %s is %s, expected at least 1".formatted(layer, what, value));
    }
  }

  /** What the initialiser draws, checked. */
  static NdArray draw(
      String layer,
      Initializer initializer,
      DType dtype,
      Shape shape,
      int fanIn,
      int fanOut,
      RandomGenerator random) {
    Nulls.refuse(layer + ": initializer, dtype, random", initializer, dtype, random);
    NdArray weight = initializer.initialize(dtype, shape, fanIn, fanOut, random);
    if (weight.dtype() != dtype || !weight.shape().equals(shape)) {
      throw new ShapeException(
          layer,
          "the initialiser made %s %s, expected %s %s"
              .formatted(weight.dtype(), weight.shape(), dtype, shape));
    }
    return weight;
  }

  /** Checks that the bias has one element for each output, and the element type of the weight. */
  static void requireBias(String layer, NdArray weight, NdArray bias) {
    int outputs = weight.shape().dim(0);
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
