package org.gradus.autograd.internal.kernel;

/** Functions of two elements. */
public enum Binary {
  /** a + b. */
  ADD,
  /** a - b. */
  SUB,
  /** a * b. */
  MUL,
  /** a / b. */
  DIV,
  /** b where a is positive or NaN, otherwise 0. */
  GATE
}
