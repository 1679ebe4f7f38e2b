package org.gradus.layers;

import java.util.random.RandomGenerator;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.layers.init.Initializer;

/**
 * How the first weight of a layer is drawn.
 *
 * @param layer what the layer is called in messages
 */
record Draw(String layer, Initializer initializer, DType dtype, RandomGenerator random) {

  /** Refuses null. */
  Draw {
    Nulls.refuse(layer + ": initializer, dtype, random", initializer, dtype, random);
  }

  /** What the initialiser draws, checked. */
  NdArray weight(Shape shape, int fanIn, int fanOut) {
    NdArray weight =
        Nulls.given(
            layer + ": what the initialiser made",
            initializer.initialize(dtype, shape, fanIn, fanOut, random));
    if (weight.dtype() != dtype || !weight.shape().equals(shape)) {
      throw new ShapeException(
          layer,
          "the initialiser made %s %s, expected %s %s"
              .formatted(weight.dtype(), weight.shape(), dtype, shape));
    }
    return weight;
  }
}
