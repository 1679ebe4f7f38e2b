package org.gradus.layers.data;

import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * Brings the channels of inputs [N, C, ...], or the columns of inputs [N, C], to mean 0 and
 * variance 1, as they are in the data that it was made of. A channel of deviation 0 is only
 * centred.
 *
 * <pre>{@code
 * Normalization normalization = Normalization.of(split.train());
 * Dataset train = split.train().map(normalization::apply);
 * Dataset test = split.test().map(normalization::apply);
 * }</pre>
 *
 * <p>Its numbers are to be kept beside the net's weights: what is predicted later is to be
 * normalized by the same ones.
 *
 * @param mean of each channel
 * @param deviation of each channel: the square root of its mean squared distance from the mean
 */
public record Normalization(List<Double> mean, List<Double> deviation) {
  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if they have no numbers, or not as many of each; if one is not
   *     finite, or a deviation is negative
   */
  public Normalization {
    mean = Nulls.list("normalization: mean", mean);
    deviation = Nulls.list("normalization: deviation", deviation);
    if (mean.isEmpty() || mean.size() != deviation.size()) {
      throw new IllegalArgumentException(
          "normalization: %s means and %s deviations, expected one of each for each channel"
              .formatted(mean.size(), deviation.size()));
    }
    for (int c = 0; c < mean.size(); c++) {
      if (!Double.isFinite(mean.get(c))
          || !Double.isFinite(deviation.get(c))
          || deviation.get(c) < 0) {
        throw new IllegalArgumentException(
            "normalization: mean %s and deviation %s of channel %s, expected finite numbers, the deviation at least 0"
                .formatted(mean.get(c), deviation.get(c), c));
      }
    }
  }

  /**
   * The means and deviations of a data set, which is read once, some examples at a time. Computed
   * in double precision: of the examples read together from their own mean, and put together as
   * Chan, Golub and LeVeque do, so that nothing is lost where the mean is large.
   *
   * @param data of inputs [N, C, ...], N at least 1; not of sequences that are padded in batches,
   *     whose padding would count: a {@link Ragged} is refused
   * @throws ShapeException if the inputs have rank 1, or not all as many channels
   * @throws IllegalArgumentException if there are no examples; if a channel has no elements, or
   *     elements that are not finite; if the data are ragged
   * @see <a href="https://doi.org/10.1080/00031305.1983.10483115">Chan, Golub and LeVeque,
   *     Algorithms for computing the sample variance, 1983</a>
   */
  public static Normalization of(Dataset data) {
    Nulls.refuse("normalization: data", data);
    if (data.size() == 0) {
      throw new IllegalArgumentException("normalization: no examples, expected at least 1");
    }
    if (data instanceof Ragged) {
      throw new IllegalArgumentException(
          "normalization: %s, whose padding would count; normalize sequences before they are ragged"
              .formatted(data));
    }
    List<Moments> moments = new ArrayList<>();
    for (Batch batch : Batches.inOrder(data, Labels.together(data)).epoch(1)) {
      Shape shape = batch.inputs().shape();
      requireChannels(shape, moments.size());
      if (shape.size() == 0) {
        throw new IllegalArgumentException(
            "normalization: inputs %s have no elements, expected at least 1 in each channel"
                .formatted(shape));
      }
      double[] values = Values.of(batch.inputs());
      for (int c = 0; c < shape.dim(1); c++) {
        if (c == moments.size()) { // the first batch
          moments.add(Moments.of(values, shape, c, first(values, shape, c)));
        } else {
          Moments before = moments.get(c);
          moments.set(c, before.and(Moments.of(values, shape, c, before.origin())));
        }
      }
    }
    return new Normalization(
        moments.stream().map(Moments::mean).toList(),
        moments.stream().map(Moments::deviation).toList());
  }

  /** The first element of a channel. */
  private static double first(double[] values, Shape shape, int channel) {
    return values[channel * shape.size(2, shape.rank())];
  }

  /**
   * Refuses inputs that have no channels, or not these.
   *
   * @param channels 0 for any number
   */
  private static void requireChannels(Shape shape, int channels) {
    if (shape.rank() < 2 || (channels > 0 && shape.dim(1) != channels)) {
      String expected = channels > 0 ? String.valueOf(channels) : "C";
      throw new ShapeException(
          "normalization", "inputs %s, expected [N, %s, ...]".formatted(shape, expected));
    }
  }

  /**
   * The inputs, normalized: (x - mean) / deviation, or x - mean where the deviation is 0; computed
   * in double precision and rounded to the element type.
   *
   * @param inputs [N, C, ...]
   * @throws ShapeException if they have other channels
   */
  public NdArray apply(NdArray inputs) {
    Nulls.refuse("apply: inputs", inputs);
    return changed(
        inputs,
        (values, from, to, channel) -> {
          double centre = mean.get(channel);
          double unit = unit(channel);
          for (int i = from; i < to; i++) {
            values[i] = normalized(values[i], centre, unit);
          }
        });
  }

  private static double normalized(double value, double centre, double unit) {
    double distance = value - centre;
    return Double.isInfinite(distance)
        ? (value / 2 - centre / 2) / unit * 2 // of numbers near the largest there is
        : distance / unit;
  }

  /**
   * The inputs that were normalized: what {@link #apply(NdArray)} was given, but for rounding.
   *
   * @param inputs [N, C, ...]
   * @throws ShapeException if they have other channels
   */
  public NdArray invert(NdArray inputs) {
    Nulls.refuse("invert: inputs", inputs);
    return changed(
        inputs,
        (values, from, to, channel) -> {
          double centre = mean.get(channel);
          double unit = unit(channel);
          for (int i = from; i < to; i++) {
            values[i] = values[i] * unit + centre;
          }
        });
  }

  /**
   * The batch with its inputs normalized, for {@link Dataset#map}.
   *
   * @param batch of inputs [N, C, ...]
   * @throws ShapeException if they have other channels
   */
  public Batch apply(Batch batch) {
    Nulls.refuse("apply: batch", batch);
    return new Batch(apply(batch.inputs()), batch.targets());
  }

  private double unit(int channel) {
    return deviation.get(channel) == 0 ? 1 : deviation.get(channel);
  }

  /** Changes the elements of a channel of an example, which lie beside each other. */
  private interface Change {
    void apply(double[] values, int from, int to, int channel);
  }

  private NdArray changed(NdArray inputs, Change change) {
    Shape shape = inputs.shape();
    requireChannels(shape, mean.size());
    double[] values = Values.of(inputs);
    int length = shape.size(2, shape.rank());
    for (int row = 0; row < shape.dim(0) * mean.size(); row++) {
      change.apply(values, row * length, (row + 1) * length, row % mean.size());
    }
    return Values.array(inputs.dtype(), values, shape);
  }
}
