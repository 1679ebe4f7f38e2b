package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jdk.jshell.JShell;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The pages of the tutorial: every piece is compiled and run, and prints what stands below it. To
 * write a page anew with what it prints: {@code mvn test -pl examples -am -Dtest=TutorialTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dgradus.readme=write}.
 */
class TutorialTest {
  private static final Path TUTORIAL = Snippets.EXAMPLES.resolve("tutorial");

  static Stream<Path> pages() throws IOException {
    return Snippets.pages(TUTORIAL);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyPiecePrintsWhatThePageSays(Path page, @TempDir Path folder) throws Exception {
    Snippets.check(page, folder);
  }

  /**
   * Line by line, as the shell reads what is pasted: each is the end of something, or more comes.
   */
  @ParameterizedTest
  @MethodSource("pages")
  void everyPieceCanBePasted(Path page) throws IOException {
    try (JShell shell = JShell.builder().executionEngine("local").build()) {
      for (String piece : Snippets.pieces(page)) {
        String open = "";
        for (String line : piece.lines().toList()) {
          var read = shell.sourceCodeAnalysis().analyzeCompletion(open + line);
          assertNotEquals(Completeness.UNKNOWN, read.completeness(), open + line);
          open = read.remaining().isEmpty() ? "" : read.remaining() + "\n";
        }
        assertEquals("", open, piece);
      }
    }
  }

  @Test
  void everyPageEndsWithAnExerciseThatATestAnswers() throws IOException {
    Pattern exercise =
        Pattern.compile(
            "## Exercise\n"
                + "[^#]*\\(Answer: `(\\w+)`"
                + " in\\s\\[AnswersTest]\\(\\S+/AnswersTest.java\\)[^#]*\\)\n"
                + "*\\z");
    List<String> tests =
        Stream.of(AnswersTest.class.getDeclaredMethods()).map(Method::getName).toList();
    List<Path> pages = pages().filter(page -> !page.endsWith("README.md")).toList();
    for (Path page : pages) {
      Matcher found = exercise.matcher(Files.readString(page));
      assertTrue(found.find() && tests.contains(found.group(1)), page::toString);
    }
    assertEquals(5, pages.size());
  }

  /** The shell would show a walk as {@code Gradients@1b2c}, of which nobody learns anything. */
  @ParameterizedTest
  @MethodSource("pages")
  void noPieceLeavesTheShellWithoutWordsForItsValue(Path page) throws IOException {
    for (String piece : Snippets.pieces(page)) {
      assertFalse(Pattern.compile("(?m)^Gradients \\w+ =").matcher(piece).find(), piece);
    }
  }

  /** Under the name of the variable that had it. */
  @ParameterizedTest
  @MethodSource("pages")
  void whatAPageWritesForAWhileItDeletes(Path page) throws IOException {
    String program = String.join("", Snippets.pieces(page));
    Matcher made = Pattern.compile("(\\w+ \\w+ = )?Files\\.createTemp").matcher(program);
    while (made.find()) {
      String name = made.group(1).split(" ", -1)[1];
      String behind = program.substring(made.end());
      assertTrue(
          behind.contains("Files.delete(" + name + ");")
              || (behind.contains("Files.walk(" + name + ")")
                  && behind.contains("println(Files.exists(" + name + "));")),
          name);
    }
  }

  @Test
  void itsCommandsAreThoseOfTheReadme() throws IOException {
    String page = Files.readString(TUTORIAL.resolve("README.md"));
    assertTrue(page.contains("\n" + ReadmeTest.block("command: jshell") + "```\n"));
    assertTrue(page.contains("`" + ReadmeTest.block("command: docs").strip() + "`"));
  }
}
