package org.gradus.examples;

import static org.gradus.autograd.ops.Ops.abs;
import static org.gradus.autograd.ops.Ops.mean;
import static org.gradus.autograd.ops.Ops.std;
import static org.gradus.autograd.ops.Ops.sub;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.Layer;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.files.IdxDataset;
import org.junit.jupiter.api.Test;

class GanTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  private static Tensor made(Layer maker) {
    return Tensor.constant(maker.predict(Gan.noise(200, new SplittableRandom(9))));
  }

  /** How far the mean of images that are made is from that of digits, pixel by pixel. */
  private static double distance(Tensor made, Dataset digits) {
    Tensor real = Tensor.constant(digits.all().inputs());
    return mean(abs(sub(mean(made, 0), mean(real, 0)))).item();
  }

  @Test
  void whatIsMadeComesToLieWhereDigitsHaveInk() throws Exception {
    Dataset digits = IdxDataset.ofResources(TrainDigits.class, "mnist10k", 10).train().first(1120);
    Tensor before = made(Gan.learn(digits, 0, 2e-3, out));
    Tensor after = made(Gan.learn(digits, 2, 2e-3, out));
    assertEquals(Shape.of(200, 1, 28, 28), after.shape());
    assertTrue(distance(before, digits) > 0.3, () -> "before " + distance(before, digits));
    assertTrue(distance(after, digits) < 0.08, () -> "after " + distance(after, digits));
    double variety = mean(std(after, 0)).item(); // of the digits themselves 0.19
    assertTrue(variety > 0.08, () -> "deviation of images " + variety);
    String said = bytes.toString(StandardCharsets.UTF_8);
    assertTrue(said.contains("epoch 2: losses "), said);
  }
}
