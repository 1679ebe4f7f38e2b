package org.gradus.examples;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What a program has printed, with line feeds at the ends of lines. */
final class Printed {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  /** Where it prints. */
  PrintStream stream() {
    return stream;
  }

  /** All that was printed since the last {@link #clear}. */
  @Override
  public String toString() {
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }

  void clear() {
    bytes.reset();
  }
}
