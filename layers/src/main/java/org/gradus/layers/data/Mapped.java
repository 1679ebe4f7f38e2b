package org.gradus.layers.data;

import java.util.function.UnaryOperator;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.ShapeException;

/** Examples as a function makes them of others. */
record Mapped(Dataset whole, UnaryOperator<Batch> f) implements Dataset {
  @Override
  public int size() {
    return whole.size();
  }

  @Override
  public Batch select(int... numbers) {
    Nulls.refuse("select: numbers", numbers);
    Batch batch = whole.select(numbers);
    Batch made = Nulls.given("map: the batch that f makes", f.apply(batch));
    if (made.size() != batch.size()) {
      throw new ShapeException(
          "map", "f makes a %s of a %s, expected as many examples".formatted(made, batch));
    }
    return made;
  }

  /** For example {@code 150 examples: FLOAT32 [4] and FLOAT32 [], mapped}. */
  @Override
  public String toString() {
    return whole + ", mapped";
  }
}
