package org.gradus.autograd.array;

/** Element types that do not fit an operation. The message names the operation and the types. */
public final class DTypeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** An error whose text is {@code op: message}. */
  public DTypeException(String op, String message) {
    super(op + ": " + message);
  }
}
