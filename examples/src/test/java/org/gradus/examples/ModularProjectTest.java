package org.gradus.examples;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Gradus in the projects of users who write a module-info: they are compiled without a warning, run
 * with and without the modules that are optional, tested by the kit, and linked into an image.
 */
class ModularProjectTest {
  private static final String DIGITS = "org.example.digits";
  private static final String TRAIN = DIGITS + "/org.example.digits.Train";
  private static final String SQUARE = "org.example.matrices/org.example.matrices.Square";
  private static final String VECTORS = "--add-modules=jdk.incubator.vector";

  /** The sources of the users: a folder for each module, and one of tests inside a module. */
  private static final Path SOURCES =
      Path.of(System.getProperty("basedir", ""), "src", "modular", "java").toAbsolutePath();

  /** The modules on this test's class path, by name. */
  private static final Map<String, ModuleReference> LIBRARIES = libraries();

  /** What a program without EJML needs. */
  private static final String GRADUS =
      pathOf(
          "org.gradus.autograd",
          "org.gradus.layers",
          "com.fasterxml.jackson.core",
          "de.siegmar.fastcsv");

  @TempDir private static Path modules;
  @TempDir private static Path inside;

  private static Map<String, ModuleReference> libraries() {
    Map<String, ModuleReference> libraries = new TreeMap<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      for (ModuleReference library : ModuleFinder.of(Path.of(entry)).findAll()) {
        libraries.put(library.descriptor().name(), library);
      }
    }
    return libraries;
  }

  private static String pathOf(String... names) {
    return Arrays.stream(names)
        .map(name -> Path.of(LIBRARIES.get(name).location().orElseThrow()).toString())
        .collect(joining(File.pathSeparator));
  }

  private static String everything() {
    return pathOf(LIBRARIES.keySet().toArray(String[]::new));
  }

  private static String paths(Object... paths) {
    return Arrays.stream(paths).map(Object::toString).collect(joining(File.pathSeparator));
  }

  @BeforeAll
  static void compile() {
    javac("-Xlint:all", "--module-path", GRADUS, "--module", DIGITS);
    javac("-Xlint:all", "--module-path", everything(), "--module", "org.example.digits.tests");
    // EJML has no descriptor, so javac warns of each module that requires it.
    String lint = "-Xlint:all,-requires-automatic";
    javac(lint, "--module-path", everything(), "--module", "org.example.matrices");
    tool(
        "javac",
        "-Werror",
        "-d",
        inside.toString(),
        "--module-path",
        paths(modules, GRADUS),
        "--class-path",
        everything(),
        "--patch-module",
        DIGITS + "=" + SOURCES.resolve("inside"),
        "--add-reads",
        DIGITS + "=ALL-UNNAMED",
        SOURCES.resolve("inside/org/example/digits/InsideTest.java").toString(),
        SOURCES.resolve("inside/org/example/digits/InsideLayersTest.java").toString(),
        SOURCES.resolve("inside/org/example/digits/WithoutRows.java").toString(),
        SOURCES.resolve("inside/org/example/digits/WithoutLayerRows.java").toString());
  }

  private static void javac(String... options) {
    List<String> all = new ArrayList<>(List.of("-Werror", "-d", modules.toString()));
    all.addAll(List.of("--module-source-path", SOURCES.toString()));
    all.addAll(List.of(options));
    tool("javac", all.toArray(String[]::new));
  }

  private static void tool(String name, String... options) {
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    int status = ToolProvider.findFirst(name).orElseThrow().run(out, out, options);
    assertEquals(0, status, said::toString);
  }

  // ---- programs --------------------------------------------------------------------------------

  private static final List<String> TRAINED =
      List.of("the loss fell", "  n1[[\"swish<br/>b 2.0<br/>FLOAT32 [4, 1, 8, 8]\"]]");

  private static final List<String> SQUARED = List.of("22.0", "7.0");

  @Test
  void aProgramTrainsOnVectorKernels() throws Exception {
    String path = paths(modules, GRADUS);
    assertEquals(
        TRAINED, java("--module-path", path, VECTORS, "-Dgradus.kernels=vector", "-m", TRAIN));
  }

  @Test
  void aProgramTrainsWithoutTheModuleOfVectors() throws Exception {
    String path = paths(modules, GRADUS);
    assertEquals(TRAINED, java("--module-path", path, "-Dgradus.kernels=plain", "-m", TRAIN));
  }

  @Test
  void matricesOfEjmlAreWrapped() throws Exception {
    String path = paths(modules, pathOf("org.gradus.autograd", "ejml.core"));
    assertEquals(SQUARED, java("--module-path", path, "-Dgradus.kernels=plain", "-m", SQUARE));
  }

  @Test
  void theExamplesAreAModule() throws Exception {
    String path =
        paths(
            GRADUS,
            pathOf(
                "org.gradus.examples",
                "org.gradus.report",
                "org.gradus.onnx",
                "org.tribuo.util.onnx",
                "com.google.protobuf",
                "info.picocli",
                "org.knowm.xchart",
                "VectorGraphics2D"));
    List<String> said =
        java(
            "--module-path",
            path,
            VECTORS,
            "-m",
            "org.gradus.examples/org.gradus.examples.TrainDigits",
            "--epochs=1");
    assertTrue(said.get(said.size() - 1).contains("test accuracy"), said::toString);
  }

  @Test
  void anImageTrains(@TempDir Path folder) throws Exception {
    Path image = folder.resolve("image");
    tool(
        "jlink",
        "--module-path",
        paths(modules, GRADUS),
        "--add-modules",
        DIGITS + ",jdk.incubator.vector",
        "--output",
        image.toString());
    assertEquals(TRAINED, java(image, "-Dgradus.kernels=vector", VECTORS, "-m", TRAIN));
  }

  /** The linker takes only modules with a descriptor; the JDK can write the one that EJML lacks. */
  @Test
  void anImageWrapsMatricesOfEjml(@TempDir Path folder) throws Exception {
    String ejml = pathOf("ejml.core");
    tool("jdeps", "--ignore-missing-deps", "--generate-module-info", folder.toString(), ejml);
    tool(
        "javac",
        "-d",
        folder.toString(),
        "--patch-module=ejml.core=" + ejml,
        folder.resolve("ejml.core").resolve("module-info.java").toString());
    Path jar = Files.copy(Path.of(ejml), folder.resolve("ejml.jar"));
    tool("jar", "--update", "--file=" + jar, "-C", folder.toString(), "module-info.class");

    Path image = folder.resolve("image");
    tool(
        "jlink",
        "--module-path",
        paths(modules, pathOf("org.gradus.autograd"), jar),
        "--add-modules",
        "org.example.matrices",
        "--output",
        image.toString());
    assertEquals(SQUARED, java(image, "-Dgradus.kernels=plain", "-m", SQUARE));
  }

  // ---- the gate --------------------------------------------------------------------------------

  @Test
  void theGateFindsOpsInTheModuleThatItsTestIsPutInto() throws Exception {
    List<String> said = testsInside("org.example.digits.InsideTest");
    assertTrue(said.contains("module org.example.digits: 11 passed, 0 failed"), said::toString);
  }

  @Test
  void theGateStaysClosedForAnOpWithoutARowInAModule() throws Exception {
    List<String> said = testsInside("org.example.digits.WithoutRows");
    assertTrue(said.contains("module org.example.digits: 1 passed, 1 failed"), said::toString);
    String why = "expected: <[]> but was: <[org.example.digits.Swish]>";
    assertTrue(said.get(said.size() - 1).endsWith(why), said::toString);
  }

  @Test
  void theGateFindsLayersInTheModuleThatItsTestIsPutInto() throws Exception {
    List<String> said = testsInside("org.example.digits.InsideLayersTest");
    assertTrue(said.contains("module org.example.digits: 14 passed, 0 failed"), said::toString);
  }

  @Test
  void theGateStaysClosedForALayerWithoutARowInAModule() throws Exception {
    List<String> said = testsInside("org.example.digits.WithoutLayerRows");
    assertTrue(said.contains("module org.example.digits: 1 passed, 1 failed"), said::toString);
    String why = "expected: <[]> but was: <[org.example.digits.Residual]>";
    assertTrue(said.get(said.size() - 1).endsWith(why), said::toString);
  }

  /** As Maven and Gradle do: the program is on the module path, all that tests need beside it. */
  private static List<String> testsInside(String name) throws Exception {
    return java(
        "--module-path",
        paths(modules.resolve(DIGITS), GRADUS),
        "--class-path",
        System.getProperty("java.class.path"),
        "--patch-module",
        DIGITS + "=" + inside,
        "--add-modules",
        DIGITS,
        "--add-reads",
        DIGITS + "=ALL-UNNAMED",
        "--add-opens",
        DIGITS + "/org.example.digits=ALL-UNNAMED",
        RunTests.class.getName(),
        name);
  }

  @Test
  void theGateFindsOpsInAnotherModule() throws Exception {
    List<String> said = testsOutside("org.example.digits.tests.OutsideTest");
    String passed = "module org.example.digits.tests: 11 passed, 0 failed";
    assertTrue(said.contains(passed), said::toString);
  }

  @Test
  void theGateFindsLayersInAnotherModule() throws Exception {
    List<String> said = testsOutside("org.example.digits.tests.OutsideLayersTest");
    String passed = "module org.example.digits.tests: 14 passed, 0 failed";
    assertTrue(said.contains(passed), said::toString);
  }

  private static List<String> testsOutside(String name) throws Exception {
    return java(
        "--module-path",
        paths(modules, everything()),
        "--class-path",
        System.getProperty("java.class.path"),
        "--add-modules",
        "org.example.digits.tests,org.junit.jupiter.engine,org.junit.platform.launcher",
        RunTests.class.getName(),
        name);
  }

  /** A program may make layers of modules itself, as servers and hosts of plug-ins do. */
  @Test
  void aLayerOfModulesTrainsAndIsGuarded() throws Exception {
    Path[] path =
        Arrays.stream(everything().split(File.pathSeparator)).map(Path::of).toArray(Path[]::new);
    ModuleLayer boot = ModuleLayer.boot();
    var resolved =
        boot.configuration()
            .resolveAndBind(
                ModuleFinder.compose(ModuleFinder.of(modules), ModuleFinder.of(path)),
                ModuleFinder.of(),
                Set.of("org.example.digits.tests"));
    ModuleLayer layer =
        boot.defineModulesWithOneLoader(resolved, ClassLoader.getPlatformClassLoader());
    ClassLoader loader = layer.findLoader(DIGITS);

    Class<?> train = loader.loadClass("org.example.digits.Train");
    assertSame(layer, train.getModule().getLayer());
    train.getMethod("main", String[].class).invoke(null, (Object) new String[0]);

    ClassLoader before = Thread.currentThread().getContextClassLoader();
    Thread.currentThread().setContextClassLoader(loader); // what jqwik finds its parts by
    try {
      opens(loader, "OutsideTest", "everyOpHasARow", "everyRowHasAnOp");
      opens(loader, "OutsideLayersTest", "everyLayerHasARow", "everyRowHasALayer");
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  private static void opens(ClassLoader loader, String test, String... methods) throws Exception {
    Class<?> type = loader.loadClass("org.example.digits.tests." + test);
    Object gate = type.getConstructor().newInstance();
    for (String name : methods) {
      Method method = type.getSuperclass().getDeclaredMethod(name);
      method.setAccessible(true);
      method.invoke(gate);
    }
  }

  // ---- the descriptors -------------------------------------------------------------------------

  /** No one but Gradus sees what is internal, and nothing else is hidden. */
  @Test
  void allPackagesAreExportedButTheInternalOnes() {
    for (String name : List.of("org.gradus.autograd", "org.gradus.layers")) {
      ModuleDescriptor module = LIBRARIES.get(name).descriptor();
      assertFalse(module.isAutomatic());
      for (String packageName : module.packages()) {
        Optional<ModuleDescriptor.Exports> exported =
            module.exports().stream().filter(e -> e.source().equals(packageName)).findFirst();
        boolean internal = (packageName + ".").contains(".internal.");
        assertEquals(internal, exported.isEmpty(), packageName);
        assertEquals(Set.of(), exported.map(e -> e.targets()).orElse(Set.of()));
      }
    }
  }

  // ---- another JVM -----------------------------------------------------------------------------

  private static List<String> java(String... options) throws Exception {
    return java(Path.of(System.getProperty("java.home")), options);
  }

  /** All that a program prints, once it has ended well. */
  private static List<String> java(Path home, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin").resolve("java").toString());
    command.addAll(List.of("-Duser.language=en", "-Duser.country=US"));
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    Process process = builder.start();
    try (var reader = process.inputReader()) {
      List<String> lines =
          reader.lines().filter(line -> !line.startsWith("WARNING: Using incubator")).toList();
      assertEquals(0, process.waitFor(), () -> String.join("\n", lines));
      return lines;
    }
  }
}
