package org.gradus.layers.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.layers.Layer;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Dataset;

/**
 * What some metrics have taken of the examples so far.
 *
 * <pre>{@code
 * Measures measures = new Measures(List.of(Metric.accuracy(), Metric.f1()));
 * for (Batch batch : Batches.inOrder(data, 100).epoch(1)) {
 *   measures = measures.and(net.predict(batch.inputs()), batch);
 * }
 * Map<String, Double> values = measures.values();
 * }</pre>
 *
 * <p>A value: to join more makes another one.
 */
public final class Measures {
  private final List<Metric> metrics;

  /** The numbers of each metric, batch by batch; joined when they are asked for. */
  private final Blocks blocks;

  private Measures(List<Metric> metrics, Blocks blocks) {
    this.metrics = metrics;
    this.blocks = blocks;
  }

  /**
   * Of no examples yet.
   *
   * @param metrics no two of one name
   * @throws IllegalArgumentException if two have one name
   */
  public Measures(List<Metric> metrics) {
    this(Nulls.list("measures: metrics", metrics), Blocks.NONE);
    List<String> names = metrics.stream().map(Metric::name).toList();
    if (names.stream().distinct().count() < names.size()) {
      throw new IllegalArgumentException(
          "measures: two metrics of one name among %s".formatted(names));
    }
  }

  /** Refuses a name that a run has for something else, or that its files cannot have. */
  static void requireName(String function, Metric metric) {
    String name = Nulls.given(function + ": a metric's name", metric.name());
    if (name.equals(Trainer.LOSS) || name.startsWith(Trainer.VALIDATION) || name.contains("\n")) {
      throw new IllegalArgumentException(
          "%s: a metric is called '%s', expected one line, and neither loss nor val_ and more"
              .formatted(function, name));
    }
  }

  /** As they were when they had these numbers. */
  Measures with(List<double[]> earlier) {
    return new Measures(metrics, Blocks.NONE.and(earlier));
  }

  List<Metric> metrics() {
    return metrics;
  }

  /** The numbers of each metric, in order; none at all of no examples. Copies. */
  public List<double[]> numbers() {
    return copies(blocks.joined(metrics));
  }

  private static List<double[]> copies(List<double[]> numbers) {
    return numbers.stream().map(double[]::clone).toList();
  }

  /**
   * With numbers that were taken elsewhere, as in another process.
   *
   * @param numbers of each of these metrics, in order, as {@link #numbers()} told them; none at all
   *     of no examples
   * @throws IllegalArgumentException if they are of more or fewer metrics
   */
  public Measures and(List<double[]> numbers) {
    List<double[]> next = Nulls.list("and: numbers", numbers);
    if (!next.isEmpty() && next.size() != metrics.size()) {
      throw new IllegalArgumentException(
          "measures: numbers of %s metrics, expected those of %s"
              .formatted(next.size(), names(metrics)));
    }
    return new Measures(metrics, blocks.and(copies(next)));
  }

  /**
   * With the examples of a batch.
   *
   * @param outputs of the net
   * @param batch whose inputs the net was given
   * @throws IllegalArgumentException if a metric does not measure such outputs and targets
   */
  public Measures and(NdArray outputs, Batch batch) {
    Nulls.refuse("and: outputs, batch", outputs, batch);
    return and(
        with(
            metrics.stream()
                .map(
                    each ->
                        Nulls.given(each.name() + ": the numbers", each.numbers(outputs, batch)))
                .toList()));
  }

  /** With those of a net over a data set, in inference, which goes through it in batches. */
  Measures over(Layer net, Dataset data, int batchSize) {
    Measures all = this;
    for (Batch batch : Batches.inOrder(data, batchSize).epoch(1)) {
      all = all.and(net.predict(batch.inputs()), batch);
    }
    return all;
  }

  /**
   * With those of others behind these.
   *
   * @param next of the same metrics
   * @throws IllegalArgumentException if they are not
   */
  public Measures and(Measures next) {
    Nulls.refuse("and: next", next);
    if (!next.metrics.equals(metrics)) {
      throw new IllegalArgumentException(
          "measures: of %s and of %s, expected the same metrics"
              .formatted(names(metrics), names(next.metrics)));
    }
    return new Measures(metrics, blocks.and(next.blocks.joined(metrics)));
  }

  private static List<String> names(List<Metric> metrics) {
    return metrics.stream().map(Metric::name).toList();
  }

  /** The value of each metric by its name, in order; NaN of no examples. */
  public Map<String, Double> values() {
    List<double[]> numbers = numbers(); // which a metric of the user's may alter
    Map<String, Double> values = new LinkedHashMap<>();
    for (int i = 0; i < metrics.size(); i++) {
      Metric metric = metrics.get(i);
      values.put(metric.name(), numbers.isEmpty() ? Double.NaN : metric.value(numbers.get(i)));
    }
    return Collections.unmodifiableMap(values);
  }

  /** The values, for example {@code {accuracy=0.98}}. */
  @Override
  public String toString() {
    return values().toString();
  }
}
