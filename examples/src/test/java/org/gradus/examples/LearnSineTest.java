package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.gradus.layers.Layer;
import org.junit.jupiter.api.Test;

class LearnSineTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void findsTheSine() {
    double before = LearnSine.largestError(LearnSine.learn(0, out));
    assertTrue(before > 0.5, () -> "error " + before + ": nothing was to be learnt");
    Layer u = LearnSine.learn(401, out);
    double error = LearnSine.largestError(u);
    assertTrue(error < 0.005, () -> "error " + error);

    LearnSine.print(u, out);
    String text = bytes.toString(StandardCharsets.UTF_8);
    assertEquals(3, text.lines().filter(line -> line.startsWith("step ")).count(), text);
    assertTrue(text.contains("0.785    0.70"), text);
    assertTrue(text.contains("largest error " + Numbers.text("%.1e", error)), text);
  }
}
