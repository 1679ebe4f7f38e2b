package org.gradus.layers;

import static org.gradus.autograd.ops.ConvOptions.same;
import static org.gradus.autograd.ops.Ops.crossEntropy;
import static org.gradus.layers.init.Initializer.heNormal;

import java.util.random.RandomGenerator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.data.Batch;

/** Small networks and their data. */
public final class Nets {
  private Nets() {}

  /** From images [N, 1, 6, 6] to logits [N, 3], through one layer of each kind. */
  public static Sequential tinyCnn(DType dtype, RandomGenerator random) {
    return new Sequential(
        new Conv2d(1, 4, 3, same(), heNormal(), dtype, random),
        new Relu(),
        new MaxPool2d(2),
        new Flatten(),
        new Linear(36, 3, heNormal(), dtype, random));
  }

  /** Normally distributed pixels [N, 1, 6, 6], and labels that have nothing to do with them. */
  public static Batch noise(DType dtype, int count, RandomGenerator random) {
    NdArray images = NdArray.generate(dtype, Shape.of(count, 1, 6, 6), i -> random.nextGaussian());
    return new Batch(images, random.ints(count, 0, 3).toArray());
  }

  /** The mean cross-entropy over a batch. */
  public static Tensor loss(Layer net, Batch batch) {
    return crossEntropy(net.forward(Tensor.constant(batch.inputs())), batch.labels());
  }
}
