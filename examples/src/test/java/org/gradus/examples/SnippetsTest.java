package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.gradus.autograd.array.Arithmetic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@link Snippets} finds on a page that says too little, too much, or something wrong. */
class SnippetsTest {
  @TempDir private Path folder;

  private static final String PAGE =
      """
      # A page

      ```java
      int a = 20;
      System.out.println(a);
      ```
      ```text
      20
      ```

      More of it, which prints nothing:

      ```java
      int b = a + 1;
      ```

      ```java
      System.out.println(2 * b + "\\n" + a);
      ```

      ```text
      42
      20
      ```

      <!-- lines: Other -->
      ```java
      System.out.println("42.0 right");
      ```
      <!-- prints: Other -->
      ```text
      42.0 right
      ```

      ```
      a figure
      ```
      """;

  @Test
  void aPageThatIsRightPasses() throws Exception {
    Snippets.check(PAGE, folder);
    assertEquals(PAGE, Snippets.written(PAGE, folder));
  }

  @Test
  void whatIsWrongIsToldWithItsLineAndBothTexts() {
    String wrong = PAGE.replace("```text\n42\n", "```text\nforty\n");
    var error = assertThrows(AssertionError.class, () -> Snippets.check(wrong, folder));
    String told = error.getMessage();
    assertTrue(told.contains("> but was: <"), told);
    assertTrue(told.contains("page.md:22 ==> expected: <forty\n"), told);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "```text\\n20\\n```\\n|''|expected: <> but was: <", // says nothing of what is printed
        "int b = a + 1|int b = c|cannot find symbol",
        "# A page|```text\\nthat nobody printed\\n```|page.md:1: nothing prints this",
        "prints: Other|prints: Others|there is no program Others",
        "lines: Other|line: Other|what is line?",
        "```\\na figure|```java title=a\\na figure|other fences than",
        "```text\\n42.0 right|```text\\n42.0 wrong|wrong",
        "```text\\n42\\n|```text\\n43\\n|page.md:22" // whatever the kernels
      })
  void whatNothingCoversIsRefused(String before, String after, String expected) {
    String page = PAGE.replace(before.replace("\\n", "\n"), after.replace("\\n", "\n"));
    var error = assertThrows(AssertionError.class, () -> Snippets.check(page, folder));
    assertTrue(error.getMessage().contains(expected), error.getMessage());
  }

  /** On the plain kernels, which add up in another order, such numbers may be others. */
  @Test
  void numbersOfATrainingAreThoseOfTheKernelsThatThePageWasWrittenBy() throws Exception {
    String page =
        PAGE.replace("```text\n42\n", "<!-- trained -->\n```text\n42\n")
            .replace("prints: Other", "trained: Other");
    Snippets.check(page, folder);
    assertEquals(page, Snippets.written(page, folder));
    for (String said : List.of("text\n42\n", "text\n42.0 right")) {
      String numbers = page.replace(said, said.replace("42", "43"));
      assertNotEquals(page, numbers);
      if (Arithmetic.here().name().equals("plain")) {
        Snippets.check(numbers, folder);
      } else {
        assertThrows(AssertionError.class, () -> Snippets.check(numbers, folder));
      }
    }
    String words = page.replace("text\n42.0 right", "text\n42.0 wrong");
    assertThrows(AssertionError.class, () -> Snippets.check(words, folder));
  }

  @Test
  void whatIsPrintedAndNotSaidIsWrittenBehindItsPiece() throws Exception {
    String without = PAGE.replace("```text\n20\n```\n", "");
    assertEquals(PAGE, Snippets.written(without, folder));
  }

  @Test
  void aProgramThatFailsFails() {
    String page = PAGE.replace("int b = a + 1", "int b = a / 0");
    assertThrows(
        java.lang.reflect.InvocationTargetException.class, () -> Snippets.check(page, folder));
  }
}
