package org.gradus.autograd.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Indices;
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

  @Test
  void nothingIsNormalized() {
    assertGradientIsEmpty(x -> Ops.normalize(x, 1e-5, 1), MANY, 0);
    assertGradientIsEmpty(x -> Ops.normalize(x, 1e-5, 0), 0, MANY);
  }

  @Test
  void crossEntropyOfNoClassesIsZero() {
    Tensor logits = Tensor.variable(NdArray.zeros(DType.FLOAT32, Shape.of(MANY, 0)));
    Tensor y = Ops.crossEntropy(logits, logits.detach());
    assertEquals(NdArray.zeros(DType.FLOAT32, Shape.SCALAR), y.value());
    assertEquals(logits.value(), Gradients.backward(y).of(logits).value());
  }

  @Test
  void partsOfNothingHaveGradientsOfNothing() {
    Indices none = Indices.of(new int[0], MANY, 0);
    assertGradientIsEmpty(x -> Ops.gather(x, 0, none), MANY, 0);
    assertGradientIsEmpty(x -> Ops.gather(x, 1, none), MANY, 0);
    assertGradientIsEmpty(x -> Ops.scatterAdd(x, 0, none, MANY), MANY, 0);
    assertGradientIsEmpty(
        x -> Ops.concat(0, Ops.slice(x, 0, 0, 9), Ops.slice(x, 0, 0, MANY / 2)), MANY, 0);
    assertGradientIsEmpty(
        x -> {
          Tensor[] gathered = new Tensor[8];
          Arrays.setAll(gathered, i -> Ops.gather(x, 1, none));
          return Ops.concat(1, gathered);
        },
        MANY,
        0);
  }

  @Test
  void slabsOfNothingHaveGradientsOfNothing() {
    assertGradientIsEmpty(x -> Ops.take(x, 1, 0), MANY, 1, 0);
    assertGradientIsEmpty(x -> Ops.take(x, 1), MANY, 0);
    assertGradientIsEmpty(x -> Ops.take(x, 0, MANY - 1, 0, 1, 2, 3, 4), MANY, 0);
    assertGradientIsEmpty(x -> Ops.concat(0, Ops.take(x, 0, 1, 2), Ops.take(x, 0, 0)), MANY, 0);
    assertGradientIsEmpty(
        x -> Ops.pad(x, new int[] {MANY, 0}, new int[] {1, 0}, PadMode.EDGE), 1, 0);
  }

  @Test
  void statisticsOfNothingAreNaN() {
    NdArray nothing = NdArray.zeros(DType.FLOAT32, Shape.of(MANY, 1, 0));
    NdArray none = NdArray.of(new float[] {Float.NaN}, 1);
    assertEquals(new BatchStatistics(none, none), Ops.batchStatistics(Tensor.constant(nothing)));
  }

  @Test
  void productsOfNothingAreEmpty() {
    Tensor two = Tensor.constant(NdArray.full(DType.FLOAT32, Shape.of(1, 1), 2));
    assertGradientIsEmpty(x -> Ops.matmul(x, two), MANY, 0, 1);
    assertGradientIsEmpty(x -> Ops.matmul(two, x), MANY, 1, 0);
  }

  @Test
  void gradientOfAnEmptyProductIsZero() {
    Tensor rows = Tensor.constant(NdArray.zeros(DType.FLOAT32, Shape.of(MANY, 0, 1)));
    Tensor columns = Tensor.constant(NdArray.zeros(DType.FLOAT32, Shape.of(MANY, 1, 0)));
    assertGradientIsZero(Ops.matmul(rows, x), MANY, 0, 1);
    assertGradientIsZero(Ops.matmul(x, columns), MANY, 1, 0);
  }

  @Test
  void noImagesArePooledOrResized() {
    PoolOptions wide = PoolOptions.window(1, 2).stride(1);
    assertGradientIsEmpty(x -> Ops.maxPool2d(x, wide), 0, 1, 1, MANY);
    assertGradientIsEmpty(x -> Ops.avgPool2d(x, wide), 0, 1, 1, MANY);
    assertGradientIsEmpty(x -> Ops.adaptiveAvgPool2d(x, 1, MANY / 2), 0, 1, 1, MANY);
    assertGradientIsEmpty(x -> Ops.adaptiveMaxPool2d(x, MANY / 2, 1), 0, 1, MANY, 1);
    assertGradientIsEmpty(x -> Ops.upsampleNearest(x, 1), 0, 1, MANY, 1);
    assertGradientIsEmpty(x -> Ops.upsampleBilinear(x, 1, MANY, true), 0, 1, 1, MANY);
  }

  private void assertGradientIsEmpty(UnaryOperator<Tensor> f, int... dims) {
    Tensor empty = Tensor.variable(NdArray.zeros(DType.FLOAT32, Shape.of(dims)));
    Tensor y = f.apply(empty);
    assertEquals(0, y.shape().size());
    Tensor g = Tensor.constant(NdArray.zeros(DType.FLOAT32, y.shape()));
    for (Mode mode : Mode.values()) {
      assertEquals(empty.value(), Gradients.pullback(y, g, mode, empty).of(empty).value());
    }
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
