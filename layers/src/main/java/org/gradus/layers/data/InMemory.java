package org.gradus.layers.data;

import org.gradus.autograd.array.Nulls;

/** Examples that are all in memory. */
record InMemory(Batch all) implements Dataset {
  @Override
  public int size() {
    return all.size();
  }

  @Override
  public Batch select(int... numbers) {
    Nulls.refuse("select: numbers", numbers);
    requireAll(numbers);
    return new Batch(Rows.of(all.inputs(), numbers), Rows.of(all.targets(), numbers));
  }

  @Override
  public int[] labels() {
    return all.labels();
  }

  /** For example {@code 150 examples: FLOAT32 [4] and FLOAT32 []}. */
  @Override
  public String toString() {
    return "%s examples: %s and %s"
        .formatted(size(), Rows.kind(all.inputs()), Rows.kind(all.targets()));
  }
}
