package org.gradus.autograd.inspect;

import org.jspecify.annotations.Nullable;

/**
 * A watched op met or made a NaN or an infinity; see {@link Watch}. The message names the op, what
 * it was given and where it was called. If a VJP is to blame, the cause has the stack of that call.
 */
public final class NonFiniteException extends ArithmeticException {
  private static final long serialVersionUID = 1L;

  NonFiniteException(String message, @Nullable Throwable cause) {
    super(message);
    initCause(cause);
  }
}
