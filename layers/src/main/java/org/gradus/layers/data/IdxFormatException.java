package org.gradus.layers.data;

import java.io.IOException;

/** A file that is not what the IDX format asks for. The message names the file, and both values. */
public final class IdxFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /** An error whose text is {@code file: message}. */
  public IdxFormatException(String file, String message) {
    super(file + ": " + message);
  }

  /** An error whose text is {@code file: message}, and the cause that led to it. */
  public IdxFormatException(String file, String message, Throwable cause) {
    super(file + ": " + message, cause);
  }
}
