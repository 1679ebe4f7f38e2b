package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplainTest {
  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... arguments) {
    return new Explain(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8))
        .run(arguments);
  }

  @Test
  void thePageHasTheGeometryThatIsAskedFor() throws Exception {
    Path file = folder.resolve("page.html");
    assertEquals(
        0,
        run(
            "--out",
            file.toString(),
            "--input",
            "7x4",
            "--kernel",
            "2x3",
            "--stride",
            "3",
            "--padding",
            "2",
            "--dilation",
            "2",
            "--channels",
            "2",
            "--filters",
            "4",
            "--groups",
            "2"));
    assertTrue(
        Files.readString(file)
            .contains(
                "Input 7x4, kernel 2x3, stride 3, padding 2, dilation 2, channels 2, filters 4,"
                    + " groups 2."));
    assertEquals(
        "Wrote %s (%s kB); open it in a browser.%n"
            .formatted(file, Files.readString(file).length() / 1000),
        out.toString(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--input | 5 | 5x5",
        "--kernel | 0x3 | 0x3, expected at least 1 row and 1 column",
        "--kernel | 9x9 | conv2d: ",
        "--stride | 0 | stride",
        "--padding | -1 | padding",
        "--groups | 2 | groups that divide the channels",
        "--input | 999x999 | expected at most 40000",
        "--filters | two | is not an int"
      })
  void whatIsNoGeometryIsRefused(String option, String value, String message) {
    Path file = folder.resolve("page.html");
    assertEquals(2, run("--out", file.toString(), option, value));
    assertTrue(
        err.toString(StandardCharsets.UTF_8).contains(message),
        () -> err.toString(StandardCharsets.UTF_8));
    assertFalse(Files.exists(file));
  }

  @Test
  void aFolderThatIsNotThereIsTold() {
    Path file = folder.resolve("none").resolve("page.html");
    assertEquals(1, run("--out", file.toString()));
    assertEquals(
        "%s: there is no such file%n".formatted(file), err.toString(StandardCharsets.UTF_8));
  }
}
