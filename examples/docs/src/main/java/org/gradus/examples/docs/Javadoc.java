package org.gradus.examples.docs;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The Javadoc of what the modules export, as one. */
final class Javadoc {
  /** Where the sources of a module lie, the generated ones too. */
  private record Module(String name, List<String> folders) {}

  private Javadoc() {}

  private static List<Module> modules() {
    return List.of(
        new Module(
            "org.gradus.autograd",
            List.of(
                "autograd/src/main/java",
                "autograd/target/generated-sources/kernels",
                "autograd/target/ejml-sources")),
        new Module("org.gradus.autograd.testkit", List.of("autograd/testkit/src/main/java")),
        new Module("org.gradus.layers", List.of("layers/src/main/java")),
        new Module("org.gradus.layers.testkit", List.of("layers/testkit/src/main/java")),
        new Module("org.gradus.onnx", List.of("layers/onnx/src/main/java")),
        new Module("org.gradus.report", List.of("layers/report/src/main/java")));
  }

  /**
   * Writes it.
   *
   * @param root of the repository, which was compiled
   * @param classPath on which the jars are that the modules need
   * @throws IOException if it is refused; the message is what the tool says
   */
  static void write(Path root, Path out, String classPath) throws IOException {
    List<String> options = new ArrayList<>();
    options.addAll(List.of("-quiet", "-notimestamp", "-Xdoclint:all,-missing"));
    options.addAll(List.of("-encoding", "UTF-8", "-charset", "UTF-8", "-docencoding", "UTF-8"));
    options.addAll(List.of("-windowtitle", "Gradus", "-doctitle", "Gradus", "-d", out.toString()));
    options.addAll(List.of("-bottom", "<a href=\"{@docRoot}/../index.html\">Tutorial</a>"));
    options.addAll(List.of("--module-path", libraries(classPath)));
    for (Module module : modules()) {
      String folders =
          module.folders().stream()
              .map(folder -> root.resolve(folder).toString())
              .collect(Collectors.joining(File.pathSeparator));
      options.addAll(List.of("--module-source-path", module.name() + "=" + folders));
    }
    options.add("--module");
    options.add(modules().stream().map(Module::name).collect(Collectors.joining(",")));
    StringWriter said = new StringWriter();
    PrintWriter writer = new PrintWriter(said);
    ToolProvider javadoc = ToolProvider.findFirst("javadoc").orElseThrow();
    if (javadoc.run(writer, writer, options.toArray(new String[0])) != 0) {
      throw new IOException("javadoc: " + said);
    }
  }

  /** Jars that are not made of these sources. */
  private static String libraries(String classPath) {
    return Arrays.stream(classPath.split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar"))
        .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("gradus-"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /**
   * The pages of types below a folder, by their names; of two types of one name, none.
   *
   * @param site whose files are told by their paths in it
   */
  static Map<String, String> types(Path site, Path folder) throws IOException {
    Map<String, List<String>> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .map(file -> site.relativize(file).toString().replace('\\', '/'))
          .filter(path -> path.matches(".*/[A-Z][\\w.]*\\.html"))
          .sorted()
          .forEach(
              path ->
                  found
                      .computeIfAbsent(
                          path.replaceAll("^.*/|\\.html$", ""), name -> new ArrayList<>())
                      .add(path));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    Map<String, String> types = new TreeMap<>();
    found.forEach(
        (name, paths) -> {
          if (paths.size() == 1) {
            types.put(name, paths.get(0));
          }
        });
    return types;
  }
}
