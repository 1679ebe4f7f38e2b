package org.gradus.layers.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.Linear;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WeightAverageTest {
  private final Parameter p = new Parameter("p", NdArray.of(new double[] {8, 0}, 2));
  private final Parameter q = new Parameter("q", NdArray.of(new double[] {1}, 1));
  private final List<Parameter> both = List.of(p, q);

  @ParameterizedTest
  @EnumSource(DType.class)
  void movesAShareOfTheWay(DType dtype) {
    Parameter one = new Parameter("one", NdArray.of(new double[] {8, 0}, 2).as(dtype));
    List<Parameter> all = List.of(one);
    WeightAverage first = WeightAverage.of(all);
    one.set(NdArray.of(new double[] {0, 4}, 2).as(dtype));
    WeightAverage second = first.next(all, 0.75);
    WeightAverage third = second.next(all, 0.75);
    assertEquals(Map.of("one", NdArray.of(new double[] {8, 0}, 2).as(dtype)), first.values());
    assertEquals(Map.of("one", NdArray.of(new double[] {6, 1}, 2).as(dtype)), second.values());
    assertEquals(Map.of("one", NdArray.of(new double[] {4.5, 1.75}, 2).as(dtype)), third.values());
    assertEquals(first, first.next(all, 1));
    assertEquals(WeightAverage.of(all), first.next(all, 0));
  }

  /** Neither the distance of two numbers nor their share is lost on the way. */
  @Test
  void losesNothingOnTheWay() {
    Parameter one = new Parameter("one", NdArray.of(new float[] {1e10f, -3e38f}, 2));
    List<Parameter> all = List.of(one);
    WeightAverage first = WeightAverage.of(all);
    one.set(NdArray.of(new float[] {1, 3e38f}, 2));
    assertEquals(WeightAverage.of(all), first.next(all, 0));
    double average = first.next(all, 0.999).values().get("one").at(1);
    assertEquals(-2.994e38, average, 1e32);
    one.set(NdArray.of(new float[] {Float.POSITIVE_INFINITY, Float.NaN}, 2));
    assertEquals(first, first.next(all, 1));
  }

  /** While others train them. */
  @Test
  void standsForTheParametersInAPass() {
    Linear linear = new Linear(NdArray.of(new double[] {2}, 1, 1));
    WeightAverage average = WeightAverage.of(linear.parameters());
    linear.weight().set(NdArray.of(new double[] {5}, 1, 1));
    Pass pass = Pass.inference().with(average.tensors(linear.parameters()));
    assertEquals(6, linear.predict(NdArray.of(new double[] {3}, 1, 1), pass).item());
    assertEquals(5, linear.weight().value().item());
    assertRefused(
        "tensors: the parameters are [p, q], but the average is of [weight]",
        () -> average.tensors(both));
  }

  @Test
  void isPutIn() {
    WeightAverage average = WeightAverage.of(both);
    p.set(NdArray.of(new double[] {3, 3}, 2));
    average.putInto(both);
    assertEquals(NdArray.of(new double[] {8, 0}, 2), p.value());
  }

  @Test
  void isUsedForAWhile() {
    WeightAverage average = WeightAverage.of(both);
    NdArray trained = NdArray.of(new double[] {3, 3}, 2);
    p.set(trained);
    assertEquals(8, average.during(both, () -> p.value().at(0)));
    assertEquals(trained, p.value());
    assertThrows(
        ArithmeticException.class,
        () ->
            average.during(
                both,
                () -> {
                  throw new ArithmeticException("as is meant");
                }));
    assertEquals(trained, p.value());
  }

  @Test
  void isAValue() {
    Map<String, NdArray> values = new LinkedHashMap<>(Map.of("p", p.value()));
    WeightAverage average = new WeightAverage(values);
    values.clear();
    assertEquals(Map.of("p", p.value()), average.values());
    assertThrows(UnsupportedOperationException.class, () -> average.values().clear());
  }

  @Test
  void refusesOtherParameters() {
    WeightAverage average = WeightAverage.of(both);
    Parameter wide = new Parameter("q", NdArray.of(new double[] {1, 2}, 2));
    Parameter single = new Parameter("q", NdArray.of(new float[] {1}, 1));
    assertRefused(
        "next: the parameters are [p], but the average is of [p, q]",
        () -> average.next(List.of(p), 0.5));
    assertRefused(
        "putInto: the parameter is q FLOAT64 [2], but its average FLOAT64 [1]",
        () -> average.putInto(List.of(p, wide)));
    assertRefused(
        "during: the parameter is q FLOAT32 [1], but its average FLOAT64 [1]",
        () -> average.during(List.of(p, single), () -> 1));
    assertRefused(
        "next: decay 1.5, expected at least 0 and at most 1", () -> average.next(both, 1.5));
    assertRefused(
        "next: decay NaN, expected at least 0 and at most 1", () -> average.next(both, Double.NaN));
    assertRefused(
        "of: two parameters are called q; rename one, as by Parameter.in",
        () -> WeightAverage.of(List.of(q, wide)));
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
