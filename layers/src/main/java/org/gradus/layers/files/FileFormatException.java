package org.gradus.layers.files;

import java.io.IOException;

/**
 * A file that is not what its format asks for. The message names the file, the place in it, and
 * what was found beside what was expected.
 */
public final class FileFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /** An error whose text is {@code file: message}. */
  public FileFormatException(String file, String message) {
    super(file + ": " + message);
  }

  /** An error whose text is {@code file: message}, and the cause that led to it. */
  public FileFormatException(String file, String message, Throwable cause) {
    super(file + ": " + message, cause);
  }
}
