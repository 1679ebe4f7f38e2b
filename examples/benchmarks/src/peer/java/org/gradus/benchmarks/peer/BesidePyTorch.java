package org.gradus.benchmarks.peer;

import ai.djl.pytorch.jni.JniUtils;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import org.gradus.benchmarks.turns.Part;
import org.gradus.benchmarks.turns.Selection;
import org.gradus.benchmarks.turns.Turns;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * Gradus beside PyTorch's native engine, and in inference beside ONNX Runtime, in one process: the
 * same work on the same numbers, in turn. Prints tables; run it with {@code --help} to see what can
 * be chosen.
 */
@Command(
    name = "BesidePyTorch",
    header = "Measures Gradus beside PyTorch's native engine, and prints tables in Markdown.",
    showDefaultValues = true,
    sortOptions = false,
    usageHelpWidth = 100)
public final class BesidePyTorch implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "GROUP",
      showDefaultValue = CommandLine.Help.Visibility.NEVER,
      description = "Groups of cases: ${COMPLETION-CANDIDATES}. All of them by default.")
  private Set<Group> only = EnumSet.noneOf(Group.class);

  @Option(
      names = "--case",
      split = ";",
      paramLabel = "WORDS",
      description = "Only cases with these words in their names; several are separated by ';'.")
  private List<String> words = new ArrayList<>();

  @Option(
      names = "--part",
      defaultValue = "1/1",
      converter = PartConverter.class,
      description = "A part of those cases, such as 2/5: the second of five.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Part part;

  @Option(names = "--seconds", defaultValue = "2", description = "How long each case is timed.")
  private double seconds;

  @Option(
      names = "--warm-up",
      defaultValue = "30",
      description = "How long each case is run before, at most: less, once the JIT is quiet.")
  private double warmUp;

  @Option(names = "--threads", defaultValue = "2", description = "Threads of each side.")
  private int threads;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Prints this, and ends.")
  @SuppressWarnings("UnusedVariable") // read by picocli
  private boolean help;

  /** Does what the arguments ask for; exit code 0, 1 if results differ, or 2 for a wrong option. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new BesidePyTorch())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(args));
  }

  @Override
  public Integer call() {
    Turns turns = turns();
    if (threads < 1) {
      throw new ParameterException(
          spec.commandLine(), "--threads is %s, expected at least 1".formatted(threads));
    }
    Threads.set(threads);
    PrintWriter out = spec.commandLine().getOut();
    Set<Group> groups = only.isEmpty() ? EnumSet.allOf(Group.class) : only;
    List<Row> rows = part.of(rows(groups));
    int different = rows.isEmpty() ? 0 : measure(rows, turns, out);
    groups.forEach(group -> group.report(out));
    return different == 0 ? 0 : 1;
  }

  /** A case of a group. */
  private record Row(Group group, Case content) {}

  private List<Row> rows(Set<Group> groups) {
    Selection selection = new Selection(words);
    List<Row> rows = new ArrayList<>();
    for (Group group : groups) {
      for (Case each : group.cases()) {
        if (selection.has(each.name())) {
          rows.add(new Row(group, each));
        }
      }
    }
    return rows;
  }

  private int measure(List<Row> rows, Turns turns, PrintWriter out) {
    Torch.keepMemory();
    Torch.start();
    OptionalDouble peak = Peak.measure();
    out.println(machine(peak));
    out.println();
    Table table = new Table(out, peak, turns);
    rows.forEach(row -> table.add(row.group().toString(), row.content()));
    table.printMeans();
    return table.different();
  }

  /** Reads a part. */
  static final class PartConverter implements ITypeConverter<Part> {
    @Override
    public Part convert(String text) {
      try {
        return Part.of(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  private Turns turns() {
    try {
      return new Turns(seconds, warmUp);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private static String machine(OptionalDouble peak) {
    return Table.text(
        "%s processors, JDK %s; threads: Gradus %s, PyTorch %s; load average %.2f; peak %s%n"
            + "A call of PyTorch that computes nothing takes %.1f us; it is part of each time.",
        Runtime.getRuntime().availableProcessors(),
        Runtime.version(),
        Threads.ofGradus(),
        JniUtils.getNumThreads(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        peak.isPresent()
            ? Table.text("%.0f GFLOP/s", peak.getAsDouble() / 1e9)
            : "unknown, without --add-modules jdk.incubator.vector",
        ScriptSide.emptyCall() * 1e6);
  }
}
