package org.gradus.autograd.functional;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.matmul;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Round;
import org.junit.jupiter.api.Test;

/** Batches so large that one example after the other, or an array for each, would not do. */
class PerExampleAtOnceTest {

  /** One example after the other would be 32,768 times 32,768 products of a row. */
  @Test
  void gradientsOfManyExamples() {
    int count = 1 << 15;
    NdArray x = NdArray.generate(DType.FLOAT32, Shape.of(count, 2), i -> i % 5);
    Tensor w = Tensor.variable(NdArray.of(new float[][] {{1, 2, 3}, {4, 5, 6}}));
    Tensor b = Tensor.variable(NdArray.of(new float[] {1, 2, 3}, 3));
    PerExample made =
        PerExample.of(
            in -> {
              Tensor y = add(matmul(in, w), b);
              return sum(mul(y, Tensor.of(new Round(), y)), 1);
            },
            x);
    NdArray y = add(matmul(Tensor.constant(x), w), b).value(); // whole numbers: round(y) is y
    assertEquals(
        NdArray.generate(
            DType.FLOAT32, Shape.of(count, 2, 3), i -> x.at(i / 3) * y.at(i / 6 * 3 + i % 3)),
        made.gradients(w));
    assertEquals(y, made.gradients(b));
  }

  /** Their elements are more than an array can have; the norms are those of outer products. */
  @Test
  void normsOfMatrices() {
    NdArray x = NdArray.generate(DType.FLOAT32, Shape.of(4096, 512), i -> Math.floorDiv(i, 512));
    Tensor w = Tensor.variable(NdArray.zeros(DType.FLOAT32, Shape.of(512, 1024)));
    PerExample made = PerExample.of(in -> sum(matmul(in, w), 1), x);
    double each = Math.sqrt(512.0 * 1024);
    for (int n = 0; n < 4096; n++) {
      assertEquals(n * each, made.norms().at(n), 1e-12 * n * each);
    }
    assertThrows(IllegalArgumentException.class, () -> made.gradients(w));
  }
}
