package org.gradus.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.Layer;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.train.ConfusionMatrix;

/**
 * What a net says of classified examples, by one walk over them in batches.
 *
 * @param confusion of all examples
 * @param wrong the wrong ones that the net was surest of, the surest first
 * @param right the first right one of some classes
 * @param input the shape of one input, without the batch
 */
record Judged(
    ConfusionMatrix confusion, List<Judgement> wrong, List<Judgement> right, Shape input) {
  /** How many wrong examples are kept. */
  static final int MOST_WRONG = 24;

  /** How many right examples are kept. */
  static final int MOST_RIGHT = 4;

  private static final int MOST_CLASSES = 2000;

  /** Of equal ones, the first example is before the others. */
  private static final Comparator<Judgement> SUREST_LAST =
      Comparator.comparingDouble(Judgement::probability)
          .thenComparing(Judgement::number, Comparator.reverseOrder());

  /** One example: its number, its class, and the class that the net says, with its probability. */
  record Judgement(int number, int label, int predicted, double probability) {}

  /** Whether the inputs are images that have more than one place. */
  boolean hasImages() {
    return input.rank() == 3 && input.size() > 0 && input.dim(1) * (long) input.dim(2) > 1;
  }

  long examples() {
    return confusion.counts().stream().flatMap(List::stream).mapToLong(count -> count).sum();
  }

  /**
   * Walks over the examples.
   *
   * @throws IllegalArgumentException if there are none, or outputs and classes do not fit
   */
  static Judged of(Layer net, Examples.Classified examples) {
    Dataset data = examples.data();
    if (data.size() == 0) {
      throw new IllegalArgumentException("classified: no examples, expected one or more");
    }
    Walk walk = new Walk();
    for (int from = 0; from < data.size(); from += examples.batchSize()) {
      int to = (int) Math.min(data.size(), (long) from + examples.batchSize());
      Batch batch = data.select(IntStream.range(from, to).toArray());
      walk.add(from, Outputs.of(net.predict(batch.inputs()), batch, from), batch.inputs());
      if (to == data.size()) {
        break; // the next start may be above the largest int
      }
    }
    return walk.end();
  }

  /** What is kept on the way. */
  private static final class Walk {
    private long[][] counts = {};
    private final PriorityQueue<Judgement> wrong = new PriorityQueue<>(SUREST_LAST);
    private final Map<Integer, Judgement> right = new LinkedHashMap<>();
    private Shape input = Shape.SCALAR;

    void add(int from, Outputs outputs, NdArray inputs) {
      int classes = outputs.classes();
      if (classes > MOST_CLASSES) {
        throw new IllegalArgumentException(
            "classified: %s classes, expected at most %s".formatted(classes, MOST_CLASSES));
      }
      if (counts.length == 0) {
        counts = new long[classes][classes + 1];
        int[] dims = inputs.shape().toArray();
        input = Shape.of(IntStream.range(1, dims.length).map(axis -> dims[axis]).toArray());
      } else if (counts.length != classes) {
        throw new IllegalArgumentException(
            "classified: %s classes in one batch and %s in another"
                .formatted(counts.length, classes));
      }
      for (int i = 0; i < outputs.size(); i++) {
        keep(outputs.judgement(from + i, i));
      }
    }

    private void keep(Judgement judgement) {
      counts[judgement.label][judgement.predicted]++;
      if (judgement.label == judgement.predicted) {
        if (right.size() < MOST_RIGHT) {
          right.putIfAbsent(judgement.label, judgement);
        }
      } else if (judgement.predicted < counts.length) {
        wrong.add(judgement);
        if (wrong.size() > MOST_WRONG) {
          wrong.remove();
        }
      }
    }

    Judged end() {
      List<List<Long>> rows = new ArrayList<>();
      for (long[] row : counts) {
        rows.add(LongStream.of(row).boxed().toList());
      }
      return new Judged(
          new ConfusionMatrix(rows),
          wrong.stream().sorted(SUREST_LAST.reversed()).toList(),
          List.copyOf(right.values()),
          input);
    }
  }
}
