package org.gradus.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The examples of a block of parts, for some steps that follow each other, in the order in which
 * these meet them.
 */
final class Shelf implements Serializable {
  private static final long serialVersionUID = 1;

  /** In the order of the epoch; sorted. */
  private final int[] positions;

  private final int[] numbers;
  private final float[] inputs;
  private final float[] targets;

  /** An example, and its place in the epoch. */
  static final class Placed implements Serializable {
    private static final long serialVersionUID = 1;

    private final int position;
    private final int number;
    private final float[] input;
    private final float[] target;

    Placed(int position, int number, Example example) {
      this.position = position;
      this.number = number;
      this.input = example.input;
      this.target = example.target;
    }
  }

  /** Of all examples of such a block, in any order; sorted afterwards. */
  Shelf(List<Placed> all) {
    all.sort(Comparator.comparingInt(each -> each.position));
    int count = all.size();
    positions = all.stream().mapToInt(each -> each.position).toArray();
    numbers = all.stream().mapToInt(each -> each.number).toArray();
    inputs = Numbers.room(count, count == 0 ? 0 : all.get(0).input.length);
    targets = Numbers.room(count, count == 0 ? 0 : all.get(0).target.length);
    for (int i = 0; i < count; i++) {
      Placed each = all.get(i);
      System.arraycopy(each.input, 0, inputs, i * each.input.length, each.input.length);
      System.arraycopy(each.target, 0, targets, i * each.target.length, each.target.length);
    }
  }

  /**
   * Where the example lies that has a place of the epoch, and behind it those of the places behind.
   *
   * @param to behind the last of these places
   * @throws IllegalStateException if one is missing
   */
  int find(int from, int to) {
    int first = Arrays.binarySearch(positions, from);
    int last = first + (to - from) - 1;
    if (first < 0 || last >= positions.length || positions[last] != to - 1) {
      throw new IllegalStateException(
          "sparkTrainer: rows are missing that were there when they were counted; a table must be"
              + " the same each time it is computed");
    }
    return first;
  }

  /** The numbers of examples that lie side by side. */
  int[] numbers(int first, int count) {
    return Arrays.copyOfRange(numbers, first, first + count);
  }

  /** Copies an example. */
  void copy(int at, float[] input, float[] target, int to) {
    int inputSize = inputs.length / numbers.length;
    int targetSize = targets.length / numbers.length;
    System.arraycopy(inputs, at * inputSize, input, to * inputSize, inputSize);
    System.arraycopy(targets, at * targetSize, target, to * targetSize, targetSize);
  }
}
