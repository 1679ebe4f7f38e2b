package org.gradus.spark;

import java.io.Serializable;
import java.util.Arrays;

/** The number of each row: how many have a smaller id. So it does not depend on partitions. */
final class Numbering implements Serializable {
  private static final long serialVersionUID = 1;

  private final long first;
  private final int size;

  /** Sorted; none if they follow each other without a gap. */
  private final long[] ids;

  private Numbering(long first, int size, long... ids) {
    this.first = first;
    this.size = size;
    this.ids = ids;
  }

  /**
   * Of these ids.
   *
   * @param ids in any order; sorted afterwards
   * @throws IllegalArgumentException if one is there twice
   */
  static Numbering of(long... ids) {
    Arrays.sort(ids);
    for (int i = 1; i < ids.length; i++) {
      if (ids[i] == ids[i - 1]) {
        throw new IllegalArgumentException("sparkRows: two rows have the id " + ids[i]);
      }
    }
    long first = ids.length == 0 ? 0 : ids[0];
    boolean isRange = ids.length == 0 || ids[ids.length - 1] - first == ids.length - 1L;
    return isRange ? new Numbering(first, ids.length) : new Numbering(first, ids.length, ids);
  }

  int size() {
    return size;
  }

  /**
   * The number of a row.
   *
   * @throws IllegalStateException if no such row was there when they were counted
   */
  int numberOf(long id) {
    long number = ids.length == 0 ? id - first : Arrays.binarySearch(ids, id);
    if (number < 0 || number >= size) {
      throw new IllegalStateException(
          "sparkRows: a row with the id %s was not there when they were counted; a table must be the same each time it is computed"
              .formatted(id));
    }
    return (int) number;
  }
}
