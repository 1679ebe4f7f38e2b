package org.gradus.layers.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private long now;

  private static Map<String, Double> values(double loss, double accuracy) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("loss", loss);
    values.put("accuracy", accuracy);
    return values;
  }

  /** Of 193 examples that were right, of 200. */
  private static final Measures ACCURACY =
      new Measures(List.of(Metric.accuracy())).with(List.of(new double[] {193, 200}));

  private static Step step(int batch) {
    return new Step(3, 10, batch, 200, batch * 32L, 0.5, 0.12345, ACCURACY);
  }

  private String[] said() {
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n").split("\r");
  }

  @Test
  void aBarOnATerminal() {
    Progress progress = new Progress(out, true, () -> now);
    progress.onStep(step(1));
    now += 50_000_000; // too soon to be drawn
    progress.onStep(step(2));
    now += 9_950_000_000L;
    progress.onStep(step(101)); // 100 batches in 10 s
    now += 1; // too soon again: the line of the epoch comes
    progress.onStep(step(200));
    progress.onEpoch(new Epoch(3, 600, 0.1, values(0.1, 1e-7), 12.34));
    String[] said = said();
    assertEquals(4, said.length);
    assertEquals("", said[0]);
    assertEquals("epoch 3 of 10 [>                   ] 1/200 loss 0.1235 accuracy 0.9650", said[1]);
    assertEquals(
        "epoch 3 of 10 [==========>         ] 101/200 loss 0.1235 accuracy 0.9650 320/s 0:10 left",
        said[2]);
    assertEquals(
        "epoch 3 of 10: loss 0.1000 accuracy 1.000e-07, 12 s" + " ".repeat(37) + "\n", said[3]);
  }

  @Test
  void aLineForEachEpochElsewhere() {
    Progress progress = new Progress(out, false, () -> now);
    for (int batch = 1; batch <= 200; batch++) {
      now += 1_000_000_000;
      progress.onStep(step(batch));
    }
    progress.onEpoch(new Epoch(3, 600, 0.1, values(Double.NaN, 0), 1.25));
    assertEquals("epoch 3 of 10: loss NaN accuracy 0.0000, 1.3 s\n", said()[0]);
  }

  @Test
  void aStreamIsAsked() {
    Progress progress = Progress.on(out);
    progress.onEpoch(new Epoch(1, 600, 0.1, values(0.1, 1), 2));
    assertTrue(
        said()[said().length - 1].startsWith("epoch 1 of 1: loss 0.1000 accuracy 1.0000, 2"));
  }
}
