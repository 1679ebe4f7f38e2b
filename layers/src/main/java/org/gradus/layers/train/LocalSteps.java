package org.gradus.layers.train;

import java.util.Iterator;
import java.util.function.Supplier;
import org.gradus.layers.Pass;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Batches;

/**
 * Steps that are computed here.
 *
 * @param batches of the epochs
 * @param step how each is computed, asked for once in each epoch
 */
record LocalSteps(Batches batches, Supplier<MicroBatches> step) implements Steps {

  @Override
  public int count() {
    return batches.count();
  }

  @Override
  public Iterable<Computation> epoch(long number, int first) {
    MicroBatches ofBatch = step.get();
    Iterable<Batch> epoch = batches.epoch(number, first);
    return () -> new Walk(ofBatch, epoch.iterator());
  }

  /** A batch is made when its step is next. */
  private record Walk(MicroBatches step, Iterator<Batch> batches) implements Iterator<Computation> {
    @Override
    public boolean hasNext() {
      return batches.hasNext();
    }

    @Override
    public Computation next() {
      Batch batch = batches.next();
      return (seed, number) -> step.of(batch, Pass.training(seed, number));
    }
  }

  /** That of the batches. */
  @Override
  public String toString() {
    return batches.toString();
  }
}
