package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The starter has no parent, so it says itself which versions it takes: those of Gradus and of the
 * plugins that Gradus is built by. The build tests and runs it behind the tests.
 */
class StarterTest {
  private static final Path HERE = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
  private static final Path STARTER = HERE.resolve("starter");

  private static String text(Path file) throws IOException {
    return Files.readString(file);
  }

  private static String found(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertTrue(matcher.find(), pattern);
    return matcher.group(1);
  }

  /** The versions of plugins, by the names of the plugins. */
  private static Map<String, String> plugins(String pom) {
    Map<String, String> versions = new TreeMap<>();
    Matcher matcher =
        Pattern.compile("<artifactId>([\\w-]+-plugin)</artifactId>\\s*<version>([^<$]+)</version>")
            .matcher(pom);
    while (matcher.find()) {
      versions.put(matcher.group(1), matcher.group(2));
    }
    return versions;
  }

  @Test
  void itTakesThisGradus() throws IOException {
    assertEquals(
        found(
            "<artifactId>gradus-parent</artifactId>\\s*<version>(.+?)</version>",
            text(HERE.resolveSibling("pom.xml"))),
        found("<gradus.version>(.+?)</gradus.version>", text(STARTER.resolve("pom.xml"))));
  }

  @Test
  void itsPluginsAreThoseOfThisBuild() throws IOException {
    String root = text(HERE.resolveSibling("pom.xml"));
    Map<String, String> expected = plugins(root);
    expected.put("exec-maven-plugin", found("<exec.version>(.+?)</exec.version>", root));
    Map<String, String> own = plugins(text(STARTER.resolve("pom.xml")));
    assertEquals(6, own.size(), own::toString);
    own.forEach((name, version) -> assertEquals(expected.get(name), version, name));
  }

  @Test
  void itsProgramAndItsTestsRunOnVectorKernels() throws IOException {
    assertEquals(
        "--add-modules=jdk.incubator.vector",
        text(STARTER.resolve(".mvn").resolve("jvm.config")).strip());
    assertEquals(
        "--add-modules jdk.incubator.vector",
        found("<argLine>(.+?)</argLine>", text(STARTER.resolve("pom.xml"))));
  }
}
