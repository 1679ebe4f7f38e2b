package org.gradus.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What programs with options have in common: where they print, help, and refusals. */
abstract class Program implements Callable<Integer> {
  final PrintStream out;
  final PrintStream err;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      order = 1, // behind those of the program, which have none
      description = "Prints this, and ends.")
  @SuppressWarnings("UnusedVariable") // read by picocli
  private boolean help;

  Program(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Does what the arguments ask for, and returns the exit code. */
  final int run(String... args) {
    return new CommandLine(this)
        .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
        .execute(args);
  }

  /** All arguments, as they were given. */
  final List<String> arguments() {
    return spec.commandLine().getParseResult().originalArgs();
  }

  /** Refuses the value of an option unless it holds what is expected. */
  final void require(boolean holds, String option, Object value, String expected) {
    if (!holds) {
      throw new ParameterException(
          spec.commandLine(), "%s is %s, expected %s".formatted(option, value, expected));
    }
  }

  /** What to tell of a file that could not be read or written. */
  static String message(IOException e) {
    boolean isMissing = e instanceof NoSuchFileException;
    return isMissing ? e.getMessage() + ": there is no such file" : String.valueOf(e.getMessage());
  }
}
