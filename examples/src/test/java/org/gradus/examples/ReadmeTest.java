package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Compiles and runs the programs of the README, and compares what they print. */
class ReadmeTest {
  private static final Path README = readme();

  static Path readme() {
    Path here = Path.of("").toAbsolutePath();
    return here.endsWith("examples") ? here.resolveSibling("README.md") : here.resolve("README.md");
  }

  /** The fenced block behind the comment of this text. */
  static String block(String comment) throws IOException {
    return block(README, comment);
  }

  private static String block(Path readme, String comment) throws IOException {
    Pattern pattern =
        Pattern.compile(
            Pattern.quote("<!-- " + comment + " -->") + "\\R```\\w+\\R(.*?)```", Pattern.DOTALL);
    Matcher matcher = pattern.matcher(Files.readString(readme));
    assertTrue(matcher.find(), () -> readme + " has no block <!-- " + comment + " -->");
    return matcher.group(1);
  }

  @ParameterizedTest
  @ValueSource(strings = "Cnn")
  void aProgramPrintsWhatTheReadmeSays(String name, @TempDir Path folder) throws Exception {
    printsWhatTheReadmeSays(README, name, block("run: " + name), folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Graph", "Training", "Orders"})
  void linesPrintWhatTheReadmeSays(String name, @TempDir Path folder) throws Exception {
    linesPrintWhatIsSaid(README, name, folder);
  }

  @Test
  void linesPrintWhatTheReadmeOfTheModuleForOtherToolsSays(@TempDir Path folder) throws Exception {
    linesPrintWhatIsSaid(README.resolveSibling("layers/onnx/README.md"), "Elsewhere", folder);
  }

  private static void linesPrintWhatIsSaid(Path readme, String name, Path folder) throws Exception {
    String program = PROGRAM.formatted(name, block(readme, "lines: " + name));
    printsWhatTheReadmeSays(readme, name, program, folder);
  }

  /** What a reader adds to lines: the imports that an editor proposes, and a class around them. */
  private static final String PROGRAM =
      """
      import static org.gradus.autograd.functional.Derivatives.*;
      import static org.gradus.autograd.ops.Ops.*;

      import java.nio.file.*;
      import java.util.*;
      import java.util.random.*;
      import org.gradus.autograd.*;
      import org.gradus.autograd.array.*;
      import org.gradus.autograd.inspect.*;
      import org.gradus.autograd.update.*;
      import org.gradus.layers.*;
      import org.gradus.layers.optim.*;
      import org.gradus.onnx.*;

      class %s {
        public static void main(String[] args) throws Exception {
      %s
        }
      }
      """;

  private static void printsWhatTheReadmeSays(Path readme, String name, String program, Path folder)
      throws Exception {
    compile(folder, name, program);
    String expected = block(readme, "prints: " + name);
    String printed = printedBy(folder, loader -> runMain(loader, name));
    assertEquals(withoutAccuracies(expected), withoutAccuracies(printed));
    assertArrayEquals(accuracies(expected), accuracies(printed), 0.01);
  }

  private static final Pattern ACCURACY = Pattern.compile("0\\.\\d{3} of the test images");

  /** What a network learns depends on how sums are rounded, and so on the processor's vectors. */
  private static String withoutAccuracies(String text) {
    return ACCURACY.matcher(text).replaceAll("some of the test images");
  }

  private static double[] accuracies(String text) {
    return ACCURACY
        .matcher(text)
        .results()
        .mapToDouble(result -> Double.parseDouble(result.group().substring(0, 5)))
        .toArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"org.example.OpsTest"})
  void aTestPassesAndPrintsWhatTheReadmeSays(String name, @TempDir Path folder) throws Exception {
    compile(folder, "Example", block("test: " + name));
    assertEquals(
        withoutErrors(block("prints: " + name)),
        withoutErrors(printedBy(folder, loader -> runTests(loader, name))));
  }

  /** Rounding errors depend on the processor's sine. */
  private static String withoutErrors(String text) {
    return text.replaceAll("largest error \\d\\.\\de-\\d+", "largest error");
  }

  private static void compile(Path folder, String name, String text) throws IOException {
    Path source = Files.writeString(folder.resolve(name + ".java"), text);
    StringWriter problems = new StringWriter();
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      boolean compiled =
          compiler
              .getTask(
                  problems,
                  files,
                  null,
                  List.of("-d", folder.toString()),
                  null,
                  files.getJavaFileObjects(source))
              .call();
      assertTrue(compiled, problems::toString);
    }
  }

  /** What is done with the classes of a program. */
  private interface Run {
    void with(ClassLoader loader) throws Exception;
  }

  private static void runMain(ClassLoader loader, String name) throws Exception {
    var main = loader.loadClass(name).getDeclaredMethod("main", String[].class);
    main.setAccessible(true);
    main.invoke(null, (Object) new String[0]);
  }

  private static void runTests(ClassLoader loader, String name) throws Exception {
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(loader.loadClass(name)))
                .build(),
            listener);
    var summary = listener.getSummary();
    assertEquals(List.of(), summary.getFailures().stream().map(f -> f.getException()).toList());
    assertTrue(summary.getTestsSucceededCount() > 2, () -> summary.getTestsFoundCount() + " tests");
  }

  private static String printedBy(Path classes, Run run) throws Exception {
    PrintStream before = System.out;
    Locale locale = Locale.getDefault();
    ClassLoader own = Thread.currentThread().getContextClassLoader();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    URL[] path = {classes.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(path, ReadmeTest.class.getClassLoader());
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      Locale.setDefault(Locale.ROOT);
      Thread.currentThread().setContextClassLoader(loader);
      run.with(loader);
    } finally {
      Thread.currentThread().setContextClassLoader(own);
      System.setOut(before);
      Locale.setDefault(locale);
    }
    return printed.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
  }

  @Test
  void theNetworkTakesAtMostThirtyLines() throws IOException {
    long lines = block("run: Cnn").lines().filter(line -> !line.isBlank()).count();
    assertTrue(lines <= 30, () -> lines + " lines");
  }

  @Test
  void theFirstNetworkTakesEightLinesAndIsTheOneOfThePicture() throws IOException {
    List<String> lines = block("lines: Graph").lines().toList();
    assertEquals(8, lines.size());
    Path source = README.resolveSibling("examples/src/main/java/org/gradus/examples");
    List<String> drawn =
        Files.readString(source.resolve("GraphPicture.java")).lines().map(String::strip).toList();
    assertEquals(lines.subList(0, 6), lines.stream().filter(drawn::contains).toList());
  }

  /** Files of the repository, and headings in them as GitHub makes anchors of headings. */
  @ParameterizedTest
  @ValueSource(strings = {"README.md", "CONTRIBUTING.md", "autograd/NOTES.md"})
  void linksLeadSomewhere(String name) throws IOException {
    Path file = README.resolveSibling(name);
    Matcher links =
        Pattern.compile("]\\(([^)#:]*)(?:#([^)]*))?\\)").matcher(Files.readString(file));
    int found = 0;
    for (; links.find(); found++) {
      Path target = links.group(1).isEmpty() ? file : file.resolveSibling(links.group(1));
      assertTrue(Files.exists(target), () -> name + ": there is no " + target);
      String anchor = links.group(2);
      if (anchor != null) {
        assertTrue(anchors(target).contains(anchor), () -> name + ": " + target + "#" + anchor);
      }
    }
    assertTrue(found > 0, () -> name + " has no links");
  }

  private static List<String> anchors(Path file) throws IOException {
    return Files.readString(file)
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceAll("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
        .toList();
  }

  @Test
  void theReadmeHasAtMostTwelveHundredWords() throws IOException {
    int words = Files.readString(README).strip().split("\\s+").length;
    assertTrue(words <= 1200, () -> words + " words");
  }
}
