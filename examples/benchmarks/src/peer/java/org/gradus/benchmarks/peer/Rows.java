package org.gradus.benchmarks.peer;

import java.util.List;

/** Groups of rows of the table. */
enum Rows {
  /** Training steps of LeNet-5. */
  LENET,

  /** Training steps of a deeper network. */
  VGG,

  /** Convolutions by themselves: the two of a small network, and two of deeper ones. */
  CONV,

  /** Matrix products: two square ones, and that of a convolution written as one. */
  MATMUL;

  List<Work> works() {
    return switch (this) {
      case LENET -> List.of(new StepWork(Net.LENET, 64), new StepWork(Net.LENET, 1));
      case VGG -> List.of(new StepWork(Net.VGG, 64));
      case CONV ->
          List.of(
              new ConvWork(64, 1, 28, 28, 8, 5, false),
              new ConvWork(64, 8, 14, 14, 16, 5, false),
              new ConvWork(32, 32, 32, 32, 64, 3, false),
              new ConvWork(32, 64, 56, 56, 64, 3, false),
              new ConvWork(64, 1, 28, 28, 8, 5, true),
              new ConvWork(64, 8, 14, 14, 16, 5, true),
              new ConvWork(32, 32, 32, 32, 64, 3, true),
              new ConvWork(32, 64, 56, 56, 64, 3, true));
      case MATMUL ->
          List.of(
              new MatMulWork(1024, 1024, 1024),
              new MatMulWork(512, 512, 512),
              new MatMulWork(32, 288, 65536));
    };
  }
}
