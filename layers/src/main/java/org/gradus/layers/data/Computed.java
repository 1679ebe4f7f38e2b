package org.gradus.layers.data;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.ShapeException;

/** Examples that are made when they are asked for, one by one. */
record Computed(int size, IntFunction<Batch> example) implements Dataset {

  Computed {
    if (size < 0) {
      throw new IllegalArgumentException(
          "dataset: %s examples, expected at least 0".formatted(size));
    }
  }

  @Override
  public Batch select(int... numbers) {
    Nulls.refuse("select: numbers", numbers);
    requireAll(numbers);
    if (numbers.length == 0) {
      return none();
    }
    List<Batch> all = new ArrayList<>();
    for (int number : numbers) {
      all.add(one(number));
    }
    return Batch.joined("dataset", all);
  }

  /** None of the examples, of which the first says what kind they are. */
  private Batch none() {
    if (size == 0) {
      throw new IllegalArgumentException("select: of no examples, none is known");
    }
    return new InMemory(one(0)).select();
  }

  private Batch one(int number) {
    Batch one = Nulls.given("dataset: example " + number, example.apply(number));
    if (one.size() != 1) {
      throw new ShapeException(
          "dataset", "example %s is a %s, expected a batch of 1".formatted(number, one));
    }
    return one;
  }

  /** For example {@code 60000 examples}. */
  @Override
  public String toString() {
    return size + " examples";
  }
}
