package org.gradus.layers.files;

import java.util.List;
import org.gradus.autograd.array.Nulls;

/**
 * What became of the values of a file, and of the places of a net. All lists are sorted.
 *
 * @param loaded the net's names of the values that were put in place
 * @param missing the net's names of the places that kept their values, as the file has none
 * @param misfits values of another shape or element type than their places, which kept theirs: a
 *     text of both, such as {@code fc.bias FLOAT32 [10] is FLOAT32 [1000]}
 * @param leftOver the file's names of values that the net has no place for
 * @param passedOver the file's names of counts of steps, which PyTorch keeps beside running
 *     statistics, and which nothing here depends on
 */
public record Loaded(
    List<String> loaded,
    List<String> missing,
    List<String> misfits,
    List<String> leftOver,
    List<String> passedOver) {

  /** Sorted copies of the lists. */
  public Loaded {
    Nulls.refuse(
        "loaded: loaded, missing, misfits, leftOver, passedOver",
        loaded,
        missing,
        misfits,
        leftOver,
        passedOver);
    loaded = loaded.stream().sorted().toList();
    missing = missing.stream().sorted().toList();
    misfits = misfits.stream().sorted().toList();
    leftOver = leftOver.stream().sorted().toList();
    passedOver = passedOver.stream().sorted().toList();
  }

  /** Whether every value has its place, and every place its value. */
  public boolean isWhole() {
    return missing.isEmpty() && misfits.isEmpty() && leftOver.isEmpty();
  }

  /** For example {@code 60 loaded, 2 missing, 0 misfits, 2 left over}. */
  @Override
  public String toString() {
    return "%s loaded, %s missing, %s misfits, %s left over"
        .formatted(loaded.size(), missing.size(), misfits.size(), leftOver.size());
  }
}
