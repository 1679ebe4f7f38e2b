package org.gradus.layers.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An epoch that is not done: how far it is, and what was measured so far. */
final class Running {
  private String text = "";
  private int batches;
  private long examples;
  private double lossSum;
  private double rate = Double.NaN;
  private double seconds;
  private Measures measures = new Measures(List.of());

  /** How many batches are done. */
  int batches() {
    return batches;
  }

  /** The rate of the last step. */
  double rate() {
    return rate;
  }

  double seconds() {
    return seconds;
  }

  /** Refuses to go on with an epoch that was begun with other batches. */
  void requireSame(String batchesText) {
    if (batches > 0 && !text.equals(batchesText)) {
      throw new IllegalArgumentException(
          "fit: %s of the batches of an epoch are done, which were %s, and now are %s"
              .formatted(batches, text, batchesText));
    }
  }

  /** Begins an epoch; goes on with one that is begun. */
  void begin(String batchesText, List<Metric> metrics) {
    if (batches == 0) {
      text = batchesText;
      examples = 0;
      lossSum = 0;
      seconds = 0;
      measures = new Measures(metrics);
    }
  }

  /** What is measured with one more batch. */
  Measures with(Measures next) {
    return measures.and(next);
  }

  /** One more batch, with which so much is measured, after a step of this rate. */
  void add(MicroBatches.Sum sum, Measures measured, double rateOfStep) {
    measures = measured;
    batches++;
    examples += sum.examples();
    lossSum += sum.loss() * sum.examples();
    rate = rateOfStep;
  }

  /** More time. */
  void add(long nanoseconds) {
    seconds += nanoseconds / 1e9;
  }

  /** All of it is done, and told. */
  void end() {
    batches = 0;
  }

  /** The loss and the metrics so far, by name, in order. */
  Map<String, Double> values() {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(Trainer.LOSS, lossSum / examples);
    values.putAll(measures.values());
    return values;
  }

  /** How far it is, after a step of this loss. */
  Step step(int epoch, int epochs, int count, double loss) {
    return new Step(epoch, epochs, batches, count, examples, loss, lossSum / examples, measures);
  }

  /** For a checkpoint: nothing between two epochs. */
  Checkpoint.Progressed progressed(Options options, Map<String, String> told) {
    long seed = options.seed;
    int parts = options.parts;
    List<String> names = options.measured().stream().map(Metric::name).toList();
    String judgedBy = options.judgedBy();
    return batches == 0
        ? new Checkpoint.Progressed(
            seed, parts, "", 0, 0, 0, Double.NaN, 0, names, List.of(), judgedBy, told)
        : new Checkpoint.Progressed(
            seed,
            parts,
            text,
            batches,
            examples,
            lossSum,
            rate,
            seconds,
            names,
            measures.numbers(),
            judgedBy,
            told);
  }

  void restore(Checkpoint.Progressed saved, List<Metric> metrics) {
    text = saved.batches();
    batches = saved.batchesDone();
    examples = saved.examples();
    lossSum = saved.lossSum();
    rate = saved.rate();
    seconds = saved.seconds();
    measures = new Measures(metrics).with(saved.numbers());
  }
}
