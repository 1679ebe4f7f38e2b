package org.gradus.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the module may lean on. */
class SourcesTest {

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Imports are Java's, Spark's, those of Scala that Spark's functions take, and of open packages.
   */
  @Test
  void importsOnlyWhatIsOpen() throws IOException {
    List<String> imports;
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      imports =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .flatMap(file -> lines(file).stream())
              .filter(line -> line.startsWith("import "))
              .map(line -> line.replaceAll("^import (static )?", ""))
              .toList();
    }
    List<String> refused =
        imports.stream()
            .filter(name -> !name.matches("(java|org\\.apache\\.spark)\\..*"))
            .filter(name -> !name.matches("scala\\.(Tuple2|reflect\\.ClassTag\\$?|runtime\\..*);"))
            .filter(name -> !name.startsWith("org.jspecify.annotations."))
            .filter(name -> !name.matches("org\\.gradus\\.layers\\.(?!internal).*"))
            .filter(name -> !name.matches("org\\.gradus\\.autograd\\.(array|ops)\\..*"))
            .filter(name -> !name.matches("org\\.gradus\\.autograd\\.Tensor;"))
            .toList();

    assertTrue(imports.size() > 50);
    assertEquals(List.of(), refused);
  }
}
