package org.example.matrices;

import static org.gradus.autograd.ops.Ops.matmul;

import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/** Squares matrices of both precisions. */
public final class Square {
  private Square() {}

  /** Prints two elements. */
  public static void main(String[] args) {
    FMatrixRMaj floats = new FMatrixRMaj(2, 2, true, 1, 2, 3, 4);
    Tensor x = Tensor.constant(NdArray.wrap(floats));
    System.out.println(matmul(x, x).value().asFMatrix().get(1, 1));
    DMatrixRMaj doubles = new DMatrixRMaj(2, 2, true, 1, 2, 3, 4);
    Tensor y = Tensor.constant(NdArray.wrap(doubles));
    System.out.println(matmul(y, y).value().asDMatrix().get(0, 0));
  }
}
