package org.gradus.autograd.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/** Compares the VJPs of a function at one point with central differences. */
final class Comparison {
  /** The largest share of a slope that may be rounding; above it the check fails. */
  private static final double NOISE = 0.01;

  /** The rounding of a long sum: this many units in the last place, but at most a share of it. */
  private static final int UNITS = 4;

  private static final double SHARE = 1e-9;

  private final String where;
  private final Function<List<Tensor>, Tensor> f;
  private final List<NdArray> inputs;
  private final NdArray cotangent;
  private final double step;
  private final double tolerance;

  private final List<Tensor> variables;
  private final Tensor output;
  private final List<NdArray> gradients;

  private long comparisons;
  private double largestError;
  private final List<String> notDifferentiable = new ArrayList<>();

  Comparison(
      String where,
      Function<List<Tensor>, Tensor> f,
      List<NdArray> inputs,
      NdArray cotangent,
      double step,
      double tolerance) {
    this.where = where;
    this.f = f;
    this.inputs = inputs;
    this.cotangent = cotangent;
    this.step = step;
    this.tolerance = tolerance;
    this.variables = GradientCheck.variables(inputs);
    this.output = f.apply(variables);
    this.gradients = pullback(cotangent);
  }

  Report report() {
    return new Report(comparisons, largestError, notDifferentiable);
  }

  /** A path through the inputs: the output at t, where t = 0 is the point of the check. */
  @FunctionalInterface
  private interface Line {
    NdArray at(double t);
  }

  /**
   * What moving one element of one input does to the output: a column of the Jacobian.
   *
   * @param scale how far the element moves for t = 1
   * @param near the outputs at t = -h and h
   */
  private record Column(
      int input, int element, String place, double scale, Line line, List<NdArray> near) {}

  /**
   * Moves each element of each input by itself, which gives a column of the Jacobian. Its product
   * with the cotangent is compared, and if asked for each entry.
   */
  void compareEachElement(boolean entries) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Shape shape = inputs.get(i).shape();
      for (int j = 0; j < shape.size(); j++) {
        double scale = Math.max(1, Math.abs(inputs.get(i).at(j)));
        Line line = line(i, j, scale);
        String place = "input %s at %s".formatted(i, index(shape, j));
        columns.add(new Column(i, j, place, scale, line, around(line, step)));
      }
    }
    for (Column c : columns) {
      compare(c.place, gradients.get(c.input).at(c.element), cotangent, c);
    }
    for (int k = 0; entries && k < cotangent.size(); k++) {
      int chosen = k;
      NdArray oneHot =
          NdArray.generate(cotangent.dtype(), cotangent.shape(), i -> i == chosen ? 1 : 0);
      List<NdArray> row = pullback(oneHot);
      String entry = "output at %s by ".formatted(index(cotangent.shape(), k));
      for (Column c : columns) {
        compare(entry + c.place, row.get(c.input).at(c.element), oneHot, c);
      }
    }
  }

  /** Moves all elements of all inputs at once, along a random direction. */
  void compareAlongRandomDirection(int number, SplittableRandom random) {
    List<NdArray> direction = inputs.stream().map(x -> Draws.numbers(x, random)).toList();
    double analytic = 0;
    for (int i = 0; i < inputs.size(); i++) {
      analytic += dot(gradients.get(i), direction.get(i));
    }
    Line line =
        t -> {
          List<NdArray> moved = new ArrayList<>();
          for (int i = 0; i < inputs.size(); i++) {
            moved.add(inputs.get(i).plusScaled(t, direction.get(i)));
          }
          return value(moved);
        };
    String place = "projection %s".formatted(number);
    compare(place, analytic, cotangent, new Column(0, 0, place, 1, line, around(line, step)));
  }

  /**
   * Compares one derivative of (weights, output). Where it differs and the differences are not
   * smooth, smaller steps decide: they step over fewer kinks, and bend less.
   */
  private void compare(String place, double analytic, NdArray weights, Column column) {
    NdArray value = output.value();
    double rounding = Math.ulp(dot(weights.map(Math::abs), value.map(Math::abs)));
    List<NdArray> near = column.near;
    for (double h = step; h > step / 1000; h /= 10) {
      if (h < step) {
        near = around(column.line, h);
      }
      double distance = h * column.scale;
      double behind = dot(weights, near.get(0));
      double ahead = dot(weights, near.get(1));
      double slope = (ahead - behind) / (2 * distance);
      double noise = rounding / distance;
      double size = Math.max(1, Math.max(Math.abs(analytic), Math.abs(slope)));
      double difference = Math.abs(analytic - slope);
      if (noise > NOISE * size) {
        throw new GradientCheckError(
            "gradient check: %s: %s: the outputs are so large that a step of %s is lost in their rounding (a slope of %s, give or take %s); scale them, or choose a larger step"
                .formatted(where, place, distance, slope, noise));
      }
      double lost = Math.max(noise, Math.min(UNITS * noise, SHARE * size));
      if (difference <= tolerance * size + lost) {
        comparisons++;
        largestError = Math.max(largestError, difference / size);
        return;
      }
      List<NdArray> far = around(column.line, 2 * h);
      double[] f = {
        dot(weights, far.get(0)), behind, dot(weights, value), ahead, dot(weights, far.get(1))
      };
      if (!(roughness(f, distance) > difference / 2)) {
        throw new GradientCheckError(
            "gradient check: %s: %s: analytic %s, numeric %s, ratio %s (step %s, tolerance %s)"
                .formatted(where, place, analytic, slope, analytic / slope, h, tolerance));
      }
    }
    notDifferentiable.add("%s: not differentiable in %s".formatted(where, place));
  }

  private static List<NdArray> around(Line line, double h) {
    return List.of(line.at(-h), line.at(h));
  }

  /**
   * Third and fourth differences of five values a step h apart, as slopes. Where a function is
   * smooth they fall with h^2 and h^3. A kink with a change of slope c at a distance d &lt; h makes
   * them c d/h and c |3 d/h - 2|, so that together they are at least 2/3 c, more than the error c/2
   * that it can make in a central difference. The same holds of a jump.
   */
  private static double roughness(double[] f, double h) {
    double third = f[4] - 2 * f[3] + 2 * f[1] - f[0];
    double fourth = f[4] - 4 * f[3] + 6 * f[2] - 4 * f[1] + f[0];
    return (Math.abs(third) + Math.abs(fourth)) / h;
  }

  private Line line(int input, int element, double scale) {
    return t -> {
      List<NdArray> moved = new ArrayList<>(inputs);
      NdArray x = inputs.get(input);
      moved.set(
          input,
          NdArray.generate(
              x.dtype(), x.shape(), i -> i == element ? x.at(i) + t * scale : x.at(i)));
      return value(moved);
    };
  }

  private NdArray value(List<NdArray> at) {
    return f.apply(GradientCheck.constants(at)).value();
  }

  private List<NdArray> pullback(NdArray g) {
    Gradients found =
        Gradients.pullback(
            output, Tensor.constant(g), Mode.VALUES, variables.toArray(Tensor[]::new));
    return variables.stream().map(found::of).map(Tensor::value).toList();
  }

  private static double dot(NdArray a, NdArray b) {
    double total = 0;
    for (int i = 0; i < a.size(); i++) {
      total += a.at(i) * b.at(i);
    }
    return total;
  }

  /** The indices of element number {@code flat}, for example {@code [0, 2]}. */
  private static String index(Shape shape, int flat) {
    int[] indices = new int[shape.rank()];
    int rest = flat;
    for (int axis = indices.length - 1; axis >= 0; axis--) {
      indices[axis] = rest % shape.dim(axis);
      rest /= shape.dim(axis);
    }
    return Arrays.toString(indices);
  }
}
