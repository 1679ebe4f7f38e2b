package org.gradus.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.gradus.layers.Pass;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Batches;
import org.gradus.layers.train.MicroBatches;
import org.jspecify.annotations.Nullable;

/**
 * What a task computes of the shelf of its block: a function of the weights, the seed, the step and
 * the examples, so that it may be run anywhere, and again.
 *
 * @param run what all tasks share
 * @param weights of the step
 * @param blocks of parts
 * @param place of the step
 */
record BlockTask(Broadcast<SharedRun> run, Broadcast<Weights> weights, Blocks blocks, Place place)
    implements Function2<Integer, Iterator<Shelf>, Iterator<BlockSum>> {
  private static final long serialVersionUID = 1;

  /**
   * Which step of a run it is.
   *
   * @param seed of the run
   * @param step the count of steps before
   * @param epoch its number
   * @param from the place of its first example in the epoch
   * @param size how many examples it has
   */
  record Place(long seed, long step, long epoch, int from, int size) implements Serializable {}

  @Override
  public Iterator<BlockSum> call(Integer block, Iterator<Shelf> shelves) {
    Machine machine = Machine.here("executor " + SparkEnv.get().executorId());
    BlockSum sum;
    try {
      sum = sum(block, shelves.next(), machine);
    } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
      sum = new BlockSum(Head.refused(block, machine, e)); // it would be refused again
    }
    return List.of(sum).iterator();
  }

  private BlockSum sum(int block, Shelf shelf, Machine machine) {
    int[] bounds = Batch.bounds(place.size, blocks.parts());
    int first = block * blocks.size();
    int end = Math.min(first + blocks.size(), bounds.length - 1);
    if (first >= end) {
      return new BlockSum(Head.nothing(block, machine));
    }
    SharedRun shared = run.value();
    Weights values = weights.value(); // those that the executor has fetched, or fetches now
    long start = System.nanoTime();
    int at = shelf.find(place.from + bounds[first], place.from + bounds[end]);
    int[] numbers = shelf.numbers(at, bounds[end] - bounds[first]);
    Batches batches = shared.batches(shelf, at, numbers);
    List<Batch> parts = new ArrayList<>();
    for (int part = first; part < end; part++) {
      int from = bounds[part] - bounds[first];
      int to = bounds[part + 1] - bounds[first];
      parts.add(batches.of(place.epoch, Arrays.copyOfRange(numbers, from, to)));
    }
    return shared.with(
        values,
        pupil -> {
          Pass pass = Pass.training(place.seed, place.step);
          MicroBatches.Sum sum = pupil.step().block(parts, first, place.size, pass);
          @Nullable Serializable[] gradients = BlockSum.arrays(sum.gradients(), pupil.net());
          long taken = System.nanoTime() - start;
          return new BlockSum(Head.of(block, machine, taken, sum, pupil.net()), gradients);
        });
  }
}
