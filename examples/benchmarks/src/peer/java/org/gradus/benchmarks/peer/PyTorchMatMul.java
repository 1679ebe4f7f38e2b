package org.gradus.benchmarks.peer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** A matrix product in PyTorch's engine. */
final class PyTorchMatMul implements Side {
  private final NDManager manager = NDManager.newBaseManager();
  private final NDArray left;
  private final NDArray right;

  PyTorchMatMul(MatMulWork work) {
    this.left = manager.create(work.left(), new Shape(work.m(), work.k()));
    this.right = manager.create(work.right(), new Shape(work.k(), work.n()));
  }

  @Override
  public void run() {
    left.matMul(right).close();
  }

  @Override
  public float[] check() {
    try (NDArray product = left.matMul(right)) {
      return product.toFloatArray();
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
