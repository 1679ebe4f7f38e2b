package org.gradus.layers.data;

import java.util.random.RandomGenerator;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;

/** As {@link Mixing#mixup}. */
record Mixup(double alpha, int classes) implements Mixing {

  Mixup {
    Mixtures.require("mixup", alpha, classes);
  }

  @Override
  public Batch apply(Batch batch, RandomGenerator random) {
    Nulls.refuse("apply: batch, random", batch, random);
    NdArray targets = Mixtures.probabilities("mixup", batch, classes);
    double share = Beta.symmetric(alpha, random);
    int[] others = Orders.shuffled(batch.size(), random);
    return new Batch(
        Mixtures.of(batch.inputs(), others, share), Mixtures.of(targets, others, share));
  }
}
