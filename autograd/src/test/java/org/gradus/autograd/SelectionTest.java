package org.gradus.autograd;

import static org.gradus.autograd.ops.Ops.exp;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sum;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ops that take a part of a tensor: one call makes the gradients of all such parts. */
class SelectionTest {

  /** The element at one place, and what the calls of its joint VJP were given. */
  private record Element(int place, List<Map<Tensor, Tensor>> calls) implements Op.Selection {
    @Override
    public NdArray forward(List<NdArray> in) {
      return NdArray.scalar(in.get(0).dtype(), in.get(0).at(place));
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      throw new AssertionError("not asked for one by one");
    }

    @Override
    public Tensor vjp(Map<Tensor, Tensor> cotangents, Shape whole) {
      calls.add(cotangents);
      return Tensor.constant(scattered(cotangents, whole));
    }
  }

  /**
   * The same by another class, whose gradients are made by themselves; of a wrong shape if asked.
   */
  private record Other(int place, List<Map<Tensor, Tensor>> calls, boolean wrong)
      implements Op.Selection {
    @Override
    public NdArray forward(List<NdArray> in) {
      return NdArray.scalar(in.get(0).dtype(), in.get(0).at(place));
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      throw new AssertionError("not asked for one by one");
    }

    @Override
    public Tensor vjp(Map<Tensor, Tensor> cotangents, Shape whole) {
      calls.add(cotangents);
      return wrong
          ? cotangents.values().iterator().next()
          : Tensor.constant(scattered(cotangents, whole));
    }
  }

  private static NdArray scattered(Map<Tensor, Tensor> cotangents, Shape whole) {
    double[] sums = new double[whole.size()];
    cotangents.forEach(
        (part, g) -> {
          Op op = part.op().orElseThrow();
          sums[op instanceof Element element ? element.place : ((Other) op).place] += g.item();
        });
    return NdArray.of(sums, whole.size());
  }

  private final List<Map<Tensor, Tensor>> calls = new ArrayList<>();
  private final List<Map<Tensor, Tensor>> others = new ArrayList<>();

  private static Tensor variable(double... values) {
    return Tensor.variable(NdArray.of(values, values.length));
  }

  @ParameterizedTest
  @EnumSource
  void allPartsOfATensorAreAskedForAtOnce(Mode mode) {
    Tensor x = variable(2, 3, 5);
    Tensor a = Tensor.of(new Element(0, calls), x);
    Tensor b = Tensor.of(new Element(2, calls), x);
    Tensor c = Tensor.of(new Other(2, others, false), x);
    Tensor y = mul(mul(a, b), mul(c, c)); // x0 x2^3
    Tensor gradient = Gradients.backward(y, mode, x).of(x);
    assertArrayEquals(new double[] {125, 0, 150}, gradient.value().toDoubleArray());
    assertEquals(1, calls.size());
    assertEquals(2, calls.get(0).size());
    assertEquals(1, others.size());
    assertEquals(List.of(c), List.copyOf(others.get(0).keySet()));
  }

  @ParameterizedTest
  @EnumSource
  void partsAndOtherUsesAreAddedUp(Mode mode) {
    Tensor x = variable(2, 3);
    Tensor y = mul(Tensor.of(new Element(1, calls), x), sum(mul(x, x))); // x1 (x0^2 + x1^2)
    double[] gradient = Gradients.backward(y, mode, x).of(x).value().toDoubleArray();
    assertArrayEquals(new double[] {12, 31}, gradient);
  }

  @Test
  void aPartThatNobodyAsksForIsNotLookedAt() {
    Tensor x = variable(2, 3);
    Tensor w = variable(7);
    Tensor y = mul(Tensor.of(new Element(1, calls), x), sum(w));
    assertEquals(3, Gradients.backward(y, w).of(w).item());
    assertEquals(List.of(), calls);
  }

  @Test
  void aWrongShapeIsRefused() {
    Tensor x = variable(2, 3);
    Tensor y = Tensor.of(new Other(1, others, true), x);
    String message =
        assertThrows(IllegalArgumentException.class, () -> Gradients.backward(y)).getMessage();
    assertEquals(
        "other: the VJP of all parts is constant FLOAT64 [], but the input is variable FLOAT64 [2]",
        message);
  }

  @Test
  void theirCotangentsAreTakenBackAfterTheCallAndNotBefore() {
    Tensor x = Tensor.variable(NdArray.full(DType.FLOAT64, Shape.of(2), 0.5));
    Tensor y = sum(exp(exp(Tensor.of(new Quiet(1, calls), x))));
    Gradients.backward(y, Mode.CONSUMING);
    Tensor cotangent = calls.get(0).values().iterator().next();
    assertThrows(IllegalStateException.class, cotangent::value);
  }

  /** The element at one place, whose joint VJP reads cotangents only by ops. */
  private record Quiet(int place, List<Map<Tensor, Tensor>> calls) implements Op.Selection {
    @Override
    public NdArray forward(List<NdArray> in) {
      return NdArray.scalar(in.get(0).dtype(), in.get(0).at(place));
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      throw new AssertionError("not asked for one by one");
    }

    @Override
    public Tensor vjp(Map<Tensor, Tensor> cotangents, Shape whole) {
      calls.add(cotangents);
      Tensor ones = Tensor.constant(NdArray.full(DType.FLOAT64, whole, 1));
      return mul(cotangents.values().iterator().next(), ones);
    }
  }
}
