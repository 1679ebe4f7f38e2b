package org.gradus.layers;

import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.ShapeException;

/** Refusals, with the place in the net where they were made. */
final class Located {
  private Located() {}

  /** The same refusal, of the same class where it is one of the library's, with the place. */
  static RuntimeException at(String path, RuntimeException e) {
    if (path.isEmpty() || e.getMessage() == null) {
      return e;
    }
    String message = e.getMessage();
    RuntimeException located;
    if (e instanceof ShapeException) {
      located = new ShapeException(path, message);
    } else if (e instanceof DTypeException) {
      located = new DTypeException(path, message);
    } else if (e.getClass() == IllegalArgumentException.class) {
      located = new IllegalArgumentException(path + ": " + message);
    } else if (e.getClass() == NullPointerException.class) {
      located = new NullPointerException(path + ": " + message);
    } else {
      return e;
    }
    located.initCause(e);
    return located;
  }
}
