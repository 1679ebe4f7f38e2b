package org.gradus.layers.optim;

import static org.gradus.autograd.ops.Ops.halfSquaredError;
import static org.gradus.autograd.ops.Ops.mul;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.update.Adam;
import org.gradus.autograd.update.Sgd;
import org.gradus.layers.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class RateCurveTest {
  private final Parameter p = new Parameter("p", NdArray.full(DType.FLOAT64, Shape.of(3), 10));

  /** p^2 / 2, which a step of rate r makes (1 - r)^2 times as large. */
  private Tensor loss() {
    return halfSquaredError(p.tensor(), Tensor.constant(NdArray.zeros(DType.FLOAT64, p.shape())));
  }

  @Test
  void theRatesGrowAndTheLossesFallAndRise() {
    Optimizer optimizer = new Optimizer(List.of(p), new Sgd(1));
    RateCurve curve = RateCurve.of(optimizer, this::loss, 1.1e-3, 110, 51);
    List<RateCurve.Point> points = curve.points();
    assertEquals(1.1e-3, points.get(0).rate(), 1e-18);
    assertEquals(1.1e-2, points.get(10).rate(), 1e-15);
    assertEquals(150, points.get(0).loss(), 1e-12);
    assertEquals(150 * (1 - 1.1e-3) * (1 - 1.1e-3), points.get(1).loss(), 1e-12);
    assertTrue(points.size() < 51, "it ends where the loss has grown");
    double suggestion = curve.suggestion();
    assertTrue(suggestion > 1e-3 && suggestion < 2, () -> "suggestion " + suggestion);
  }

  @Test
  void allIsAsBeforeAfterwards() {
    Parameter q = new Parameter("q", NdArray.full(DType.FLOAT64, Shape.of(1), 1));
    Optimizer optimizer =
        new Optimizer(List.of(p, q), new Adam(0.1)).schedule(step -> 0).plateau(new Plateau());
    optimizer.minimize(loss());
    NdArray value = p.value();
    Map<String, NdArray> state = optimizer.state();
    RateCurve curve = RateCurve.of(optimizer, this::loss, 1e-3, 1, 20);
    assertTrue(curve.points().get(10).loss() < curve.points().get(0).loss(), "no schedule counts");
    assertEquals(value, p.value());
    assertEquals(state, optimizer.state());

    List<Integer> calls = new ArrayList<>();
    Supplier<Tensor> failing =
        () -> {
          calls.add(1);
          if (calls.size() == 3) {
            throw new ArithmeticException("as is meant");
          }
          return loss();
        };
    assertThrows(ArithmeticException.class, () -> RateCurve.of(optimizer, failing, 1e-3, 1, 20));
    assertEquals(value, p.value());
    assertEquals(state, optimizer.state());
  }

  @Test
  void ratesOfGroupsGrowInProportion() {
    Parameter q = new Parameter("q", NdArray.full(DType.FLOAT64, Shape.of(3), 10));
    Optimizer optimizer =
        new Optimizer(
            List.of(
                new Optimizer.Group(List.of(p), new Sgd(1)),
                new Optimizer.Group(List.of(q), new Sgd(10))));
    List<Double> moved = new ArrayList<>();
    RateCurve.of(
        optimizer,
        () -> {
          moved.add((10 - q.value().at(0)) / (10 - p.value().at(0)));
          return halfSquaredError(p.tensor(), mulMinusOne(q));
        },
        1e-3,
        2e-3,
        2);
    assertEquals(10, moved.get(1), 1e-9);
  }

  private static Tensor mulMinusOne(Parameter parameter) {
    return mul(parameter.tensor(), -1);
  }

  @Test
  void aCurveEndsWhereTheLossIsNotFinite() {
    List<Optimizer> optimizers =
        List.of(
            new Optimizer(List.of(p), new Sgd(1)),
            new Optimizer(List.of(p), new Sgd(1)).allowNonFinite());
    for (Optimizer optimizer : optimizers) {
      List<Integer> calls = new ArrayList<>();
      Supplier<Tensor> loss =
          () -> {
            calls.add(1);
            return calls.size() < 4 ? loss() : mul(loss(), Double.NaN);
          };
      RateCurve curve = RateCurve.of(optimizer, loss, 1e-3, 1, 20);
      assertEquals(3, curve.points().size());
      assertEquals(NdArray.full(DType.FLOAT64, Shape.of(3), 10), p.value());
    }
  }

  /** The mean falls again behind a peak, but has been lower before. */
  @Test
  void suggestsNothingBehindTheLeastMean() {
    double[] losses = {1, 1, .99, .98, .97, .96, .95, 3, 3, .1, .1, .1};
    List<RateCurve.Point> points = new ArrayList<>();
    for (int i = 0; i < losses.length; i++) {
      points.add(new RateCurve.Point(Math.pow(10, -5 + 0.3 * i), losses[i]));
    }
    assertTrue(new RateCurve(points).suggestion() <= points.get(6).rate());
  }

  @Test
  void refusesWhatMakesNoCurve() {
    Optimizer optimizer = new Optimizer(List.of(p), new Sgd(1));
    String rates = ", expected finite rates above 0, the second larger";
    assertRefused(
        "of: from 0.0 to 1.0" + rates, () -> RateCurve.of(optimizer, this::loss, 0, 1, 9));
    assertRefused(
        "of: from 1.0 to 1.0" + rates, () -> RateCurve.of(optimizer, this::loss, 1, 1, 9));
    assertRefused(
        "of: steps is 1, expected at least 2", () -> RateCurve.of(optimizer, this::loss, 1, 2, 1));
    RateCurve rising = new RateCurve(List.of(new RateCurve.Point(1, 1), new RateCurve.Point(2, 2)));
    assertEquals(
        "suggestion: the loss falls nowhere on the 2 points; begin with a smaller rate, and take"
            + " more steps",
        assertThrows(IllegalStateException.class, rising::suggestion).getMessage());
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
