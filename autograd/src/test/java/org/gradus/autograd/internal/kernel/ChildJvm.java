package org.gradus.autograd.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
}
