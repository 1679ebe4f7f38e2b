package org.gradus.spark;

import java.util.HashMap;
import java.util.Map;
import org.gradus.autograd.array.Nulls;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Dataset;
import org.jspecify.annotations.Nullable;

/**
 * All examples of a run as a data set, of which only some are at hand that lie side by side on a
 * shelf; on the driver none are.
 */
final class Shown implements Dataset {
  private final int size;
  private final String text;
  private final Field input;
  private final Field target;
  private final @Nullable Shelf shelf;
  private final Map<Integer, Integer> places = new HashMap<>();

  /** With nothing at hand. */
  Shown(int size, String text, Field input, Field target) {
    this.size = size;
    this.text = text;
    this.input = input;
    this.target = target;
    this.shelf = null;
  }

  /** The same, with these examples of a shelf at hand. */
  Shown(Shown all, Shelf shelf, int first, int... numbers) {
    this.size = all.size;
    this.text = all.text;
    this.input = all.input;
    this.target = all.target;
    this.shelf = shelf;
    for (int i = 0; i < numbers.length; i++) {
      places.put(numbers[i], first + i);
    }
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Batch select(int... numbers) {
    Nulls.refuse("select: numbers", numbers);
    requireAll(numbers);
    float[] inputs = new float[numbers.length * input.size()];
    float[] targets = new float[numbers.length * target.size()];
    for (int i = 0; i < numbers.length; i++) {
      Integer at = places.get(numbers[i]);
      if (shelf == null || at == null) {
        throw new IllegalStateException(
            "sparkTrainer: example %s is not at hand: batches take all examples as they are, and each part its own; choose rows in the table, not by subset"
                .formatted(numbers[i]));
      }
      shelf.copy(at, inputs, targets, i);
    }
    return new Batch(input.batch(inputs, numbers.length), target.batch(targets, numbers.length));
  }

  /** That of the same examples in memory. */
  @Override
  public String toString() {
    return text;
  }
}
