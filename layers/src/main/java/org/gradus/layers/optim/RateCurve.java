package org.gradus.layers.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.layers.Parameter;

/**
 * How a loss changes while the learning rate grows from step to step: what a first learning rate is
 * chosen by.
 *
 * @param points in the order of steps, the rates growing
 * @see <a href="https://arxiv.org/abs/1506.01186">Smith: Cyclical learning rates for training
 *     neural networks, 2017</a>
 */
public record RateCurve(List<Point> points) {
  /** The share of the running mean of losses that a step keeps. */
  private static final double SMOOTH = 0.9;

  /** How many times the least mean so far ends the search. */
  private static final double TOO_MUCH = 4;

  /**
   * One step.
   *
   * @param rate of the step
   * @param loss before it
   */
  public record Point(double rate, double loss) {}

  /** Takes a copy of the list. */
  public RateCurve {
    points = Nulls.list("rateCurve: points", points);
  }

  /**
   * Takes steps with growing rates, each the same multiple of the one before, and ends early where
   * the loss is no longer finite, or its running mean four times the least. Afterwards the
   * parameters have the values that they had, and the optimiser its state. A schedule and a plateau
   * do not count; the rates of several groups grow in proportion, {@code from} and {@code to} are
   * those of the first.
   *
   * @param optimizer of the parameters
   * @param loss computes the loss of the next batch
   * @param from the first rate, above 0
   * @param to the last rate, finite and above the first
   * @param steps at least 2
   * @throws IllegalArgumentException if one is out of its range
   */
  public static RateCurve of(
      Optimizer optimizer, Supplier<Tensor> loss, double from, double to, int steps) {
    Nulls.refuse("of: optimizer, loss", optimizer, loss);
    if (!(from > 0 && to > from && Double.isFinite(to))) {
      throw new IllegalArgumentException(
          "of: from %s to %s, expected finite rates above 0, the second larger"
              .formatted(from, to));
    }
    if (steps < 2) {
      throw new IllegalArgumentException("of: steps is %s, expected at least 2".formatted(steps));
    }
    Map<Parameter, NdArray> before = new LinkedHashMap<>();
    optimizer.parameters().forEach(parameter -> before.put(parameter, parameter.value()));
    Map<String, NdArray> state = optimizer.state();
    List<Point> points = new ArrayList<>();
    try {
      Mean mean = new Mean();
      for (int step = 0; step < steps; step++) {
        double rate = from * StrictMath.pow(to / from, step / (steps - 1.0));
        double value = optimizer.minimizeAt(rate, Nulls.given("of: the loss", loss.get()));
        if (!Double.isFinite(value)) {
          break;
        }
        points.add(new Point(rate, value));
        if (mean.isTooLarge(value)) {
          break;
        }
      }
    } catch (NonFiniteStepException e) { // the curve ends before it
      return new RateCurve(points);
    } finally {
      before.forEach(Parameter::set);
      optimizer.load(state);
    }
    return new RateCurve(points);
  }

  /** A running mean, which is not drawn to 0 at its beginning, and the least one so far. */
  private static final class Mean {
    private double sum;
    private double weight;
    private double least = Double.POSITIVE_INFINITY;

    double with(double value) {
      sum = SMOOTH * sum + (1 - SMOOTH) * value;
      weight = SMOOTH * weight + (1 - SMOOTH);
      return sum / weight;
    }

    boolean isTooLarge(double value) {
      double mean = with(value);
      least = Math.min(least, mean);
      return mean > TOO_MUCH * least;
    }
  }

  /**
   * A rate to begin with: where the running mean of losses falls fastest, by the logarithm of the
   * rate, before it is at its least.
   *
   * @throws IllegalStateException if the curve has fewer than two points, or never falls
   */
  public double suggestion() {
    Mean mean = new Mean();
    double[] means = points.stream().mapToDouble(point -> mean.with(point.loss())).toArray();
    int least = 0;
    for (int i = 1; i < means.length; i++) {
      least = means[i] < means[least] ? i : least;
    }
    int best = -1;
    double steepest = 0;
    for (int i = 1; i <= least; i++) {
      double slope =
          (means[i] - means[i - 1])
              / StrictMath.log(points.get(i).rate() / points.get(i - 1).rate());
      if (slope < steepest) {
        steepest = slope;
        best = i;
      }
    }
    if (best < 0) {
      throw new IllegalStateException(
          "suggestion: the loss falls nowhere on the %s points; begin with a smaller rate, and take more steps"
              .formatted(points.size()));
    }
    return points.get(best).rate();
  }
}
