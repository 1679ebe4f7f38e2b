package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compiles and runs the programs of the README, and compares what they print. */
class ReadmeTest {
  private static final Path README = readme();

  static Path readme() {
    return Snippets.EXAMPLES.resolveSibling("README.md");
  }

  /** The fenced block behind the comment of this text. */
  static String block(String comment) throws IOException {
    return Snippets.block(README, comment);
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "layers/onnx/README.md"})
  void programsPrintWhatThePageSays(String page, @TempDir Path folder) throws Exception {
    Snippets.check(README.resolveSibling(page), folder);
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
  @ValueSource(
      strings = {
        "README.md",
        "CONTRIBUTING.md",
        "autograd/NOTES.md",
        "examples/tutorial/README.md",
        "examples/tutorial/1-tensors-and-gradients.md",
        "examples/tutorial/2-an-op-of-your-own.md",
        "examples/tutorial/3-a-network.md",
        "examples/tutorial/4-saving-and-serving.md",
        "examples/tutorial/5-cookbook.md"
      })
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
