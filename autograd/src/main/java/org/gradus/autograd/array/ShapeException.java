package org.gradus.autograd.array;

/** Shapes that do not fit an operation. The message names the operation and the shapes. */
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** An error whose text is {@code op: message}. */
  public ShapeException(String op, String message) {
    super(op + ": " + message);
  }
}
