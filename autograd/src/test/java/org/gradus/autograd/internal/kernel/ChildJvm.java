package org.gradus.autograd.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Another JVM, with the classes of this one and options of its own. */
record ChildJvm(Process process) {

  /** Begins to run a class. */
  static ChildJvm start(Class<?> main, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("-Duser.language=en", "-Duser.country=US"));
    command.addAll(List.of(options));
    command.add(main.getName());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    try {
      return new ChildJvm(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that it prints, once it has ended well. */
  List<String> lines() throws IOException, InterruptedException {
    try (var reader = process.inputReader()) {
      List<String> lines = reader.lines().toList();
      assertEquals(0, process.waitFor(), () -> String.join("\n", lines));
      return lines;
    }
  }

  /** Whether this processor has what an option asks for: the JVM does not warn of it. */
  static boolean takes(String option) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    try {
      Process process =
          new ProcessBuilder(java, option, "-version").redirectErrorStream(true).start();
      try (var reader = process.inputReader()) {
        return reader.lines().noneMatch(line -> line.contains("warning"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes of the vectors of 128, 256 and 512 bits, as far as this processor has them. */
  static List<Integer> widths() {
    return Stream.of(16, 32, 64).filter(bytes -> takes("-XX:MaxVectorSize=" + bytes)).toList();
  }

  /**
   * Runs a class with vectors of {@link #widths()}. It prints the lanes of both precisions, and
   * last what must be the same for all.
   */
  static void assertSameForEachWidth(Class<?> main) throws IOException, InterruptedException {
    if (!System.getProperty("os.arch").matches("amd64|x86_64")) {
      return; // the options are those of x86
    }
    Map<String, ChildJvm> children = new LinkedHashMap<>();
    List<Integer> widths = widths();
    for (int bytes : widths) {
      children.put(
          "" + bytes,
          start(
              main,
              "--add-modules=jdk.incubator.vector",
              "-XX:MaxVectorSize=" + bytes,
              "-Dgradus.kernels=vector"));
    }
    List<String> lanes = new ArrayList<>();
    List<String> hashes = new ArrayList<>();
    for (ChildJvm child : children.values()) {
      List<String> lines = child.lines();
      lanes.add(lines.get(lines.size() - 2));
      hashes.add(lines.get(lines.size() - 1));
    }
    assertEquals(List.of("4 2", "8 4", "16 8").subList(0, widths.size()), lanes);
    assertEquals(1, hashes.stream().distinct().count(), hashes.toString());
  }
}
