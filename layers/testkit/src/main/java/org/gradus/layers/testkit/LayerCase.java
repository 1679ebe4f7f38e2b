package org.gradus.layers.testkit;

import org.gradus.autograd.array.Shape;

/**
 * What one trial puts into a layer.
 *
 * @param sizes of the input and the output
 * @param batch how many examples, where the sizes are those of one
 * @param seed of the layer and of the numbers in the input
 */
record LayerCase(Sizes sizes, int batch, long seed) {

  /**
   * What goes in and comes out.
   *
   * @param ofExample whether these are the shapes of one example, without the axis of a batch
   */
  record Sizes(Shape input, Shape output, boolean ofExample) {
    /** For example {@code [1, 5, 7] to [8, 3, 5]}. */
    @Override
    public String toString() {
      return input + " to " + output;
    }
  }

  LayerCase withBatch(int other) {
    return new LayerCase(sizes, other, seed);
  }

  LayerCase withSeed(long other) {
    return new LayerCase(sizes, batch, other);
  }

  Shape input() {
    return whole(sizes.input);
  }

  Shape output() {
    return whole(sizes.output);
  }

  private Shape whole(Shape shape) {
    return sizes.ofExample ? shape.stacked("shape", batch) : shape;
  }

  @Override
  public String toString() {
    return "input %s, layer and numbers of seed %s".formatted(input(), seed);
  }
}
