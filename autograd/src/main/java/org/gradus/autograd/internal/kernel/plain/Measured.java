package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.Known;
import org.gradus.autograd.internal.kernel.Slices;
import org.jspecify.annotations.Nullable;

/** Two or three numbers for each slice of an array, in double precision, as they were measured. */
final class Measured {
  /** Shorter slices are measured again: what is kept would be large beside them. */
  private static final int LEAST = 128;

  private final double[][] numbers;

  /** So many numbers for each slice, all 0. */
  Measured(int count, int slices) {
    this.numbers = new double[count][slices];
  }

  double[] numbers(int i) {
    return numbers[i];
  }

  /** The numbers of a question and some slices, which are known, or are still to be measured. */
  static final class Asked {
    private final Known known;
    private final Object question;
    private final @Nullable Measured found;
    private final @Nullable Measured open;

    /**
     * Asks what is known about an array.
     *
     * @param count of numbers for each slice
     */
    Asked(Known known, Object question, Slices slices, int count) {
      this.known = known;
      this.question = question;
      this.found = known.find(question, Measured.class);
      boolean keeps = found == null && known.keeps() && slices.size() >= LEAST;
      this.open = keeps ? new Measured(count, slices.count()) : null;
    }

    /** What is known. */
    @Nullable Measured found() {
      return found;
    }

    /** Where to write what is measured now, if it is worth it. */
    @Nullable Measured open() {
      return open;
    }

    /** What has been found or measured. */
    @Nullable Measured numbers() {
      return found == null ? open : found;
    }

    /** Has what was measured be known. */
    void close() {
      if (open != null) {
        known.keep(question, open);
      }
    }
  }
}
