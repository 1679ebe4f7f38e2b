package org.gradus.layers.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * Sequences of different lengths, [T, ...] each. In a batch they are as long as its longest one:
 * inputs [N, T, ...], where rows of one value, the padding, follow what is too short.
 *
 * <p>How long a sequence was is seen in the inputs themselves: behind its last row there are none
 * but rows of padding. So {@link #lengths} and {@link #mask} need nothing else, also of inputs that
 * a net is given later; a sequence that ends with a row of padding is refused, and another value
 * must be chosen. This is what Keras's {@code Masking} has, but that rows of padding within a
 * sequence are its own. What alters inputs, as noise or a normalization, must come before.
 *
 * <pre>{@code
 * // given List<NdArray> sequences
 * Dataset data = Ragged.of(sequences, labels).atMost(100);
 * for (Batch batch : Batches.shuffled(data, 32, seed).epoch(1)) {
 *   NdArray mask = Ragged.mask(batch.inputs(), 0); // [N, T]
 * }
 * }</pre>
 */
public final class Ragged implements Dataset {
  private static final int ANY = Integer.MAX_VALUE;

  private final List<NdArray> sequences;
  private final NdArray targets;
  private final double padding;
  private final int least;
  private final int most;

  private Ragged(List<NdArray> sequences, NdArray targets, double padding, int least, int most) {
    this.sequences = sequences;
    this.targets = targets;
    this.padding = padding;
    this.least = least;
    this.most = most;
  }

  // ---- making one ------------------------------------------------------------------------------

  /**
   * Sequences of classes, with the padding 0.
   *
   * @param sequences [T, ...] each, T at least 0, of one element type and one shape of rows; shared
   * @param labels the class of each, at least 0
   * @throws ShapeException if there is not a label for each, or if sequences differ in more than
   *     their length
   * @throws IllegalArgumentException if there are no sequences; if a label is out of its range, or
   *     a sequence ends with a row of padding
   */
  public static Ragged of(List<NdArray> sequences, int... labels) {
    Nulls.refuse("of: sequences, labels", sequences, labels);
    return of(sequences, Batch.targets(labels));
  }

  /**
   * Sequences with targets, with the padding 0.
   *
   * @param sequences [T, ...] each, T at least 0, of one element type and one shape of rows; shared
   * @param targets [N, ...]; shared
   * @throws ShapeException if there is not a target for each, or if sequences differ in more than
   *     their length
   * @throws IllegalArgumentException if there are no sequences, or one ends with a row of padding
   */
  public static Ragged of(List<NdArray> sequences, NdArray targets) {
    List<NdArray> all = Nulls.list("of: sequences", sequences);
    Nulls.refuse("of: targets", targets);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("ragged: no sequences, expected at least 1");
    }
    if (targets.shape().rank() == 0 || targets.shape().dim(0) != all.size()) {
      throw new ShapeException(
          "ragged",
          "%s sequences and targets %s, expected as many of each"
              .formatted(all.size(), targets.shape()));
    }
    String kind = kind(0, all.get(0));
    for (int i = 1; i < all.size(); i++) {
      if (!kind(i, all.get(i)).equals(kind)) {
        throw new ShapeException(
            "ragged",
            "sequence %s has rows of %s beside rows of %s, expected one kind"
                .formatted(i, kind(i, all.get(i)), kind));
      }
    }
    return new Ragged(all, targets, 0, 0, ANY).checked();
  }

  private static String kind(int number, NdArray sequence) {
    if (sequence.shape().rank() == 0) {
      throw new ShapeException(
          "ragged", "sequence %s is a scalar, expected [T, ...]".formatted(number));
    }
    return Rows.kind(sequence);
  }

  // ---- options ---------------------------------------------------------------------------------

  /**
   * These sequences with another padding.
   *
   * @param value finite; rounded to the element type
   * @throws IllegalArgumentException if it is not finite, or if a sequence ends with a row of it
   */
  public Ragged padding(double value) {
    requireFinite("padding", sequences.get(0).dtype(), value);
    return new Ragged(sequences, targets, value, least, most).checked();
  }

  /**
   * The first rows of those that are longer, and all of the others. What {@link #toLength} has
   * asked for stays; of two limits the smaller one counts.
   *
   * @param length the most rows that a sequence has then, at least 1
   * @throws IllegalArgumentException if the length is out of its range, or if what is left of a
   *     sequence ends with a row of padding
   */
  public Ragged atMost(int length) {
    requireLength("atMost", length);
    return new Ragged(sequences, targets, padding, least, Math.min(most, length)).checked();
  }

  /**
   * All batches of one length: longer sequences are cut, as by {@link #atMost}, and all are padded
   * to it. An earlier limit stays where it is smaller: what it cuts off is padding then.
   *
   * @param length T of each batch, at least 1
   * @throws IllegalArgumentException if the length is out of its range, or if what is left of a
   *     sequence ends with a row of padding
   */
  public Ragged toLength(int length) {
    requireLength("toLength", length);
    return new Ragged(sequences, targets, padding, length, Math.min(most, length)).checked();
  }

  private static void requireLength(String function, int length) {
    if (length < 1) {
      throw new IllegalArgumentException(
          "%s: length %s, expected at least 1".formatted(function, length));
    }
  }

  private static void requireFinite(String function, DType dtype, double padding) {
    if (!Double.isFinite(Values.rounded(dtype, padding))) {
      throw new IllegalArgumentException(
          "%s: padding %s of %s sequences, expected a finite number"
              .formatted(function, padding, dtype));
    }
  }

  /** Refuses sequences whose length could not be seen. */
  private Ragged checked() {
    for (int i = 0; i < sequences.size(); i++) {
      NdArray sequence = sequences.get(i);
      int length = length(i);
      int row = Rows.shape(sequence).size();
      double value = Values.rounded(sequence.dtype(), padding);
      if (length > 0 && isPadding(sequence, (length - 1) * row, length * row, value)) {
        throw new IllegalArgumentException(
            "ragged: row %s, the last of sequence %s, is the padding %s, expected one that is not; choose another padding"
                .formatted(length - 1, i, padding));
      }
    }
    return this;
  }

  private int length(int number) {
    return Math.min(most, sequences.get(number).shape().dim(0));
  }

  // ---- examples --------------------------------------------------------------------------------

  @Override
  public int size() {
    return sequences.size();
  }

  /**
   * Some examples, in this order, as long as the longest of them, or as {@link #toLength} has it.
   *
   * @param numbers from 0 to size - 1; one may be there more than once
   * @return inputs [N, T, ...]
   * @throws IllegalArgumentException if there is no such example
   */
  @Override
  public Batch select(int... numbers) {
    Nulls.refuse("select: numbers", numbers);
    requireAll(numbers);
    int longest = Math.max(least, Arrays.stream(numbers).map(this::length).max().orElse(0));
    Shape row = Rows.shape(sequences.get(0));
    int[] dims = new int[row.rank() + 2];
    dims[0] = numbers.length;
    dims[1] = longest;
    System.arraycopy(row.toArray(), 0, dims, 2, row.rank());
    Shape shape = Shape.of(dims);
    if (sequences.get(0).dtype() == DType.FLOAT32) {
      float[] floats = new float[shape.size()];
      Arrays.fill(floats, (float) padding);
      copy(floats, longest * row.size(), row.size(), numbers);
      return new Batch(NdArray.wrap(floats, shape), Rows.of(targets, numbers));
    }
    double[] values = new double[shape.size()];
    Arrays.fill(values, padding);
    copy(values, longest * row.size(), row.size(), numbers);
    return new Batch(NdArray.wrap(values, shape), Rows.of(targets, numbers));
  }

  private void copy(Object to, int step, int row, int... numbers) {
    for (int n = 0; n < numbers.length; n++) {
      Object sequence = sequences.get(numbers[n]).storage();
      System.arraycopy(sequence, 0, to, n * step, length(numbers[n]) * row);
    }
  }

  @Override
  public int[] labels() {
    return Labels.of(this, Labels.all(size()));
  }

  /** One for each sequence. */
  NdArray targets() {
    return targets;
  }

  /** Whether all batches are of one length. */
  boolean isOfOneLength() {
    return least > 0;
  }

  /**
   * These sequences, and others behind them: a {@link Ragged} if the others are one of the same
   * padding and limits. Others can only be added where {@link #toLength} was given, to both of two
   * that are ragged: else their batches would not be as long as each other.
   *
   * @param others of sequences or examples of the same kind
   * @throws ShapeException if two that are ragged have rows of different kinds, or targets
   * @throws IllegalArgumentException if the batches of one of them differ in their length; if two
   *     that are ragged are padded to two lengths
   */
  @Override
  public Dataset and(Dataset others) {
    Nulls.refuse("and: others", others);
    if (!(others instanceof Ragged next)) {
      return Concatenated.of(this, others);
    }
    Batch.requireKind("and", "sequences", sequences.get(0), next.sequences.get(0));
    Batch.requireKind("and", "targets", targets, next.targets);
    if (Double.compare(padding, next.padding) == 0 && least == next.least && most == next.most) {
      List<NdArray> all = Stream.concat(sequences.stream(), next.sequences.stream()).toList();
      return new Ragged(all, Rows.joined(List.of(targets, next.targets)), padding, least, most);
    }
    if (least != next.least || least == 0) {
      throw new IllegalArgumentException(
          "and: sequences with %s beside sequences with %s, expected the same, or one toLength"
              .formatted(limits(), next.limits()));
    }
    return Concatenated.of(this, others);
  }

  private String limits() {
    return "padding %s, at least %s and at most %s long"
        .formatted(padding, least, most == ANY ? "any" : most);
  }

  // ---- what was there before the padding -------------------------------------------------------

  /**
   * The length of each sequence of a batch: the rows up to the last one that is not padding.
   *
   * @param inputs [N, T, ...]
   * @param padding the value of their padding, finite
   * @return N lengths, from 0 to T
   * @throws ShapeException if the inputs have rank 0 or 1
   * @throws IllegalArgumentException if the padding is not finite
   */
  public static int[] lengths(NdArray inputs, double padding) {
    Nulls.refuse("lengths: inputs", inputs);
    return lengths("lengths", inputs, padding);
  }

  private static int[] lengths(String function, NdArray inputs, double padding) {
    requireFinite(function, inputs.dtype(), padding);
    Shape shape = inputs.shape();
    if (shape.rank() < 2) {
      throw new ShapeException(function, "inputs %s, expected [N, T, ...]".formatted(shape));
    }
    double value = Values.rounded(inputs.dtype(), padding);
    int row = shape.size(2, shape.rank());
    int[] lengths = new int[shape.dim(0)];
    for (int n = 0; n < lengths.length; n++) {
      int from = n * shape.dim(1) * row;
      int length = shape.dim(1);
      while (length > 0
          && isPadding(inputs, from + (length - 1) * row, from + length * row, value)) {
        length--;
      }
      lengths[n] = length;
    }
    return lengths;
  }

  /**
   * 1 for each row that is of a sequence, and 0 for the padding behind it.
   *
   * @param inputs [N, T, ...]
   * @param padding the value of their padding, finite
   * @return [N, T], of the inputs' element type
   * @throws ShapeException if the inputs have rank 0 or 1
   * @throws IllegalArgumentException if the padding is not finite
   */
  public static NdArray mask(NdArray inputs, double padding) {
    Nulls.refuse("mask: inputs", inputs);
    int[] lengths = lengths("mask", inputs, padding);
    int longest = inputs.shape().dim(1);
    return NdArray.generate(
        inputs.dtype(),
        Shape.of(lengths.length, longest),
        i -> i % longest < lengths[i / longest] ? 1 : 0);
  }

  private static boolean isPadding(NdArray array, int from, int to, double padding) {
    for (int i = from; i < to; i++) {
      if (array.at(i) != padding) {
        return false;
      }
    }
    return true;
  }

  /** For example {@code 25000 sequences of FLOAT32 [8] with FLOAT32 []}. */
  @Override
  public String toString() {
    return "%s sequences of %s with %s"
        .formatted(size(), Rows.kind(sequences.get(0)), Rows.kind(targets));
  }
}
