package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell of the JDK with the imports of {@code gradus.jsh}: it answers what one types. */
class JShellTest {
  private static final Path SCRIPT =
      Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("gradus.jsh");

  private static final String TYPED = "jshell> ";

  private static final String SESSION =
      """
      jshell> var x = Tensor.variable(NdArray.of(1, 2, 3))
      x ==> variable FLOAT32 [3] {1.0, 2.0, 3.0}

      jshell> var y = sum(mul(x, x))
      y ==> sum FLOAT32 [] {14.0}

      jshell> var gradient = Gradients.backward(y).of(x)
      gradient ==> constant FLOAT32 [3] {2.0, 4.0, 6.0}

      jshell> var net = new Sigmoid()
      net ==> Sigmoid[]

      jshell> var sheet = Images.sheet(net.predict(NdArray.zeros(DType.FLOAT32, Shape.of(1, 1, 1, 2))), 1)
      sheet ==> FLOAT32 [1, 1, 2]
      {{{0.5, 0.5}}}

      jshell> var loss = Loss.mse().of(x, new Batch(x.value(), x.value()))
      loss ==> mse FLOAT32 [] {0.0}

      jshell> var optimizer = new Optimizer(new Linear(3, 2, new SplittableRandom(1)), new Adam(0.1))
      optimizer ==> [Adam[rate=0.1, beta1=0.9, beta2=0.999, epsilon=1 ... ers after 0 steps at [0.1]
      """;

  @Test
  void itAnswersWhatOneTypes(@TempDir Path folder) throws Exception {
    answersAsIn(SESSION, folder);
  }

  @Test
  void itAnswersAsTheReadmeSays(@TempDir Path folder) throws Exception {
    answersAsIn(ReadmeTest.block("prints: jshell"), folder);
  }

  private static void answersAsIn(String session, Path folder) throws Exception {
    List<String> typed =
        session.lines().filter(l -> l.startsWith(TYPED)).map(l -> l.substring(8)).toList();
    List<String> answers =
        session.lines().filter(l -> !l.startsWith(TYPED) && !l.isEmpty()).toList();
    assertEquals(answers, answers(folder, typed));
  }

  /** Without its greeting, and what was typed, which it repeats where it has no terminal. */
  private static List<String> answers(Path folder, List<String> typed) throws Exception {
    Pattern given = Pattern.compile("(?m)^jshell> *(" + String.join("|", quoted(typed)) + ")?");
    String said = said(folder, typed).replaceAll("[\b\r]", ""); // it moves its cursor
    return given
        .matcher(said)
        .replaceAll("")
        .lines()
        .filter(line -> !line.isBlank())
        .filter(line -> !line.startsWith("|  Welcome") && !line.startsWith("|  For an intro"))
        .toList();
  }

  private static List<String> quoted(List<String> lines) {
    return lines.stream().map(Pattern::quote).toList();
  }

  private static String said(Path folder, List<String> typed) throws Exception {
    Path in = Files.write(folder.resolve("typed"), typed);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "jshell").toString());
    command.addAll(List.of("--class-path", System.getProperty("java.class.path")));
    command.addAll(List.of("-R--add-modules=jdk.incubator.vector", SCRIPT.toString()));
    command.addAll(List.of("-J-Djava.util.prefs.userRoot=" + folder, "-J-Duser.language=en"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectInput(in.toFile());
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    Process process = builder.redirectError(folder.resolve("errors").toFile()).start();
    String out = text(process);
    assertEquals(0, process.waitFor(), () -> errors(folder));
    return out;
  }

  private static String text(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static String errors(Path folder) {
    try {
      return Files.readString(folder.resolve("errors"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
