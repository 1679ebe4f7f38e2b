package org.gradus.layers.data;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.gradus.autograd.array.NdArray;

/** The classes of examples, of which as little as possible is read. */
final class Labels {
  private static final int MOST_ELEMENTS = 1 << 22;
  private static final int MOST_EXAMPLES = 1 << 10;

  private Labels() {}

  /** How many examples are to be read together, so that their inputs need little memory. */
  static int together(Dataset data) {
    if (data.size() == 0) {
      return 1;
    }
    int elements = Math.max(1, data.select(0).inputs().size());
    return Math.max(1, Math.min(MOST_EXAMPLES, MOST_ELEMENTS / elements));
  }

  /** The class of each example, read some at a time. */
  static int[] read(Dataset data) {
    return read(data, all(data.size()));
  }

  private static int[] read(Dataset data, int... numbers) {
    int[] labels = new int[numbers.length];
    int step = numbers.length == 0 ? 1 : together(data);
    for (int from = 0; from < numbers.length; from += step) {
      int to = Math.min(numbers.length, from + step);
      int[] some = data.select(Arrays.copyOfRange(numbers, from, to)).labels();
      System.arraycopy(some, 0, labels, from, some.length);
    }
    return labels;
  }

  /** The classes of some examples; of others none is looked at where that can be. */
  static int[] of(Dataset data, int... numbers) {
    if (data instanceof InMemory memory) {
      return of(memory.all().targets(), numbers);
    }
    if (data instanceof Ragged ragged) {
      return of(ragged.targets(), numbers);
    }
    if (data instanceof Subset subset) {
      return of(subset.whole(), subset.numbers(numbers));
    }
    if (data instanceof Concatenated parts) {
      return parts.labels(numbers);
    }
    if (data instanceof Computed || data instanceof Mapped) {
      return read(data, numbers);
    }
    int[] labels = data.labels();
    return Arrays.stream(numbers).map(number -> labels[number]).toArray();
  }

  private static int[] of(NdArray targets, int... numbers) {
    NdArray some = Rows.of(targets, numbers);
    return new Batch(some, some).labels();
  }

  /** The numbers of all of so many examples. */
  static int[] all(int size) {
    return IntStream.range(0, size).toArray();
  }
}
