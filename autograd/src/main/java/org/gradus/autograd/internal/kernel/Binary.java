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
  /** The larger one; NaN if one is NaN. */
  MAXIMUM,
  /** The smaller one; NaN if one is NaN. */
  MINIMUM,
  /** a to the b. */
  POW,
  /** a where it is positive, otherwise a * b. */
  PRELU,
  /** b where a is positive or NaN, otherwise 0. */
  GATE,
  /** 1 where a > b, otherwise 0. */
  GREATER,
  /** 1 where a >= b, otherwise 0. */
  GREATER_EQUAL,
  /** 1 where a &lt; b, otherwise 0. */
  LESS,
  /** 1 where a &lt;= b, otherwise 0. */
  LESS_EQUAL,
  /** 1 where a = b, otherwise 0; NaN equals nothing. */
  EQUAL,
  /** 1 where a and b differ, otherwise 0; NaN differs from everything. */
  NOT_EQUAL
}
