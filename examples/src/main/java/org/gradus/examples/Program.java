package org.gradus.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
    CommandLine line =
        new CommandLine(this)
            .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    try {
      return line.execute(args);
    } catch (OutOfMemoryError e) { // what did not fit is gone
      long megabytes = Runtime.getRuntime().maxMemory() >> 20;
      err.println(
          "%s MB of memory are too little; give %sjava -Xmx%sm or more"
              .formatted(megabytes, thrift(), 2 * megabytes));
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  /** What else helps where memory is too little, as in {@code "a smaller image, or "}. */
  String thrift() {
    return "";
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

  /**
   * Refuses to write over a file that is read, by whatever path.
   *
   * @param option that names the file to write
   */
  final void requireOther(String option, @Nullable Path written, @Nullable Path read)
      throws IOException {
    if (written != null && read != null && Files.exists(written) && Files.exists(read)) {
      String expected = "another file than %s, which is read".formatted(read);
      require(!Files.isSameFile(written, read), option, written, expected);
    }
  }

  /** What to tell of a file that could not be read or written. */
  static String message(IOException e) {
    if (!(e instanceof FileSystemException failure) || failure.getReason() != null) {
      return String.valueOf(e.getMessage());
    }
    return e.getMessage() + ": " + reason(failure); // the message is a name alone
  }

  /** As above, of what was read on the way. */
  static String message(UncheckedIOException e) {
    return message(Objects.requireNonNull(e.getCause()));
  }

  private static String reason(FileSystemException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file";
    } else if (e instanceof AccessDeniedException) {
      return "there is no permission";
    } else if (e instanceof NotDirectoryException) {
      return "it is no folder";
    }
    return e.getClass().getSimpleName();
  }

  /** What to tell of a training that led nowhere. */
  static String stopped(@Nullable String why) {
    return "Stopped; try a smaller learning rate: " + why;
  }
}
