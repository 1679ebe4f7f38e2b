package org.gradus.layers.data;

import java.util.List;
import java.util.stream.IntStream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * Some examples, ready for a forward pass and a loss.
 *
 * <pre>{@code
 * crossEntropy(net.forward(batch.inputs()), batch.labels())
 * mse(net.forward(batch.inputs()), Tensor.constant(batch.targets()))
 * }</pre>
 *
 * @param inputs [N, ...], such as images [N, C, H, W]
 * @param targets [N, ...]: numbers, vectors or images; of classes, their numbers [N]
 */
public record Batch(NdArray inputs, NdArray targets) {

  /** All whole numbers up to this one are float32 numbers. */
  static final int MOST_CLASSES = 1 << 24;

  /**
   * Checks that there is a target for each input.
   *
   * @throws ShapeException if there is not
   */
  public Batch {
    Nulls.refuse("batch: inputs, targets", inputs, targets);
    Shape x = inputs.shape();
    Shape t = targets.shape();
    if (x.rank() == 0 || t.rank() == 0 || x.dim(0) != t.dim(0)) {
      throw new ShapeException(
          "batch", "inputs %s and targets %s, expected as many of each".formatted(x, t));
    }
  }

  /**
   * Examples of classes.
   *
   * @param inputs [N, ...]
   * @param labels the class of each, at least 0 and at most 2^24
   * @throws ShapeException if there is not one for each input
   * @throws IllegalArgumentException if a label is out of its range
   */
  public Batch(NdArray inputs, int... labels) {
    this(inputs, targets(labels));
  }

  static NdArray targets(int... labels) {
    Nulls.refuse("batch: labels", labels);
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] > MOST_CLASSES) {
        throw new IllegalArgumentException(
            "batch: label %s of example %s, expected 0 to %s"
                .formatted(labels[i], i, MOST_CLASSES));
      }
    }
    return NdArray.generate(DType.FLOAT32, Shape.of(labels.length), i -> labels[i]);
  }

  /**
   * The class of each example, in a new array.
   *
   * @throws IllegalStateException if the targets are no numbers of classes
   */
  public int[] labels() {
    int[] labels = new int[size()];
    if (targets.shape().rank() != 1) {
      throw new IllegalStateException(
          "labels: the targets are %s %s, expected the class of each example, [%s]"
              .formatted(targets.dtype(), targets.shape(), size()));
    }
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (int) targets.at(i);
      if (labels[i] != targets.at(i) || labels[i] < 0) {
        throw new IllegalStateException(
            "labels: the target %s of example %s is no class, expected a whole number of at least 0"
                .formatted(targets.at(i), i));
      }
    }
    return labels;
  }

  /** The number of examples, N. */
  public int size() {
    return inputs.shape().dim(0);
  }

  /**
   * This batch in parts, in order, whose sizes differ by one at most: for gradients of one part
   * after the other, in less memory. The loss of the batch is the sum of the losses of the parts,
   * each times the part's share of the examples.
   *
   * @param parts at least 1; a batch of fewer examples has as many parts as examples
   * @throws IllegalArgumentException if there are fewer
   */
  public List<Batch> split(int parts) {
    int[] bounds = bounds(size(), parts);
    return IntStream.range(1, bounds.length).mapToObj(i -> part(bounds[i - 1], bounds[i])).toList();
  }

  /**
   * Where the parts of a batch begin, as {@link #split} cuts it, and behind them its end.
   *
   * @param size of the batch, at least 0
   * @param parts at least 1
   * @return one number more than there are parts, from 0 to the size
   * @throws IllegalArgumentException if the size is negative, or there are fewer parts
   */
  public static int[] bounds(int size, int parts) {
    if (parts < 1 || size < 0) {
      throw new IllegalArgumentException(
          "batch: %s parts%s, expected at least 1"
              .formatted(parts, size < 0 ? " of " + size + " examples" : ""));
    }
    int count = Math.max(1, Math.min(parts, size));
    return IntStream.rangeClosed(0, count).map(i -> (int) ((long) size * i / count)).toArray();
  }

  private Batch part(int from, int to) {
    int[] numbers = IntStream.range(from, to).toArray();
    return new Batch(Rows.of(inputs, numbers), Rows.of(targets, numbers));
  }

  /**
   * The examples of several batches, one behind the other.
   *
   * @param function for messages
   * @param batches one or more
   */
  static Batch joined(String function, List<Batch> batches) {
    Batch first = batches.get(0);
    for (Batch batch : batches) {
      requireKind(function, "inputs", first.inputs, batch.inputs);
      requireKind(function, "targets", first.targets, batch.targets);
    }
    return new Batch(
        Rows.joined(batches.stream().map(Batch::inputs).toList()),
        Rows.joined(batches.stream().map(Batch::targets).toList()));
  }

  /** Refuses rows of two kinds. */
  static void requireKind(String function, String what, NdArray first, NdArray other) {
    if (!Rows.kind(first).equals(Rows.kind(other))) {
      throw new ShapeException(
          function,
          "%s of %s beside %s of %s, expected one kind"
              .formatted(what, Rows.kind(other), what, Rows.kind(first)));
    }
  }

  /** For example {@code batch of 32: FLOAT32 [1, 28, 28] and FLOAT32 []}. */
  @Override
  public String toString() {
    return "batch of %s: %s and %s".formatted(size(), Rows.kind(inputs), Rows.kind(targets));
  }
}
