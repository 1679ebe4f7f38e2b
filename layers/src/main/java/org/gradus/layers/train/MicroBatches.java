package org.gradus.layers.train;

import static org.gradus.autograd.ops.Ops.mul;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Nulls;
import org.gradus.layers.Layer;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;
import org.gradus.layers.data.Batch;
import org.gradus.layers.internal.Futures;
import org.gradus.layers.optim.NonFiniteStepException;
import org.gradus.layers.optim.ParameterGradients;
import org.gradus.layers.optim.TreeSum;

/**
 * A step over a batch that is computed in parts: for a batch that does not fit into memory at once,
 * or for several threads or machines. Loss, gradients and what is observed for running statistics
 * are added up in a binary tree by the numbers of the parts. So the number of parts decides the
 * bits, and nothing else: not how many are computed at a time, nor where.
 *
 * <pre>{@code
 * MicroBatches step = new MicroBatches(net, Loss.crossEntropy()).parts(4);
 * MicroBatches.Sum sum = step.of(batch, Pass.training(seed, optimizer.steps()));
 * optimizer.step(sum.gradients().clipNorm(1), sum.pass());
 * }</pre>
 *
 * <p>One part is the whole batch, and gives the bits of {@code optimizer.minimize(loss, pass)}.
 * Several are not the same function as one where examples of a batch meet in the net: batch
 * normalisation uses the statistics of each part, and its running statistics follow their mean. A
 * value; any number of threads may use it.
 */
public final class MicroBatches {
  private final List<Parameter> parameters;
  private final Computation computation;
  private final Measures measures;
  private final int parts;
  private final int together;
  private final boolean allowsNonFinite;

  /** A loss of some examples, asked by several threads at once; each call makes its own graph. */
  @FunctionalInterface
  public interface Objective {
    /**
     * The loss.
     *
     * @param part of a batch
     * @param pass to be handed through the net
     * @return one element: the mean over the part's examples
     */
    Tensor loss(Batch part, Pass pass);
  }

  /**
   * What comes of some parts that follow each other.
   *
   * @param examples how many they have
   * @param loss their share of the mean over the batch
   * @param gradients of that share
   * @param pass what was observed: the mean over the parts, each by its number of examples
   * @param measures of the outputs
   */
  public record Sum(
      int examples, double loss, ParameterGradients gradients, Pass pass, Measures measures) {

    /** Refuses null. */
    public Sum {
      Nulls.refuse("sum: gradients, pass, measures", gradients, pass, measures);
    }

    private Sum plus(Sum next) {
      int both = examples + next.examples;
      return new Sum(
          both,
          loss + next.loss,
          gradients.plus(next.gradients),
          pass.and(next.pass, both == 0 ? 0 : (double) next.examples / both),
          measures.and(next.measures));
    }
  }

  /** How a part is computed. */
  private interface Computation {
    Computed of(Batch part, Pass pass);
  }

  private record Computed(Tensor loss, Optional<Tensor> output) {}

  private MicroBatches(
      List<Parameter> parameters,
      Computation computation,
      Measures measures,
      int parts,
      int together,
      boolean allowsNonFinite) {
    this.parameters = parameters;
    this.computation = computation;
    this.measures = measures;
    this.parts = parts;
    this.together = together;
    this.allowsNonFinite = allowsNonFinite;
  }

  /**
   * Of a net and a loss of its outputs, in one part.
   *
   * @param net whose parameters' gradients are wanted
   * @param loss of a part
   */
  public MicroBatches(Layer net, Loss loss) {
    this(
        Nulls.given("microBatches: net", net).parameters(),
        outputs(net, Nulls.given("microBatches: loss", loss)),
        new Measures(List.of()),
        1,
        1,
        false);
  }

  private static Computation outputs(Layer net, Loss loss) {
    return (part, pass) -> {
      Tensor output = net.forward(part.inputs(), pass);
      return new Computed(loss.of(output, part), Optional.of(output));
    };
  }

  /**
   * Of any function, in one part: of several nets, say, or of pairs of examples.
   *
   * @param parameters whose gradients are wanted, no two the same
   * @param objective the loss of a part
   */
  public MicroBatches(List<Parameter> parameters, Objective objective) {
    this(
        Nulls.list("microBatches: parameters", parameters),
        function(Nulls.given("microBatches: objective", objective)),
        new Measures(List.of()),
        1,
        1,
        false);
  }

  private static Computation function(Objective objective) {
    return (part, pass) -> new Computed(objective.loss(part, pass), Optional.empty());
  }

  /**
   * In so many parts. A net with batch normalisation needs two examples in each: leave out a last
   * batch that is too small, by {@code dropLast}.
   *
   * @param count at least 1; a batch of fewer examples has as many parts as examples
   * @throws IllegalArgumentException if there are fewer
   */
  public MicroBatches parts(int count) {
    requirePositive("parts", count);
    return new MicroBatches(parameters, computation, measures, count, together, allowsNonFinite);
  }

  /**
   * With at most so many parts at a time, by threads of the common pool, in as much more memory.
   *
   * @param count at least 1
   * @throws IllegalArgumentException if there are fewer
   */
  public MicroBatches together(int count) {
    requirePositive("together", count);
    return new MicroBatches(parameters, computation, measures, parts, count, allowsNonFinite);
  }

  /**
   * With outputs that are measured.
   *
   * @param metrics no two of one name, in place of those before; none if the loss is a function
   *     that tells no outputs
   * @throws IllegalArgumentException if two have one name
   */
  public MicroBatches measuring(List<Metric> metrics) {
    return new MicroBatches(
        parameters,
        computation,
        new Measures(Nulls.list("measuring: metrics", metrics)),
        parts,
        together,
        allowsNonFinite);
  }

  /** With losses that are not finite accepted. */
  public MicroBatches allowNonFinite() {
    return new MicroBatches(parameters, computation, measures, parts, together, true);
  }

  /** In how many parts a batch is computed that has so many examples, or more. */
  public int parts() {
    return parts;
  }

  /** What is measured. */
  public List<Metric> metrics() {
    return measures.metrics();
  }

  static void requirePositive(String function, int count) {
    if (count < 1) {
      throw new IllegalArgumentException("%s: %s, expected at least 1".formatted(function, count));
    }
  }

  /**
   * The loss of a batch, its gradients, and what was observed.
   *
   * @param batch of any size
   * @param pass of the step; each part is given {@link Pass#part}, and what comes of it is in the
   *     sum's pass
   * @throws NonFiniteStepException if a part's loss is not finite; the message names the first op
   *     that made it so
   * @throws IllegalArgumentException if a loss has more or fewer than one element
   * @throws IllegalStateException if a parameter is given another value meanwhile
   */
  public Sum of(Batch batch, Pass pass) {
    Nulls.refuse("of: batch, pass", batch, pass);
    return block(batch.split(parts), 0, batch.size(), pass);
  }

  /**
   * What comes of some parts that follow each other, added up in a tree of their own: for those who
   * share out the parts in blocks, which {@link #sum} adds up.
   *
   * @param some one or more parts, in the order in which {@link Batch#split} has them
   * @param first the number of the first one, from 0
   * @param size of the whole batch
   * @param pass of the step
   * @throws NonFiniteStepException as {@link #of}
   * @throws IllegalArgumentException as {@link #part}, or if there are no parts, or they have more
   *     examples than the batch
   */
  public Sum block(List<Batch> some, int first, int size, Pass pass) {
    List<Batch> all = Nulls.list("block: some", some);
    Nulls.refuse("block: pass", pass);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("block: there are no parts, expected one or more");
    }
    long examples = all.stream().mapToLong(Batch::size).sum();
    if (examples > size) {
      throw new IllegalArgumentException(
          "block: parts of %s examples, of a batch of %s".formatted(examples, size));
    }
    if (first < 0 || first > Integer.MAX_VALUE - all.size()) {
      throw new IllegalArgumentException(
          "block: %s parts from number %s on, expected numbers from 0"
              .formatted(all.size(), first));
    }
    TreeSum<Sum> sum = new TreeSum<>(Sum::plus);
    for (int from = 0; from < all.size(); from += together) {
      int end = Math.min(from + together, all.size());
      at(first + from, all.subList(from, end), size, pass).forEach(sum::add);
    }
    return sum.total();
  }

  /**
   * What comes of one part, as {@link #of} computes it: for those who share out the parts.
   *
   * @param part the part of this number in {@link Batch#split}
   * @param number from 0
   * @param size of the whole batch, at least that of the part
   * @param pass of the step
   * @throws NonFiniteStepException as {@link #of}
   * @throws IllegalArgumentException as {@link #of}, or if the number is negative, or the batch is
   *     smaller than the part
   */
  public Sum part(Batch part, int number, int size, Pass pass) {
    Nulls.refuse("part: part, pass", part, pass);
    if (number < 0 || size < part.size()) {
      throw new IllegalArgumentException(
          "part: number %s, of %s examples in a batch of %s".formatted(number, part.size(), size));
    }
    Pass own = pass.part(number);
    Computed computed = computation.of(part, own);
    Tensor loss = Nulls.given("microBatches: the loss", computed.loss());
    Measures measured =
        measures.metrics().isEmpty()
            ? measures
            : computed.output().map(y -> measures.and(y.value(), part)).orElse(measures);
    double value = loss.shape().size() == 1 ? loss.value().item() : 0;
    if (!allowsNonFinite && !Double.isFinite(value)) {
      throw new NonFiniteStepException(
          "microBatches: the loss of part %s is %s%s"
              .formatted(number, value, NonFiniteStepException.blame(loss)));
    }
    double share = size == part.size() ? 1 : (double) part.size() / size;
    Tensor shared = share == 1 ? loss : mul(loss, share);
    ParameterGradients gradients = ParameterGradients.consuming(shared, parameters);
    return new Sum(part.size(), value * share, gradients, own, measured);
  }

  /**
   * The sum of parts, or of sums of blocks of them, as {@link #of} adds them up: the same bits if
   * each block has as many parts, a power of two, and the last one at most as many.
   *
   * @param sums one or more, in order
   * @throws IllegalArgumentException if there is none, or they are of other parameters
   */
  public static Sum sum(List<Sum> sums) {
    List<Sum> all = Nulls.list("sum: sums", sums);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("sum: sums is empty, expected one or more");
    }
    TreeSum<Sum> sum = new TreeSum<>(Sum::plus);
    all.forEach(sum::add);
    return sum.total();
  }

  private List<Sum> at(int first, List<Batch> some, int size, Pass pass) {
    if (some.size() == 1) {
      return List.of(part(some.get(0), first, size, pass));
    }
    List<CompletableFuture<Sum>> begun = new ArrayList<>();
    for (int i = 0; i < some.size(); i++) {
      Batch part = some.get(i);
      int number = first + i;
      begun.add(CompletableFuture.supplyAsync(() -> part(part, number, size, pass)));
    }
    CompletableFuture.allOf(begun.toArray(new CompletableFuture<?>[0]))
        .exceptionally(failed -> null) // is told below, when no thread uses the net any more
        .join();
    return begun.stream().map(Futures::result).toList();
  }
}
