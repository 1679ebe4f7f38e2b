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

  /** A path through the inputs, at t = 0 the point of the check: the output at t. */
  @FunctionalInterface
  private interface Line {
    NdArray at(double t);
  }

  /** What moving one element of one input does to the output: a column of the Jacobian. */
  private record Column(int input, int element, String place, Line line, NdArray slopes) {}

  /**
   * Moves each element of each input by itself, which gives a column of the Jacobian. Its product
   * with the cotangent is compared, and if asked for each entry.
   */
  void compareEachElement(boolean entries) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Shape shape = inputs.get(i).shape();
      for (int j = 0; j < shape.size(); j++) {
        Line line = line(i, j);
        String place = "input %s at %s".formatted(i, index(shape, j));
        columns.add(new Column(i, j, place, line, slopes(line)));
      }
    }
    for (Column c : columns) {
      double analytic = gradients.get(c.input).at(c.element);
      compare(c.place, analytic, cotangent, c.slopes, c.line);
    }
    for (int k = 0; entries && k < cotangent.size(); k++) {
      int chosen = k;
      NdArray oneHot =
          NdArray.generate(cotangent.dtype(), cotangent.shape(), i -> i == chosen ? 1 : 0);
      List<NdArray> row = pullback(oneHot);
      String output = "output at %s by ".formatted(index(cotangent.shape(), k));
      for (Column c : columns) {
        double analytic = row.get(c.input).at(c.element);
        compare(output + c.place, analytic, oneHot, c.slopes, c.line);
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
    compare(place, analytic, cotangent, slopes(line), line);
  }

  private void compare(String place, double analytic, NdArray weights, NdArray slopes, Line line) {
    double numeric = dot(weights, slopes);
    double difference = Math.abs(analytic - numeric);
    double error = difference / Math.max(1, Math.max(Math.abs(analytic), Math.abs(numeric)));
    if (error <= tolerance) {
      comparisons++;
      largestError = Math.max(largestError, error);
    } else if (roughness(weights, line) > difference / 2) {
      notDifferentiable.add("%s: not differentiable in %s".formatted(where, place));
    } else {
      throw new GradientCheckError(
          "gradient check: %s: %s: analytic %s, numeric %s, ratio %s (step %s, tolerance %s)"
              .formatted(where, place, analytic, numeric, analytic / numeric, step, tolerance));
    }
  }

  /** (f(h) - f(-h)) / 2h along a line, for each element of the output. */
  private NdArray slopes(Line line) {
    return line.at(step).plusScaled(-1, line.at(-step)).map(v -> v / (2 * step));
  }

  /**
   * Third and fourth differences over the points -2h, -h, 0, h, 2h, as slopes. Where f is smooth
   * they fall with h^2 and h^3. A kink with a change of slope c at a distance d &lt; h of the point
   * makes them c d/h and c |3 d/h - 2|, so that together they are at least 2/3 c, more than the
   * error c/2 that it can make in a central difference. The same holds of a jump.
   */
  private double roughness(NdArray weights, Line line) {
    double[] f = new double[5];
    for (int i = 0; i < 5; i++) {
      f[i] = dot(weights, line.at((i - 2) * step));
    }
    double third = f[4] - 2 * f[3] + 2 * f[1] - f[0];
    double fourth = f[4] - 4 * f[3] + 6 * f[2] - 4 * f[1] + f[0];
    return (Math.abs(third) + Math.abs(fourth)) / step;
  }

  private Line line(int input, int element) {
    return t -> {
      List<NdArray> moved = new ArrayList<>(inputs);
      NdArray x = inputs.get(input);
      moved.set(
          input, NdArray.generate(x.dtype(), x.shape(), i -> i == element ? x.at(i) + t : x.at(i)));
      return value(moved);
    };
  }

  private NdArray value(List<NdArray> at) {
    return f.apply(GradientCheck.constants(at)).value();
  }

  private List<NdArray> pullback(NdArray g) {
    Gradients found = Gradients.pullback(output, Tensor.constant(g), Mode.VALUES);
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
