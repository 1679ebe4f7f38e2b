package org.gradus.benchmarks.peer;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.EnumSet;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
      showDefaultValue = CommandLine.Help.Visibility.NEVER,
      description =
          "Rows of the table: ${COMPLETION-CANDIDATES}. All of them, if no other option asks for"
              + " something else.")
  private Set<Rows> rows = EnumSet.noneOf(Rows.class);

  @Option(
      names = "--scaling",
      description = "Steps of a net with 1 thread and with all; and time for each image by batch.")
  private boolean scaling;

  @Option(
      names = "--memory",
      description = "Peak resident memory in training, of a process for each side.")
  private boolean memory;

  @Option(
      names = "--first-run",
      description = "Time from the start of a process until its net reads 98 %% of test digits.")
  private boolean firstRun;

  @Option(
      names = "--seconds",
      defaultValue = "6",
      description = "How long each row is measured, after 10 seconds of warm-up.")
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
    if (!(seconds > 0)) {
      throw new ParameterException(
          spec.commandLine(), "--seconds is %s, expected more than 0".formatted(seconds));
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        Table.text(
            "load average %.2f (another busy process slows native threads most)",
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
    boolean table = !(scaling || memory || firstRun);
    if (firstRun) {
      FirstRun.print(out);
    }
    if (memory) {
      Memory.print(out);
    }
    if (scaling) {
      Scaling measured = new Scaling(out, seconds);
      measured.printThreads();
      measured.printBatches();
    }
    if (table || !rows.isEmpty()) {
      printTable(out, rows.isEmpty() ? EnumSet.allOf(Rows.class) : rows);
    }
  }

  private void printTable(PrintWriter out, Set<Rows> groups) {
    Engine.getEngine("PyTorch"); // loads it
    OptionalDouble peak = Peak.measure();
    out.println(machine(peak));
    Table table = new Table(out, peak, seconds);
    groups.stream().flatMap(group -> group.works().stream()).forEach(table::add);
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
