package org.gradus.layers.data;

import java.util.Arrays;
import org.gradus.autograd.array.Nulls;

/** Some examples of another data set. */
final class Subset implements Dataset {
  private final Dataset whole;
  private final int[] numbers;

  Subset(Dataset whole, int... numbers) {
    whole.requireAll(numbers);
    this.whole = whole;
    this.numbers = numbers.clone();
  }

  @Override
  public int size() {
    return numbers.length;
  }

  @Override
  public Batch select(int... chosen) {
    Nulls.refuse("select: numbers", chosen);
    requireAll(chosen);
    return whole.select(numbers(chosen));
  }

  @Override
  public int[] labels() {
    return Labels.of(whole, numbers);
  }

  /** The data set that these examples are of. */
  Dataset whole() {
    return whole;
  }

  /** The numbers that some of these examples have in it. */
  int[] numbers(int... chosen) {
    return Arrays.stream(chosen).map(i -> numbers[i]).toArray();
  }

  /** For example {@code 120 of 150 examples: FLOAT32 [4] and FLOAT32 []}. */
  @Override
  public String toString() {
    return "%s of %s".formatted(numbers.length, whole);
  }
}
