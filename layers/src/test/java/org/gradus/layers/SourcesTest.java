package org.gradus.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the module may lean on, and how long its files may be. */
class SourcesTest {
  private static final Set<String> OPEN =
      Set.of(
          "org.gradus.autograd",
          "org.gradus.autograd.array",
          "org.gradus.autograd.check",
          "org.gradus.autograd.inspect",
          "org.gradus.autograd.plan",
          "org.gradus.autograd.ops",
          "org.gradus.autograd.update");

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Imports are Java's, this module's, of autograd's open packages, and for JSON and CSV. */
  @Test
  void importsOnlyWhatIsOpen() throws IOException {
    List<String> imports =
        sources().stream()
            .flatMap(file -> lines(file).stream())
            .filter(line -> line.startsWith("import "))
            .map(line -> line.replaceAll("^import (static )?|;$", ""))
            .toList();
    List<String> refused =
        imports.stream()
            .filter(name -> !name.startsWith("java.") && !name.startsWith("org.gradus.layers."))
            .filter(name -> !name.startsWith("org.jspecify.annotations."))
            .filter(name -> !name.startsWith("de.siegmar.fastcsv.reader."))
            .filter(name -> !name.startsWith("javax.imageio."))
            .filter(name -> !name.startsWith("com.fasterxml.jackson.core."))
            .filter(name -> !OPEN.contains(name.replaceAll("\\.[A-Z].*$", "")))
            .toList();

    assertTrue(imports.size() > 50);
    assertEquals(List.of(), refused);
  }

  @Test
  void namesNoClosedPackageInItsText() throws IOException {
    List<Path> refused =
        sources().stream()
            .filter(file -> lines(file).stream().anyMatch(line -> line.matches(CLOSED)))
            .toList();

    assertEquals(List.of(), refused);
  }

  private static final String CLOSED = ".*(org\\.gradus\\.autograd\\.internal|org\\.ejml).*";

  @Test
  void filesHaveAtMost500Lines() throws IOException {
    List<Path> refused = sources().stream().filter(file -> lines(file).size() > 500).toList();

    assertEquals(List.of(), refused);
  }
}
