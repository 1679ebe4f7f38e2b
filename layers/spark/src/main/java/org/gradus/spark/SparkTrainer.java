package org.gradus.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.gradus.autograd.array.Nulls;
import org.gradus.layers.Layer;
import org.gradus.layers.Parameter;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.train.History;
import org.gradus.layers.train.Trainer;
import org.jspecify.annotations.Nullable;

/**
 * Trains a net by the executors of a Spark cluster, with the bits of a run on one machine:
 *
 * <pre>{@code
 * SparkTrainer spark = SparkTrainer.of(Digits::trainer, Digits::batches, rows);
 * spark.trainer().saving(new RunFolder(path)).telling(Progress.on(System.err));
 * History history = spark.fit(20);
 *
 * Digits.trainer().fit(Digits.batches(rows.collect()), 20);   // on one machine: the same bits
 * }</pre>
 *
 * <p>Each step is a job. Its tasks compute the gradients of blocks of the parts that {@link
 * Trainer#parts} cuts a batch into, with the weights that the driver has sent; the driver adds them
 * up in the order of the parts, and takes the step. So the number of parts decides the bits, and
 * neither the executors nor their cores, nor how often one has failed. The driver's trainer does
 * all the rest: what it measures, tells, saves and resumes is as on one machine, and a run that was
 * begun on one goes on on the other.
 *
 * <p>Not for use by several threads at once.
 */
public final class SparkTrainer {
  /** From how many bytes on the gradients of all tasks of a step are added up in slices. */
  private static final long MOST_BYTES = 64L << 20;

  private final Sent<Training> training;
  private final Sent<Cutting> cutting;
  private final SparkRows rows;
  private final Trainer trainer;
  private final List<Consumer<StepCost>> costs = new ArrayList<>();
  private OptionalInt block = OptionalInt.empty();
  private OptionalInt slices = OptionalInt.empty();
  private boolean compresses;

  /** How a trainer is made: the same net, loss, metrics and parts each time. */
  @FunctionalInterface
  public interface Training extends Serializable {
    /** A new net with its trainer; executors use its net and its {@link Trainer#step}. */
    Trainer trainer();
  }

  /** How examples are cut into batches: the same each time. */
  @FunctionalInterface
  public interface Cutting extends Serializable {
    /**
     * The batches of a data set, which may be altered example by example, but not mixed.
     *
     * @param data all examples; no subset of them
     */
    Batches batches(Dataset data);
  }

  private SparkTrainer(
      Sent<Training> training, Sent<Cutting> cutting, SparkRows rows, Trainer trainer) {
    this.training = training;
    this.cutting = cutting;
    this.rows = rows;
    this.trainer = trainer;
  }

  /**
   * Of the examples of a table. Nothing is computed yet.
   *
   * @param training makes the driver's trainer now, and one or more in each executor
   * @param cutting makes the batches, in each of these places
   * @param rows the examples
   * @throws IllegalArgumentException if one of the functions holds something that is not
   *     serializable
   */
  public static SparkTrainer of(Training training, Cutting cutting, SparkRows rows) {
    Nulls.refuse("sparkTrainer: training, cutting, rows", training, cutting, rows);
    Trainer trainer = Nulls.given("sparkTrainer: the trainer", training.trainer());
    return new SparkTrainer(
        Sent.of("sparkTrainer: training", training),
        Sent.of("sparkTrainer: cutting", cutting),
        rows,
        trainer);
  }

  /** The driver's trainer: tell it what is saved, told, validated by and resumed. */
  public Trainer trainer() {
    return trainer;
  }

  /**
   * So many parts of a step are one task; if none is said, there are as few tasks as keep all cores
   * busy. No bits depend on it.
   *
   * @param parts a power of two
   * @return this
   * @throws IllegalArgumentException if it is none
   */
  public SparkTrainer block(int parts) {
    new Blocks(1, parts);
    block = OptionalInt.of(parts);
    return this;
  }

  /**
   * Gradients of all tasks are added up in so many slices, each by a task of its own, so that the
   * driver gets no more than one net's; if none is said, it is done where those of all tasks have
   * more than 64 MB. No bits depend on it.
   *
   * @param count at least 1; 0 for never
   * @return this
   * @throws IllegalArgumentException if it is negative
   */
  public SparkTrainer slices(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("slices: %s, expected at least 0".formatted(count));
    }
    slices = OptionalInt.of(count);
    return this;
  }

  /**
   * Gradients that tasks return are compressed, by LZ4 and without loss: for a network of less than
   * about 3 Gbit/s, where the fewer bytes save more time than they cost. Spark compresses weights
   * and slices by itself.
   *
   * @return this
   */
  public SparkTrainer compressing() {
    compresses = true;
    return this;
  }

  /**
   * Somebody who is told what each step has cost.
   *
   * @param listener told after those before
   * @return this
   */
  public SparkTrainer telling(Consumer<StepCost> listener) {
    costs.add(Nulls.given("telling: listener", listener));
    return this;
  }

  /**
   * Trains until so many epochs are done, as {@link Trainer#fit(Batches, int)} does. Before the
   * first step every row is checked.
   *
   * @param epochs how many there are to be, at least 0
   * @return how all epochs went that are done
   * @throws IllegalArgumentException if there are no rows, or one is not right, which the message
   *     names; or as {@link Trainer#fit(Batches, int)}
   * @throws IllegalStateException if batches are mixed, or are of some examples only; if an
   *     executor computes by kernels of other bits; or if Spark gives a task up
   */
  public History fit(int epochs) {
    int size = rows.numbering().size();
    if (size == 0) {
      throw new IllegalArgumentException("sparkTrainer: there are no %s".formatted(rows));
    }
    SharedRun run = new SharedRun(training, cutting, rows, trainer);
    Batches batches = run.batches();
    batches.requireUnmixed();
    int cut = batches.numbers(1).length;
    if (cut != size) {
      throw new IllegalStateException(
          "sparkTrainer: batches of %s examples, and there are %s; choose rows in the table, not by subset"
              .formatted(cut, size));
    }
    Blocks blocks = blocks();
    try (SparkSteps steps =
        new SparkSteps(rows, run, trainer, blocks, slices(blocks), compresses, this::tell)) {
      return trainer.fit(steps, epochs);
    }
  }

  private void tell(StepCost cost) {
    costs.forEach(each -> each.accept(cost));
  }

  private Blocks blocks() {
    JavaSparkContext context = rows.context();
    int cores = context.getConf().getInt("spark.task.cpus", 1);
    int slots = Math.max(1, context.defaultParallelism() / cores);
    int parts = trainer.step().parts();
    return block.isPresent() ? new Blocks(parts, block.getAsInt()) : Blocks.of(parts, slots);
  }

  private @Nullable Slices slices(Blocks blocks) {
    Layer net = trainer.net();
    int[] lengths = net.parameters().stream().mapToInt(each -> each.shape().size()).toArray();
    long bytes = Weights.of(net).bytes() * blocks.count();
    int count = slices.orElse(bytes > MOST_BYTES && blocks.count() > 2 ? blocks.count() : 0);
    return count == 0 ? null : new Slices(count, lengths);
  }

  /** For example {@code training of 8 parameters by rows of pixels: ... and digit: ...}. */
  @Override
  public String toString() {
    List<Parameter> parameters = trainer.net().parameters();
    return "training of %s parameters by %s".formatted(parameters.size(), rows);
  }
}
