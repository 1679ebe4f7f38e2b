package org.gradus.layers.train;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;

/** Whether there is somebody who looks on. */
final class Terminal {
  private Terminal() {}

  /**
   * Whether standard input and output are a terminal. From Java 22 on there is a console without
   * one, too, which knows better.
   */
  @SuppressWarnings("SystemConsoleNull") // for the versions before
  static boolean isThere() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException before22) {
      return true;
    } catch (IllegalAccessException | InvocationTargetException e) {
      return false;
    }
  }
}
