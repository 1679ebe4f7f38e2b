package org.gradus.examples.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** On few digits, by threads of this process in the place of executors. */
class TrainDigitsOnSparkTest {

  private static String printed(String... args) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    assertEquals(0, new CommandLine(new TrainDigitsOnSpark(out)).execute(args));
    return bytes.toString(StandardCharsets.UTF_8).replaceAll(", \\d+\\.\\d s", "");
  }

  @Test
  void itPrintsWhatOneMachineDoes(@TempDir Path folder) {
    System.setProperty("spark.master", "local[2]");
    System.setProperty("spark.ui.enabled", "false");
    System.setProperty("spark.driver.host", "127.0.0.1");
    String here = printed("--digits", "500", "--epochs", "2", "--here");
    assertTrue(here.contains("epoch 2: "), here);
    assertTrue(here.contains("\nweights "), here);
    assertTrue(here.matches("(?s).*executors read \\d+ of 1000 other digits right\n"), here);
    assertEquals(here, printed("--digits", "500", "--epochs", "2"));
    String run = folder.resolve("run").toString();
    printed("--digits", "500", "--epochs", "2", "--run", run);
    String resumed = printed("--digits", "500", "--epochs", "2", "--run", run);
    assertEquals(here.substring(here.indexOf("weights")), resumed);
  }
}
