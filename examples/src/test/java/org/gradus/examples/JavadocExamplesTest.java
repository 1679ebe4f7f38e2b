package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * The examples in the Javadoc of all modules are compiled: every block of code in a {@code pre}
 * element, which begins with {@code <pre>} and the tag of code. An example is
 *
 * <ul>
 *   <li>statements, with local classes among them, or
 *   <li>where no line ends with a semicolon or a brace, expressions, each of which begins at the
 *       left margin;
 *   <li>{@code { ... }} stands for a body that is left out.
 * </ul>
 *
 * <p>It has the imports of {@code gradus.jsh}, those of the kits of tests, and all that its own
 * class declares. What it does not declare is one of the {@link #GIVEN} names, which mean the same
 * everywhere, or is told by its first line, {@code // given Table table, Table training}. What is
 * no Java stands in {@code <pre>} alone.
 */
class JavadocExamplesTest {
  /** What these words mean in every example; {@code Snake} is that of the README. */
  private static final String GIVEN =
      """
      Layer net; Optimizer optimizer; Trainer trainer;
      Dataset data; Split split; Batches batches; Batch batch; NdArray images; int[] labels;
      Tensor x, w, b, logits, target, loss;
      long seed; RandomGenerator random;

      // An op of one's own.
      record Snake(double a) implements Op {
        public NdArray forward(List<NdArray> in) { return in.get(0); }
        public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) { return g; }
      }
      """;

  private static final List<String> MODULES =
      List.of(
          "autograd",
          "autograd/testkit",
          "layers",
          "layers/testkit",
          "layers/onnx",
          "layers/report");

  /** Where a reader begins, who finds an example there. */
  private static final List<String> BEGIN =
      List.of(
          "array",
          "Ops",
          "Derivatives",
          "Checkpoint",
          "GradientCheck",
          "GraphView",
          "Watch",
          "Layer",
          "AbstractLayer",
          "Sequential",
          "Parameter",
          "Pass",
          "Optimizer",
          "Trainer",
          "Batches",
          "Dataset",
          "Predictor",
          "Weights",
          "SafeTensors",
          "OnnxNet",
          "OnnxExport",
          "Report",
          "OpGate",
          "LayerGate");

  private static final Pattern COMMENT = Pattern.compile("/\\*\\*.*?\\*/", Pattern.DOTALL);
  private static final Pattern EXAMPLE =
      Pattern.compile("<pre>\\{@code\\n(.*?)\\n\\}</pre>", Pattern.DOTALL);
  private static final Pattern GIVEN_HERE = Pattern.compile("\\A// given (.*)\\n");

  /**
   * One example.
   *
   * @param owner the class in whose file it stands, or the package of a guide
   */
  private record Example(String file, int number, String owner, String code) {
    /** A name that a compiler's message has. */
    String place() {
      return file + "#" + number;
    }

    boolean isOfPackage() {
      return file.endsWith("package-info.java");
    }
  }

  private static List<Example> examples(String file, String source) {
    String owner =
        file.replaceAll("^.*/src/main/java/|(/package-info)?\\.java$", "").replace('/', '.');
    List<Example> examples = new ArrayList<>();
    COMMENT
        .matcher(source)
        .results()
        .map(comment -> comment.group().replaceAll("\\n *\\* ?", "\n"))
        .flatMap(comment -> EXAMPLE.matcher(comment).results())
        .forEach(
            block -> examples.add(new Example(file, examples.size() + 1, owner, block.group(1))));
    return examples;
  }

  private static List<Example> examples() throws IOException {
    List<Example> all = new ArrayList<>();
    for (String module : MODULES) {
      Path root = Snippets.EXAMPLES.resolveSibling(module).resolve("src/main/java");
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
          String name =
              module + "/src/main/java/" + root.relativize(file).toString().replace('\\', '/');
          all.addAll(examples(name, Files.readString(file)));
        }
      }
    }
    return all;
  }

  // ---- as a source -----------------------------------------------------------------------------

  /** In a package of its own, since all examples are compiled at once. */
  private static String source(Example example, int number) throws IOException {
    String code = example.code().replace("{ ... }", "{}");
    var given = GIVEN_HERE.matcher(code);
    String parameters = given.find() ? given.group(1) : "";
    String owner =
        example.isOfPackage()
            ? "import %s.*;".formatted(example.owner())
            : "import %1$s;\nimport static %1$s.*;\nimport %2$s.*;"
                .formatted(example.owner(), example.owner().replaceAll("\\.\\w+$", ""));
    return """
    package org.example.%s;

    import java.io.*;
    import java.nio.file.*;
    import java.util.*;
    import java.util.function.*;
    import java.util.stream.*;
    import javax.imageio.ImageIO;
    import net.jqwik.api.ForAll;
    import net.jqwik.api.Property;
    import org.gradus.autograd.testkit.*;
    import org.gradus.layers.testkit.*;
    import static org.gradus.autograd.testkit.Call.*;
    %s
    %s

    abstract class Given {
      %s
      void use(Object value) {}

      abstract class Example extends Given {
        void example(%s) throws Exception {
    %s
        }
      }
    }
    """
        .formatted("e" + number, Snippets.imports(), owner, GIVEN, parameters, statements(code));
  }

  /** Code as it stands, or each expression of it handed to a method. */
  private static String statements(String code) {
    boolean isStatements =
        code.lines().anyMatch(line -> line.replaceAll("\\s*//.*", "").matches(".*[;}]"));
    return isStatements
        ? code
        : Stream.of(code.split("\\n(?=\\S)"))
            .map(expression -> "use(" + expression + "\n);")
            .collect(Collectors.joining("\n"));
  }

  private static JavaFileObject file(Example example, int number) {
    URI uri = URI.create("string:///org/example/e%s/Given.java".formatted(number));
    return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
      @Override
      public String getName() {
        return example.place();
      }

      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) throws IOException {
        return source(example, number);
      }
    };
  }

  /** What a compiler says of them, each with its place. */
  private static List<String> problems(List<Example> examples) throws IOException {
    List<JavaFileObject> sources = new ArrayList<>();
    examples.forEach(example -> sources.add(file(example, sources.size() + 1)));
    DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      List<String> options =
          List.of("-proc:none", "--should-stop=ifError=FLOW", "-Xmaxerrs", "1000");
      ((JavacTask) compiler.getTask(null, files, said, options, null, sources)).analyze();
    }
    return said.getDiagnostics().stream()
        .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
        .map(problem -> problem.getSource().getName() + ": " + problem.getMessage(null))
        .toList();
  }

  // ---- what is tested --------------------------------------------------------------------------

  @Test
  void everyExampleIsCompiled() throws IOException {
    List<Example> all = examples();
    assertTrue(all.size() >= 80, () -> all.size() + " examples");
    assertEquals(List.of(), problems(all));
  }

  @Test
  void whoBeginsFindsAnExample() throws IOException {
    TreeSet<String> without = new TreeSet<>(BEGIN);
    examples().forEach(e -> without.remove(e.owner().replaceAll(".*\\.", "")));
    assertEquals(new TreeSet<>(), without);
  }

  private static List<String> problemsOf(String comment) throws IOException {
    String file = "a/src/main/java/org/gradus/autograd/ops/Ops.java";
    return problems(examples(file, "/**\n" + comment.indent(1).replaceAll("(?m)^", " *") + "*/"));
  }

  @Test
  void whatIsWrongIsToldWithItsPlace() throws IOException {
    List<String> problems =
        problemsOf(
            """
            <pre>{@code
            add(x, b)
            mul(x,
                tensors) // no such thing
            }</pre>
            <pre>{@code
            int loss = net.forward(x);
            }</pre>
            """);
    assertEquals(2, problems.size(), problems::toString);
    assertTrue(problems.get(0).startsWith("a/src/main/java/org/gradus/autograd/ops/Ops.java#1: "));
    assertTrue(problems.get(0).contains("variable tensors"), problems::toString);
    assertTrue(problems.get(1).startsWith("a/src/main/java/org/gradus/autograd/ops/Ops.java#2: "));
  }

  @Test
  void whatIsRightIsNot() throws IOException {
    assertEquals(
        List.of(),
        problemsOf(
            """
            <pre>{@code
            // given Table table, int k
            record Twice() implements Layer {
              public Tensor forward(Tensor x) { return mul(x, 2); }
            }
            for (Batch batch : batches.epoch(k)) { ... }
            Tensor y = new Twice().forward(x);
            }</pre>
            <pre>no code</pre>
            <pre>{@code
            add(x, w) // of any shapes
            relu(x)
            }</pre>
            """));
  }
}
