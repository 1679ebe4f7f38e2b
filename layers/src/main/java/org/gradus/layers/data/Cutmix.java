package org.gradus.layers.data;

import java.util.random.RandomGenerator;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/** As {@link Mixing#cutmix}. */
record Cutmix(double alpha, int classes) implements Mixing {

  Cutmix {
    Mixtures.require("cutmix", alpha, classes);
  }

  @Override
  public Batch apply(Batch batch, RandomGenerator random) {
    Nulls.refuse("apply: batch, random", batch, random);
    Shape shape = batch.inputs().shape();
    if (shape.rank() != 4) {
      throw new ShapeException("cutmix", "inputs %s, expected [N, C, H, W]".formatted(shape));
    }
    NdArray targets = Mixtures.probabilities("cutmix", batch, classes);
    if (shape.size() == 0) {
      return new Batch(batch.inputs(), targets);
    }
    int height = shape.dim(2);
    int width = shape.dim(3);
    double side = Math.sqrt(1 - Beta.symmetric(alpha, random));
    int[] rows = cut(height, side, random);
    int[] columns = cut(width, side, random);
    int[] others = Orders.shuffled(batch.size(), random);
    double share =
        1 - (double) (rows[1] - rows[0]) * (columns[1] - columns[0]) / ((double) height * width);
    return new Batch(
        pasted(batch.inputs(), others, rows, columns), Mixtures.of(targets, others, share));
  }

  /** From where to where an axis is replaced. */
  private static int[] cut(int extent, double share, RandomGenerator random) {
    int length = (int) Math.round(extent * share);
    int from = random.nextInt(extent) - length / 2;
    return new int[] {Math.max(0, from), Math.min(extent, from + length)};
  }

  /** The images, each with a rectangle of another one. */
  private static NdArray pasted(NdArray images, int[] others, int[] rows, int[] columns) {
    Shape shape = images.shape();
    int width = shape.dim(3);
    int area = shape.dim(2) * width;
    int channels = shape.dim(1);
    Object from = images.storage();
    Object to = from instanceof float[] floats ? floats.clone() : ((double[]) from).clone();
    for (int n = 0; n < others.length; n++) {
      for (int c = 0; c < channels; c++) {
        for (int i = rows[0]; i < rows[1]; i++) {
          int row = i * width + columns[0];
          System.arraycopy(
              from,
              (others[n] * channels + c) * area + row,
              to,
              (n * channels + c) * area + row,
              columns[1] - columns[0]);
        }
      }
    }
    return to instanceof float[] floats
        ? NdArray.wrap(floats, shape)
        : NdArray.wrap((double[]) to, shape);
  }
}
