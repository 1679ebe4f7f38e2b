package org.gradus.benchmarks.peer;

import java.util.SplittableRandom;
import org.gradus.autograd.array.Shape;

/**
 * A batch to train on.
 *
 * @param shape of the inputs
 * @param inputs their numbers
 * @param labels a class for each example
 * @param images what is wanted, of a net that makes images
 */
record Examples(Shape shape, float[] inputs, int[] labels, float[] images) {

  /** Drawn ones; the same seed gives the same. */
  static Examples drawn(Net net, int batch, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Shape shape = net.inputs(batch);
    return new Examples(
        shape,
        floats(random, shape.size()),
        random.ints(batch, 0, Net.CLASSES).toArray(),
        net.makesImages() ? floats(random, shape.size()) : new float[0]);
  }

  private static float[] floats(SplittableRandom random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  int count() {
    return labels.length;
  }
}
