package org.gradus.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The elements of some arrays, one behind the other, cut into slices of about one length, so that
 * each slice of all blocks can be added up in a place of its own. A slice is a list of parts, one
 * of each array that it meets, in order; where an array is missing, so are its parts.
 */
final class Slices implements Serializable {
  private static final long serialVersionUID = 1;

  private final int[] lengths;
  private final int count;

  /** Where the elements of each array begin, and behind them the end of all. */
  private final long[] starts;

  /**
   * Of arrays of these lengths.
   *
   * @param count how many slices, at least 1
   */
  Slices(int count, int... lengths) {
    this.count = count;
    this.lengths = lengths;
    this.starts = new long[lengths.length + 1];
    for (int i = 0; i < lengths.length; i++) {
      starts[i + 1] = starts[i] + lengths[i];
    }
  }

  int count() {
    return count;
  }

  private long from(int slice) {
    return starts[lengths.length] / count * slice + starts[lengths.length] % count * slice / count;
  }

  /** The part of an array that a slice has. */
  private record Part(int array, int from, int to) {}

  private List<Part> parts(int slice) {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < lengths.length; i++) {
      long from = Math.max(from(slice), starts[i]);
      long to = Math.min(from(slice + 1), starts[i + 1]);
      if (from < to) {
        parts.add(new Part(i, (int) (from - starts[i]), (int) (to - starts[i])));
      }
    }
    return parts;
  }

  /** A slice of these arrays; copies. */
  @Nullable Serializable[] cut(int slice, @Nullable Serializable... arrays) {
    return parts(slice).stream()
        .map(
            part -> {
              @Nullable Serializable array = arrays[part.array];
              return array == null ? null : Numbers.part(array, part.from, part.to);
            })
        .toArray(Serializable[]::new);
  }

  /** The arrays that were cut into these slices. */
  @Nullable Serializable[] joined(List<@Nullable Serializable[]> slices) {
    @Nullable Serializable[] arrays = new Serializable[lengths.length];
    for (int slice = 0; slice < count; slice++) {
      List<Part> parts = parts(slice);
      for (int i = 0; i < parts.size(); i++) {
        Part part = parts.get(i);
        @Nullable Serializable values = slices.get(slice)[i];
        if (values != null) {
          @Nullable Serializable array = arrays[part.array];
          if (array == null) {
            array = Numbers.empty(values, lengths[part.array]);
            arrays[part.array] = array;
          }
          System.arraycopy(values, 0, array, part.from, part.to - part.from);
        }
      }
    }
    return arrays;
  }

  @Override
  public String toString() {
    return "%s slices of arrays of %s".formatted(count, Arrays.toString(lengths));
  }
}
