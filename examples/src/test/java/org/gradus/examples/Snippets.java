package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.gradus.autograd.array.Arithmetic;
import org.junit.jupiter.api.Assertions;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * The programs of a page of Markdown, compiled in one go and run here, and what the page says that
 * they print. A block of {@code java} without a mark is a piece of the page's own program, of all
 * such pieces in their order, and the block of {@code text} behind it is what the piece prints. A
 * mark, {@code <!-- KIND: NAME -->} in the line before a block, makes it a program by itself:
 *
 * <pre>
 *   run     a whole program, NAME the class of its main method
 *   lines   lines of a main method
 *   test    a test of JUnit, NAME its class
 *   prints  what the program of that name prints
 *   trained as prints, with numbers that a training has brought out; without a NAME, of the piece
 *           before
 *   command what a reader types; others try it
 * </pre>
 *
 * <p>The plain kernels add up in another order than those that the pages were written by. That
 * changes last digits, which a training makes large: so what is marked as trained is compared there
 * without its numbers, and all else is the same, to the digit.
 *
 * <p>Lines and pieces have the imports of {@code gradus.jsh} and those of the shell itself, so what
 * is on a page can be pasted into the shell. With {@code -Dgradus.readme=write} a page is written
 * anew, with what its programs print.
 */
final class Snippets {
  /** The folder {@code examples} of the repository. */
  static final Path EXAMPLES = examples();

  private static final String TRAINED = "trained";

  private static final String MARK = "(?:<!-- (?<kind>\\w+)(?:: (?<name>.*?))? -->\\n)?";

  private static final Pattern BLOCK =
      Pattern.compile("(?m)^" + MARK + "```(?<language>\\w*)\\n(?<text>(?s:.*?))^```(?:\\n|\\z)");

  private static final Pattern FENCE = Pattern.compile("(?m)^\\s*(?:```|~~~)");

  /** What stands between what two pieces print. */
  private static final String NEXT = "\f";

  private final Path page;
  private final String text;
  private final Map<String, Program> programs = new LinkedHashMap<>();
  private final List<Place> prints = new ArrayList<>();

  /** One source, and how it is run. */
  private record Program(String name, String source, boolean isTest) {}

  /** A place of the page for what a piece of a program prints: from one character to another. */
  private record Place(
      String program, int piece, int from, int to, boolean isThere, boolean isTrained) {

    static Place none(int piece, int at) {
      return new Place("", piece, at, at, false, false);
    }
  }

  private Snippets(Path page, String text) {
    this.page = page;
    this.text = text;
  }

  private static Path examples() {
    Path here = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    return here.endsWith("examples") ? here : here.resolve("examples");
  }

  /** The block of a file that has a mark, such as {@code run: Cnn}. */
  static String block(Path page, String mark) throws IOException {
    Matcher blocks = BLOCK.matcher(Files.readString(page));
    while (blocks.find()) {
      if (mark.equals(blocks.group("kind") + ": " + blocks.group("name"))) {
        return blocks.group("text");
      }
    }
    throw new AssertionError(page + " has no block <!-- " + mark + " -->");
  }

  /** The pieces of a page's own program, in order. */
  static List<String> pieces(Path page) throws IOException {
    return BLOCK
        .matcher(Files.readString(page))
        .results()
        .filter(block -> block.group(1) == null && block.group(3).equals("java"))
        .map(block -> block.group(4))
        .toList();
  }

  /** Fails if a program of a page prints something else than the page says, or nothing tries it. */
  static void check(Path page, Path folder) throws Exception {
    Snippets snippets = of(page, Files.readString(page));
    Map<String, List<String>> printed = snippets.printed(folder);
    if (System.getProperty("gradus.readme", "").equals("write")) {
      Files.writeString(page, snippets.written(printed));
    } else {
      snippets.compare(printed);
    }
  }

  /** As {@link #check(Path, Path)}, of a text that is no file yet. */
  static String written(String text, Path folder) throws Exception {
    Snippets snippets = of(Path.of("page.md"), text);
    return snippets.written(snippets.printed(folder));
  }

  /** As {@link #check(Path, Path)}, of a text that is no file. */
  static void check(String text, Path folder) throws Exception {
    Snippets snippets = of(Path.of("page.md"), text);
    snippets.compare(snippets.printed(folder));
  }

  // ---- what is on a page -----------------------------------------------------------------------

  private static Snippets of(Path page, String text) throws IOException {
    Snippets snippets = new Snippets(page, text);
    List<String> pieces = new ArrayList<>();
    Matcher blocks = BLOCK.matcher(text);
    int end = -1; // of the piece before, while nothing is said of what it prints
    int fences = 0;
    for (; blocks.find(); fences += 2) {
      String kind = Optional.ofNullable(blocks.group("kind")).orElse("");
      String language = blocks.group("language");
      boolean isOfPiece = kind.isEmpty() || (kind.equals(TRAINED) && blocks.group("name") == null);
      if (end >= 0 && !(isOfPiece && language.equals("text"))) {
        snippets.prints.add(Place.none(pieces.size() - 1, end));
        end = -1;
      }
      if (kind.isEmpty() && language.equals("java")) {
        pieces.add(blocks.group("text"));
        end = blocks.end();
      } else if (isOfPiece && language.equals("text")) {
        assertTrue(end >= 0, () -> snippets.at(blocks.start()) + ": nothing prints this");
        snippets.addPrinted("", pieces.size() - 1, blocks);
        end = -1;
      } else if (language.equals("java") || language.equals("text")) {
        snippets.add(kind, blocks);
      }
    }
    if (end >= 0) {
      snippets.prints.add(Place.none(pieces.size() - 1, end));
    }
    assertEquals(
        fences,
        FENCE.matcher(text).results().count(),
        page + ": other fences than ``` at the margin");
    if (!pieces.isEmpty()) {
      String between = "System.out.print(\"\\f\");\n";
      snippets.programs.put("", lines("Page", String.join(between, pieces)));
    }
    return snippets;
  }

  private void add(String kind, Matcher block) throws IOException {
    String name = Optional.ofNullable(block.group("name")).orElse("");
    String code = block.group("text");
    switch (kind) {
      case "run" -> programs.put(name, new Program(name, code, false));
      case "lines" -> programs.put(name, lines(name, code));
      case "test" -> programs.put(name, new Program(name, code, true));
      case "prints", TRAINED -> addPrinted(name, 0, block);
      default -> throw new AssertionError(at(block.start()) + ": what is " + kind + "?");
    }
  }

  private void addPrinted(String program, int piece, Matcher block) {
    boolean isTrained = TRAINED.equals(block.group("kind"));
    prints.add(new Place(program, piece, block.start("text"), block.end("text"), true, isTrained));
  }

  private String at(int character) {
    return page + ":" + (text.substring(0, character).lines().count() + 1);
  }

  /** The imports that the shell of the library begins with. */
  static String imports() throws IOException {
    return Files.readAllLines(EXAMPLES.resolve("gradus.jsh")).stream()
        .filter(line -> line.startsWith("import "))
        .collect(Collectors.joining("\n"));
  }

  /** What a reader adds to lines: the imports of the shell, and a class around them. */
  private static Program lines(String name, String code) throws IOException {
    String source =
        """
        import java.io.*;
        import java.net.*;
        import java.nio.file.*;
        import java.util.*;
        import java.util.concurrent.*;
        import java.util.function.*;
        import java.util.stream.*;
        %s

        class %s {
          public static void main(String[] args) throws Exception {
        %s
          }
        }
        """;
    return new Program(name, source.formatted(imports(), name, code), false);
  }

  // ---- what it prints --------------------------------------------------------------------------

  /** What each program prints, piece by piece. */
  private Map<String, List<String>> printed(Path folder) throws Exception {
    if (!programs.isEmpty()) {
      compile(folder);
    }
    Map<String, List<String>> printed = new LinkedHashMap<>();
    for (Map.Entry<String, Program> entry : programs.entrySet()) {
      Program program = entry.getValue();
      String all =
          printedBy(
              folder,
              loader -> {
                if (program.isTest()) {
                  runTests(loader, program.name());
                } else {
                  runMain(loader, program.name());
                }
              });
      printed.put(entry.getKey(), List.of(all.split(NEXT, -1)));
    }
    return printed;
  }

  private void compile(Path folder) throws IOException {
    StringWriter problems = new StringWriter();
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      List<String> options = List.of("-d", folder.toString(), "-proc:none");
      List<JavaFileObject> sources =
          programs.values().stream().map(program -> source(program)).toList();
      boolean isCompiled = compiler.getTask(problems, files, null, options, null, sources).call();
      assertTrue(isCompiled, () -> page + " is not compiled:\n" + problems);
    }
  }

  private static JavaFileObject source(Program program) {
    URI uri = URI.create("string:///" + program.name().replace('.', '/') + ".java");
    return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return program.source();
      }
    };
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
    Printed printed = new Printed();
    URL[] path = {classes.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(path, Snippets.class.getClassLoader())) {
      System.setOut(printed.stream());
      Locale.setDefault(Locale.ROOT);
      Thread.currentThread().setContextClassLoader(loader);
      run.with(loader);
    } finally {
      Thread.currentThread().setContextClassLoader(own);
      System.setOut(before);
      Locale.setDefault(locale);
    }
    return printed.toString();
  }

  // ---- what the page says ----------------------------------------------------------------------

  private void compare(Map<String, List<String>> printed) {
    Assertions.assertAll(
        prints.stream()
            .filter(place -> !place.program().equals("jshell")) // JShellTest tries it
            .map(place -> () -> compare(place, printedAt(place, printed))));
  }

  private String printedAt(Place place, Map<String, List<String>> printed) {
    List<String> pieces = printed.get(place.program());
    assertTrue(pieces != null, () -> at(place.from()) + ": there is no program " + place.program());
    return pieces.get(place.piece());
  }

  private void compare(Place place, String actual) {
    String expected = text.substring(place.from(), place.to());
    boolean isOther = place.isTrained() && Arithmetic.here().name().equals("plain");
    assertEquals(comparable(expected, isOther), comparable(actual, isOther), at(place.from()));
  }

  /**
   * What must be the same here.
   *
   * @param isOther whether numbers are those of other kernels; the error of an op of one's own may
   *     depend on the processor's sine, everywhere
   */
  static String comparable(String text, boolean isOther) {
    String same = text.replaceAll("largest error \\d\\.\\de-\\d+", "largest error");
    return isOther ? same.replaceAll(" *[\\d.]+", "#") : same;
  }

  /** The page, with what was printed in place of what it says. */
  private String written(Map<String, List<String>> printed) {
    StringBuilder page = new StringBuilder(text);
    for (int i = prints.size() - 1; i >= 0; i--) {
      Place place = prints.get(i);
      if (!place.program().equals("jshell")) {
        String actual = printedAt(place, printed);
        String block =
            place.isThere() || actual.isEmpty() ? actual : "```text\n" + actual + "```\n";
        page.replace(place.from(), place.to(), block);
      }
    }
    return page.toString();
  }

  /** All pages of a folder, in order. */
  static Stream<Path> pages(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList().stream();
    }
  }
}
