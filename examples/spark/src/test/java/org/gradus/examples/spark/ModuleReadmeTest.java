package org.gradus.examples.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the lines of the guide to the module, by threads in the place of executors. */
class ModuleReadmeTest {
  private static final Path README =
      Path.of("").toAbsolutePath().getParent().resolveSibling("layers/spark/README.md");

  private static String block(String comment) throws IOException {
    Pattern pattern =
        Pattern.compile(
            Pattern.quote("<!-- " + comment + " -->") + "\\R```\\w+\\R(.*?)```", Pattern.DOTALL);
    Matcher matcher = pattern.matcher(Files.readString(README));
    assertTrue(matcher.find(), () -> README + " has no block <!-- " + comment + " -->");
    return matcher.group(1);
  }

  private static final String PROGRAM =
      """
      import java.util.*;
      import java.util.random.*;
      import org.apache.spark.sql.SparkSession;
      import org.gradus.autograd.update.*;
      import org.gradus.layers.*;
      import org.gradus.layers.data.*;
      import org.gradus.layers.optim.*;
      import org.gradus.layers.train.*;
      import org.gradus.spark.*;

      public class Spark {
        public static void main(String[] args) {
          SparkSession session =
              SparkSession.builder()
                  .master("local[2]")
                  .config("spark.ui.enabled", "false")
                  .config("spark.driver.host", "127.0.0.1")
                  .getOrCreate();
      %s
          session.stop();
        }
      }
      """;

  @Test
  void linesPrintWhatTheGuideSays(@TempDir Path folder) throws Exception {
    Path source =
        Files.writeString(folder.resolve("Spark.java"), PROGRAM.formatted(block("lines: Spark")));
    StringWriter problems = new StringWriter();
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      List<String> options =
          List.of(
              "-d",
              folder.toString(),
              "-cp",
              System.getProperty(
                  "surefire.test.class.path", System.getProperty("java.class.path")));
      boolean compiled =
          compiler
              .getTask(problems, files, null, options, null, files.getJavaFileObjects(source))
              .call();
      assertTrue(compiled, problems::toString);
    }
    assertEquals(block("prints: Spark"), printed(folder));
  }

  private static String printed(Path classes) throws Exception {
    PrintStream before = System.out;
    ClassLoader own = Thread.currentThread().getContextClassLoader();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    URL[] path = {classes.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(path, ModuleReadmeTest.class.getClassLoader());
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      Thread.currentThread().setContextClassLoader(loader);
      loader.loadClass("Spark").getMethod("main", String[].class).invoke(null, (Object) args());
    } finally {
      Thread.currentThread().setContextClassLoader(own);
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static String[] args() {
    return new String[0];
  }
}
