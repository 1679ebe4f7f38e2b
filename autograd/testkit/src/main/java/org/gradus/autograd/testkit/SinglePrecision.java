package org.gradus.autograd.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;

/**
 * Compares float32 with float64, in the value and the derivatives of orders 1 and 2.
 *
 * <p>An element in float32 must be as near to the true one as a few units in the last place of it,
 * and of what goes into it, bring about: float64 says how far an element moves if all inputs and
 * cotangents move by so little, each to one of its sides. So a product of thousands of terms that
 * nearly cancel is given their rounding, and an exponential its steepness, but a wrong factor is
 * seen in any element by itself. An element that has no digit left then says nothing.
 */
final class SinglePrecision {
  /** Each way to move the inputs is to a side by itself, so that seldom do all ways cancel. */
  private static final int WAYS = 5;

  /** What is added up on the way may be larger than what the ways show. */
  private static final double MARGIN = 2;

  /** A share of an element that is not known, beyond which it is no number to compare with. */
  private static final double LOST = 0.01;

  /** What is computed on the way may be larger than what comes of it. */
  private static final double HEADROOM = 1024;

  /** Below the smallest number that float32 holds with all its digits. */
  private static final double UNDERFLOW = 4.0 * Float.MIN_VALUE;

  private final OpCase example;
  private final double tolerance;
  private final boolean ordinary;

  /** The values and derivatives for moved inputs, once they are wanted. */
  private final List<List<NdArray>> moved = new ArrayList<>();

  /**
   * Of a case.
   *
   * @param example with inputs that float32 holds
   * @param tolerance how far the inputs move, relatively
   * @param ordinary whether its numbers are of the size of 1, so that each result means something
   */
  SinglePrecision(OpCase example, double tolerance, boolean ordinary) {
    this.example = example;
    this.tolerance = tolerance;
    this.ordinary = ordinary;
  }

  /** The inputs of a case as float32 holds them, in float64. */
  static OpCase rounded(OpCase example) {
    return example.withInputs(as(DType.FLOAT64, as(DType.FLOAT32, example.inputs())));
  }

  /**
   * Compares.
   *
   * @return the value in float64
   */
  NdArray check() {
    List<NdArray> inputs = example.inputs();
    List<NdArray> expected = valueAndDerivatives(inputs, 0);
    List<NdArray> actual = valueAndDerivatives(as(DType.FLOAT32, inputs), 0);
    compare(0, ordinary ? 1 : 0, expected.get(0), actual.get(0));
    for (int i = 1; i < expected.size(); i++) {
      int by = (i - 1) / (inputs.size() + 1);
      if (ordinary) {
        compare(i, 1, expected.get(i), actual.get(i));
      } else if (isGradient(i)) {
        double slope = largest(expected.get(0)) / smallest(inputs.get(by));
        double scale = Math.max(slope, largest(expected.get(i)));
        compare(i, scale, expected.get(i), actual.get(i));
      }
    }
    return expected.get(0);
  }

  /** Compares elements; the terms that they may be sums of are of a scale. */
  private void compare(int place, double scale, NdArray expected, NdArray actual) {
    String what = "%s in float32".formatted(named(place));
    assertEquals(DType.FLOAT32, actual.dtype(), what);
    assertEquals(expected.shape(), actual.shape(), what);
    for (int i = 0; i < expected.size(); i++) {
      double e = expected.at(i);
      double a = actual.at(i);
      boolean same = Double.compare((float) e, a) == 0 || e == a;
      double error = Math.abs(e - a);
      double allowed = tolerance * Math.max(scale, Math.abs(e)) + UNDERFLOW;
      if (!same && !(error <= allowed)) {
        double spread = spread(place, i, e);
        boolean smooth = spread <= LOST * Math.max(scale, Math.abs(e));
        if (tells(e, spread) && !(smooth && error <= allowed + MARGIN * spread)) {
          fail(
              "%s: element %s is %s, expected %s, which moves by %s with what goes into it"
                  .formatted(what, i, a, e, (float) spread));
        }
      }
    }
  }

  private static double largest(NdArray array) {
    double largest = 0;
    for (int i = 0; i < array.size(); i++) {
      largest = Math.max(largest, Math.abs(array.at(i)));
    }
    return largest;
  }

  private static double smallest(NdArray array) {
    return 1 / largest(array.map(x -> 1 / x));
  }

  /** How far an element moves with what goes into it. */
  private double spread(int place, int element, double e) {
    if (moved.isEmpty()) {
      for (int way = 1; way <= WAYS; way++) {
        moved.add(valueAndDerivatives(example.inputs(), way));
      }
    }
    double spread = 0;
    for (List<NdArray> way : moved) {
      spread = Math.max(spread, Math.abs(way.get(place).at(element) - e));
    }
    return spread;
  }

  /** Whether float32 can hold an element, and the terms that it may be a sum of. */
  private boolean tells(double e, double spread) {
    return ordinary
        || (spread <= LOST * Math.abs(e)
            && Math.max(Math.abs(e), spread / tolerance) <= Float.MAX_VALUE / HEADROOM);
  }

  /** Whether it is of order 1. */
  private boolean isGradient(int place) {
    return place > 0 && (place - 1) % (example.inputs().size() + 1) == 0;
  }

  /** What stands at a place of {@link #valueAndDerivatives}. */
  private String named(int place) {
    int inputs = example.inputs().size();
    if (place == 0) {
      return "the value";
    }
    int of = (place - 1) % (inputs + 1);
    int by = (place - 1) / (inputs + 1);
    return isGradient(place)
        ? "the gradient of input " + by
        : "the gradient of input %s, differentiated by input %s,".formatted(by, of - 1);
  }

  /**
   * The value, and for each input the gradient and its own gradients, for fixed cotangents.
   *
   * @param way 0 for the inputs as they are, or else in which way all numbers move
   */
  private List<NdArray> valueAndDerivatives(List<NdArray> inputs, int way) {
    SplittableRandom random = new SplittableRandom(way);
    List<Tensor> x =
        inputs.stream().map(input -> Tensor.variable(moved(input, way, random))).toList();
    Tensor y = example.apply(x);
    Gradients first =
        Gradients.pullback(
            y, cotangent(y, 7, way, random), Mode.DIFFERENTIABLE, x.toArray(Tensor[]::new));
    List<NdArray> all = new ArrayList<>(List.of(y.value()));
    for (Tensor input : x) {
      Tensor gradient = first.of(input);
      Gradients second =
          Gradients.pullback(
              gradient, cotangent(gradient, 8, way, random), Mode.VALUES, x.toArray(Tensor[]::new));
      all.add(gradient.value());
      x.forEach(other -> all.add(second.of(other).value()));
    }
    return all;
  }

  private Tensor cotangent(Tensor y, long seed, int way, SplittableRandom random) {
    NdArray numbers = Domain.nonzero().draw(y.shape(), seed).as(DType.FLOAT32).as(y.dtype());
    return Tensor.constant(moved(numbers, way, random));
  }

  private NdArray moved(NdArray array, int way, SplittableRandom random) {
    return way == 0 ? array : array.map(x -> x * (1 + tolerance * random.nextDouble(-1, 1)));
  }

  private static List<NdArray> as(DType type, List<NdArray> arrays) {
    return arrays.stream().map(array -> array.as(type)).toList();
  }
}
