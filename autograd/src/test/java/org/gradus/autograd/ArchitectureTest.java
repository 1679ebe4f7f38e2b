package org.gradus.autograd;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.gradus.autograd.Sources.Source;
import org.junit.jupiter.api.Test;

/**
 * The arrows between the packages, the budgets of lines, and what no source may contain. Each rule
 * is a function from sources to violations, and is itself tried on sources made up to break it.
 */
class ArchitectureTest {
  private static final String ENGINE = "org.gradus.autograd";
  private static final String ARRAY = ENGINE + ".array";
  private static final String OPS = ENGINE + ".ops";
  private static final String FUNCTIONAL = ENGINE + ".functional";
  private static final String CHECK = ENGINE + ".check";
  private static final String INSPECT = ENGINE + ".inspect";
  private static final String PLAN = ENGINE + ".plan";
  private static final String INTERNAL = ENGINE + ".internal";
  private static final String GRAPH = INTERNAL + ".graph";
  private static final String NUMBER = INTERNAL + ".number";
  private static final String PARALLEL = INTERNAL + ".parallel";
  private static final String KERNEL = INTERNAL + ".kernel";
  private static final String PLAIN = KERNEL + ".plain";
  private static final String VECTOR = KERNEL + ".vector";
  private static final String MEMORY = INTERNAL + ".memory";
  private static final String TILES = INTERNAL + ".ejml";
  private static final String UPDATE = ENGINE + ".update";
  private static final String TESTKIT = ENGINE + ".testkit";
  private static final String LAYERS = "org.gradus.layers";
  private static final String LAYERS_TESTKIT = LAYERS + ".testkit";
  private static final String REPORT = "org.gradus.report";
  private static final String ONNX = "org.gradus.onnx";
  private static final String SPARK = "org.gradus.spark";
  private static final String EXAMPLES = "org.gradus.examples";
  private static final String EJML = "org.ejml";

  private static final int ENGINE_LINES = 400;
  private static final int FILE_LINES = 500;

  /** What the test kit may name. */
  private static final Set<String> TESTKIT_MAY_NAME =
      Set.of(ENGINE, ARRAY, OPS, CHECK, INSPECT, PLAN);

  /** What the packages of autograd may name, other than themselves. */
  private static final Map<String, Set<String>> MAY_NAME =
      Map.ofEntries(
          entry(GRAPH, Set.of()),
          entry(NUMBER, Set.of()),
          entry(PARALLEL, Set.of()),
          entry(KERNEL, Set.of(NUMBER, PARALLEL)),
          entry(PLAIN, Set.of(KERNEL, NUMBER, PARALLEL, TILES)),
          entry(VECTOR, Set.of(KERNEL, NUMBER, PARALLEL, PLAIN)),
          entry(ARRAY, Set.of(KERNEL, EJML)),
          entry(MEMORY, Set.of(ARRAY, KERNEL)),
          entry(ENGINE, Set.of(ARRAY, GRAPH, KERNEL, MEMORY)),
          entry(OPS, Set.of(ENGINE, ARRAY, KERNEL, MEMORY)),
          entry(UPDATE, Set.of(ARRAY, KERNEL, MEMORY)),
          entry(FUNCTIONAL, Set.of(ENGINE, ARRAY, OPS, INSPECT)),
          entry(CHECK, Set.of(ENGINE, ARRAY, OPS, FUNCTIONAL)),
          entry(INSPECT, Set.of(ENGINE, ARRAY, OPS)),
          entry(PLAN, Set.of(ENGINE, ARRAY, INSPECT, KERNEL, MEMORY, PARALLEL)));

  /** The one file of the seam that names an implementation of it. */
  private static final String PROVIDER = "/KernelProvider.java";

  // ---- the rules -------------------------------------------------------------------------------

  @Test
  void arrowsPointOneWay() {
    assertEquals(List.of(), wrongArrows(Sources.ofAllModules()));
  }

  @Test
  void theEngineIsReadInTenMinutes() {
    assertEquals(List.of(), engineTooLong(Sources.ofModule("autograd")));
  }

  @Test
  void filesAreShort() {
    assertEquals(List.of(), filesTooLong(Sources.ofAllModules()));
  }

  @Test
  void everyPackageIsDescribedAndNullMarked() {
    assertEquals(List.of(), packagesNotMarked(Sources.ofAllModules()));
  }

  @Test
  void theLibraryPrintsNothing() {
    List<Source> silent =
        library().stream()
            .filter(source -> !isIn(source.packageName(), TESTKIT))
            .filter(source -> !isIn(source.packageName(), LAYERS_TESTKIT))
            .toList();
    assertEquals(List.of(), prints(silent));
  }

  /** Those of StrictMath and of Elementary have the same bits on every processor. */
  @Test
  void elementaryFunctionsHaveOneResult() {
    assertEquals(List.of(), intrinsics(library()));
  }

  /** Of vectors of two widths, the JIT makes objects in all methods that have met both. */
  @Test
  void vectorsHaveOneWidth() {
    assertEquals(List.of(), widths(library()));
  }

  /** The JIT does not know the class of a sum that comes around a loop, but that of an operand. */
  @Test
  void sumsOfVectorsAreArguments() {
    List<Source> vectors = library().stream().filter(ArchitectureTest::isVectorKernel).toList();
    assertEquals(List.of(), receivingSums(vectors));
  }

  @Test
  void nothingStaticChanges() {
    assertEquals(List.of(), mutableStatics(library()));
  }

  @Test
  void theVectorModuleMayBeAbsent() {
    List<Source> vectors =
        Sources.ofAllModules().stream().filter(ArchitectureTest::isVectorKernel).toList();
    assertFalse(vectors.isEmpty());
    assertEquals(List.of(), vectorsNamed(Sources.ofAllModules()));
  }

  @Test
  void opsLiveWhereTheGateSeesThem() {
    List<Source> others =
        library().stream().filter(source -> isIn(source.packageName(), LAYERS)).toList();
    assertFalse(others.isEmpty());
    assertEquals(List.of(), ops(others));
  }

  @Test
  void opsElsewhereAreCaught() {
    assertEquals(
        List.of("a/B.java defines an op"),
        ops(List.of(source(LAYERS, "record B() implements Serializable, Op { }"))));
    assertEquals(
        List.of("a/B.java defines an op"),
        ops(List.of(source(LAYERS, "interface B extends Op {}"))));
    assertEquals(List.of(), ops(List.of(source(LAYERS, "class B implements Optimizer {}"))));
  }

  private static List<String> ops(List<Source> sources) {
    Pattern pattern = Pattern.compile("\\b(?:implements|extends)\\b[^{]*\\bOp\\b|\\bnew\\s+Op\\b");
    return sources.stream()
        .filter(source -> pattern.matcher(source.code()).find())
        .map(source -> source.path() + " defines an op")
        .toList();
  }

  private static List<Source> library() {
    return Sources.ofAllModules().stream()
        .filter(source -> !isIn(source.packageName(), EXAMPLES))
        .toList();
  }

  // ---- the rules are enforced on something -----------------------------------------------------

  @Test
  void sourcesAreFoundInEveryPackage() {
    Set<String> found = new TreeSet<>();
    Sources.ofModule("autograd").forEach(source -> found.add(source.packageName()));
    assertEquals(new TreeSet<>(MAY_NAME.keySet()), found);
    for (Source source : Sources.ofAllModules()) {
      String folder = source.packageName().replace('.', '/');
      assertTrue(!folder.isEmpty() && source.path().contains("/" + folder + "/"), source.path());
    }
  }

  @Test
  void namesAreFoundInImportsAndInCode() {
    Source source =
        source(
            OPS,
            """
            import static org.gradus.autograd.internal.kernel.Kernels.of;
            import org.gradus.autograd.Tensor;
            import org.gradus.layers.*;
            /** Not {@link org.gradus.examples.TrainDigits}. */
            class A { // nor org.gradus.autograd.check
              String s = "nor org.ejml \\" org.ejml";
              char c = '"';
              org . ejml
                  .data.DMatrixRMaj m = org.gradus.autograd.array.Shape.of(1);
              String t = \"""
                  nor "org.gradus.autograd.check"
                  \""";
            }
            """);
    assertEquals(Set.of(KERNEL, ENGINE, LAYERS, "org.ejml.data", ARRAY), source.packagesNamed());
  }

  @Test
  void wrongArrowsAreCaught() {
    Map<String, List<String>> wrong = new LinkedHashMap<>();
    wrong.put(NUMBER, List.of(KERNEL, PARALLEL, ENGINE, EJML));
    wrong.put(PARALLEL, List.of(KERNEL, ENGINE, EJML));
    wrong.put(KERNEL, List.of(PLAIN, VECTOR, ENGINE, ARRAY, OPS, FUNCTIONAL, CHECK, LAYERS, EJML));
    wrong.put(PLAIN, List.of(VECTOR, ENGINE, ARRAY, OPS, LAYERS, EJML));
    wrong.put(VECTOR, List.of(TILES, ENGINE, ARRAY, OPS, LAYERS, EJML));
    wrong.put(
        ARRAY,
        List.of(
            TILES,
            PLAIN,
            VECTOR,
            PARALLEL,
            MEMORY,
            UPDATE,
            ENGINE,
            OPS,
            FUNCTIONAL,
            CHECK,
            LAYERS));
    wrong.put(MEMORY, List.of(ENGINE, OPS, UPDATE, CHECK, LAYERS, EJML));
    wrong.put(UPDATE, List.of(ENGINE, OPS, FUNCTIONAL, CHECK, LAYERS, EXAMPLES, EJML));
    wrong.put(ENGINE, List.of(OPS, FUNCTIONAL, CHECK, LAYERS, EXAMPLES, EJML + ".data"));
    wrong.put(OPS, List.of(FUNCTIONAL, CHECK, TESTKIT, LAYERS, EXAMPLES, EJML + ".data"));
    wrong.put(FUNCTIONAL, List.of(KERNEL, MEMORY, CHECK, TESTKIT, LAYERS, EXAMPLES, EJML));
    wrong.put(CHECK, List.of(KERNEL, LAYERS, EXAMPLES, EJML));
    wrong.put(INSPECT, List.of(KERNEL, CHECK, LAYERS, EXAMPLES, EJML));
    wrong.put(PLAN, List.of(OPS, CHECK, FUNCTIONAL, UPDATE, PLAIN, LAYERS, EJML));
    wrong.put(TESTKIT, List.of(KERNEL, LAYERS, EXAMPLES, EJML));
    wrong.put(
        LAYERS, List.of(KERNEL, INTERNAL, TESTKIT, LAYERS_TESTKIT, EJML, REPORT, ONNX, EXAMPLES));
    wrong.put(LAYERS_TESTKIT, List.of(KERNEL, INTERNAL, EJML, REPORT, ONNX, EXAMPLES));
    wrong.put(REPORT, List.of(KERNEL, INTERNAL, TESTKIT, LAYERS_TESTKIT, EJML, ONNX, EXAMPLES));
    wrong.put(ONNX, List.of(KERNEL, INTERNAL, TESTKIT, LAYERS_TESTKIT, EJML, REPORT, EXAMPLES));
    wrong.put(SPARK, List.of(KERNEL, INTERNAL, TESTKIT, LAYERS_TESTKIT, EJML, REPORT, EXAMPLES));
    wrong.put(LAYERS + ".optim", List.of(KERNEL, EJML + ".dense.row", EXAMPLES + ".data"));
    wrong.put(EXAMPLES, List.of(KERNEL, TESTKIT, EJML));
    wrong.put(ENGINE + ".other", List.of(ARRAY));
    wrong.forEach(
        (from, targets) -> {
          for (String to : targets) {
            for (String text :
                List.of(
                    "import " + to + ".A;",
                    "import " + to + ".*;",
                    "import static " + to + ".A.b;",
                    "class B { int c = " + to + ".A.b(); }")) {
              String expected = "a/B.java: %s must not name %s".formatted(from, to);
              assertEquals(List.of(expected), wrongArrows(List.of(source(from, text))), text);
            }
          }
        });
  }

  @Test
  void rightArrowsAreNotCaught() {
    MAY_NAME.forEach(
        (from, targets) ->
            targets.forEach(to -> assertEquals(List.of(), wrongArrows(List.of(naming(from, to))))));
    TESTKIT_MAY_NAME.forEach(
        to -> assertEquals(List.of(), wrongArrows(List.of(naming(TESTKIT, to)))));
    for (String to : List.of(ENGINE, ARRAY, CHECK, TESTKIT, LAYERS)) {
      assertEquals(List.of(), wrongArrows(List.of(naming(LAYERS_TESTKIT, to))));
    }
    for (String to :
        List.of(ENGINE, ARRAY, OPS, FUNCTIONAL, CHECK, UPDATE, LAYERS, LAYERS + ".io")) {
      assertEquals(List.of(), wrongArrows(List.of(naming(LAYERS + ".optim", to))));
      assertEquals(List.of(), wrongArrows(List.of(naming(EXAMPLES, to))));
      assertEquals(List.of(), wrongArrows(List.of(naming(REPORT, to))));
      assertEquals(List.of(), wrongArrows(List.of(naming(ONNX, to))));
      assertEquals(List.of(), wrongArrows(List.of(naming(SPARK, to))));
    }
    assertEquals(List.of(), wrongArrows(List.of(naming(EXAMPLES, REPORT))));
    assertEquals(List.of(), wrongArrows(List.of(naming(EXAMPLES, ONNX))));
    assertEquals(List.of(), wrongArrows(List.of(naming(EXAMPLES, SPARK))));
  }

  @Test
  void longFilesAreCaught() {
    Source most = ofLines(OPS, FILE_LINES);
    Source tooLong = ofLines(OPS, FILE_LINES + 1);
    assertEquals(List.of(), filesTooLong(List.of(most)));
    assertEquals(
        List.of("a/B.java has 501 lines, expected at most 500"),
        filesTooLong(List.of(most, tooLong)));

    Source half = ofLines(ENGINE, ENGINE_LINES / 2);
    Source more = ofLines(ENGINE, ENGINE_LINES / 2 + 1);
    Source notEngine = ofLines(OPS, ENGINE_LINES);
    assertEquals(List.of(), engineTooLong(List.of(half, half, notEngine)));
    assertEquals(
        List.of("the engine has 401 lines, expected at most 400"),
        engineTooLong(List.of(half, more, notEngine)));
  }

  @Test
  void packagesWithoutMarkAreCaught() {
    Source type = source(OPS, "class B {}");
    Source bare = Source.of("a/package-info.java", "/** Not @NullMarked. */ package " + OPS + ";");
    Source marked = Source.of("a/package-info.java", "@NullMarked package " + OPS + ";");
    List<String> caught = List.of(OPS + " has no package-info with @NullMarked");
    assertEquals(caught, packagesNotMarked(List.of(type)));
    assertEquals(caught, packagesNotMarked(List.of(type, bare)));
    assertEquals(List.of(), packagesNotMarked(List.of(type, marked)));
  }

  @Test
  void printingIsCaught() {
    for (String text :
        List.of(
            "class B { void c() { System.out.println(); } }",
            "class B { void c() { System\n.err\n.print(1); } }",
            "import static java.lang.System.out;",
            "class B { void c(Exception e) { e.printStackTrace(); } }")) {
      assertEquals(List.of("a/B.java prints"), prints(List.of(source(OPS, text))), text);
    }
    for (String text :
        List.of(
            "class B { /* System.out */ String s = \"System.out\"; } // System.err",
            "class B { System.Logger log = System.getLogger(\"b\"); Object outer; }")) {
      assertEquals(List.of(), prints(List.of(source(OPS, text))), text);
    }
  }

  @Test
  void intrinsicsAreCaught() {
    String caught = "double y = Math.exp(x); double z = 2*Math.pow(x, 3);";
    assertEquals(List.of("a/B.java: Math.exp, Math.pow"), intrinsics(List.of(source(OPS, caught))));
    String exact = "double y = StrictMath.exp(x) + Math.sqrt(x) + Math.fma(x, x, x); // Math.exp";
    assertEquals(List.of(), intrinsics(List.of(source(OPS, exact))));
  }

  @Test
  void widthsAreCaught() {
    String caught = "var s = FloatVector.SPECIES_256; var t = VectorSpecies.of(type, shape);";
    assertEquals(
        List.of("a/B.java: SPECIES_256, VectorSpecies.of"), widths(List.of(source(OPS, caught))));
    String one = "var s = DoubleVector.SPECIES_PREFERRED; // SPECIES_256";
    assertEquals(List.of(), widths(List.of(source(OPS, one))));
  }

  @Test
  void sumsAsReceiversAreCaught() {
    String caught = "for (;;) { sum = sum.add(DoubleVector.fromArray(S, x, i).abs()); }";
    assertEquals(List.of("a/B.java: sum = sum.add("), receivingSums(List.of(source(OPS, caught))));
    String right = "c0 = x0.fma(b, c0); p = p.mul(v).add(1); p = p.max(0); most = v.max(most);";
    assertEquals(List.of(), receivingSums(List.of(source(OPS, right))));
  }

  @Test
  void mutableStaticsAreCaught() {
    Map<String, String> wrong =
        Map.of(
            "class B { static int count; }",
            "static int count",
            "class B { private static volatile int[] all = {1}; }",
            "static volatile int[] all",
            "class B { @Deprecated(since = \"1\") static Map<A, List<B>> m; }",
            "static Map<A, List<B>> m",
            "class B { int a; public static B instance = new B(); }",
            "static B instance",
            "class B { private static final int[] COUNT = new int[1]; }",
            "static final int[] COUNT",
            "class B { static final Map<A, B> SEEN = new HashMap<>(); }",
            "static final Map<A, B> SEEN",
            "class B { static final AtomicInteger CALLS = new AtomicInteger(); }",
            "static final AtomicInteger CALLS");
    wrong.forEach(
        (text, field) ->
            assertEquals(
                List.of("a/B.java: " + field), mutableStatics(List.of(source(OPS, text))), text));
    for (String text :
        List.of(
            "import static a.B.c; class B { int count; }",
            "class B { private static final int ONE = 1; final static int TWO = 2; }",
            "class B { static { int a = 1; } static int c(int d) { int e = d; return e; } }",
            "class B { static class C { int d; } static record E(int f) {} static <T> T g() {} }",
            "class B { /* static int a; */ String s = \"static int a;\"; }")) {
      assertEquals(List.of(), mutableStatics(List.of(source(OPS, text))), text);
    }
  }

  @Test
  void namesOfVectorsAreCaught() {
    for (String text :
        List.of(
            "import jdk.incubator.vector.VectorSpecies;",
            "class B { Object a = jdk\n.incubator.vector.DoubleVector.SPECIES_PREFERRED; }",
            "class B { Object a = new DoubleVectorKernels(); }",
            "class B { int lanes = FloatVector.SPECIES_PREFERRED.length(); }")) {
      Source source = source(KERNEL, text);
      assertEquals(List.of("a/B.java names vectors"), vectorsNamed(List.of(source)), text);
      String path = "a/" + VECTOR.replace('.', '/') + "/DoubleB.java";
      Source vector = Source.of(path, "package " + VECTOR + "; " + text);
      assertEquals(List.of(), vectorsNamed(List.of(vector)), text);
      Source elsewhere = Source.of("a/DoubleVectorB.java", "package " + OPS + "; " + text);
      assertEquals(
          List.of("a/DoubleVectorB.java names vectors"), vectorsNamed(List.of(elsewhere)), text);
    }
    for (String text :
        List.of(
            "class B { String name = \"jdk.incubator.vector\"; /* DoubleVectorKernels */ }",
            "class B { void hessianVectorProduct() {} }")) {
      assertEquals(List.of(), vectorsNamed(List.of(source(KERNEL, text))), text);
    }
  }

  private static Source source(String packageName, String text) {
    return Source.of("a/B.java", "package " + packageName + "; " + text);
  }

  private static Source ofLines(String packageName, int lines) {
    return source(packageName, "\n".repeat(lines - 1) + "class B {}");
  }

  private static Source naming(String from, String to) {
    return source(from, "import " + to + ".A;");
  }

  // ---- how violations are found ----------------------------------------------------------------

  private static List<String> wrongArrows(List<Source> sources) {
    List<String> violations = new ArrayList<>();
    for (Source source : sources) {
      for (String named : source.packagesNamed()) {
        boolean chooses = named.equals(PLAIN) && source.path().endsWith(PROVIDER);
        if (!chooses && !mayName(source.packageName(), named)) {
          violations.add(
              "%s: %s must not name %s".formatted(source.path(), source.packageName(), named));
        }
      }
    }
    return violations;
  }

  private static boolean mayName(String from, String to) {
    boolean besideLayers = isIn(from, REPORT) || isIn(from, ONNX) || isIn(from, SPARK);
    if (isIn(from, LAYERS) || besideLayers || isIn(from, EXAMPLES)) {
      boolean own = isIn(to, LAYERS) || (isIn(from, EXAMPLES) && isIn(to, EXAMPLES));
      boolean beside =
          isIn(from, EXAMPLES) && (isIn(to, REPORT) || isIn(to, ONNX) || isIn(to, SPARK));
      boolean open = own || beside || (isIn(to, ENGINE) && !isIn(to, INTERNAL));
      boolean ofTests = isIn(to, TESTKIT) || isIn(to, LAYERS_TESTKIT);
      return open && (!ofTests || isIn(from, LAYERS_TESTKIT));
    }
    Set<String> allowed =
        from.equals(TESTKIT) ? TESTKIT_MAY_NAME : MAY_NAME.getOrDefault(from, Set.of());
    return allowed.contains(isIn(to, EJML) ? EJML : to);
  }

  /** Whether a package is another, or lies within it. */
  private static boolean isIn(String packageName, String outer) {
    return (packageName + ".").startsWith(outer + ".");
  }

  private static List<String> engineTooLong(List<Source> sources) {
    int lines =
        sources.stream()
            .filter(source -> source.packageName().equals(ENGINE))
            .mapToInt(Source::lines)
            .sum();
    return lines <= ENGINE_LINES
        ? List.of()
        : List.of("the engine has %s lines, expected at most %s".formatted(lines, ENGINE_LINES));
  }

  private static List<String> filesTooLong(List<Source> sources) {
    return sources.stream()
        .filter(source -> source.lines() > FILE_LINES)
        .map(
            source ->
                "%s has %s lines, expected at most %s"
                    .formatted(source.path(), source.lines(), FILE_LINES))
        .toList();
  }

  private static List<String> packagesNotMarked(List<Source> sources) {
    Set<String> packages = new TreeSet<>();
    sources.forEach(source -> packages.add(source.packageName()));
    sources.stream()
        .filter(source -> source.isPackageInfo() && source.code().contains("@NullMarked"))
        .forEach(source -> packages.remove(source.packageName()));
    return packages.stream().map(name -> name + " has no package-info with @NullMarked").toList();
  }

  /** The module, or a class that cannot be linked without it. */
  private static final Pattern VECTORS =
      Pattern.compile("\\bjdk\\s*\\.\\s*incubator\\b|\\b[A-Z]\\w*Vector\\w*");

  private static List<String> vectorsNamed(List<Source> sources) {
    return sources.stream()
        .filter(source -> !isVectorKernel(source) && VECTORS.matcher(source.code()).find())
        .map(source -> source.path() + " names vectors")
        .toList();
  }

  /** Whether the build compiles a source with the module. */
  private static boolean isVectorKernel(Source source) {
    return source.path().matches(".*/internal/kernel/vector/\\w+\\.java");
  }

  private static final Pattern PRINTS =
      Pattern.compile("\\bSystem\\s*\\.\\s*(?:out|err)\\b|\\bprintStackTrace\\b");

  private static List<String> prints(List<Source> sources) {
    return sources.stream()
        .filter(source -> PRINTS.matcher(source.code()).find())
        .map(source -> source.path() + " prints")
        .toList();
  }

  /** Functions whose last bits the JVM leaves to the processor. */
  private static final Pattern INTRINSIC =
      Pattern.compile(
          "(?<!\\w)Math\\.(?:exp|expm1|log|log10|log1p|pow|cbrt|hypot|a?sin|a?cos|a?tan|atan2|sinh|cosh|tanh)\\b");

  private static List<String> intrinsics(List<Source> sources) {
    return found(INTRINSIC, sources);
  }

  /** Vectors of another width than the processor prefers. */
  private static final Pattern WIDTH =
      Pattern.compile("\\bSPECIES_(?:64|128|256|512|MAX)\\b|\\bVectorSpecies\\s*\\.\\s*of\\w*");

  private static List<String> widths(List<Source> sources) {
    return found(WIDTH, sources);
  }

  /** A variable that takes an operation's result, of which it is the receiver, in one line. */
  private static final Pattern SUM =
      Pattern.compile("\\b(\\w+) = \\1\\.(?:add|min|max)\\((?=\\w+\\.)");

  private static List<String> receivingSums(List<Source> sources) {
    return found(SUM, sources);
  }

  private static List<String> found(Pattern refused, List<Source> sources) {
    return sources.stream()
        .filter(source -> refused.matcher(source.code()).find())
        .map(
            source ->
                refused
                    .matcher(source.code())
                    .results()
                    .map(MatchResult::group)
                    .collect(Collectors.joining(", ", source.path() + ": ", "")))
        .toList();
  }

  /** From the word static to the end of a field's declaration, or its value: no ( and no block. */
  private static final Pattern STATIC_FIELD =
      Pattern.compile("(?<=[;{})]|\\s)((?:\\w+\\s+)*\\bstatic\\b[^;={(]*)[;=]");

  /** An array, or a type whose name says that its contents change. */
  private static final Pattern CONTAINER =
      Pattern.compile(
          "\\[\\]\\s+\\w+$|\\b(?:(?:Hash|Tree|Linked|Array|Concurrent|Atomic)\\w+|Map|List|Set)\\b[^;]*\\s\\w+$");

  private static List<String> mutableStatics(List<Source> sources) {
    List<String> violations = new ArrayList<>();
    for (Source source : sources) {
      Matcher matcher = STATIC_FIELD.matcher(source.code());
      while (matcher.find()) {
        String declaration = matcher.group(1).strip();
        Set<String> words = new HashSet<>(List.of(declaration.split("\\W+", -1)));
        boolean constant = words.contains("final") && !CONTAINER.matcher(declaration).find();
        if (!constant && !words.contains("import")) {
          violations.add(
              source.path() + ": " + declaration.substring(declaration.indexOf("static")));
        }
      }
    }
    return violations;
  }
}
