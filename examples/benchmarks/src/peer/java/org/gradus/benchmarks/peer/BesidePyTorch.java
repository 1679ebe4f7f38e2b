package org.gradus.benchmarks.peer;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Gradus beside PyTorch's native engine, in one process: the same work on the same numbers, in
 * turn. Prints a table; run it with {@code --help} to see what else can be measured.
 */
@Command(
    name = "BesidePyTorch",
    header = "Measures Gradus beside PyTorch's native engine, and prints a table.",
    showDefaultValues = true,
    sortOptions = false,
    usageHelpWidth = 100)
public final class BesidePyTorch implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Option(
      names = "--rows",
      split = ",",
      paramLabel = "ROWS",
      description = "The rows of the table, of ${COMPLETION-CANDIDATES}; all without it.")
  private Set<Rows> rows = EnumSet.allOf(Rows.class);

  @Option(
      names = "--seconds",
      defaultValue = "6",
      description = "How long each row is measured, after 4 seconds of warm-up.")
  private double seconds;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Prints this, and ends.")
  @SuppressWarnings("UnusedVariable") // read by picocli
  private boolean help;

  /** Does what the arguments ask for; exit code 0, or 2 if an option is wrong. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new BesidePyTorch())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(args));
  }

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Engine.getEngine("PyTorch"); // loads it
    OptionalDouble peak = Peak.measure();
    out.println(machine(peak));
    out.println();
    Table table = new Table(out, peak, seconds);
    rows.stream().flatMap(group -> group.works().stream()).forEach(table::add);
  }

  private static String machine(OptionalDouble peak) {
    return "%s processors, JDK %s; threads: Gradus %s, PyTorch %s; peak %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            Runtime.version(),
            ForkJoinPool.commonPool().getParallelism() + 1,
            JniUtils.getNumThreads(),
            peak.isPresent()
                ? Table.text("%.0f GFLOP/s", peak.getAsDouble() / 1e9)
                : "unknown, without --add-modules jdk.incubator.vector");
  }
}
