package org.gradus.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.Layer;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;
import org.gradus.layers.data.Batches;
import org.gradus.layers.optim.ParameterGradients;
import org.gradus.layers.train.Metric;
import org.gradus.layers.train.MicroBatches;
import org.gradus.layers.train.Steps;
import org.gradus.layers.train.Trainer;
import org.jspecify.annotations.Nullable;

/** Steps that executors compute: one job for each, over the shelves of its blocks. */
final class SparkSteps implements Steps, AutoCloseable {
  private final SparkRows rows;
  private final JavaSparkContext context;
  private final Trainer trainer;
  private final Layer net;
  private final Batches batches;
  private final Blocks blocks;

  /** Empty if the driver adds up whole gradients. */
  private final @Nullable Slices slices;

  private final boolean compresses;
  private final Consumer<StepCost> costs;
  private final Machine driver = Machine.here("the driver");
  private final Broadcast<SharedRun> run;

  /** Of the epoch that is under way. */
  private @Nullable Arrangement arrangement;

  SparkSteps(
      SparkRows rows,
      SharedRun run,
      Trainer trainer,
      Blocks blocks,
      @Nullable Slices slices,
      boolean compresses,
      Consumer<StepCost> costs) {
    this.rows = rows;
    this.context = rows.context();
    this.trainer = trainer;
    this.net = trainer.net();
    this.batches = run.batches();
    this.blocks = blocks;
    this.slices = slices;
    this.compresses = compresses;
    this.costs = costs;
    this.run = context.broadcast(run);
  }

  @Override
  public int count() {
    return batches.count();
  }

  @Override
  public Iterable<Computation> epoch(long number, int first) {
    return () -> {
      arrange(number);
      return new Walk(number, first);
    };
  }

  private void arrange(long epoch) {
    if (arrangement != null) {
      arrangement.close();
    }
    int size = rows.numbering().size();
    int used =
        Math.min(size, (int) Math.min(Integer.MAX_VALUE, (long) count() * batches.batchSize()));
    long bytes = (long) Float.BYTES * (rows.input().size() + rows.target().size());
    Arrangement.Layout layout = Arrangement.Layout.of(blocks, batches.batchSize(), used, bytes);
    arrangement = new Arrangement(context, rows, layout, batches.numbers(epoch));
  }

  /** One walk through an epoch. */
  private final class Walk implements Iterator<Computation> {
    private final long epoch;
    private int next;

    Walk(long epoch, int first) {
      this.epoch = epoch;
      this.next = first;
    }

    @Override
    public boolean hasNext() {
      return next < count();
    }

    @Override
    public Computation next() {
      if (!hasNext()) {
        throw new NoSuchElementException("all %s steps were there".formatted(count()));
      }
      int batch = next++;
      return (seed, step) -> sum(epoch, batch, seed, step);
    }
  }

  private MicroBatches.Sum sum(long epoch, int batch, long seed, long step) {
    Arrangement now = arrangement;
    if (now == null) {
      throw new IllegalStateException("sparkTrainer: the run is over");
    }
    long start = System.nanoTime();
    Weights values = Weights.of(net);
    Broadcast<Weights> weights = context.broadcast(values);
    try {
      long sent = System.nanoTime();
      BlockTask.Place place =
          new BlockTask.Place(
              seed, step, epoch, batch * batches.batchSize(), now.layout().sizeOf(batch));
      JavaRDD<BlockSum> sums =
          now.ofStep(batch)
              .mapPartitionsWithIndex(
                  new BlockTask(run, weights, blocks, place), /* preservesPartitioning= */ true);
      Reduction.Told told = told(sums, epoch, batch);
      long back = System.nanoTime();
      MicroBatches.Sum sum = added(told, Pass.training(seed, step));
      long end = System.nanoTime();
      costs.accept(
          new StepCost(
              Math.toIntExact(epoch),
              batch + 1,
              seconds(end - start),
              seconds(sent - start),
              told.heads().stream().map(each -> seconds(each.nanoseconds)).toList(),
              seconds(end - back),
              values.bytes(),
              told.bytes()));
      return sum;
    } finally {
      weights.destroy();
    }
  }

  private static double seconds(long nanoseconds) {
    return nanoseconds / 1e9;
  }

  private Reduction.Told told(JavaRDD<BlockSum> sums, long epoch, int batch) {
    try {
      if (slices != null) {
        return Reduction.sliced(sums, slices);
      }
      return compresses ? Reduction.packed(sums) : Reduction.whole(sums);
    } catch (Exception e) { // Scala throws what it does not declare
      if (e instanceof SparkException) {
        throw new IllegalStateException(
            "sparkTrainer: step %s of epoch %s: %s".formatted(batch + 1, epoch, e.getMessage()), e);
      }
      throw e;
    }
  }

  /** The sum over all blocks, of the driver's net. */
  private MicroBatches.Sum added(Reduction.Told told, Pass pass) {
    told.heads().forEach(each -> each.machine.requireLike(driver));
    told.heads().forEach(Head::requireDone);
    List<Metric> metrics = trainer.step().metrics();
    List<MicroBatches.Sum> sums = new ArrayList<>();
    for (int i = 0; i < told.heads().size(); i++) {
      Head head = told.heads().get(i);
      if (!head.isEmpty()) {
        Map<Parameter, NdArray> gradients =
            slices == null ? BlockSum.gradients(net, told.gradients().get(i)) : Map.of();
        sums.add(head.sum(gradients, net, metrics, pass));
      }
    }
    MicroBatches.Sum sum = MicroBatches.sum(sums);
    if (slices == null) {
      return sum;
    }
    ParameterGradients gradients =
        ParameterGradients.of(BlockSum.gradients(net, told.gradients().get(0)), net.parameters());
    return new MicroBatches.Sum(sum.examples(), sum.loss(), gradients, sum.pass(), sum.measures());
  }

  /** Gives the memory of all executors back. */
  @Override
  public void close() {
    if (arrangement != null) {
      arrangement.close();
      arrangement = null;
    }
    run.destroy();
  }

  /** That of the batches: a run may go on here that was begun on one machine, and the reverse. */
  @Override
  public String toString() {
    return batches.toString();
  }
}
