package org.gradus.benchmarks.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** A program in a Java virtual machine of its own: of this one's kind, classes and options. */
final class Child {
  private Child() {}

  /**
   * Runs a program to its end.
   *
   * @param onLine receives the seconds since the start, and a line that the program prints
   * @throws IllegalStateException if it fails
   */
  static void run(Class<?> program, List<String> arguments, BiConsumer<Double, String> onLine) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Threads.option());
    command.add(program.getName());
    command.addAll(arguments);
    long start = System.nanoTime();
    try {
      Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
      try (BufferedReader lines = process.inputReader()) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          onLine.accept((System.nanoTime() - start) / 1e9, line);
        }
      }
      int code = process.waitFor();
      if (code != 0) {
        throw new IllegalStateException(
            "%s of %s ended with exit code %s".formatted(program, arguments, code));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("%s of %s was interrupted".formatted(program, arguments), e);
    }
  }

  /** Runs a program to its end; all that it prints, without the end of the last line. */
  static String output(Class<?> program, List<String> arguments) {
    List<String> lines = new ArrayList<>();
    run(program, arguments, (seconds, line) -> lines.add(line));
    return String.join(System.lineSeparator(), lines);
  }
}
