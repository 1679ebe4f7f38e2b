package org.gradus.examples.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** The jar of all pages, with the Javadoc. Only in the profile {@code docs}, which makes it. */
class DocsJar {
  private static final Pattern NETWORK =
      Pattern.compile("<(?:script|link|img|iframe)\\b[^>]*(?:src|href)=\"(?:https?:)?//[^\"]*");

  private static final Pattern ENTRY = Pattern.compile("(?m)^\\[\"([^\"#]*)(?:#([^\"]*))?\", ");

  private static ZipFile jar() throws Exception {
    Path target = Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("target");
    try (var files = java.nio.file.Files.list(target)) {
      return new ZipFile(
          files.filter(f -> f.toString().endsWith("-docs.jar")).findFirst().orElseThrow().toFile());
    }
  }

  private static String text(ZipFile jar, String name) throws Exception {
    var entry = jar.getEntry(name);
    assertTrue(entry != null, name);
    return new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void itHasThePagesTheJavadocAndASearch() throws Exception {
    try (ZipFile jar = jar()) {
      String tensor = "api/org.gradus.autograd/org/gradus/autograd/Tensor.html";
      String page = text(jar, "1-tensors-and-gradients.html");
      assertTrue(page.contains("<a href=\"" + tensor + "\"><code>Tensor</code></a>"));
      assertTrue(text(jar, tensor).contains("A node of the graph"));
      String index = text(jar, "index.js");
      assertTrue(index.contains("[\"" + tensor + "\", \"Javadoc\", \"Tensor\", "));
      String ops = "[\"api/org.gradus.autograd/org/gradus/autograd/ops/Ops.html#conv2d(";
      int conv2d = index.indexOf(ops);
      assertTrue(
          conv2d > 0
              && index.startsWith(
                  "\", \"Javadoc\", \"Ops.conv2d\", \"", index.indexOf(')', conv2d) + 1));
      assertTrue(index.contains("\"ParameterGradients.clipNorm\", \"These gradients, scaled"));
      assertTrue(index.length() < 500_000, () -> index.length() + " characters to be read");
      for (String module :
          List.of("autograd", "autograd.testkit", "layers", "layers.testkit", "onnx", "report")) {
        text(jar, "api/org.gradus." + module + "/module-summary.html");
      }
      assertTrue(jar.stream().noneMatch(entry -> entry.getName().contains("/internal/")));
    }
  }

  @Test
  void whatASearchFindsIsThere() throws Exception {
    Map<String, String> pages = new HashMap<>();
    List<String> missing = new ArrayList<>();
    int found = 0;
    try (ZipFile jar = jar()) {
      Matcher targets = ENTRY.matcher(text(jar, "index.js"));
      for (; targets.find(); found++) {
        String file = targets.group(1);
        if (!pages.containsKey(file)) {
          pages.put(file, text(jar, file));
        }
        String anchor = Objects.requireNonNullElse(targets.group(2), "");
        String id = "id=\"" + URLDecoder.decode(anchor, StandardCharsets.UTF_8) + "\"";
        if (!anchor.isEmpty() && !pages.get(file).contains(id)) {
          missing.add(targets.group());
        }
      }
    }
    assertEquals(List.of(), missing);
    assertTrue(found > 1000, found + " places");
  }

  @Test
  void noPageAsksTheNetwork() throws Exception {
    List<String> asking = new ArrayList<>();
    try (ZipFile jar = jar()) {
      for (var entry : jar.stream().filter(e -> e.getName().endsWith(".html")).toList()) {
        Matcher found = NETWORK.matcher(text(jar, entry.getName()));
        if (found.find()) {
          asking.add(entry.getName() + ": " + found.group());
        }
      }
      assertTrue(jar.size() > 300, () -> jar.size() + " files");
    }
    assertEquals(List.of(), asking);
  }
}
