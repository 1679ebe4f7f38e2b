package org.gradus.report;

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

  /** Imports are Java's, of open packages below, and, in the class that draws, XChart's. */
  @Test
  void importsOnlyWhatIsOpen() throws IOException {
    List<String> imports =
        sources().stream()
            .flatMap(
                file ->
                    lines(file).stream()
                        .filter(line -> line.startsWith("import "))
                        .map(line -> file.getFileName() + " " + line))
            .toList();
    List<String> refused =
        imports.stream()
            .filter(line -> !line.matches("\\S+ import java\\..*"))
            .filter(line -> !line.matches("\\S+ import javax\\.imageio\\..*"))
            .filter(line -> !line.matches("\\S+ import org\\.jspecify\\.annotations\\..*"))
            .filter(line -> !line.matches("Plot.java import org\\.knowm\\.xchart\\..*"))
            .filter(line -> !line.matches("\\S+ import org\\.gradus\\.layers\\..*"))
            .filter(
                line -> !line.matches("\\S+ import org\\.gradus\\.autograd\\.(array|inspect)\\..*"))
            .filter(line -> !line.matches("\\S+ import org\\.gradus\\.autograd\\.[A-Z]\\w+;"))
            .toList();

    assertTrue(imports.size() > 50);
    assertEquals(List.of(), refused);
  }
}
