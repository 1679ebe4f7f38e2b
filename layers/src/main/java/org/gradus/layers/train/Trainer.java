package org.gradus.layers.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.ops.Ops;
import org.gradus.layers.Layer;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.files.SafeTensors;
import org.gradus.layers.optim.Optimizer;
import org.gradus.layers.optim.ParameterGradients;

/**
 * Trains a net, epoch by epoch.
 *
 * <pre>{@code
 * Trainer trainer = new Trainer(net, new Optimizer(net, new Adam(1e-3)), Loss.crossEntropy())
 *     .measuring(Metric.accuracy())
 *     .validating(split.test(), 100)
 *     .stoppingEarly(3);
 * History history = trainer.fit(Batches.shuffled(split.train(), 32, seed), 20);
 * net.load(trainer.best().orElseThrow().state());
 * }</pre>
 *
 * <p>The bits of a run are a function of the first weights, the data, the batches with their seed,
 * the seed of the trainer, the optimiser, and the number of parts. A run that is stopped, by {@link
 * #stop} or an interrupt of its thread, ends after a step, and {@link #fit} goes on from there with
 * the bits of a run that was never stopped. It prints nothing: see {@link Progress}. Not for use by
 * several threads at once, but for {@link #stop}.
 */
public final class Trainer {
  static final String LOSS = "loss";
  static final String VALIDATION = "val_";

  private final Layer net;
  private final Optimizer optimizer;
  private final Loss loss;
  private final List<Listener> listeners = new ArrayList<>();
  private final Options options = new Options();
  private final Judge judge = options.judge;
  private volatile boolean stopped;
  private boolean isStoppedWithTheJvm;
  private Optional<Saving> saving = Optional.empty();

  // how far the run is
  private final Course course = new Course();
  private final List<Epoch> epochs = course.epochs;
  private final Running running = course.running;

  /**
   * Of a net and a loss of its outputs.
   *
   * @param net that is changed
   * @param optimizer of its parameters
   * @param loss which is made smaller
   */
  public Trainer(Layer net, Optimizer optimizer, Loss loss) {
    Nulls.refuse("trainer: net, optimizer, loss", net, optimizer, loss);
    this.net = net;
    this.optimizer = optimizer;
    this.loss = loss;
  }

  // ---- options ---------------------------------------------------------------------------------

  /**
   * The seed of what layers draw in training; 0 if none is given.
   *
   * @param number any
   * @return this
   * @throws IllegalStateException in the middle of an epoch
   */
  public Trainer seed(long number) {
    requireBetweenEpochs("seed");
    options.seed = number;
    return this;
  }

  /**
   * Each batch in parts, one after the other, in less memory: see {@link MicroBatches#parts}.
   *
   * @param count at least 1
   * @return this
   * @throws IllegalArgumentException if there are fewer
   * @throws IllegalStateException in the middle of an epoch
   */
  public Trainer parts(int count) {
    MicroBatches.requirePositive("parts", count);
    requireBetweenEpochs("parts");
    options.parts = count;
    return this;
  }

  /**
   * So many parts at a time, with the same bits: see {@link MicroBatches#together}.
   *
   * @param count at least 1
   * @return this
   * @throws IllegalArgumentException if there are fewer
   */
  public Trainer together(int count) {
    MicroBatches.requirePositive("together", count);
    options.together = count;
    return this;
  }

  /**
   * Gradients are scaled down to a length: see {@link ParameterGradients#clipNorm}.
   *
   * @param most the length, above 0 and finite
   * @return this
   * @throws IllegalArgumentException if it is not
   */
  public Trainer clippingNorm(double most) {
    if (!(most > 0 && Double.isFinite(most))) {
      throw new IllegalArgumentException(
          "clippingNorm: most is %s, expected a finite number above 0".formatted(most));
    }
    options.clip = OptionalDouble.of(most);
    return this;
  }

  /**
   * What is measured, besides the loss, over the training and the validation examples.
   *
   * @param metrics no two of one name, none called {@code loss}, nor {@code val_} and more
   * @return this
   * @throws IllegalArgumentException if two have one name, or one has such a name
   * @throws IllegalStateException in the middle of an epoch
   */
  public Trainer measuring(Metric... metrics) {
    List<Metric> given = Nulls.list("measuring: metrics", metrics);
    given.forEach(each -> Measures.requireName("measuring", each));
    requireBetweenEpochs("measuring");
    options.metrics = new Measures(given).metrics(); // refuses two of one name
    return this;
  }

  /**
   * Examples that the net does not learn from, and by which it is measured after each epoch.
   *
   * @param data one example or more
   * @param batchSize at least 1; bounds the memory needed
   * @return this
   * @throws IllegalArgumentException if there is no example, or the batch size is below 1
   * @throws IllegalStateException if an epoch was judged already
   */
  public Trainer validating(Dataset data, int batchSize) {
    Nulls.refuse("validating: data", data);
    if (data.size() == 0) {
      throw new IllegalArgumentException("validating: no examples, expected one or more");
    }
    Batches.inOrder(data, batchSize); // refuses the batch size
    requireUnjudged("validating");
    options.validation = Optional.of(new Options.Validation(data, batchSize));
    return this;
  }

  /**
   * The measure by which the best epoch is found, over the validation examples if there are some;
   * the loss if none is given.
   *
   * @param metric measured besides the others if it is none of them; not called {@code loss}, nor
   *     {@code val_} and more
   * @return this
   * @throws IllegalArgumentException if it has such a name
   * @throws IllegalStateException if an epoch was judged already, or in the middle of one
   */
  public Trainer judgedBy(Metric metric) {
    Measures.requireName("judgedBy", Nulls.given("judgedBy: metric", metric));
    requireBetweenEpochs("judgedBy");
    requireUnjudged("judgedBy");
    judge.metric(metric);
    return this;
  }

  /**
   * The run ends when it has not become better for some epochs.
   *
   * @param epochs how many in a row, at least 1
   * @return this
   * @throws IllegalArgumentException if there are fewer
   */
  public Trainer stoppingEarly(int epochs) {
    MicroBatches.requirePositive("stoppingEarly", epochs);
    judge.patience(epochs);
    return this;
  }

  /**
   * Somebody who is told how the run goes.
   *
   * @param listener told after those before
   * @return this
   */
  public Trainer telling(Listener listener) {
    listeners.add(Nulls.given("telling: listener", listener));
    return this;
  }

  /**
   * The run is saved, so that it can be resumed by another process.
   *
   * @param where in place of one before
   * @return this
   */
  public Trainer saving(RunFolder where) {
    this.saving = Optional.of(new Saving(Nulls.given("saving: where", where)));
    return this;
  }

  /**
   * When the JVM is told to end during {@link #fit}, by Ctrl-C, say, it ends after the step or the
   * validation that is under way, once the run is saved; {@link #fit} does not return then, and
   * what cannot be saved is told to the thread's handler of uncaught exceptions. The JVM waits for
   * a minute at most, and not at all if it was a listener that told it to end.
   *
   * @return this
   */
  public Trainer stoppingWithTheJvm() {
    this.isStoppedWithTheJvm = true;
    return this;
  }

  private void requireBetweenEpochs(String function) {
    if (running.batches() > 0) {
      throw new IllegalStateException(
          "%s: %s batches of an epoch are done".formatted(function, running.batches()));
    }
  }

  private void requireUnjudged(String function) {
    if (judge.best().isPresent()) {
      throw new IllegalStateException(
          "%s: %s epochs were judged by %s".formatted(function, epochs.size(), options.judgedBy()));
    }
  }

  // ---- training --------------------------------------------------------------------------------

  /**
   * Trains until so many epochs are done, in all calls together, or the run is stopped.
   *
   * @param batches of the epochs 1, 2, and so on
   * @param epochs how many there are to be, at least 0
   * @return how all epochs went that are done
   * @throws IllegalArgumentException if the number is negative, there are no batches, an epoch was
   *     begun with others, or the data do not fit the net or the loss
   * @throws org.gradus.layers.optim.NonFiniteStepException if a loss or a gradient is not finite;
   *     the step is not taken
   * @throws IllegalStateException if the folder of the run has checkpoints, and it was not resumed
   * @throws UncheckedIOException if the run is saved, and a file cannot be written
   */
  public History fit(Batches batches, int epochs) {
    Nulls.refuse("fit: batches", batches);
    return fit(new LocalSteps(batches, this::step), epochs);
  }

  /**
   * As {@link #fit(Batches, int)}, with steps that others may compute.
   *
   * @param steps computed by the {@link #net} and the {@link #step} of such a trainer
   * @param epochs how many there are to be, at least 0
   * @return how all epochs went that are done
   * @throws IllegalArgumentException also if an epoch has more or fewer steps than it is said to
   *     have, or a step has measured something else
   */
  public History fit(Steps steps, int epochs) {
    Nulls.refuse("fit: steps", steps);
    if (epochs < 0 || steps.count() < 1) {
      throw new IllegalArgumentException(
          "fit: %s epochs of %s batches, expected at least 0 of at least 1"
              .formatted(epochs, steps.count()));
    }
    try {
      if (isStoppedWithTheJvm) {
        ShutdownGuard.during(() -> walk(steps, epochs), this::stop);
      } else {
        walk(steps, epochs);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      stopped = false;
    }
    return history();
  }

  /** The net that is trained. */
  public Layer net() {
    return net;
  }

  /** How this trainer computes what comes of a batch: the loss, in parts, with what is measured. */
  public MicroBatches step() {
    return options.step(net, loss, optimizer.allowsNonFinite());
  }

  private void walk(Steps steps, int count) throws IOException {
    running.requireSame(steps.toString());
    if (saving.isPresent()) {
      saving.get().begin();
    }
    try {
      if (saving.isPresent() && isToGoOn(count)) {
        saving.get().save(options.texts(net, optimizer, loss, steps, count));
      }
      while (isToGoOn(count)) {
        epoch(steps, count);
      }
    } finally {
      if (saving.isPresent()) {
        saving.get().end();
      }
    }
  }

  private boolean isToGoOn(int count) {
    return epochs.size() < count && !judge.isOver(epochs.size()) && !stopped;
  }

  private void epoch(Steps steps, int count) throws IOException {
    running.begin(steps.toString(), options.measured());
    walkEpoch(steps, count);
    if (stopped) {
      save(false);
      return;
    }
    long start = System.nanoTime();
    Map<String, Double> values = running.values();
    Map<String, Double> judged = values;
    if (options.validation.isPresent()) {
      judged = evaluate(options.validation.get().data(), options.validation.get().batchSize());
      judged.forEach((name, value) -> values.put(VALIDATION + name, value));
    }
    running.add(System.nanoTime() - start);
    int number = epochs.size() + 1;
    epochs.add(new Epoch(number, optimizer.steps(), running.rate(), values, running.seconds()));
    running.end();
    judge.judge(number, judged, net);
    try {
      told().forEach(each -> each.onEpoch(epochs.get(number - 1)));
    } finally {
      save(true);
    }
  }

  /** Takes the steps of an epoch that are left, or up to the one after which it is stopped. */
  private void walkEpoch(Steps steps, int count) throws IOException {
    int number = epochs.size() + 1;
    long start = System.nanoTime();
    for (Steps.Computation next : new Counted(steps, number, running.batches())) {
      double lossOfStep = take(next);
      long now = System.nanoTime();
      running.add(now - start);
      start = now;
      Step done = running.step(number, count, steps.count(), lossOfStep);
      told().forEach(each -> each.onStep(done));
      if (Thread.currentThread().isInterrupted()) {
        stopped = true;
      }
      if (stopped) {
        return;
      }
      if (done.batch() < done.batches() && saving.isPresent() && saving.get().isDue(done.batch())) {
        save(false);
      }
    }
  }

  /** As they are now: one that is told may add another. */
  private List<Listener> told() {
    return List.copyOf(listeners);
  }

  private double take(Steps.Computation step) {
    double rate = optimizer.rateOf(0);
    MicroBatches.Sum sum =
        Nulls.given("fit: what came of a step", step.of(options.seed, optimizer.steps()));
    Measures measured = running.with(sum.measures()); // refuses others before the net has changed
    ParameterGradients gradients =
        options.clip.isPresent()
            ? sum.gradients().clipNorm(options.clip.getAsDouble())
            : sum.gradients();
    optimizer.step(gradients, sum.pass());
    running.add(sum, measured, rate);
    return sum.loss();
  }

  // ---- saving and resuming ---------------------------------------------------------------------

  private void save(boolean isEpoch) throws IOException {
    if (saving.isPresent()) {
      Checkpoint now = course.checkpoint(net, optimizer, loss, options);
      saving.get().save(optimizer.steps(), now, isEpoch);
    }
  }

  /**
   * Goes on with the last checkpoint of the folder that the run is saved to; begins anew if there
   * is none. The run that follows has the bits of one that was never stopped, if the net, the
   * optimiser, the options of this trainer, and the batches are the same.
   *
   * @return this
   * @throws IllegalStateException if no folder is given, or this trainer has taken a step
   * @throws org.gradus.layers.files.FileFormatException if the file is damaged, or is none of a run
   * @throws IllegalArgumentException if it is of another net, optimiser, seed, or number of parts,
   *     or has measured something else; the message names the file, and nothing has changed
   * @throws IOException if it cannot be read
   */
  public Trainer resume() throws IOException {
    if (saving.isEmpty()) {
      throw new IllegalStateException("resume: no folder is given; call saving first");
    }
    if (optimizer.steps() > 0 || !epochs.isEmpty()) {
      throw new IllegalStateException(
          "resume: %s steps were taken; resume a run before its first"
              .formatted(optimizer.steps()));
    }
    Optional<Path> last = saving.get().folder().last();
    if (last.isPresent()) {
      Path file = last.get();
      Checkpoint saved = Checkpoint.of(SafeTensors.read(file), file);
      course.put(saved, file, net, optimizer, loss, options);
      saving.get().resumed();
    }
    return this;
  }

  /**
   * Ends the run after the step that is being taken; from any thread. If none is being taken, the
   * next {@link #fit} ends at once.
   */
  public void stop() {
    stopped = true;
  }

  // ---- what has come of it ---------------------------------------------------------------------

  /** How the epochs went that are done. */
  public History history() {
    return new History(epochs);
  }

  /** The best epoch so far; empty before the first one is done. */
  public Optional<Best> best() {
    return judge.best();
  }

  /**
   * The loss and the metrics over a data set, by name.
   *
   * @param data one example or more
   * @param batchSize at least 1; bounds the memory needed, and changes the values by rounding only
   * @throws IllegalArgumentException if the batch size is below 1, there is no example, or the data
   *     do not fit
   */
  public Map<String, Double> evaluate(Dataset data, int batchSize) {
    Nulls.refuse("evaluate: data", data);
    if (data.size() == 0) {
      throw new IllegalArgumentException("evaluate: no examples, expected one or more");
    }
    List<Metric> all = new ArrayList<>(List.of(Metric.loss(LOSS, loss)));
    all.addAll(options.measured());
    return new Measures(all).over(net, data, batchSize).values();
  }

  /**
   * The outputs of the net for a data set, in order.
   *
   * @param data one example or more
   * @param batchSize at least 1; bounds the memory needed besides that of the outputs
   * @return [N, ...]
   * @throws IllegalArgumentException if the batch size is below 1, or there is no example
   */
  public NdArray predict(Dataset data, int batchSize) {
    Nulls.refuse("predict: data", data);
    if (data.size() == 0) {
      throw new IllegalArgumentException("predict: no examples, expected one or more");
    }
    List<Tensor> outputs = new ArrayList<>();
    for (Batch batch : Batches.inOrder(data, batchSize).epoch(1)) {
      outputs.add(Tensor.constant(net.predict(batch.inputs())));
    }
    return Ops.concat(0, outputs.toArray(new Tensor[0])).value();
  }
}
