package org.gradus.autograd.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;

/** An array without elements may have an extent that no memory would hold otherwise. */
class EmptyArraysTest {
  private static final int MANY = 2_000_000_000;

  private final Tensor x = Tensor.variable(NdArray.full(DType.FLOAT32, Shape.of(1, 1), 3));

  @Test
  void gradientOfAnEmptyTileIsZero() {
    assertGradientIsZero(Ops.tile(x, MANY, 0), MANY, 0);
    assertGradientIsZero(Ops.tile(x, 0, MANY), 0, MANY);
    assertGradientIsZero(Ops.tile(x, MANY, 1, 0), MANY, 1, 0);
  }

  @Test
  void gradientOfAnEmptyBroadcastIsZero() {
    assertGradientIsZero(Ops.broadcastTo(x, Shape.of(MANY, 0)), MANY, 0);
    Tensor empty = Tensor.constant(NdArray.zeros(DType.FLOAT32, Shape.of(MANY, 0)));
    assertGradientIsZero(Ops.mul(x, empty), MANY, 0);
    assertGradientIsZero(Ops.add(empty, x), MANY, 0);
  }

  @Test
  void sumOfNothingIsZero() {
    Tensor empty = Tensor.constant(NdArray.zeros(DType.FLOAT64, Shape.of(MANY, 0, 1)));
    assertEquals(NdArray.zeros(DType.FLOAT64, Shape.SCALAR), Ops.sum(empty).value());
    assertEquals(NdArray.zeros(DType.FLOAT64, Shape.of(0, 1)), Ops.sum(empty, 0).value());
  }

  private void assertGradientIsZero(Tensor y, int... dims) {
    assertEquals(Shape.of(dims), y.shape());
    for (Mode mode : new Mode[] {Mode.VALUES, Mode.DIFFERENTIABLE}) {
      Tensor g = Tensor.variable(NdArray.zeros(DType.FLOAT32, y.shape()));
      Tensor gradient = Gradients.pullback(y, g, mode, x).of(x);
      assertEquals(NdArray.zeros(DType.FLOAT32, x.shape()), gradient.value());
    }
  }
}
