package org.gradus.autograd.internal.kernel;

/** Functions of one element. */
public enum Unary {
  /** -x. */
  NEG(1),
  /** |x|. */
  ABS(1),
  /** -1, 0 or 1, as x is below, at or above 0. */
  SIGN(1),
  /** x * x. */
  SQUARE(1),
  /** 1 / x. */
  RECIPROCAL(4),
  /** e to the x. */
  EXP(20),
  /** The natural logarithm. */
  LOG(20),
  /** The natural logarithm of 1 + x. */
  LOG1P(20),
  /** e to the x, minus 1. */
  EXPM1(20),
  /** The sine. */
  SIN(20),
  /** The cosine. */
  COS(20),
  /** The square root. */
  SQRT(4),
  /** The hyperbolic tangent. */
  TANH(20),
  /** 1 / (1 + e to the -x), without overflow. */
  SIGMOID(20),
  /** max(x, 0); NaN stays NaN. */
  RELU(1),
  /** x above 0, otherwise c * x. */
  LEAKY_RELU(1),
  /** x above 0, otherwise c * (e to the x, minus 1). */
  ELU(20),
  /** ln(1 + e to the x), without overflow. */
  SOFTPLUS(40),
  /** x * sigmoid(x). */
  SILU(20),
  /** x * Phi(x), Phi being the standard normal distribution function. */
  GELU(40),
  /** x * Phi(x), where Phi is approximated by the hyperbolic tangent of a cubic. */
  GELU_TANH(40),
  /** x * tanh(softplus(x)). */
  MISH(40),
  /** (x + 3) / 6, but no less than 0 and no more than 1; NaN stays NaN. */
  HARD_SIGMOID(4),
  /** x * hardSigmoid(x). */
  HARD_SWISH(4),
  /** x / (1 + |x|). */
  SOFTSIGN(4),
  /** The largest whole number up to x. */
  FLOOR(1),
  /** The nearest whole number, of two the even one. */
  ROUND(1),
  /** The error function. */
  ERF(40),
  /** x + c. */
  ADD(1),
  /** x * c. */
  MUL(1),
  /** x to the c. */
  POW(20),
  /** max(x, c); NaN stays NaN. */
  AT_LEAST(1),
  /** min(x, c); NaN stays NaN. */
  AT_MOST(1);

  /** About how many additions one element is worth. */
  public final int cost;

  Unary(int cost) {
    this.cost = cost;
  }
}
