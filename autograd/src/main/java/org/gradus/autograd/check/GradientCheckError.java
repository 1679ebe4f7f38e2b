package org.gradus.autograd.check;

/** A gradient that is wrong, or a law that is broken; the message says where and by how much. */
public final class GradientCheckError extends AssertionError {
  private static final long serialVersionUID = 1L;

  /** An error with this message. */
  public GradientCheckError(String message) {
    super(message);
  }
}
