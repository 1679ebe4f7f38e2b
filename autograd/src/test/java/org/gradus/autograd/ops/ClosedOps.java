package org.gradus.autograd.ops;

import org.gradus.autograd.Op;

/** Ops that are not public, for tests in other packages. */
public final class ClosedOps {
  private ClosedOps() {}

  /** The op of {@link Ops#relu}. */
  public static Op relu() {
    return new Relu();
  }

  /** The op of {@link Ops#softmax}. */
  public static Op softmax(int axis) {
    return new Softmax(axis);
  }

  /** The op of {@link Ops#conv2d(org.gradus.autograd.Tensor, org.gradus.autograd.Tensor)}. */
  public static Op conv2d(ConvGeometry geometry) {
    return new Conv2d(geometry);
  }

  /** The op of {@link Ops#maxPool2d(org.gradus.autograd.Tensor, PoolOptions)}. */
  public static Op maxPool2d(PoolGeometry geometry) {
    return new MaxPool2d(geometry);
  }

  /** The op of {@link Ops#avgPool2d(org.gradus.autograd.Tensor, PoolOptions)}. */
  public static Op avgPool2d(PoolGeometry geometry, boolean countPadding) {
    return new AvgPool2d(geometry, countPadding);
  }
}
