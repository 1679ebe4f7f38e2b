package org.gradus.autograd.testkit;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;

/**
 * Compares each entry of the Jacobian with differences where numbers are extreme, relative to the
 * entry itself, be it 1e30 or 1e-30.
 *
 * <p>No step is right everywhere: beside 1e-20, that of a square root must be less, and that of an
 * exponential more. So several are tried. An entry is right if the differences of any step say so.
 * It is wrong if those of two steps agree with each other and not with it. Else it is not known:
 * outputs are so large, or so steep, or so flat, or change so fast, that no step tells anything.
 */
final class Slopes {
  /** Steps relative to the element that is moved, and then those that are not. */
  private static List<Double> steps() {
    return List.of(0x1p-8, 0x1p-13, 0x1p-20, -0x1p-8, -0x1p-13, -0x1p-18);
  }

  /** Relative to the element; where it moves by less, it is rounded to another step. */
  private static final double LEAST_STEP = 0x1p-34;

  /** Short beside 1, as waves are not, which may hide in the last places of a large output. */
  private static final double SHORT = 0x1p-4;

  /** The largest error, relative to the entry. */
  private static final double TOLERANCE = 1e-5;

  /** An output may be wrong by this many units in its last place. */
  private static final int UNITS = 8;

  private final String what;
  private final Function<List<Tensor>, Tensor> function;
  private final List<NdArray> inputs;

  private double[] unrepeatable = {};

  private Slopes(String what, Function<List<Tensor>, Tensor> function, List<NdArray> inputs) {
    this.what = what;
    this.function = function;
    this.inputs = inputs;
  }

  /** Compares the derivatives of orders 1 and 2. */
  static void compare(OpCase example) {
    List<NdArray> inputs = example.inputs();
    NdArray y = example.apply(variables(inputs)).value();
    new Slopes("the derivative", example::apply, inputs).compareEachEntry();
    List<NdArray> withCotangent = new ArrayList<>(inputs);
    withCotangent.add(Domain.nonzero().draw(y.shape(), 9));
    for (int i = 0; i < inputs.size(); i++) {
      String what = "the derivative of the VJP of input " + i;
      new Slopes(what, vjp(example, i), withCotangent).compareEachEntry();
    }
  }

  /** The function (x, g) -> vjp(x, g) in one of the inputs; all its arguments are variables. */
  private static Function<List<Tensor>, Tensor> vjp(OpCase example, int input) {
    return in -> {
      List<Tensor> x = in.subList(0, in.size() - 1);
      Tensor g = in.get(in.size() - 1);
      return Gradients.pullback(example.apply(x), g, Mode.DIFFERENTIABLE, x.get(input))
          .of(x.get(input));
    };
  }

  private void compareEachEntry() {
    List<Tensor> x = variables(inputs);
    Tensor y = function.apply(x);
    List<List<NdArray>> rows = new ArrayList<>();
    for (int k = 0; k < y.shape().size(); k++) {
      int chosen = k;
      NdArray oneHot = NdArray.generate(DType.FLOAT64, y.shape(), i -> i == chosen ? 1 : 0);
      Gradients row =
          Gradients.pullback(y, Tensor.constant(oneHot), Mode.VALUES, x.toArray(Tensor[]::new));
      rows.add(x.stream().map(row::of).map(Tensor::value).toList());
    }
    boolean finite =
        IntStream.range(0, y.value().size()).allMatch(k -> Double.isFinite(y.value().at(k)));
    unrepeatable = unrepeatable(y.value());
    for (int i = 0; finite && i < inputs.size(); i++) {
      for (int j = 0; j < inputs.get(i).size(); j++) {
        int input = i;
        int element = j;
        double[] analytic = rows.stream().mapToDouble(row -> row.get(input).at(element)).toArray();
        compareColumn(i, j, analytic);
      }
    }
  }

  /** How far each output moves where all inputs do by some units in their last places. */
  private double[] unrepeatable(NdArray y) {
    double[] most = new double[y.size()];
    for (int way = 1; way <= 3; way++) {
      SplittableRandom random = new SplittableRandom(way);
      List<NdArray> near =
          inputs.stream().map(x -> x.map(v -> v + random.nextInt(-3, 4) * Math.ulp(v))).toList();
      NdArray moved = function.apply(variables(near)).value();
      for (int k = 0; k < most.length; k++) {
        most[k] = Math.max(most[k], Math.abs(moved.at(k) - y.at(k)));
      }
    }
    return most;
  }

  /** What one step says of the derivative of one output, give or take its rounding. */
  private record Slope(double step, double value, double rounding, double noise, boolean smooth) {
    static final Slope UNKNOWN = new Slope(Double.NaN, Double.NaN, Double.NaN, Double.NaN, false);

    boolean saysSomethingOf(double analytic) {
      double finite = Double.isFinite(analytic) ? Math.abs(analytic) : 0;
      return noise <= TOLERANCE * Math.max(Math.abs(value), finite);
    }

    boolean agrees(double other) {
      return isWithin(noise, other);
    }

    /**
     * Whether another step says the same, but for the last places of the outputs, and one of the
     * two is so small that nothing else is seen to happen within it: a wave that is shorter than
     * any step hides its slope, and not its height.
     */
    boolean confirms(Slope another) {
      return (smooth || another.smooth) && isWithin(rounding, another.value);
    }

    private boolean isWithin(double uncertain, double other) {
      double size = Math.max(Math.abs(value), Math.abs(other));
      return Math.abs(value - other) <= TOLERANCE * size + uncertain;
    }
  }

  private void compareColumn(int input, int element, double[] analytic) {
    Slope[][] slopes = new Slope[steps().size()][];
    boolean[] known = new boolean[analytic.length];
    int left = analytic.length;
    for (int s = 0; s < steps().size() && left > 0; s++) {
      slopes[s] = slopes(input, element, steps().get(s), analytic.length);
      for (int k = 0; k < analytic.length; k++) {
        Slope slope = slopes[s][k];
        if (!known[k] && slope.saysSomethingOf(analytic[k]) && slope.agrees(analytic[k])) {
          known[k] = true;
          left--;
        }
      }
    }
    for (int k = 0; k < analytic.length; k++) {
      if (!known[k]) {
        requireNoTwoAgree(slopes, input, element, k, analytic[k]);
      }
    }
  }

  private void requireNoTwoAgree(
      Slope[][] slopes, int input, int element, int output, double analytic) {
    for (int s = 0; s < steps().size(); s++) {
      for (int t = 0; t < s; t++) {
        Slope one = slopes[s][output];
        Slope other = slopes[t][output];
        if (one.saysSomethingOf(analytic)
            && other.saysSomethingOf(analytic)
            && one.confirms(other)
            && (Math.min(one.step, other.step) <= SHORT || !Double.isFinite(analytic))
            && !isRightBySome(slopes, output, analytic, other.value)
            && !isFlushed(one, other, analytic)) {
          double x = inputs.get(input).at(element);
          fail(
              "%s of output %s by element %s of input %s, which is %s: analytic %s, numeric %s, ratio %s"
                  .formatted(
                      what,
                      output,
                      element,
                      input,
                      x,
                      analytic,
                      other.value,
                      analytic / other.value));
        }
      }
    }
  }

  /**
   * Whether a step agrees that would have seen another slope: beside a kink, only small ones do.
   */
  private static boolean isRightBySome(
      Slope[][] slopes, int output, double analytic, double another) {
    return Arrays.stream(slopes)
        .map(ofStep -> ofStep[output])
        .anyMatch(slope -> slope.agrees(analytic) && slope.noise <= TOLERANCE * Math.abs(another));
  }

  /** Where an output does not change at all, it may have lost what is tiny beside 1. */
  private static boolean isFlushed(Slope one, Slope other, double analytic) {
    double lost = UNITS * Math.ulp(1.0);
    return (one.value == 0 || other.value == 0)
        && Stream.of(one, other)
            .allMatch(slope -> (Math.abs(analytic) + Math.abs(slope.value)) * slope.step <= lost);
  }

  /** Central differences of the fourth order, for each output. */
  private Slope[] slopes(int input, int element, double step, int outputs) {
    double x = inputs.get(input).at(element);
    double h = step > 0 ? step * Math.abs(x) : -step;
    Slope[] slopes = new Slope[outputs];
    if (!(h > LEAST_STEP * Math.abs(x))) {
      Arrays.fill(slopes, Slope.UNKNOWN);
      return slopes;
    }
    NdArray[] f = new NdArray[4];
    double[] at = {-2 * h, -h, h, 2 * h};
    for (int i = 0; i < 4; i++) {
      f[i] = moved(input, element, x + at[i]);
    }
    for (int k = 0; k < outputs; k++) {
      double near = f[2].at(k) - f[1].at(k);
      double far = f[3].at(k) - f[0].at(k);
      double size = Math.max(Math.abs(f[2].at(k)), Math.abs(f[1].at(k)));
      double rounding = UNITS * Math.ulp(size) / h;
      double noise = Math.max(rounding, unrepeatable[k] / h);
      boolean smooth = Math.abs(far - 2 * near) <= 4 * UNITS * Math.ulp(size);
      slopes[k] = new Slope(h, (8 * near - far) / (12 * h), rounding, noise, smooth);
    }
    return slopes;
  }

  private NdArray moved(int input, int element, double to) {
    List<NdArray> moved = new ArrayList<>(inputs);
    NdArray x = inputs.get(input);
    moved.set(input, NdArray.generate(DType.FLOAT64, x.shape(), i -> i == element ? to : x.at(i)));
    return function.apply(variables(moved)).value();
  }

  private static List<Tensor> variables(List<NdArray> inputs) {
    return inputs.stream().map(Tensor::variable).toList();
  }
}
