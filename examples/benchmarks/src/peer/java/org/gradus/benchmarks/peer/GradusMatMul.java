package org.gradus.benchmarks.peer;

import static org.gradus.autograd.ops.Ops.matmul;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/** A matrix product in Gradus. */
final class GradusMatMul implements Side {
  private final Tensor left;
  private final Tensor right;

  GradusMatMul(MatMulWork work) {
    this.left = Tensor.constant(NdArray.wrap(work.left(), Shape.of(work.m(), work.k())));
    this.right = Tensor.constant(NdArray.wrap(work.right(), Shape.of(work.k(), work.n())));
  }

  @Override
  public void run() {
    matmul(left, right);
  }

  @Override
  public float[] check() {
    return matmul(left, right).value().toFloatArray();
  }
}
