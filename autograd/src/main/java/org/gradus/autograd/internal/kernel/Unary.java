package org.gradus.autograd.internal.kernel;

/** Functions of one element. */
public enum Unary {
  /** -x. */
  NEG(1),
  /** e to the x. */
  EXP(20),
  /** The natural logarithm. */
  LOG(20),
  /** The square root. */
  SQRT(4),
  /** The hyperbolic tangent. */
  TANH(20),
  /** 1 / (1 + e to the -x), without overflow. */
  SIGMOID(20),
  /** max(x, 0); NaN stays NaN. */
  RELU(1),
  /** x + c. */
  ADD(1),
  /** x * c. */
  MUL(1),
  /** x to the c. */
  POW(20);

  /** About how many additions one element is worth. */
  final int cost;

  Unary(int cost) {
    this.cost = cost;
  }
}
