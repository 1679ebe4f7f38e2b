package org.gradus.autograd.array;

import static org.gradus.autograd.array.DType.FLOAT32;
import static org.gradus.autograd.array.DType.FLOAT64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VelocityTest {

  @ParameterizedTest
  @EnumSource
  void descendGoesAlongTheVelocityThatItChanges(DType dtype) {
    NdArray p = NdArray.of(new double[] {1, -2}, 1, 2).as(dtype);
    NdArray gradient = NdArray.of(new double[] {3, 4}, 1, 2).as(dtype);
    Velocity velocity = Velocity.zeros(dtype, Shape.of(1, 2));
    NdArray first = velocity.descend(p, gradient, 0.5, 2, 0.25);
    NdArray before = velocity.value();
    assertEquals(NdArray.of(new double[] {5, 0}, 1, 2).as(dtype), before);
    assertEquals(NdArray.of(new double[] {-0.25, -2}, 1, 2).as(dtype), first);
    NdArray second = velocity.descend(first, gradient, 0.5, 2, 0.25);
    assertEquals(NdArray.of(new double[] {5, 0}, 1, 2).as(dtype), velocity.value());
    assertEquals(NdArray.of(new double[] {-1.5, -2}, 1, 2).as(dtype), second);
    assertEquals(NdArray.of(new double[] {5, 0}, 1, 2).as(dtype), before);
    assertEquals(NdArray.of(new double[] {1, -2}, 1, 2).as(dtype), p);
    assertEquals(NdArray.of(new double[] {3, 4}, 1, 2).as(dtype), gradient);
  }

  @Test
  void whatIsReadIsACopy() {
    Velocity velocity = Velocity.zeros(FLOAT32, Shape.of(2));
    ((float[]) velocity.value().storage())[0] = 7;
    assertEquals(NdArray.zeros(FLOAT32, Shape.of(2)), velocity.value());
  }

  @Test
  void allMustAgreeInTypeAndShape() {
    NdArray array = NdArray.zeros(FLOAT32, Shape.of(2, 3));
    NdArray wide = NdArray.zeros(FLOAT64, Shape.of(2, 3));
    NdArray turned = NdArray.zeros(FLOAT32, Shape.of(3, 2));
    Velocity velocity = Velocity.zeros(FLOAT32, Shape.of(2, 3));
    assertRefused(
        "descend: element types FLOAT32 and FLOAT64 differ",
        () -> velocity.descend(array, wide, 0, 0, 0));
    assertRefused(
        "descend: shapes [3, 2] and [2, 3] differ",
        () -> velocity.descend(turned, turned, 0, 0, 0));
    assertRefused(
        "descend: element types FLOAT64 and FLOAT32 differ",
        () -> velocity.descend(wide, wide, 0, 0, 0));
  }

  private static void assertRefused(String message, Runnable call) {
    IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, call::run);
    assertEquals(message, refusal.getMessage());
  }
}
